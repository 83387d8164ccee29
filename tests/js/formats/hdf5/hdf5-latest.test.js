// SPDX-License-Identifier: MIT
// What HDF5 2.0 writes in its newest format: types, and the mappings of virtual datasets. Expected is
// what h5py reads from the same files (tests/data/hdf5/make_latest.py).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { readTree } from '../../../../js/values/tree.js';
import { Hdf5Core } from '../../../../js/core/hdf5-core.js';
import { NdArray } from '../../../../js/index.js';
import { FolderSource, MemorySource } from '../../../helpers/memory-source.js';

const folder = fileURLToPath(new URL('../../../data/hdf5', import.meta.url));
const hdf5 = await Hdf5Core.load();
const file = hdf5.open(new FolderSource(path.join(folder, 'latest.h5')));
after(() => hdf5.close(file));

const expected = JSON.parse(readFileSync(path.join(folder, 'latest.json'), 'utf8'));

/** @param {any} value @returns {any} */
function plain(value) {
  if (value instanceof NdArray) return value.toNested();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (value.ndarray !== undefined) return plain(value.data);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const { attribute, ...datasets } = expected;
for (const [name, values] of Object.entries(datasets)) {
  test(name, () => {
    const found = readTree(hdf5.run(file, 'array', { path: name, slice: null }));
    assert.deepEqual(plain(found), values);
  });
}

test('an attribute of a compound type', () => {
  const { attributes } = readTree(hdf5.run(file, 'node', { path: '' }));
  assert.deepEqual(plain(attributes), { compound: attribute });
});

test('damage anywhere is one of our errors, or values', () => {
  const bytes = new Uint8Array(readFileSync(path.join(folder, 'latest.h5')));
  for (let at = 0; at < bytes.length; at += 7) {
    const damaged = bytes.slice();
    damaged[at] ^= 0x55;
    let one;
    try {
      one = hdf5.open(new MemorySource(damaged));
      hdf5.run(one, 'array', { path: 'same_file', slice: null });
    } catch (/** @type {any} */ error) {
      assert.match(error.code, /^ERR_/);
    } finally {
      if (one !== undefined) hdf5.close(one);
    }
  }
});
