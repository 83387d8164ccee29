// SPDX-License-Identifier: MIT
// NdArray against NumPy: tests/data/nd-array/make.py wrote the expected answers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { NdArray } from '../../../js/values/nd-array.js';

/** @param {string} name */
const load = (name) =>
  JSON.parse(readFileSync(new URL(`../../data/nd-array/${name}.json`, import.meta.url), 'utf8'));

/** @param {number | string | boolean} value  JSON has no NaN */
const number = (value) => (typeof value === 'string' ? Number(value) : value);

/** @param {number[]} shape */
function arange(shape) {
  const size = shape.reduce((product, length) => product * length, 1);
  return new NdArray(Float64Array.from({ length: size }, (_, i) => i), shape);
}

/** @param {string} code */
const failsWith = (code, message = /./) => ({ name: 'BoresError', code, message });

test('slices as NumPy does', () => {
  for (const { shape, slice, expected } of load('slices')) {
    const result = arange(shape).slice(...slice);
    const where = `${JSON.stringify(slice)} of ${shape}`;
    assert.deepEqual([...result.shape], expected.shape, where);
    assert.deepEqual(Array.from(result.data), expected.data, where);
  }
});

test('slices copy, also complex numbers and strings', () => {
  const grid = arange([2, 3]);
  const part = grid.slice(0);
  part.data[0] = 99;
  assert.equal(grid.get(0, 0), 0);

  const complex = new NdArray(Float32Array.of(1, 2, 3, 4, 5, 6), [3], 'complex64');
  assert.deepEqual([...complex.slice([null, null, -1]).data], [5, 6, 3, 4, 1, 2]);
  assert.deepEqual(complex.get(1), [3, 4]);
  assert.deepEqual(new NdArray(['a', 'b', 'c']).slice([1, null]).data, ['b', 'c']);
});

test('statistics of small arrays as NumPy in float64', () => {
  for (const { dtype, data, expected } of load('statistics').small) {
    const source = dtype.endsWith('int64') ? data.map(BigInt) : data.map(number);
    const array = NdArray.from(source, dtype);
    assert.equal(array.dtype, dtype);
    const magnitude = Array.from(array, (value) => Math.abs(Number(value)))
      .reduce((a, b) => a + (Number.isFinite(b) ? b : 0), 0);
    for (const [name, value] of Object.entries(expected)) {
      const got = /** @type {any} */ (array)[name]();
      // NumPy's own sums round more than ours.
      const rounding = /sum|mean/.test(name) ? Number.EPSILON * magnitude : 0;
      assert.ok(Object.is(got, number(value)) || Math.abs(got - number(value)) <= rounding,
        `${name} of ${dtype} [${data}]: ${got}, NumPy says ${value}`);
    }
  }
});

test('sums of a million elements agree with NumPy, and with exact sums to the last bits', () => {
  let x = 12345;
  const fractions = Float64Array.from({ length: 1_000_000 }, () => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return x / 2 ** 32;
  });
  for (const { name, count, scale, offset, expected } of load('statistics').generated) {
    const array = new NdArray(fractions.slice(0, count).map((value) => value * scale + offset));
    const unit = expected.abs; // what rounding errors are relative to
    assert.ok(Math.abs(array.sum() - expected.sum) <= 1e-12 * unit, `${name}: ${array.sum()}`);
    const lastBits = 1e-15 * Math.abs(expected.fsum) + 1e-30 * unit;
    assert.ok(Math.abs(array.sum() - expected.fsum) <= lastBits, `${name}: ${array.sum()}`);
    assert.ok(Math.abs(array.mean() - expected.mean) <= 1e-12 * unit / count, name);
  }
});

test('an empty array has sum 0 and no mean, min or max', () => {
  const empty = new NdArray(new Float64Array(0), [3, 0]);
  assert.deepEqual([empty.sum(), empty.mean(), empty.min(), empty.max(), empty.nanmean()],
    [0, NaN, NaN, NaN, NaN]);
});

test('get counts negative indices from the end and names index and length', () => {
  const grid = arange([3, 4, 5]);
  assert.equal(grid.get(1, 2, 3), 33);
  assert.equal(grid.get(-1, -1, -1), 59);
  assert.throws(() => grid.get(0, 4, 0), failsWith('ERR_INDEX_RANGE', /4 .* axis 1, .* 4 cells/));
  assert.throws(() => grid.get(-4, 0, 0), failsWith('ERR_INDEX_RANGE', /-4 .* axis 0, .* 3 cells/));
  assert.throws(() => grid.get(0, 0), failsWith('ERR_ARGUMENT', /2 indices .* 3 axes/));
  assert.throws(() => grid.get(0, 0, 0.5), failsWith('ERR_ARGUMENT', /axis 2 .* 0\.5/));
});

test('at gives the element or the sub-array', () => {
  const grid = arange([3, 4, 5]);
  assert.equal(grid.at(-1, 0, 0), 40);
  const plane = /** @type {NdArray} */ (grid.at(-1));
  assert.deepEqual([...plane.shape], [4, 5]);
  assert.equal(plane.get(0, 0), 40);
  assert.equal(grid.slice(0, 0, 2).item(), 2);
  assert.throws(() => grid.item(), failsWith('ERR_ARGUMENT', /got 60/));
});

