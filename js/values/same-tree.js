// SPDX-License-Identifier: MIT
// Whether two stored trees hold the same, whatever layout each went through: elements bit for bit. A
// list of numbers may come back as an array, and an empty map leaves no trace in the flat layout.

import { NdArray } from './nd-array.js';
import { isMap, pathText } from './paths.js';

/**
 * @param {unknown} a
 * @param {unknown} b
 * @param {string[]} [names]  where they stand
 * @returns {string | undefined}  the first path at which they differ
 */
export function findDifference(a, b, names = []) {
  if (a instanceof NdArray && b instanceof NdArray) return sameArray(a, b) ? undefined : textOf(names);
  if (isMap(a) || isMap(b)) {
    return isNothing(a) && isNothing(b) ? undefined
      : isMap(a) && isMap(b) ? differenceOfMaps(a, b, names) : textOf(names);
  }
  const [one, other] = [asList(a), asList(b)];
  if (one && other) {
    if (one.length !== other.length) return textOf(names);
    return firstOf(one.keys(), (i) => findDifference(one[i], other[i], [...names, String(i)]));
  }
  return sameScalar(a, b) ? undefined : textOf(names);
}

/**
 * @param {any} a
 * @param {any} b
 * @param {string[]} names
 */
function differenceOfMaps(a, b, names) {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return firstOf(keys, (key) => findDifference(a[key], b[key], [...names, key]));
}

/**
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => string | undefined} find
 */
function firstOf(items, find) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * @param {NdArray<any>} a
 * @param {NdArray<any>} b
 */
function sameArray(a, b) {
  if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) return false;
  const [one, other] = [a.data, b.data];
  if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other)) {
    return Array.from(/** @type {any} */ (one)).every((value, i) => value === /** @type {any} */ (other)[i]);
  }
  const [x, y] = [one, other].map((view) =>
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return x.length === y.length && x.every((byte, i) => byte === y[i]);
}

/** @param {unknown} value */
function asList(value) {
  if (Array.isArray(value)) return value;
  return value instanceof NdArray && value.ndim > 0 ? /** @type {unknown[]} */ (value.toNested()) : undefined;
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function sameScalar(a, b) {
  return Object.is(a, b) || (typeof a === 'bigint' && BigInt(Number(a)) === a && Number(a) === b)
    || (typeof b === 'bigint' && BigInt(Number(b)) === b && Number(b) === a);
}

/**
 * Absent, or maps without anything in them.
 * @param {any} value
 * @returns {boolean}
 */
function isNothing(value) {
  return value === undefined || (isMap(value) && Object.values(value).every(isNothing));
}

/** @param {string[]} names */
const textOf = (names) => pathText(names) || 'the entry';
