// SPDX-License-Identifier: MIT
// The stored form of a sparse tensor: a map {shape, dtype, default, keys: int64 [n, axes],
// values: [n]}, with keys int8 [0] when there is none. dtype is a NumPy type string.

import { BoresError } from '../core/errors.js';
import { NdArray } from './nd-array.js';
import { isMap } from './paths.js';

const FIELDS = ['shape', 'dtype', 'default', 'keys', 'values'];

/**
 * True for a map with the five fields of a stored tensor, and no other.
 * @param {unknown} node
 */
export function isSparseRecord(node) {
  return isMap(node) && Object.keys(node).length === FIELDS.length
    && FIELDS.every((field) => Object.hasOwn(node, field)) && typeof node.dtype === 'string'
    && ['shape', 'keys', 'values'].every((field) =>
      Array.isArray(node[field]) || node[field] instanceof NdArray);
}

/**
 * Whether two values are the same datum: NaN is.
 * @type {(a: number, b: number) => boolean}
 */
export const sameNumber = (a, b) => a === b || (a !== a && b !== b);

/** @param {{ [name: string]: unknown }} fields */
export const makeMap = (fields) => Object.freeze(Object.assign(Object.create(null), fields));

/**
 * @param {unknown} stored  a list or an array of integers
 * @returns {number[]}
 * @throws {BoresError} `ERR_CORRUPT`, `ERR_LIMIT` for more cells than numbers can count
 */
export function shapeOf(stored) {
  const items = /** @type {Iterable<any>} */ (stored instanceof NdArray ? stored.data : stored);
  const shape = Array.from(items, Number);
  const text = `a sparse tensor of shape [${shape.join(', ')}]`;
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new BoresError('ERR_CORRUPT', `${text} cannot be`);
  }
  if (!Number.isSafeInteger(shape.reduce((product, length) => product * length, 1))) {
    throw new BoresError('ERR_LIMIT', `${text} has more cells than can be counted`);
  }
  return shape;
}

/**
 * @param {unknown} stored
 * @param {number} count  of values
 * @param {number} axes
 * @returns {NdArray<bigint>}  int64 [count, axes]
 * @throws {BoresError} `ERR_CORRUPT`
 */
export function keysOf(stored, count, axes) {
  const keys = NdArray.from(stored, 'int64');
  if (keys.size !== count * axes) {
    throw new BoresError('ERR_CORRUPT', `a sparse tensor has ${count} values, its keys of shape `
      + `[${keys.shape.join(', ')}] do not name as many cells of ${axes} axes`);
  }
  return new NdArray(keys.data, [count, axes], 'int64');
}
