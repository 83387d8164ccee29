// SPDX-License-Identifier: MIT
// What we write, read by zarr-python: stores of BORES written anew hold what the originals hold,
// with every codec and any chunks.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { NdArray } from '../../js/index.js';
import { runFolder } from '../helpers/fixtures.js';
import { encode, rewrite } from '../helpers/encode.js';

/** @import { RunName } from '../helpers/fixtures.js' */

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-zarr
const COMPARE = fileURLToPath(new URL('./compare_stores.py', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'bores-zarr-'));
after(() => rmSync(work, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {Map<string, Uint8Array>} files
 */
function writeStore(name, files) {
  const folder = path.join(work, name);
  for (const [key, bytes] of files) {
    const file = path.join(folder, ...key.split('/'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return folder;
}

/** @param {string[]} args */
function python(args) {
  const { stdout, stderr, status } = spawnSync(PYTHON, args, { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout.trim().split('\n');
}

/** @type {[RunName, object, number][]} run, options as BORES had them, arrays in it */
const SAME = [
  ['guide/wf_f64_ckpt', {}, 130],
  ['guide/wf_f64_chunks4_lzf', { chunks: [4] }, 846],
  ['head/wf_f32_ckpt', { layout: 'flat' }, 294],
  ['head/wf_f64_wire_ckpt', { layout: 'flat', arrays: 'record' }, 294],
];
for (const [run, options, count] of SAME) {
  test(`${run} written anew is the same to zarr-python`, async () => {
    const folder = writeStore(run, await rewrite(runFolder(run), options));
    assert.deepEqual(python([COMPARE, runFolder(run), folder]), [`${count} arrays`]);
  });
}

/** Codecs and chunks as users may choose them. */
const CHOICES = [
  { compressor: null },
  { compressor: { id: 'zstd', level: 1 } },
  { compressor: { id: 'gzip', level: 1 }, chunks: [3, 2, 3] },
  { compressor: { id: 'zlib', level: 9 }, chunks: [1] },
  { compressor: { id: 'lz4', acceleration: 1 } },
  { compressor: { id: 'blosc', cname: 'lz4hc', clevel: 5, shuffle: 1 }, chunks: [5, 5, 5] },
  { compressor: { id: 'blosc', cname: 'blosclz', clevel: 9, shuffle: 0 } },
  { compressor: { id: 'blosc', cname: 'zlib', clevel: 1, shuffle: 2, blocksize: 0 } },
];
for (const options of CHOICES) {
  test(`zarr-python reads ${JSON.stringify(options)}`, async () => {
    const run = 'guide/wf_f32_ckpt';
    const folder = writeStore(JSON.stringify(options), await rewrite(runFolder(run), options));
    const found = python([COMPARE, runFolder(run), folder, 'loose']);
    assert.deepEqual(found, ['130 arrays']);
  });
}

test('every dtype, empty arrays and arrays without axes', async () => {
  const data = {
    f8: NdArray.from([0.1, -0, NaN, Infinity]), f4: NdArray.from([0.5, NaN], 'float32'),
    i1: NdArray.from([-128, 127], 'int8'), i2: NdArray.from([-32768], 'int16'),
    i4: NdArray.from([-2147483648], 'int32'), i8: NdArray.from([-(2n ** 63n)], 'int64'),
    u1: NdArray.from([255], 'uint8'), u2: NdArray.from([65535], 'uint16'),
    u4: NdArray.from([4294967295], 'uint32'), u8: NdArray.from([2n ** 64n - 1n], 'uint64'),
    b1: NdArray.from([true, false]), scalar: new NdArray(Float64Array.of(7), []),
    empty: new NdArray(new Float32Array(0), [0, 3]),
  };
  const files = await encode([{ idx: 0, data }]);
  files.set('.zgroup', new TextEncoder().encode('{"zarr_format": 2}'));
  const [printed] = python(['-c', `
import json, sys, zarr
g = zarr.open_group(sys.argv[1], mode='r')['entry_0000000000']
print(json.dumps({n: [a.dtype.str, a.shape, [repr(v) for v in a[...].ravel().tolist()]]
                  for n, a in g.arrays()}))`, writeStore('dtypes', files)]);
  assert.deepEqual(JSON.parse(printed), {
    f8: ['<f8', [4], ['0.1', '-0.0', 'nan', 'inf']], f4: ['<f4', [2], ['0.5', 'nan']],
    i1: ['|i1', [2], ['-128', '127']], i2: ['<i2', [1], ['-32768']],
    i4: ['<i4', [1], ['-2147483648']], i8: ['<i8', [1], ['-9223372036854775808']],
    u1: ['|u1', [1], ['255']], u2: ['<u2', [1], ['65535']], u4: ['<u4', [1], ['4294967295']],
    u8: ['<u8', [1], ['18446744073709551615']], b1: ['|b1', [2], ['True', 'False']],
    scalar: ['<f8', [], ['7.0']], empty: ['<f4', [0, 3], []],
  });
});
