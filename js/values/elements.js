// SPDX-License-Identifier: MIT
// Flat array data in C order: taking a part of it, and converting it.

import { BoresError } from '../core/errors.js';
import { dtypeInfo } from './dtypes.js';

/** @typedef {import('./slices.js').AxisRange} AxisRange */

/**
 * Copies what a slice takes.
 *
 * @param {any} source  the data
 * @param {string} dtype
 * @param {readonly number[]} strides  elements
 * @param {readonly AxisRange[]} ranges  one an axis
 */
export function gather(source, dtype, strides, ranges) {
  const { Data, width } = dtypeInfo(dtype);
  const out = new Data(ranges.reduce((product, { count }) => product * count, width));
  const last = ranges.length - 1;
  let end = 0;
  /** @type {(axis: number, offset: number) => void} */
  const copy = (axis, offset) => {
    const { start, step, count } = ranges[axis] ?? { start: 0, step: 1, count: 1 };
    const stride = step * (strides[axis] ?? 1);
    let from = offset + start * (strides[axis] ?? 1);
    if (axis < last) {
      for (let i = 0; i < count; i += 1, from += stride) copy(axis + 1, from);
      return;
    }
    for (let i = 0; i < count; i += 1, from += stride) {
      for (let part = 0; part < width; part += 1, end += 1) out[end] = source[from * width + part];
    }
  };
  if (out.length > 0) copy(0, 0);
  return out;
}

/**
 * Numbers of one dtype as another, as typed arrays round them; toward zero for integers.
 *
 * @param {any} numbers
 * @param {string} from  a dtype of real numbers or bool
 * @param {string} to
 * @throws {BoresError} `ERR_ARGUMENT` when there is no such conversion, or an element has none;
 *   `ERR_UNSUPPORTED` for float16, which no typed array can hold
 */
export function convert(numbers, from, to) {
  const { Data, real } = dtypeInfo(to);
  if (to === 'float16') {
    throw new BoresError('ERR_UNSUPPORTED', `cannot convert ${from} to float16`);
  }
  if (!real) throw new BoresError('ERR_ARGUMENT', `cannot convert ${from} to ${to}`);
  if (to === 'bool') return Data.from(numbers, (/** @type {any} */ value) => (value ? 1 : 0));
  const fromBig = from.endsWith('int64');
  if (to.endsWith('int64') === fromBig) return new Data(numbers);
  return Data.from(numbers, fromBig ? Number
    : (/** @type {number} */ value) => BigInt(wholeNumber(value, to)));
}

/**
 * @param {number} value
 * @param {string} dtype
 */
function wholeNumber(value, dtype) {
  if (!Number.isFinite(value)) {
    throw new BoresError('ERR_ARGUMENT', `${value} cannot be converted to ${dtype}`);
  }
  return Math.trunc(value);
}
