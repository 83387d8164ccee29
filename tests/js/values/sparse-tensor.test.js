// SPDX-License-Identifier: MIT
// SparseTensor on the stored form that BORES's newest version writes (A.2 of its layout: the
// production_rates and production_fvfs of a real state; expected sums are math.fsum of them).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { NdArray } from '../../../js/values/nd-array.js';
import { SparseTensor } from '../../../js/values/sparse-tensor.js';

const CELLS = [[9, 7, 0], [9, 7, 1], [9, 7, 2]];
const RATES = [1144.9891670626755, 2770.4499189245676, 4579.071749106647];
const RATES_SUM = 8494.51083509389; // python3 -c 'import math; print(math.fsum([...]))'

/**
 * @param {number | null} absent
 * @param {object} [changes]
 */
const record = (absent, changes = {}) => Object.assign(Object.create(null), {
  shape: [10, 8, 3], dtype: '<f8', default: absent,
  keys: new NdArray(BigInt64Array.from(CELLS.flat().map(BigInt)), [3, 3]),
  values: new NdArray(Float64Array.from(RATES)), ...changes,
});
const EMPTY = { keys: new NdArray(new Int8Array(0)), values: new NdArray(new Float64Array(0)) };

/** @param {string} code @param {RegExp} message */
const failsWith = (code, message) => ({ name: 'BoresError', code, message });

test('reads the stored form', () => {
  const tensor = new SparseTensor(record(0));
  assert.deepEqual([tensor.nnz, tensor.size, tensor.dtype, [...tensor.shape]],
    [3, 240, 'float64', [10, 8, 3]]);
  assert.equal(tensor.get([9, 7, 1]), RATES[1]);
  assert.equal(tensor.get([-1, -1, -1]), RATES[2]);
  assert.equal(tensor.get([0, 0, 0]), 0);
  assert.equal(tensor.has([9, 7, 0]), true);
  assert.equal(tensor.has([8, 7, 0]), false);
  assert.deepEqual([...tensor.entries()], CELLS.map((cell, i) => [cell, RATES[i]]));
  assert.equal(tensor.sum(), RATES_SUM);
  assert.equal(tensor.mean(), RATES_SUM / 240);
  assert.deepEqual([tensor.min(), tensor.max(), tensor.nanmin()], [0, RATES[2], 0]);
});

test('shape may be an array and keys lists, as other backends keep them', () => {
  const tensor = new SparseTensor(record(0, {
    shape: new NdArray(BigInt64Array.of(10n, 8n, 3n)), keys: CELLS, values: RATES,
  }));
  assert.ok(tensor.equals(new SparseTensor(record(0))));
});

test('a default of NaN, also where JSON made it null', () => {
  for (const absent of [NaN, null]) {
    const tensor = new SparseTensor(record(absent));
    assert.equal(tensor.get([0, 0, 0]), NaN);
    assert.equal(tensor.sum(), NaN);
    assert.equal(tensor.max(), NaN);
    assert.equal(tensor.nansum(), RATES_SUM);
    assert.equal(tensor.nanmean(), RATES_SUM / 3);
    assert.deepEqual([tensor.nanmin(), tensor.nanmax()], [RATES[0], RATES[2]]);
    assert.equal(tensor.toDense().nanCount(), 237);
    assert.ok(tensor.equals(new SparseTensor(record(NaN))));
  }
});

test('an empty tensor keeps int8 [0] keys', () => {
  const zero = new SparseTensor(record(0, EMPTY));
  assert.deepEqual([zero.nnz, zero.sum(), zero.min(), zero.max()], [0, 0, 0, 0]);
  assert.deepEqual([...zero.keys.shape], [0, 3]);
  const nan = new SparseTensor(record(NaN, EMPTY));
  assert.deepEqual([nan.nansum(), nan.nanmean(), nan.nanmin()], [0, NaN, NaN]);
});

test('to and from dense grids', () => {
  const tensor = new SparseTensor(record(0));
  const dense = tensor.toDense();
  assert.equal(dense.get(9, 7, 2), RATES[2]);
  assert.equal(dense.sum(), RATES_SUM);
  assert.ok(SparseTensor.fromDense(dense).equals(tensor));
  const withNaN = new SparseTensor(record(NaN));
  assert.ok(SparseTensor.fromDense(withNaN.toDense(), NaN).equals(withNaN));
});

