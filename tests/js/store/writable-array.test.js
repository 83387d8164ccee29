// SPDX-License-Identifier: MIT
// Arrays that are written: every case of zarr-python's that can be, written anew with the same metadata and
// read back; where nothing is compressed, chunk for chunk the bytes that zarr-python stored.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { NdArray, createArray, openArray, openNode, openStorage } from '../../../js/index.js';
import { caseFile, zarrCases } from '../../helpers/fixtures.js';

const all = [zarrCases(2), zarrCases(3)].flatMap(({ folder, cases }) => cases.map((one) => ({ ...one, folder })));
/** What is only read: the message names it. */
const READ_ONLY = /"(bz2|lzma|categorize|numcodecs\.bz2)"|'?compound|variable length/;
const arrays = all.filter((one) => one.kind === 'array' && one.expected.encoding === 'raw'
  && one.expected.mask === undefined && !/struct|void|_big|xarray|zip/.test(one.case));
let names = 0;
const memory = () => `memory:writable-array-${names++}`;

/** @param {string} folder @returns {string[]} */
const filesBelow = (folder) => readdirSync(folder).flatMap((name) => {
  const file = path.join(folder, name);
  return statSync(file).isDirectory() ? filesBelow(file).map((below) => `${name}/${below}`) : [name];
});

describe('written with the metadata of zarr-python, read back', () => {
  for (const one of arrays) {
    test(one.case, async () => {
      const source = await openNode(caseFile(one, one.path), one.array);
      const { zarrFormat = 3, shape, dtype, fillValue, order, filters, compressor, codecs } = source;
      await source.close();
      const data = readFileSync(caseFile(one, one.expected.file));
      const location = memory();
      const options = { shape, dtype, fillValue: fillValue ?? 0, zarrFormat, chunks: source.shards ?? source.chunks,
        ...(zarrFormat === 3 ? { codecs } : { order, filters, compressor }) };
      let array;
      try {
        array = await createArray(location, 'a/b', options);
        await array.write(data);
      } catch (error) {
        await array?.close();
        assert.match(/** @type {Error} */ (error).message, READ_ONLY);
        return;
      }
      const { bytes } = await (await array.node()).readBytes();
      assert.equal(Buffer.compare(Buffer.from(bytes), data), 0, 'the elements differ');
      await array.close();
      if (/none|transpose_\d|crc32|be_int|keys_default_slash/.test(one.case) && !/gzip|shard/.test(JSON.stringify(codecs ?? compressor))) {
        await assertSameChunks(location, path.join(caseFile(one, one.path), one.array));
      }
    });
  }
});

/** @param {string} location @param {string} folder */
async function assertSameChunks(location, folder) {
  const storage = await openStorage(location);
  for (const name of filesBelow(folder).filter((file) => !/zarr\.json|\.z(array|attrs|group)/.test(file))) {
    const stored = await storage.get(`a/b/${name}`);
    assert.ok(stored && Buffer.compare(Buffer.from(stored), readFileSync(path.join(folder, name))) === 0, name);
  }
  await storage.close();
}

const counted = (/** @type {number[]} */ shape) =>
  new NdArray(Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i), shape);

for (const options of [{ chunks: [2, 3, 4] }, { chunks: [1, 3, 2], shards: [2, 6, 4] },
  { chunks: [2, 3, 4], zarrFormat: /** @type {2} */ (2), order: /** @type {'F'} */ ('F') }]) {
  test(`a part across chunks leaves the rest: ${JSON.stringify(options)}`, async () => {
    const array = await createArray(memory(), 'x', { shape: [5, 7, 4], dtype: '<f4', ...options });
    await array.write(counted([5, 7, 4]));
    await array.write(new NdArray(new Float64Array(16).fill(-1), [2, 4, 2]), { slice: [[1, 5, 2], [2, 6], [0, 4, 3]] });
    await array.write(new NdArray(Float64Array.of(-2), []), { slice: [-1, -1, -1] });
    const values = await (await array.node()).read();
    for (const [at, value] of [...values].entries()) {
      const [i, j, k] = [Math.floor(at / 28), Math.floor(at / 4) % 7, at % 4];
      const inside = i % 2 === 1 && j >= 2 && j < 6 && k % 3 === 0;
      assert.equal(value, at === 139 ? -2 : inside ? -1 : at);
    }
    await array.close();
  });
}

test('resizing keeps what stays, fills what is new, and forgets what was beyond', async () => {
  const location = memory();
  const array = await createArray(location, '', { shape: [6, 4], chunks: [2, 4], dtype: 'int32', fillValue: -7 });
  await array.write(counted([6, 4]));
  await array.resize([3, 4]);
  await array.resize([6, 4]);
  await array.setAttributes({ units: 'psi' });
  await array.close();
  const node = await openNode(location);
  const values = await node.read();
  assert.deepEqual([...values.slice([0, 3])], [...counted([3, 4])]);
  assert.ok([...values.slice([3, 6])].every((value) => value === -7), 'what was beyond 3 is gone');
  assert.deepEqual({ ...node.attributes }, { units: 'psi' });
  await node.close();
});

