// SPDX-License-Identifier: MIT
// zarr-python reads a store while a writer of ours has it open, and after one was killed: its lock
// and its half-written entry are not in the way, not even of consolidating.

import { execFileSync } from 'node:child_process';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { DirectoryStorage } from '../../js/storage/node/node-directory.js';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-folder-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const SCRIPT = `
import json, sys, warnings, zarr
warnings.simplefilter('error')
root = zarr.open_group(sys.argv[1], mode='r')
found = {'groups': sorted(root.group_keys()), 'arrays': sorted(root.array_keys()), 'members': sorted(root),
         'value': root['entry_0/a'][:].tolist()}
root.tree()
root.visit(lambda name: found.setdefault('visited', []).append(name))
zarr.consolidate_metadata(sys.argv[1])
again = zarr.open_consolidated(sys.argv[1], mode='r')
found['consolidated'] = sorted(again.group_keys())
print(json.dumps(found))
`;

const text = (/** @type {unknown} */ value) => new TextEncoder().encode(JSON.stringify(value));
const array = {
  zarr_format: 2, shape: [3], chunks: [3], dtype: '|u1', compressor: null, fill_value: 0, order: 'C', filters: null,
};

test('zarr-python does not see the folder of a writer', async () => {
  const root = path.join(scratch, 'run.zarr');
  const writer = await (await DirectoryStorage.open(root, { create: true })).openWriter();
  await writer.commit({ puts: [
    ['entry_0/.zgroup', text({ zarr_format: 2 })],
    ['entry_0/a/.zarray', text(array)],
    ['entry_0/a/0', new Uint8Array([1, 2, 3])],
    ['.zgroup', text({ zarr_format: 2 })],
  ] });
  // What a kill leaves of the next entry.
  fs.cpSync(`${root}/entry_0`, `${root}/.bores-writer/stage/u0`, { recursive: true });
  const found = JSON.parse(execFileSync('/usr/bin/python3', ['-c', SCRIPT, root], { encoding: 'utf8' }));
  assert.deepEqual(found, {
    groups: ['entry_0'], arrays: [], members: ['entry_0'], value: [1, 2, 3], visited: ['entry_0', 'entry_0/a'],
    consolidated: ['entry_0'],
  });
  await writer.close();
});
