// SPDX-License-Identifier: MIT
// Between nested lists and flat data in C order.

import { BoresError } from '../core/errors.js';
import { describeValue } from './dtypes.js';

/** NumPy's own limit on axes; it also bounds the recursion. */
const MAX_AXES = 64;

/**
 * The indices of a cell.
 * @param {number} flat  its place in C order
 * @param {readonly number[]} strides
 */
export function cellOf(flat, strides) {
  let rest = flat;
  return strides.map((stride) => {
    const index = Math.floor(rest / stride);
    rest -= index * stride;
    return index;
  });
}

/**
 * @param {readonly number[]} shape
 * @param {(offset: number) => unknown} element
 * @returns {any}  nested lists, or the element of an array of no axes
 */
export function nest(shape, element) {
  let offset = 0;
  /** @type {(axis: number) => unknown} */
  const level = (axis) => {
    if (axis < shape.length) return Array.from({ length: shape[axis] }, () => level(axis + 1));
    offset += 1;
    return element(offset - 1);
  };
  return level(0);
}

/** Element type to dtype and the array that holds it. */
const KINDS = new Map(Object.entries({
  number: { dtype: 'float64', pack: (/** @type {any[]} */ list) => Float64Array.from(list) },
  bigint: { dtype: 'int64', pack: (/** @type {any[]} */ list) => BigInt64Array.from(list) },
  boolean: { dtype: 'bool', pack: (/** @type {any[]} */ list) => Uint8Array.from(list, Number) },
  string: { dtype: 'str', pack: (/** @type {any[]} */ list) => list },
}));

/**
 * @param {unknown} source  nested lists of one kind of element
 * @returns {{ data: any, shape: number[], dtype: string }}
 * @throws {BoresError} `ERR_ARGUMENT` naming where a list is ragged or mixed
 */
export function flatten(source) {
  const shape = [];
  for (let level = source; Array.isArray(level); [level] = level) {
    shape.push(level.length);
    if (shape.length > MAX_AXES) {
      throw new BoresError('ERR_ARGUMENT', `lists are nested deeper than ${MAX_AXES} levels`);
    }
  }
  /** @type {unknown[]} */
  const items = [];
  collect(source, shape, [], items);
  const type = typeof (items[0] ?? 0);
  const kind = KINDS.get(type);
  const odd = kind ? items.findIndex((item) => typeof item !== type) : 0;
  if (!kind || odd >= 0) {
    throw new BoresError('ERR_ARGUMENT', 'elements must all be numbers, bigints, booleans or '
      + `strings, got ${describeValue(items[odd])}${odd > 0 ? ` after a ${type}` : ''}`);
  }
  return { data: kind.pack(items), shape, dtype: kind.dtype };
}

/**
 * @param {unknown} node
 * @param {number[]} shape
 * @param {number[]} place  indices so far, for the message
 * @param {unknown[]} items
 */
function collect(node, shape, place, items) {
  const depth = place.length;
  const length = Array.isArray(node) ? node.length : undefined;
  if (depth === shape.length ? length !== undefined : length !== shape[depth]) {
    throw new BoresError('ERR_ARGUMENT', `lists are ragged: [${place.join(', ')}] should be `
      + `${depth === shape.length ? 'an element' : `a list of ${shape[depth]}`}, `
      + `got ${describeValue(node)}`);
  }
  if (!Array.isArray(node)) {
    items.push(node);
    return;
  }
  for (let i = 0; i < node.length; i += 1) collect(node[i], shape, [...place, i], items);
}
