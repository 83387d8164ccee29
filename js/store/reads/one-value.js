// SPDX-License-Identifier: MIT
// One value of an entry: what is asked of the core for it, and what it is to whoever asks.

import { normalizeSlice } from '../../values/slices.js';
import { isSparseRecord } from '../../values/sparse-record.js';
import { SparseTensor } from '../../values/sparse-tensor.js';

/** @import { SliceItem } from '../../values/slices.js' */

/**
 * @param {string} group
 * @param {string} layout
 * @param {string[]} path
 * @param {readonly SliceItem[] | undefined} slice
 */
export function readParams(group, layout, path, slice) {
  return { group, layout, path, slice: normalizeSlice(slice) };
}

/**
 * @param {any} value  as it is stored
 * @param {readonly SliceItem[] | undefined} slice
 */
export function asRead(value, slice) {
  if (!isSparseRecord(value)) return value;
  const tensor = new SparseTensor(value);
  return slice === undefined ? tensor : tensor.toDense().slice(...slice);
}
