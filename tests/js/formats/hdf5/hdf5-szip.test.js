// SPDX-License-Identifier: MIT
// szip, which the plugins of the set of cases do not write. Expected is what h5py reads from the
// same file (tests/data/hdf5/make_szip.py).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { readTree } from '../../../../js/values/tree.js';
import { Hdf5Core } from '../../../../js/core/hdf5-core.js';
import { FolderSource, MemorySource } from '../../../helpers/memory-source.js';

const folder = fileURLToPath(new URL('../../../data/hdf5', import.meta.url));
const hdf5 = await Hdf5Core.load();
const file = hdf5.open(new FolderSource(path.join(folder, 'szip.h5')));
after(() => hdf5.close(file));

const expected = JSON.parse(readFileSync(path.join(folder, 'szip.json'), 'utf8'));

for (const [name, { shape, data }] of Object.entries(expected)) {
  test(name, () => {
    const array = readTree(hdf5.run(file, 'array', { path: name, slice: null }));
    assert.deepEqual([...array.shape], shape);
    assert.deepEqual([...array.data].map(Number), data);
  });
}

test('damage is an error that names dataset and chunk, or other values', () => {
  const bytes = new Uint8Array(readFileSync(path.join(folder, 'szip.h5')));
  // The only chunk of nn_u1: what its size in front, 600, is found by.
  const address = Buffer.from(bytes).indexOf(Uint8Array.of(0x58, 2, 0, 0));
  let errors = 0;
  for (let at = 0; at < 300; at++) {
    const damaged = bytes.slice();
    damaged[address + at] ^= 0xff;
    const one = hdf5.open(new MemorySource(damaged));
    try {
      hdf5.run(one, 'array', { path: 'nn_u1', slice: null });
    } catch (/** @type {any} */ error) {
      errors += 1;
      assert.match(error.code, /^ERR_(CORRUPT|LIMIT)$/);
      assert.match(error.message, /nn_u1.*chunk/);
    } finally {
      hdf5.close(one);
    }
  }
  assert.ok(errors > 4, `${errors} errors`);
});
