// SPDX-License-Identifier: MIT
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { writerContract } from '../writer-contract.js';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-writer-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

let places = 0;
function newPlace() {
  places += 1;
  return path.join(scratch, `place ${places}`, 'run.zarr');
}

describe('directory: writing', () => {
  writerContract(test, () => {
    const root = newPlace();
    return { open: () => DirectoryStorage.open(root, { create: true }) };
  });
});