test('cut along two axes, in shards', async () => {
  const location = memory();
  const array = await createArray(location, 'a', { shape: [5, 7], chunks: [2, 2], shards: [4, 4], dtype: '<f4' });
  await array.write(Float32Array.from({ length: 35 }, (_, i) => i + 1));
  await array.resize([3, 5]);
  await array.resize([5, 7]);
  const values = await (await array.node()).read();
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 7; j++) assert.equal(values.get(i, j), i < 3 && j < 5 ? 7 * i + j + 1 : 0, `${i}, ${j}`);
  }
  await array.close();
});

test('replaced at the root, nothing of the old one is left', async () => {
  const location = memory();
  const options = { shape: [10], dtype: '<i4' };
  const old = await createArray(location, '', options);
  await old.write(Int32Array.from({ length: 10 }, (_, i) => i + 1));
  await old.close();
  const array = await createArray(location, '', { ...options, overwrite: true });
  assert.ok([...await (await array.node()).read()].every((value) => value === 0));
  await array.close();
});

test('an array of another version than the store is refused', async () => {
  const location = memory();
  await (await createArray(location, 'a', { shape: [1], dtype: '<i4', zarrFormat: 2 })).close();
  await assert.rejects(createArray(location, 'b', { shape: [1], dtype: '<i4' }),
    { code: 'ERR_ARGUMENT', message: /'' is of Zarr version 2, the array of 3: \{ zarrFormat: 2 \}/ });
  await (await createArray(location, 'b', { shape: [1], dtype: '<i4', zarrFormat: 2 })).close();
});

test('numbers of another type are converted, attributes can be taken away', async () => {
  const location = memory();
  const array = await createArray(location, 'a', { shape: [2], dtype: '<i4', zarrFormat: 2, attributes: { units: 'psi' } });
  await array.write(Float32Array.of(1, 2));
  await array.setAttributes({});
  const node = await array.node();
  assert.deepEqual([[...await node.read()], { ...node.attributes }], [[1, 2], {}]);
  await array.close();
});

test('an array that is there is not replaced unless asked, and can be opened to be written', async () => {
  const location = memory();
  const options = { shape: [2], dtype: '|u1' };
  await (await createArray(location, 'g/a', options)).close();
  await assert.rejects(createArray(location, 'g/a', options), { code: 'ERR_NOT_EMPTY', path: 'g/a' });
  await (await createArray(location, 'g/a', { ...options, overwrite: true })).close();
  const array = await openArray(location, 'g/a');
  await assert.rejects(array.write(Uint8Array.of(1)), { code: 'ERR_ARGUMENT', message: /1 bytes.*take 2/ });
  await array.write(Uint8Array.of(1, 2));
  await assert.rejects(createArray(location, 'g/b', options), { code: 'ERR_LOCKED' });
  await array.close();
  await assert.rejects(openArray(location, 'g'), { code: 'ERR_ARGUMENT', message: /group/ });
});

test('options that are wrong are named', async () => {
  for (const [options, message] of /** @type {[any, RegExp][]} */ ([
    [{ dtype: 'f8' }, /'f8'/], [{ dtype: '<f8', shape: [-1] }, /'shape'/], [{ dtype: '<f8', chunks: [0] }, /'chunks'/],
    [{ dtype: '<f8', zarrFormat: 2, shards: [4] }, /'shards'/], [{ dtype: '<f8', compresor: null }, /'compresor'/],
    [{ dtype: '<f8', chunks: [2], shards: [3] }, /does not divide/], [{ dtype: '<f8', compressor: { id: 'pickle' } }, /pickle/],
    [{ dtype: 'str' }, /'dtype'/]])) {
    const location = memory();
    await assert.rejects(createArray(location, 'a', { shape: [4], ...options }), message);
    const storage = await openStorage(location, { create: true });
    assert.deepEqual(await storage.list?.(''), [], 'nothing was written');
    await storage.close();
  }
});

test('the case files are there', () => assert.ok(arrays.length > 200 && existsSync(arrays[0].folder)));

test('what is missing where nothing is said about it, as zarr-python 3.4.2 writes it', async () => {
  for (const [dtype, expected] of /** @type {[string, unknown][]} */ ([['<c8', [0, 0]], ['>c16', [0, 0]], ['|S5', ''], ['<U3', ''],
    ['|V4', 'AAAAAA=='], ['|b1', false], ['<i4', 0], ['<f2', 0]])) {
    for (const zarrFormat of /** @type {const} */ ([2, 3])) {
      const array = await createArray(memory(), 'x', { dtype, zarrFormat, shape: [3] });
      assert.deepEqual((await array.node()).fillValue, expected, `${dtype}, version ${zarrFormat}`);
      await array.close();
    }
  }
  const alone = await createArray(memory(), 'x', { dtype: '<c8', shape: [3], fillValue: NaN });
  assert.deepEqual((await alone.node()).fillValue, ['NaN', 0]);
  await alone.close();
});

test('bytes whose differences are stored wider', async () => {
  const array = await createArray(memory(), 'x', { dtype: '|u1', shape: [5], filters: [{ id: 'delta', dtype: '|u1', astype: '<i8' }] });
  await array.write(Uint8Array.of(9, 3, 250, 0, 7));
  assert.deepEqual([...(await (await array.node()).read()).data], [9, 3, 250, 0, 7]);
  await array.close();
});
