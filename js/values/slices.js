// SPDX-License-Identifier: MIT
// NumPy's basic slicing: one item an axis, `null` for all of it, an integer for one index
// (the axis is dropped), `[start, stop, step]` for a range. Negative numbers count from the
// end, ranges are clipped, missing axes are taken whole.

import { BoresError } from '../core/errors.js';
import { describeValue } from './dtypes.js';

/**
 * @typedef {number | null | undefined} Bound
 * @typedef {null | undefined | number | readonly [Bound, Bound, Bound?]
 *   | { start: Bound, stop: Bound, step: Bound }} SliceItem
 *   the object form is what zarrita's `slice(start, stop, step)` gives
 * @typedef {null | number | [number | null, number | null, number | null]} NormalSliceItem
 * @typedef {object} AxisRange
 * @property {number} start  first index
 * @property {number} step   may be negative
 * @property {number} count  how many indices
 * @property {boolean} drop  the axis was given an integer
 */

/**
 * The canonical form, which is what the `read` operations take.
 *
 * @param {readonly SliceItem[] | null | undefined} slice
 * @returns {NormalSliceItem[] | null}  null means everything
 * @throws {BoresError} `ERR_ARGUMENT` naming the axis and what it was given
 */
export function normalizeSlice(slice) {
  if (slice === null || slice === undefined) return null;
  if (!Array.isArray(slice)) {
    throw new BoresError('ERR_ARGUMENT',
      `slice must be a list with one item an axis, got ${describeValue(slice)}`);
  }
  return slice.map(normalizeItem);
}

/**
 * @param {SliceItem} item
 * @param {number} axis
 * @returns {NormalSliceItem}
 */
function normalizeItem(item, axis) {
  if (item === null || item === undefined) return null;
  if (typeof item === 'number') return integer(item, `slice of axis ${axis}`);
  const parts = rangeParts(item);
  if (!parts) {
    throw new BoresError('ERR_ARGUMENT', `slice of axis ${axis} must be null, an integer or `
      + `[start, stop, step], got ${describeValue(item)}`);
  }
  const [start, stop, step] = ['start', 'stop', 'step'].map((name, i) => {
    const value = parts[i];
    return value === null || value === undefined
      ? null : integer(value, `${name} of the slice of axis ${axis}`);
  });
  if (step === 0) {
    throw new BoresError('ERR_ARGUMENT', `step of the slice of axis ${axis} must not be 0`);
  }
  return [start, stop, step];
}

/**
 * @param {SliceItem} item
 * @returns {unknown[] | undefined}
 */
function rangeParts(item) {
  if (Array.isArray(item)) return item.length === 2 || item.length === 3 ? item : undefined;
  if (typeof item === 'object' && item !== null && 'start' in item && 'stop' in item) {
    return [item.start, item.stop, item.step];
  }
  return undefined;
}

/**
 * @param {unknown} value
 * @param {string} what
 */
function integer(value, what) {
  if (!Number.isSafeInteger(value)) {
    throw new BoresError('ERR_ARGUMENT', `${what} must be an integer, got ${describeValue(value)}`);
  }
  return /** @type {number} */ (value);
}

/**
 * What a slice takes of a given shape.
 *
 * @param {readonly SliceItem[] | null | undefined} slice
 * @param {readonly number[]} shape
 * @returns {AxisRange[]}  one an axis
 * @throws {BoresError} `ERR_ARGUMENT` (more items than axes, or as normalizeSlice),
 *   `ERR_INDEX_RANGE` (an integer outside of its axis)
 */
export function resolveSlice(slice, shape) {
  const items = normalizeSlice(slice) ?? [];
  if (items.length > shape.length) {
    throw new BoresError('ERR_ARGUMENT',
      `slice has ${items.length} items, the array has ${shape.length} axes`);
  }
  return shape.map((length, axis) => {
    const item = items[axis] ?? null;
    if (typeof item === 'number') {
      return { start: resolveIndex(item, length, axis), step: 1, count: 1, drop: true };
    }
    return { ...resolveRange(item ?? [null, null, null], length), drop: false };
  });
}

/**
 * @param {number} index   may be negative
 * @param {number} length  of the axis
 * @param {number} axis    for the message
 */
export function resolveIndex(index, length, axis) {
  integer(index, `index of axis ${axis}`);
  const resolved = index < 0 ? index + length : index;
  if (resolved < 0 || resolved >= length) {
    throw new BoresError('ERR_INDEX_RANGE',
      `index ${index} is outside of axis ${axis}, which has ${length} cells`,
      { needed: index, limit: length });
  }
  return resolved;
}

/**
 * The rules of Python's `slice.indices`.
 * @param {[number | null, number | null, number | null]} range
 * @param {number} length
 */
function resolveRange([start, stop, step], length) {
  const stride = step ?? 1;
  const low = stride > 0 ? 0 : -1;
  const high = stride > 0 ? length : length - 1;
  /** @type {(bound: number | null, absent: number) => number} */
  const clip = (bound, absent) => {
    if (bound === null) return absent;
    return Math.min(Math.max(bound < 0 ? bound + length : bound, low), high);
  };
  const first = clip(start, stride > 0 ? low : high);
  const end = clip(stop, stride > 0 ? high : low);
  return { start: first, step: stride, count: Math.max(0, Math.ceil((end - first) / stride)) };
}
