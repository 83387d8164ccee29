// SPDX-License-Identifier: MIT
// validateState on real states (tests/data/states): they pass, and every break is named.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { ModelState } from '../../../js/state/model-state.js';
import { NdArray } from '../../../js/values/nd-array.js';
import {
  getPrecision, setPrecision, use32bitPrecision, use64bitPrecision,
} from '../../../js/state/precision.js';
import { validateState } from '../../../js/state/validate-state.js';
import { sampleTree } from '../../helpers/states.js';

const VERSIONS = /** @type {const} */ (['guide', 'head', 'wheel']);
const FLUID = 'model.fluid_properties';

afterEach(use64bitPrecision);

/** @param {number} [value] */
const grid = (value = 0.5, shape = [2, 3, 2]) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return new NdArray(new Float64Array(size).fill(value), shape);
};

/**
 * @param {'guide' | 'head' | 'wheel'} version
 * @param {{ [path: string]: unknown }} changes
 */
function problemsOf(version, changes) {
  const state = ModelState.from(sampleTree(version)).with(changes);
  try {
    validateState(state);
  } catch (error) {
    const { name, code, problems, message } = /** @type {any} */ (error);
    assert.equal(name, 'BoresError');
    assert.equal(code, 'ERR_VALIDATION');
    assert.ok(message.startsWith(`invalid state: ${problems[0].message}`));
    return problems;
  }
  return [];
}

test('states of every version are valid, and returned as they are', () => {
  for (const version of VERSIONS) {
    const state = ModelState.from(sampleTree(version));
    assert.equal(validateState(state), state, version);
    assert.equal(validateState(state, { dtype: 'global' }), state, version);
  }
});

test('every grid of another shape is listed with both shapes', () => {
  const stored = ModelState.from(sampleTree('head')).rates.injection_rates.oil.toRecord();
  const problems = problemsOf('head', {
    [`${FLUID}.temperature_grid`]: grid(100, [2, 3, 1]),
    'model.hysteresis_state.gas_imbibition_flag_grid': new NdArray(new Uint8Array(4), [4], 'bool'),
    'relative_permeabilities.kro': grid(0, [3, 2, 2]),
    'model.face_transmissibilities.y': grid(1),
    'rates.injection_rates.oil': { ...stored, shape: [9, 9, 9] },
  });
  const lines = problems.map((/** @type {any} */ { message }) => message).sort();
  assert.deepEqual(lines, [
    'model.face_transmissibilities.y: expected shape [4, 5, 4], got shape [2, 3, 2]',
    `${FLUID}.temperature_grid: expected shape [2, 3, 2], got shape [2, 3, 1]`,
    'model.hysteresis_state.gas_imbibition_flag_grid: expected shape [2, 3, 2], got shape [4]',
    'rates.injection_rates.oil: expected shape [2, 3, 2], got shape [9, 9, 9]',
    'relative_permeabilities.oil_relative_permeability: expected shape [2, 3, 2], '
      + 'got shape [3, 2, 2]',
  ]);
  assert.ok(problems.every((/** @type {any} */ { kind }) => kind === 'shape'));
});

test('tables and wells are no grids', () => {
  assert.deepEqual(problemsOf('head', {
    'wells.table_grid': grid(1, [9, 4, 1]), 'model.tables.pressures': grid(1, [7]),
    timer_state: { history: grid(NaN, [5]) },
  }), []);
});

test('values that are not finite are counted and the first is named', () => {
  const pressure = grid(3000);
  pressure.data[7] = NaN;
  pressure.data[9] = Infinity;
  const [{ path, kind, actual }, ...rest] = problemsOf('guide',
    { [`${FLUID}.pressure_grid`]: pressure });
  assert.deepEqual([path, kind, actual, rest],
    [`${FLUID}.pressure_grid`, 'finite', 'NaN at [1, 0, 1], 2 of 12 cells', []]);
});

test('saturations lie between 0 and 1 and add up to 1, within a tolerance', () => {
  const [oil, water, gas] = ['oil', 'water', 'gas'].map((p) => `${FLUID}.${p}_saturation_grid`);
  const saturations = (/** @type {number} */ so, sw = 0, sg = 0) =>
    ({ [oil]: grid(so), [water]: grid(sw), [gas]: grid(sg) });
  const problems = problemsOf('wheel', saturations(-0.25, 0.75, 0.25));
  assert.deepEqual(problems.map((/** @type {any} */ p) => [p.path, p.kind, p.actual]), [
    [oil, 'range', '-0.25 at [0, 0, 0]'], [FLUID, 'sum', '0.75 at [0, 0, 0]'],
  ]);
  assert.deepEqual(problemsOf('wheel', saturations(0.5004, 0.5)), []);
  const off = ModelState.from(sampleTree('wheel')).with(saturations(0.51, 0.5));
  assert.throws(() => validateState(off), { code: 'ERR_VALIDATION', path: FLUID });
  assert.equal(validateState(off, { saturationTolerance: 0.02 }), off);
});

test('what was not loaded is not missed, but a grid shape is needed', () => {
  const { model } = sampleTree('guide');
  const part = ModelState.from({ step: 1, model: {
    grid_shape: [2, 3, 2], fluid_properties: { oil_saturation_grid: grid(0.5) },
  } });
  assert.equal(validateState(part), part);
  const byThickness = ModelState.from({ model: { thickness_grid: model.thickness_grid } });
  assert.equal(validateState(byThickness), byThickness);
  assert.throws(() => validateState(ModelState.from({ step: 1 })),
    { code: 'ERR_VALIDATION', path: 'model.grid_shape' });
});

test('converts the floating-point grids, and only those', () => {
  const state = ModelState.from(sampleTree('head'));
  const single = validateState(state, { dtype: 'float32' });
  const { fluid_properties: fluid } = single.model;
  assert.equal(fluid.pressure_grid.dtype, 'float32');
  assert.equal(fluid.pressure_grid.get(1, 1, 1),
    Math.fround(state.model.fluid_properties.pressure_grid.get(1, 1, 1)));
  assert.equal(single.model.face_transmissibilities?.x.dtype, 'float32');
  assert.equal(single.rates.production_rates.oil.dtype, 'float32');
  assert.equal(single.get('rates.production_rates.oil').toRecord().dtype, '<f4');
  assert.equal(single.model.hysteresis_state.gas_imbibition_flag_grid.dtype, 'bool');
  assert.equal(single.model.grid_shape, state.model.grid_shape);
  assert.equal(single.wells, state.wells);
  assert.equal(state.model.fluid_properties.pressure_grid.dtype, 'float64');
  assert.equal(validateState(single, { dtype: 'float32' }), single);
});

test('the global precision', () => {
  const state = ModelState.from(sampleTree('guide'));
  assert.equal(getPrecision(), 'float64');
  use32bitPrecision();
  assert.equal(validateState(state, { dtype: 'global' }).model.thickness_grid.dtype, 'float32');
  assert.equal(validateState(state).model.thickness_grid.dtype, 'float64');
  const wrong = /** @type {any} */ ('float16');
  assert.throws(() => setPrecision(wrong), { code: 'ERR_ARGUMENT', message: /'float16'/ });
  assert.throws(() => validateState(state, { dtype: wrong }), { code: 'ERR_ARGUMENT' });
  assert.equal(getPrecision(), 'float32');
});