test('made from entries, it has the form that is stored', () => {
  const made = SparseTensor.of({ shape: [10, 8, 3], entries: CELLS.map((c, i) => [c, RATES[i]]) });
  const stored = made.toRecord();
  assert.ok(made.equals(new SparseTensor(record(0))));
  assert.deepEqual(Object.keys(stored), ['shape', 'dtype', 'default', 'keys', 'values']);
  assert.deepEqual([stored.dtype, stored.keys.dtype, ...stored.keys.shape], ['<f8', 'int64', 3, 3]);
  const none = SparseTensor.of({ shape: [2, 2, 2] }).toRecord();
  assert.deepEqual([none.keys.dtype, [...none.keys.shape]], ['int8', [0]]);
  const kept = record(0);
  assert.equal(new SparseTensor(kept).toRecord(), kept);
});

test('recognises records by their structure', () => {
  assert.equal(SparseTensor.isRecord(record(0)), true);
  assert.equal(SparseTensor.isRecord({ ...record(0), extra: 1 }), false);
  assert.equal(SparseTensor.isRecord(record(0, { dtype: 8 })), false);
  assert.equal(SparseTensor.isRecord(record(0, { keys: 'x' })), false);
  assert.equal(SparseTensor.isRecord({ shape: [1] }), false);
  assert.equal(SparseTensor.isRecord(null), false);
});

test('parts that contradict each other are refused', () => {
  const bad = (/** @type {object} */ changes) => () => new SparseTensor(record(0, changes));
  assert.throws(bad({ values: [1, 2] }), failsWith('ERR_CORRUPT', /2 values.*\[3, 3\]/));
  assert.throws(bad({ shape: [9, 8, 3] }), failsWith('ERR_CORRUPT', /9 on axis 0.*\[9, 8, 3\]/));
  assert.throws(bad({ shape: [10, -8, 3] }), failsWith('ERR_CORRUPT', /-8/));
  assert.throws(bad({ keys: [CELLS[0], CELLS[0], CELLS[1]] }), failsWith('ERR_CORRUPT', /0 and 1/));
  assert.throws(bad({ shape: [1e9, 1e9, 1e9] }), failsWith('ERR_LIMIT', /more cells/));
  assert.throws(bad({ default: 'x' }), failsWith('ERR_CORRUPT', /'x'/));
  assert.throws(bad({ default: NaN, dtype: '<i4' }), failsWith('ERR_CORRUPT', /NaN .* int32/));
});

test('a huge grid is not made dense, and its cells can still be asked for', () => {
  const tensor = SparseTensor.of({ shape: [1e5, 1e5, 1e4], entries: [[[99999, 99999, 9999], 2]] });
  assert.equal(tensor.get([-1, -1, -1]), 2);
  assert.equal(tensor.sum(), 2);
  assert.throws(() => tensor.toDense(), failsWith('ERR_LIMIT', /800000000000000 .* 2147483648/));
});

test('cells out of the grid are refused, naming index and length', () => {
  const tensor = new SparseTensor(record(0));
  assert.throws(() => tensor.get([10, 0, 0]), failsWith('ERR_INDEX_RANGE', /10 .* axis 0.* 10 c/));
  assert.throws(() => tensor.get([0, 0]), failsWith('ERR_ARGUMENT', /3 axes/));
  assert.throws(() => SparseTensor.of({ shape: [2], entries: [[[2], 1]] }),
    failsWith('ERR_INDEX_RANGE', /2 .* axis 0/));
});

test('conversion keeps cells and default', () => {
  const single = new SparseTensor(record(NaN)).astype('float32');
  assert.equal(single.get([9, 7, 0]), Math.fround(RATES[0]));
  assert.equal(single.toRecord().dtype, '<f4');
  assert.equal(single.astype('float32'), single);
});

test('what people and JSON see', () => {
  const tensor = SparseTensor.of({ shape: [2, 2], entries: [[[1, 0], 5]] });
  assert.equal(inspect(tensor), 'SparseTensor float64 [2, 2] { nnz: 1, default: 0 }');
  assert.equal(String(tensor), 'SparseTensor(float64, [2, 2], nnz 1)');
  assert.equal(JSON.stringify(tensor),
    '{"shape":[2,2],"dtype":"float64","default":0,"entries":[[[1,0],5]]}');
});