test('elements are of the kind the dtype says', () => {
  assert.equal(new NdArray(BigInt64Array.of(9n, 7n, 4n)).get(0), 9n);
  assert.equal(new NdArray(Uint8Array.of(0, 1), [2], 'bool').get(1), true);
  assert.equal(new NdArray(Uint8Array.of(0, 1)).dtype, 'uint8');
  assert.equal(new NdArray(BigInt64Array.of(0n), [1], 'datetime64[ns]').get(0), 0n);
  assert.equal(new NdArray([{ x: 1 }]).dtype, 'object');
  assert.deepEqual([...new NdArray(Uint8Array.of(0, 1), [2], 'bool')], [false, true]);
});

test('from nested lists', () => {
  const grid = NdArray.from([[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual([grid.dtype, ...grid.shape, ...grid.data], ['float64', 2, 3, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(grid.toNested(), [[1, 2, 3], [4, 5, 6]]);
  assert.equal(NdArray.from([true, false]).dtype, 'bool');
  assert.equal(NdArray.from(['x']).dtype, 'str');
  assert.deepEqual([...NdArray.from([]).shape], [0]);
  assert.deepEqual([...NdArray.from(3).shape], []);
  assert.equal(NdArray.from(grid), grid);
  assert.equal(NdArray.from([1, 2], 'int64').get(1), 2n);
  assert.throws(() => NdArray.from([[1, 2], [3]]),
    failsWith('ERR_ARGUMENT', /ragged: \[1\] .* list of 2/));
  assert.throws(() => NdArray.from([1, [2]]), failsWith('ERR_ARGUMENT', /ragged: \[1\]/));
  assert.throws(() => NdArray.from([1, 'x']), failsWith('ERR_ARGUMENT', /'x' after a number/));
  assert.throws(() => NdArray.from([1, undefined]), failsWith('ERR_ARGUMENT', /undefined/));
  /** @type {unknown} */
  let deep = 1;
  for (let i = 0; i < 1e5; i += 1) deep = [deep];
  assert.throws(() => NdArray.from(deep), failsWith('ERR_ARGUMENT', /deeper than 64/));
});

test('contradictions of shape, dtype and data are refused with both numbers', () => {
  const data = new Float64Array(5);
  assert.throws(() => new NdArray(data, [2, 3]), failsWith('ERR_ARGUMENT', /\[2, 3\].* 6 .* 5/));
  assert.throws(() => new NdArray(data, [5], 'complex128'), failsWith('ERR_ARGUMENT', /10 .* 5/));
  assert.throws(() => new NdArray(data, [5], 'float32'), failsWith('ERR_ARGUMENT', /Float32Array/));
  assert.throws(() => new NdArray(data, [-5]), failsWith('ERR_ARGUMENT', /\[-5\]/));
  assert.throws(() => new NdArray(data, [5], 'float8'), failsWith('ERR_UNSUPPORTED', /float8/));
  assert.throws(() => new NdArray(['a']).sum(), failsWith('ERR_ARGUMENT', /sum .* str/));
});

test('shape and dtype cannot be changed, data is the array that was given', () => {
  const data = Float64Array.of(1, 2);
  const array = new NdArray(data);
  assert.equal(array.data, data);
  assert.notEqual(array.toTypedArray(), data);
  assert.throws(() => { /** @type {any} */ (array).dtype = 'x'; }, TypeError);
  assert.throws(() => { /** @type {any} */ (array.shape)[0] = 9; }, TypeError);
  assert.deepEqual([array.ndim, array.size, array.nbytes], [1, 2, 16]);
  assert.deepEqual([...arange([3, 4, 5]).strides], [20, 5, 1]);
});

test('equality is of shape, dtype and elements, and NaN equals NaN', () => {
  const a = NdArray.from([1, NaN, 3]);
  assert.ok(a.equals(NdArray.from([1, NaN, 3])));
  assert.ok(!a.equals(NdArray.from([1, NaN, 4])));
  assert.ok(!a.equals(NdArray.from([1, 2, 3])));
  assert.ok(!a.equals(NdArray.from([[1, NaN, 3]])));
  assert.ok(!a.equals(a.astype('float32')));
  assert.ok(!a.equals([1, NaN, 3]));
});

test('astype converts as typed arrays do', () => {
  const array = NdArray.from([1.75, -1.75, 300]);
  assert.deepEqual([...array.astype('int8').data], [1, -1, 44]);
  assert.deepEqual([...array.astype('int64').data], [1n, -1n, 300n]);
  assert.deepEqual([...array.astype('int64').astype('float32').data], [1, -1, 300]);
  assert.deepEqual([...array.astype('int64').astype('uint64').data], [1n, 2n ** 64n - 1n, 300n]);
  assert.deepEqual([...NdArray.from([0, 2]).astype('bool').data], [0, 1]);
  assert.equal(array.astype('float64'), array);
  assert.throws(() => NdArray.from([NaN]).astype('int64'), failsWith('ERR_ARGUMENT', /NaN/));
  assert.throws(() => array.astype('float16'), failsWith('ERR_UNSUPPORTED', /float16/));
  assert.throws(() => array.astype('str'), failsWith('ERR_ARGUMENT', /float64 to str/));
});

test('what people and JSON see', () => {
  const grid = arange([3, 4]);
  assert.equal(String(grid), 'NdArray(float64, [3, 4])');
  assert.equal(inspect(grid), 'NdArray float64 [3, 4] { 0, 1, 2, … 9 more }');
  assert.equal(Object.prototype.toString.call(grid), '[object NdArray]');
  assert.equal(JSON.stringify(NdArray.from([[1, NaN]])), '[[1,null]]');
  assert.equal(JSON.stringify(new NdArray(BigInt64Array.of(9n, 2n ** 60n))),
    '[9,"1152921504606846976"]');
});
