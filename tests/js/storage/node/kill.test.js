// SPDX-License-Identifier: MIT
// Writers that are killed with SIGKILL: at random moments, 200 in all, and before each of their calls
// that changes a name. A fresh process checks what the one before has left: every batch that was
// acknowledged, bit for bit, nothing half, and committing goes on.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { deepEqual, ok } from '../../../helpers/storage/assert.js';
import { BY_ITSELF, RandomMoments, heard, live } from '../../../helpers/storage/killed-process.js';
import { checkWholeEntries, commitNext, countBatches } from '../../../helpers/storage/numbered-batches.js';
import { contentOf, sameContent } from '../writer-contract.js';

const KILLS = 100; // for each durability
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-kill-'));
const writerFile = fileURLToPath(new URL('../../../helpers/storage/kill-writer.js', import.meta.url));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe('a writer that is killed', { concurrency: true }, () => {
  for (const [seed, durability] of /** @type {const} */ ([[1, 'relaxed'], [2, 'strict']])) {
    test(`${KILLS} times, ${durability}`, async () => {
      const root = path.join(scratch, durability, 'run.zarr');
      const moments = new RandomMoments(seed);
      let acknowledged = 0;
      for (let i = 0; i < KILLS; i += 1) {
        const { said, turns } = await live([writerFile, root, durability, String(acknowledged)], moments.next());
        acknowledged = heard(said, acknowledged);
        moments.learn(turns);
      }
      ok(acknowledged > KILLS / 2, `${acknowledged} batches in all`); // half have said two lines
      const storage = await DirectoryStorage.open(root);
      await (await storage.openWriter()).close();
      await countBatches(storage, acknowledged);
      deepEqual(fs.readdirSync(path.dirname(root)), ['run.zarr'], 'what is left beside it');
    });

    test(`before each call that changes a name, ${durability}`, async () => {
      const before = path.join(scratch, `${durability}-before`);
      const writer = await (await DirectoryStorage.open(before, { create: true })).openWriter();
      const START = 22; // the last of the next three replaces everything
      for (let count = 0; count < START; count += 1) await commitNext(writer, count);
      await writer.close();
      /** @type {Set<string>} */
      const left = new Set();
      for (let call = 1, said = ['']; said.at(-1) !== 'done'; call += 1) {
        const folder = path.join(scratch, `${durability}-${call}`);
        const root = path.join(folder, 'run.zarr');
        fs.cpSync(before, root, { recursive: true });
        ({ said } = await live([writerFile, root, durability, String(START), String(call)], BY_ITSELF));
        const acknowledged = heard(said, START);
        for (const name of fs.readdirSync(folder)) left.add(name);
        for (const name of list(path.join(root, '.bores-writer'))) left.add(name.replace(/-.*/, ''));
        await checkWholeEntries(await DirectoryStorage.open(root));
        const storage = await DirectoryStorage.open(root, { create: true });
        const seen = await contentOf(storage);
        const next = await storage.openWriter();
        sameContent(await contentOf(storage), seen, 'before the first write');
        await commitNext(next, await countBatches(storage, acknowledged));
        await next.close();
        deepEqual(fs.readdirSync(folder), ['run.zarr'], `call ${call}`);
        fs.rmSync(folder, { recursive: true });
      }
      for (const name of ['stage', 'commit', 'done', '.run.zarr.bores-new', '.run.zarr.bores-old']) {
        ok(left.has(name), `never left behind: '${name}', but ${[...left]}`);
      }
    });
  }
});

/** @param {string} folder  may be absent */
function list(folder) {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
