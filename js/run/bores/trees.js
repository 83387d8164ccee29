// SPDX-License-Identifier: MIT
// Reading BORES's trees: numbers, grids and tagged values, with what is wrong told by its path.

import { NdArray } from '../../values/nd-array.js';
import { isMap } from '../../values/paths.js';

/**
 * @import { Problems } from '../problems.js'
 * @typedef {{ [name: string]: any }} Tree
 */

/** ft³ in a barrel. */
export const CUBIC_FEET_PER_BARREL = 5.614583;
export const SECONDS_PER_DAY = 86_400;

/**
 * The first of several names that is there and not null.
 * @param {Tree | null | undefined} tree
 * @param {...string} names  of BORES's versions
 * @returns {any}
 */
export function firstOf(tree, ...names) {
  for (const name of names) {
    const value = tree?.[name];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/**
 * A finite number; bigints, arrays of one number and YAML's NumPy scalars count.
 * @param {unknown} value
 * @returns {number | undefined}
 */
export function numberOf(value) {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof NdArray && value.size === 1) return Number(value.data[0]);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * @param {Problems} problems
 * @param {string} path
 * @param {unknown} value
 * @param {{ least?: number, above?: number, most?: number }} [limits]
 * @returns {number}  NaN where there is a problem
 */
export function needNumber(problems, path, value, { least = -Infinity, above = -Infinity,
  most = Infinity } = {}) {
  const number = numberOf(value);
  if (number === undefined) {
    problems.invalid(path, `a number is needed, got ${textOf(value)}`);
    return NaN;
  }
  if (number < least || number <= above || number > most) {
    const bounds = [least > -Infinity && `at least ${least}`, above > -Infinity && `above ${above}`,
      most < Infinity && `at most ${most}`].filter(Boolean).join(' and ');
    problems.invalid(path, `it must be ${bounds}, got ${number}`);
    return NaN;
  }
  return number;
}

/**
 * The numbers of an array, a list or nested lists, in C order.
 * @param {unknown} value
 * @returns {Float64Array | undefined}  undefined when it is none
 */
export function numbersOf(value) {
  if (value instanceof NdArray) return Float64Array.from(/** @type {any} */ (value.data), Number);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Float64Array.from(/** @type {any} */ (value), Number);
  }
  if (!Array.isArray(value)) return undefined;
  const flat = value.flat(Infinity);
  return flat.every((item) => numberOf(item) !== undefined || item === null || item !== item)
    ? Float64Array.from(flat, (item) => (item === null ? NaN : Number(item))) : undefined;
}

/**
 * @param {unknown} value
 * @returns {number[] | undefined}  undefined for what is no array
 */
export function shapeOf(value) {
  if (value instanceof NdArray) return [...value.shape];
  if (ArrayBuffer.isView(value)) return [/** @type {any} */ (value).length];
  if (!Array.isArray(value)) return undefined;
  return [value.length, ...(Array.isArray(value[0]) ? shapeOf(value[0]) ?? [] : [])];
}

/**
 * A grid of the model, in double precision. A single number fills it.
 *
 * @param {Problems} problems
 * @param {string} path
 * @param {unknown} value
 * @param {readonly number[]} shape
 * @param {{ finite?: boolean, fallback?: number }} [options]  fallback: where there is none
 * @returns {NdArray}
 */
export function needGrid(problems, path, value, shape, { finite = true, fallback } = {}) {
  const size = shape.reduce((product, length) => product * length, 1);
  const single = value === undefined || value === null ? fallback : numberOf(value);
  if (single !== undefined) return new NdArray(new Float64Array(size).fill(single), shape);
  const data = numbersOf(value);
  if (data === undefined) {
    problems.invalid(path, `a grid is needed, got ${textOf(value)}`);
    return new NdArray(new Float64Array(size).fill(NaN), shape);
  }
  const actual = shapeOf(value);
  if (data.length !== size || String(actual) !== String(shape)) {
    problems.invalid(path, `its shape is [${actual}], the model's [${shape}]`);
    return new NdArray(new Float64Array(size).fill(NaN), shape);
  }
  if (finite) {
    const bad = data.findIndex((item) => !Number.isFinite(item));
    if (bad >= 0) problems.invalid(path, `${data[bad]} in cell [${cellAt(bad, shape)}]`);
  }
  return new NdArray(data, shape);
}

/**
 * The one entry of a map that says by its key what its value is.
 * @param {unknown} value
 * @returns {{ tag: string, data: Tree } | undefined}
 */
export function taggedOf(value) {
  if (!isMap(value)) return undefined;
  const names = Object.keys(value);
  return names.length === 1 && isMap(value[names[0]])
    ? { tag: names[0], data: value[names[0]] } : undefined;
}

/**
 * @param {number} flat
 * @param {readonly number[]} shape
 */
export function cellAt(flat, [, ny, nz]) {
  return [Math.floor(flat / (ny * nz)), Math.floor(flat / nz) % ny, flat % nz];
}

/** @param {ArrayLike<number>} data */
export function meanOf(data) {
  let sum = 0;
  for (let i = 0; i < data.length; i += 1) sum += data[i];
  return sum / data.length;
}

/** @param {unknown} value */
export function textOf(value) {
  if (value === undefined) return 'nothing';
  if (value instanceof NdArray) return `an array of shape [${value.shape}]`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isMap(value)) return `a map of ${Object.keys(value).join(', ') || 'nothing'}`;
  return typeof value === 'string' ? `'${value}'` : String(value);
}
