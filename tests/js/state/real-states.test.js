// SPDX-License-Identifier: MIT
// States as users get them: every state of runs that BORES wrote, against what BORES reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ModelState, NdArray, SparseTensor, openStore, validateState } from '../../../js/index.js';
import { runExpected, runFolder } from '../../helpers/fixtures.js';

const RUNS = /** @type {const} */ (['guide/wf_f64', 'guide/wf_f32', 'head/wf_f64', 'head/wf_f32',
  'head/wf_f64_wire', 'wheel/wf_f64']);

/** @param {number | string | null} value  JSON's names for what it lacks */
const number = (value) => (value === null ? NaN : Number(value));

/** @param {string | readonly string[]} path */
const slashed = (path) => (typeof path === 'string' ? path.replaceAll('.', '/') : path.join('/'));

for (const run of RUNS) {
  test(`${run}: every path, array, scalar and sparse grid; all valid`, async () => {
    const { entries } = runExpected(run);
    const store = await openStore(runFolder(run), { mode: 'r' });
    let count = 0;
    for await (const state of store.load()) {
      const expected = entries[count];
      count += 1;
      assert.ok(state instanceof ModelState);
      assert.equal(validateState(state), state);
      assert.deepEqual([state.step, state.time], [expected.step, expected.time]);
      const paths = new Map(state.paths().map((path) => [slashed(path), path]));
      checkArrays(state, paths, expected.arrays);
      for (const [name, tensor] of Object.entries(expected.sparse ?? {})) {
        checkTensor(state.get(paths.get(name) ?? name), tensor);
      }
      for (const [name, value] of Object.entries(expected.scalars)) {
        checkScalar(state.get(paths.get(name) ?? name.split('/')), value, name);
      }
      const { fluid_properties: fluid } = state.model;
      assert.equal(fluid.saturation_history.oil_saturations.at(-1), fluid.oil_saturation_grid);
      assert.ok(state.production.oil instanceof NdArray);
      assert.ok(state.rates.production_rates.oil instanceof SparseTensor);
    }
    assert.equal(count, entries.length);
    await store.close();
  });
}

/**
 * @param {ModelState} state
 * @param {Map<string, string | readonly string[]>} paths
 * @param {Record<string, import('../../helpers/fixtures.js').ExpectedArray>} arrays
 */
function checkArrays(state, paths, arrays) {
  for (const [name, expected] of Object.entries(arrays)) {
    const array = state.get(paths.get(name) ?? assert.fail(`${name} is not among the paths`));
    assert.deepEqual([...array.shape], expected.shape, name);
    assert.equal(array.nanCount(), expected.nan_count, name);
    assert.equal(array.nanmin(), number(expected.min), name);
    assert.equal(array.nanmax(), number(expected.max), name);
    const sum = number(expected.sum);
    assert.ok(Math.abs(array.nansum() - sum) <= 1e-12 * array.size * Math.max(
      Math.abs(array.nanmin()), Math.abs(array.nanmax())), `${name}: ${array.nansum()}, ${sum}`);
    for (const [cell, value] of expected.at) {
      assert.equal(Number(array.get(...cell)), number(value), `${name} [${cell}]`);
    }
  }
}

/**
 * @param {SparseTensor} tensor
 * @param {{ shape: number[], default: any, keys: number[][], values: any[] }} expected
 */
function checkTensor(tensor, expected) {
  assert.deepEqual([...tensor.shape], expected.shape);
  assert.equal(tensor.default, number(expected.default));
  assert.deepEqual(Object.fromEntries(tensor.entries()),
    Object.fromEntries(expected.keys.map((key, i) => [String(key), number(expected.values[i])])));
}

/**
 * Short lists are arrays in some layouts; empty lists and maps are empty groups in one, and leave
 * no trace in another; the wheel does not store None.
 *
 * @param {any} value
 * @param {any} expected
 * @param {string} name
 */
function checkScalar(value, expected, name) {
  if (typeof expected === 'object' && expected !== null && Object.keys(expected).length === 0) {
    assert.equal(Object.keys(plain(value) ?? {}).length, 0, name);
  } else {
    assert.deepEqual(plain(value ?? null), plain(expected === 'NaN' ? NaN : expected), name);
  }
}

/**
 * Lists with arrays, and BORES's records of arrays, as lists of numbers.
 * @param {any} value
 * @returns {any}
 */
function plain(value) {
  if (value instanceof NdArray) return value.toJSON();
  if (Array.isArray(value)) return value.map(plain);
  if (value?.__ndarray__ !== true) return value;
  assert.deepEqual([value.encoding, value.dtype], ['layered', '<i8']); // all there is in lists
  const bytes = Buffer.from(value.data, 'base64');
  return Array.from({ length: value.shape[0] }, (_, i) => Number(bytes.readBigInt64LE(8 * i)));
}
