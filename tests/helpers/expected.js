// SPDX-License-Identifier: MIT
// Compares what a store gives with what BORES gives (fixtures.js, ExpectedEntry). Runs in Node and
// in pages. Values must be equal; sums and means, which BORES's values have correctly rounded
// (math.fsum), may differ by a few units of rounding of the sum of absolute values.

import { NdArray } from '../../js/values/nd-array.js';
import { SparseTensor } from '../../js/values/sparse-tensor.js';

/** One for the sum, one for the division of the mean, each in both. */
const ROUNDINGS = 4;

/** @typedef {import('./fixtures.js').ExpectedArray} ExpectedArray */
/** @typedef {import('./fixtures.js').ExpectedEntry} ExpectedEntry */

/** @param {any} value  non-finite numbers are text in JSON */
function revive(value) {
  return typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value) ? Number(value) : value;
}

/** @param {any} value  a list of one array record, which BORES leaves where it stands */
function expandRecord(value) {
  if (value.encoding !== 'layered' || value.dtype !== '<i8' || value.shape.length !== 1) {
    throw new Error(`an expected record that is not handled: ${JSON.stringify(value)}`);
  }
  const bytes = Uint8Array.from(atob(value.data), (character) => character.charCodeAt(0));
  return Array.from(new BigInt64Array(bytes.buffer), Number);
}

/**
 * As plain lists, maps and scalars.
 * @param {any} value
 * @returns {any}
 */
