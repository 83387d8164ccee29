// SPDX-License-Identifier: MIT
// Cell properties of the neutral form: a number, one a layer, or one a cell with i fastest; as grids of
// BORES's order.

import { NdArray } from '../../values/nd-array.js';

/**
 * @param {unknown} value
 * @param {readonly number[]} shape
 * @param {number} fallback  where there is none, and for what is none of those
 * @returns {NdArray}
 */
export function expandCells(value, shape, fallback) {
  const [nx, ny, nz] = shape;
  if (value instanceof NdArray && value.shape.length === 3) {
    return new NdArray(Float64Array.from(/** @type {any} */ (value.data), Number), shape);
  }
  const list = value instanceof NdArray ? value.data : value;
  const grid = new Float64Array(nx * ny * nz);
  const isList = Array.isArray(list) || ArrayBuffer.isView(list);
  const values = /** @type {ArrayLike<number>} */ (isList ? list : []);
  const perCell = values.length === grid.length, perLayer = !perCell && values.length === nz;
  for (let i = 0; i < nx; i += 1) {
    for (let j = 0; j < ny; j += 1) {
      for (let k = 0; k < nz; k += 1) {
        grid[(i * ny + j) * nz + k] = perCell ? values[i + nx * (j + ny * k)]
          : perLayer ? values[k] : typeof value === 'number' ? value : fallback;
      }
    }
  }
  return new NdArray(grid, shape);
}

/**
 * Lengths along an axis: their mean, since BORES has one.
 * @param {unknown} value  a number or a list
 */
export function meanLength(value) {
  if (typeof value === 'number') return value;
  const list = Array.from(/** @type {ArrayLike<number>} */ (
    value instanceof NdArray ? value.data : value ?? []), Number);
  return list.reduce((sum, length) => sum + length, 0) / Math.max(1, list.length);
}
