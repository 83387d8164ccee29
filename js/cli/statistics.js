// SPDX-License-Identifier: MIT
// What `bores show` says about an array.

import { SparseTensor } from '../index.js';

/** @import { NdArray } from '../index.js' */

/**
 * NaN is left out and counted.
 *
 * @param {NdArray<any> | SparseTensor} value
 * @returns {{ count: number, nan: number, min: number, max: number, mean: number, sum: number,
 *   minCell: number[] | null, maxCell: number[] | null } | null}  null for what is no numbers
 */
export function statisticsOf(value) {
  if (!/^(float|int|uint|bool)/.test(value.dtype)) return null;
  const min = value.nanmin();
  const max = value.nanmax();
  return {
    count: value.size,
    nan: value instanceof SparseTensor ? sparseNaN(value) : value.nanCount(),
    min,
    max,
    mean: value.nanmean(),
    sum: value.nansum(),
    minCell: cellWith(value, min),
    maxCell: cellWith(value, max),
  };
}

/** @param {SparseTensor} tensor */
function sparseNaN(tensor) {
  const absent = Number.isNaN(tensor.default) ? tensor.size - tensor.nnz : 0;
  return absent + tensor.values.nanCount();
}

/**
 * The first cell that has a value; null where none is stored with it.
 * @param {NdArray<any> | SparseTensor} value
 * @param {number} wanted
 */
function cellWith(value, wanted) {
  if (value instanceof SparseTensor) {
    for (const [cell, item] of value.entries()) if (item === wanted) return cell;
    return null;
  }
  const data = /** @type {ArrayLike<number | bigint>} */ (value.data);
  for (let offset = 0; offset < data.length; offset += 1) {
    if (Number(data[offset]) === wanted && value.ndim > 0) {
      return value.strides.map((stride, axis) =>
        Math.floor(offset / stride) % value.shape[axis]);
    }
  }
  return null;
}
