// SPDX-License-Identifier: MIT
// What zarr-python's own documents of version 2 may say is read in version 3, too: numbers as text, as writers in
// Java and netCDF's tools have them (values: Python's float()), and chunks of length 0 where there is nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openNode } from '../../../../js/index.js';
import { using } from '../../../helpers/with-store.js';

const BYTES = { name: 'bytes', configuration: { endian: 'little' } };

/** @param {object} changes */
function arrayOf(changes) {
  const document = { zarr_format: 3, node_type: 'array', shape: [2], data_type: 'float64', fill_value: 0, codecs: [BYTES],
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [2] } }, chunk_key_encoding: { name: 'default' }, ...changes };
  return new Map([['zarr.json', new TextEncoder().encode(JSON.stringify(document))]]);
}

/** @param {object} changes */
const read = (changes) => using(openNode(arrayOf(changes)), async (node) => [...(await node.read()).data]);

/** @type {[string, unknown, unknown][]} */
const FILLS = [['float64', '1.5', 1.5], ['float64', '1e3', 1000], ['float32', '-2', -2], ['float64', 'NaN', NaN],
  ['float64', '-Infinity', -Infinity], ['float64', '0x3ff8000000000000', 1.5], ['int32', '7', 7], ['uint8', '255', 255],
  ['int64', '-9223372036854775808', -(2n ** 63n)]];

for (const [type, value, expected] of FILLS) {
  test(`fill_value "${value}" of ${type}`, async () => {
    assert.deepEqual(await read({ data_type: type, fill_value: value }), [expected, expected]);
  });
}

test('text that is no number of the type is an error that names it', async () => {
  for (const [type, value] of [['float64', 'twelve'], ['float32', '0x7fc000000'], ['float64', ''], ['uint8', '256'], ['int32', '1.5']]) {
    await assert.rejects(read({ data_type: type, fill_value: value }), { code: 'ERR_METADATA', message: new RegExp(`fill_value.*"${value}"`) });
  }
});

test('shards of an array without elements may have inner chunks of length 0, others not', async () => {
  const sharded = (/** @type {number[]} */ shape, /** @type {number[]} */ chunk, /** @type {number[]} */ inner) => ({ shape,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunk } },
    codecs: [{ name: 'sharding_indexed', configuration: { chunk_shape: inner, codecs: [BYTES], index_codecs: [BYTES] } }] });
  assert.deepEqual(await read(sharded([0, 3], [0, 3], [0, 1])), []);
  assert.deepEqual(await read(sharded([0, 3], [4, 3], [0, 3])), []);
  await assert.rejects(read(sharded([2, 3], [2, 3], [0, 3])), { code: 'ERR_METADATA', message: /chunk_shape: 0 in dimension 0/ });
});
