// SPDX-License-Identifier: MIT
// Arrays of version 2 by createArray(), of every kind of element, in parts and of other lengths afterwards, as
// zarr-python reads them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { createArray } from '../../js/index.js';

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-zarr
/** For each array its elements, little-endian, in hex. */
const SCRIPT = `
import json, sys, zarr
root = zarr.open_group(sys.argv[1], mode="r")
print(json.dumps({name: [list(a.shape), a[...].astype(a.dtype.newbyteorder("<")).tobytes().hex()] for name, a in root.arrays()}))
`;
const work = mkdtempSync(path.join(tmpdir(), 'bores-array-'));
after(() => rmSync(work, { recursive: true, force: true }));

const KINDS = ['|b1', '|i1', '>u2', '<i4', '<u8', '<f2', '>f4', '<f8', '<c8', '>c16', '|S5', '<U2', '|V3', '<M8[D]', '<m8[10s]'];
const sizeOf = (/** @type {string} */ dtype) => Number(/\d+/.exec(dtype)?.[0]) * (dtype[1] === 'U' ? 4 : 1);

test('every kind of element: a part, fewer rows and more columns, and nothing where nothing was written', async () => {
  /** @type {Record<string, [number[], string]>} */ const due = {};
  for (const [at, dtype] of KINDS.entries()) {
    const size = sizeOf(dtype), name = `a${at}`;
    const array = await createArray(path.join(work, 'x.zarr'), name, { zarrFormat: 2, dtype, shape: [5, 3], chunks: [2, 4],
      compressor: at % 2 ? { id: 'zstd', level: 1, checksum: false } : null, order: at % 3 ? 'C' : 'F' });
    const ones = new Uint8Array(2 * 2 * size).fill(dtype === '|b1' ? 1 : 0x41);
    if (dtype === '<U2') ones.fill(0).forEach((_, i) => { ones[i] = i % 4 === 0 ? 0x41 : 0; });
    await array.write(ones, { slice: [[2, 4], [1, 3]] });
    await array.resize([3, 6]);
    await array.close();
    const rest = new Uint8Array(3 * 6 * size);
    rest.set(ones.subarray(0, 2 * size), (2 * 6 + 1) * size);
    due[name] = [[3, 6], Buffer.from(rest).toString('hex')];
  }
  const found = JSON.parse(execFileSync(PYTHON, ['-c', SCRIPT, path.join(work, 'x.zarr')], { encoding: 'utf8' }));
  assert.deepEqual(found, due);
});
