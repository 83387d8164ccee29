// SPDX-License-Identifier: MIT
// What users may write as a slice, and the canonical form that the core takes. That slicing
// agrees with NumPy is tested with NdArray, and for stored arrays with the store.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dtypeName } from '../../../js/values/dtypes.js';
import { normalizeSlice, resolveSlice } from '../../../js/values/slices.js';

test('every form of an item has one canonical form', () => {
  assert.equal(normalizeSlice(null), null);
  assert.equal(normalizeSlice(undefined), null);
  assert.deepEqual(normalizeSlice([]), []);
  assert.deepEqual(normalizeSlice([null, undefined, -1, [1, 2], [null, 5, 2], [3, undefined, -1]]),
    [null, null, -1, [1, 2, null], [null, 5, 2], [3, null, -1]]);
  assert.deepEqual(normalizeSlice([{ start: 1, stop: null, step: null }]), [[1, null, null]]);
});

test('what is no slice is refused, naming the axis', () => {
  const refused = (/** @type {any} */ slice, /** @type {RegExp} */ message) =>
    assert.throws(() => normalizeSlice(slice), { code: 'ERR_ARGUMENT', message });
  refused('0', /list with one item an axis, got '0'/);
  refused([null, 1.5], /slice of axis 1 must be an integer, got 1\.5/);
  refused([[0, 2, 0]], /step of the slice of axis 0 must not be 0/);
  refused([[0, NaN]], /stop of the slice of axis 0 .* NaN/);
  refused([[1]], /axis 0 .* a list of 1/);
  refused([['0', 1]], /start .* '0'/);
  refused([2 ** 60], /axis 0/);
  refused([{ from: 1 }], /axis 0 .* an object/);
  refused([5n], /axis 0 .* 5n/);
});

test('what does not fit the array is refused', () => {
  assert.throws(() => resolveSlice([0, 0], [3]), { code: 'ERR_ARGUMENT', message: /2 .* 1 axes/ });
  assert.throws(() => resolveSlice([-4], [3]), { code: 'ERR_INDEX_RANGE', message: /-4.* 3 / });
});

test('type strings of NumPy', () => {
  assert.deepEqual(['<f8', '>f4', '<f2', '|b1', '<i8', '|u1', '<c16', '<U5', '|S3', '<M8[ns]',
    '<m8[D]', '|V8', 'float32'].map(dtypeName), ['float64', 'float32', 'float16', 'bool', 'int64',
    'uint8', 'complex128', 'str', 'str', 'datetime64[ns]', 'timedelta64[D]', 'object', 'float32']);
  for (const wrong of ['<f3', 'x', '', '<q8', '<M8']) {
    assert.throws(() => dtypeName(wrong), { code: 'ERR_UNSUPPORTED' }, wrong);
  }
});