function plain(value) {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof NdArray) return plain(value.toNested());
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return revive(value);
  if (value.__ndarray__) return expandRecord(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
function same(a, b) {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  const keys = Object.keys(a);
  return Array.isArray(a) === Array.isArray(b) && keys.length === Object.keys(b).length
    && keys.every((key) => same(a[key], b[key]));
}

/**
 * @param {string} what
 * @param {any} actual
 * @param {any} expected
 * @param {string[]} out
 */
function expectSame(what, actual, expected, out) {
  const [a, b] = [plain(actual), plain(expected)];
  if (!same(a, b)) out.push(`${what}: ${JSON.stringify(a) ?? a}, expected ${JSON.stringify(b)}`);
}

/** NumPy's type strings of what the fixtures hold. */
const DTYPES = /** @type {Record<string, string>} */ (
  { '<f8': 'float64', '<f4': 'float32', '<i8': 'int64', '|b1': 'bool' });

/**
 * @param {NdArray<any>} array
 * @param {number | null} expected
 * @param {number} actual
 */
function nearlySame(array, expected, actual) {
  if (Object.is(actual, expected) || expected === null) return true;
  let magnitude = 0;
  for (const value of /** @type {any} */ (array.data)) {
    if (Number.isFinite(Number(value))) magnitude += Math.abs(Number(value));
  }
  return Math.abs(actual - expected) <= ROUNDINGS * Number.EPSILON * magnitude;
}

/**
 * @param {string} path
 * @param {any} array
 * @param {ExpectedArray} expected
 * @param {string[]} out
 */
export function compareArray(path, array, expected, out) {
  if (!(array instanceof NdArray)) {
    out.push(`${path}: no array, but ${typeof array}`);
    return;
  }
  expectSame(`${path} shape`, array.shape, expected.shape, out);
  expectSame(`${path} dtype`, array.dtype, DTYPES[expected.dtype], out);
  expectSame(`${path} nan_count`, array.nanCount(), expected.nan_count, out);
  if (array.size > 0) {
    expectSame(`${path} min`, array.nanmin(), Number(revive(expected.min)), out);
    expectSame(`${path} max`, array.nanmax(), Number(revive(expected.max)), out);
  }
  const sum = /** @type {number} */ (revive(expected.sum));
  const mean = /** @type {number} */ (revive(expected.mean));
  if (!nearlySame(array, sum, array.nansum())) {
    out.push(`${path} sum: ${array.nansum()}, expected ${sum}`);
  }
  if (!nearlySame(array, mean, array.nanmean())) {
    out.push(`${path} mean: ${array.nanmean()}, expected ${mean}`);
  }
  for (const [index, value] of expected.at) {
    expectSame(`${path} [${index}]`, array.get(...index), value, out);
  }
}

/**
 * @param {string} path
 * @param {any} tensor
 * @param {NonNullable<ExpectedEntry['sparse']>[string]} expected
 * @param {string[]} out
 */
export function compareSparse(path, tensor, expected, out) {
  if (!(tensor instanceof SparseTensor)) {
    out.push(`${path}: no sparse tensor, but ${typeof tensor}`);
    return;
  }
  expectSame(`${path} shape`, tensor.shape, expected.shape, out);
  expectSame(`${path} dtype`, tensor.dtype, DTYPES[expected.dtype], out);
  expectSame(`${path} default`, tensor.default, expected.default, out);
  const entries = [...tensor.entries()];
  expectSame(`${path} keys`, entries.map(([cell]) => [...cell]), expected.keys, out);
  expectSame(`${path} values`, entries.map(([, value]) => value), expected.values, out);
}

/** Empty values that leave no trace in the flat or the oldest layout; BORES puts defaults there. */
const UNSTORED = /\/(clamps|failed_step_sizes|newton_iters)$/;

/** @param {any} value */
const isNothing = (value) => value === null || same(value, {}) || same(value, []);

/** The names of a path of the fixtures, none of which holds a '/'. @param {string} path */
export const names = (path) => path.split('/');

/**
 * Every value of an entry.
 *
 * @param {{ get(path: readonly string[]): any }} state
 * @param {ExpectedEntry} expected
 * @returns {string[]}  what differs
 */
export function differences(state, expected) {
  /** @type {string[]} */
  const out = [];
  for (const [path, array] of Object.entries(expected.arrays)) {
    compareArray(path, state.get(names(path)), array, out);
  }
  for (const [path, tensor] of Object.entries(expected.sparse ?? {})) {
    compareSparse(path, state.get(names(path)), tensor, out);
  }
  for (const [path, value] of Object.entries(expected.scalars)) {
    const actual = state.get(names(path));
    if (actual === undefined && UNSTORED.test(path) && isNothing(value)) continue;
    expectSame(path, actual, value, out);
  }
  for (const key of /** @type {const} */ (['step', 'time', 'step_size'])) {
    expectSame(key, state.get([key]), expected[key], out);
  }
  return out.map((line) => `${expected.group} ${line}`);
}

/**
 * What the store says without reading arrays.
 *
 * @param {import('../../js/store/data-store.js').DataStore} store
 * @param {import('./fixtures.js').Expected} expected
 * @returns {Promise<string[]>}
 */
export async function storeDifferences(store, expected) {
  /** @type {string[]} */
  const out = [];
  expectSame('count', await store.count(), expected.count, out);
  const last = expected.entries[expected.entries.length - 1];
  expectSame('max_index', await store.maxIndex(), expected.max_index ?? last.index, out);
  const entries = await store.entries();
  expectSame('entries', entries.map(({ idx, groupName, meta }) => ({ idx, groupName, meta })),
    expected.entries.map(({ index, group, meta }) =>
      ({ idx: index, groupName: group, meta })), out);
  for (const key of /** @type {const} */ (['step', 'time'])) {
    expectSame(`${key} of the entries`, entries.map((entry) => entry[key]),
      expected.entries.map((entry) => entry[key]), out);
  }
  return out;
}

/**
 * All of a store: its entries, and every value of each.
 *
 * @param {import('../../js/store/data-store.js').DataStore} store
 * @param {import('./fixtures.js').Expected} expected
 * @returns {Promise<string[]>}
 */
export async function allDifferences(store, expected) {
  const out = await storeDifferences(store, expected);
  let position = 0;
  for await (const state of store.load()) {
    out.push(...differences(state, expected.entries[position]));
    position += 1;
  }
  expectSame('states loaded', position, expected.count, out);
  return out;
}
