// SPDX-License-Identifier: MIT
// ModelState on real states of three versions of BORES, cut small (tests/data/states).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { ModelState } from '../../../js/state/model-state.js';
import { NdArray } from '../../../js/values/nd-array.js';
import { SparseTensor } from '../../../js/values/sparse-tensor.js';
import { sampleTree } from '../../helpers/states.js';

const VERSIONS = /** @type {const} */ (['guide', 'head', 'wheel']);

/** Paths of every leaf, by a walk of our own over the plain tree. */
function leafPaths(/** @type {any} */ node, prefix = '') {
  if (node instanceof NdArray || typeof node !== 'object' || node === null) return [prefix];
  if (Array.isArray(node) && !node.some((item) => item?.name || item?.step_number)) return [prefix];
  if ('keys' in node && 'default' in node) return [prefix];
  /** @type {string[]} */
  const paths = [];
  for (const name of Object.keys(node)) {
    paths.push(...leafPaths(node[name], prefix === '' ? name : `${prefix}.${name}`));
  }
  return paths;
}

test('fields are those on disk, and nothing else is listed', () => {
  for (const version of VERSIONS) {
    const tree = sampleTree(version);
    const state = ModelState.from(tree);
    assert.deepEqual(Object.keys(state), Object.keys(tree), version);
    assert.deepEqual(Object.keys(state.model), Object.keys(tree.model), version);
    assert.deepEqual(state.paths(), leafPaths(tree), version);
    assert.deepEqual(state.toTree(), tree, version);
    assert.deepEqual([...state.gridShape ?? []], [2, 3, 2], version);
  }
});

test('values are reached as properties and by path', () => {
  const tree = sampleTree('guide');
  const state = ModelState.from(tree);
  assert.equal(state.step, 5);
  assert.equal(state.timeInDays, tree.time / 86400);
  const path = 'model.fluid_properties.pressure_grid';
  assert.equal(state.get(path), tree.model.fluid_properties.pressure_grid);
  assert.equal(state.model.fluid_properties.pressure_grid, state.get(path));
  const well = 'PROD-2 Ærøskøbing';
  assert.equal(state.get(['wells', 'production_wells', well, 'production_well', 'name']), well);
  const intervals = state.get(['wells', 'production_wells', well, 'production_well',
    'perforating_intervals']);
  assert.deepEqual([...intervals.shape, ...intervals], [1, 2, 3, 4n, 6n, 1n, 4n, 6n, 1n]);
  assert.equal(state.get(`wells.production_wells.${well}.production_well.produced_fluids.1.phase`),
    'gas');
  assert.equal(state.has(path), true);
  assert.equal(state.has('model.fluid_properties.nothing_grid'), false);
  assert.equal(state.get('model.toString'), undefined);
  assert.throws(() => state.get('a..b'), { code: 'ERR_ARGUMENT' });
});

test('sparse grids become tensors, and records again in the tree', () => {
  const tree = sampleTree('head');
  const state = ModelState.from(tree);
  const rates = state.rates.production_rates.oil;
  assert.ok(rates instanceof SparseTensor);
  assert.equal(state.get('rates.production_rates.oil'), rates);
  assert.equal(state.rates.production_fvfs?.oil.default, NaN);
  assert.equal(state.toTree().rates.production_rates.oil, tree.rates.production_rates.oil);
});

test('the guide\'s names that no version stored', () => {
  for (const version of VERSIONS) {
    const { model } = ModelState.from(sampleTree(version));
    const { fluid_properties: fluid, rock_properties: rock } = model;
    assert.equal(fluid.saturation_history.oil_saturations.at(-1), fluid.oil_saturation_grid);
    assert.equal(fluid.saturation_history.oil_saturations[-1], fluid.oil_saturation_grid);
    assert.equal(fluid.saturation_history.gas_saturations.length, 1);
    assert.equal(rock.permeability.x_direction, rock.absolute_permeability.x);
    assert.equal(rock.permeability.z_direction, rock.absolute_permeability.z);
  }
});

test('the names of the other versions', () => {
  for (const version of VERSIONS) {
    const state = ModelState.from(sampleTree(version));
    const { relative_permeabilities: kr, capillary_pressures: pc } = state;
    assert.equal(state.model.saturation_history, state.model.hysteresis_state);
    assert.ok(state.model.saturation_history.max_water_saturation_grid instanceof NdArray);
    assert.equal(state.model.rock_properties.net_to_gross_grid,
      state.model.rock_properties.net_to_gross_ratio_grid);
    assert.ok(state.model.rock_properties.net_to_gross instanceof NdArray);
    assert.equal(kr.oil, kr.oil_relative_permeability);
    assert.deepEqual([kr.kro, kr.krw, kr.krg], [kr.oil, kr.water, kr.gas]);
    assert.equal(state.relative_mobilities.gas, state.relative_mobilities.gas_relative_mobility);
    assert.deepEqual([pc.pcow, pc.pcgo], [pc.Pc_ow, pc.Pc_og]);
    assert.equal(pc.pcow, pc.oil_water_capillary_pressure);
    const timer = state.timer_state;
    assert.equal(timer.max_step_size, timer.maximum_step_size);
    assert.ok(timer.max_step_size > 0);
    assert.equal(state.get('relative_permeabilities.kro'), kr.oil);
  }
});

test('rates of the newest version answer as production and injection, dense', () => {
  const state = ModelState.from(sampleTree('head'));
  const sparse = state.rates.production_rates;
  const dense = /** @type {NdArray} */ (state.production.oil);
  assert.ok(dense.equals(sparse.oil.toDense()));
  assert.equal(state.production.oil, dense); // made once
  const sum = sparse.oil.sum() + sparse.water.sum() + sparse.gas.sum();
  assert.ok(Math.abs(/** @type {NdArray} */ (state.production.total).sum() - sum) <= 1e-12 * sum);
  assert.ok(/** @type {NdArray} */ (state.injection.water).sum() > 0);
});

test('production and injection of older versions answer as rates, sparse', () => {
  for (const version of /** @type {const} */ (['guide', 'wheel'])) {
    const tree = sampleTree(version);
    const oneCell = Float64Array.from({ length: 12 }, (_, i) => (i === 7 ? 5 : 0));
    tree.production.oil = new NdArray(oneCell, [2, 3, 2]);
    tree.production.gas = null;
    const state = ModelState.from(tree);
    const oil = state.rates.production_rates.oil;
    assert.deepEqual([...oil.entries()], [[[1, 0, 1], 5]]);
    assert.equal(state.rates.production_rates.gas, null);
    assert.equal(state.production.total?.get(1, 0, 1), 5 + tree.production.water.get(1, 0, 1));
    assert.equal(state.rates.production_bhps, undefined);
  }
});

test('what is stored wins over a view of the same name', () => {
  const tree = sampleTree('guide');
  tree.relative_permeabilities.oil = 'stored';
  tree.model.hysteresis_state = null;
  const state = ModelState.from(tree);
  assert.equal(/** @type {unknown} */ (state.relative_permeabilities.oil), 'stored');
  assert.equal(state.model.hysteresis_state, null);
});

test('with() gives a changed copy that shares the rest', () => {
  const state = ModelState.from(sampleTree('guide'));
  const grid = NdArray.from(state.model.fluid_properties.pressure_grid.toNested());
  const changed = state.with({ 'model.fluid_properties.pressure_grid': grid, step: 6 });
  assert.equal(changed.get('model.fluid_properties.pressure_grid'), grid);
  assert.equal(changed.step, 6);
  assert.equal(state.step, 5);
  assert.notEqual(state.model.fluid_properties.pressure_grid, grid);
  assert.equal(changed.model.rock_properties, state.model.rock_properties);
  assert.equal(changed.wells, state.wells);
  assert.deepEqual(Object.keys(changed.model), Object.keys(state.model));
});

test('with() by another name changes what is stored, and views follow', () => {
  const state = ModelState.from(sampleTree('guide'));
  const ones = new NdArray(new Float64Array(12).fill(1), [2, 3, 2]);
  const changed = state.with({
    'relative_permeabilities.kro': ones, 'model.rock_properties.permeability.x_direction': ones,
    'model.fluid_properties.oil_saturation_grid': ones, 'production.oil': ones,
  });
  assert.equal(changed.relative_permeabilities.oil_relative_permeability, ones);
  assert.deepEqual(changed.paths(), state.paths());
  assert.equal(changed.model.rock_properties.absolute_permeability.x, ones);
  assert.equal(changed.model.fluid_properties.saturation_history.oil_saturations.at(-1), ones);
  assert.equal(changed.rates.production_rates.oil.sum(), 12);
});

test('with() adds maps and list items, and refuses what has no place', () => {
  const state = ModelState.from(sampleTree('guide'));
  const added = state.with([[['notes', 'v1.0'], 'ok'], ['timer_state.failed_step_sizes', [1, 2]]]);
  assert.equal(added.get(['notes', 'v1.0']), 'ok');
  assert.deepEqual(added.paths().at(-1), ['notes', 'v1.0']);
  const list = 'timer_state.failed_step_sizes';
  assert.deepEqual(added.with({ [`${list}.-1`]: 3 }).get(list), [1, 3]);
  const refused = (/** @type {any} */ changes, /** @type {RegExp} */ message) =>
    assert.throws(() => state.with(changes), { code: 'ERR_ARGUMENT', message });
  refused({ 'step.x': 1 }, /step\.x cannot be set: step is 5/);
  refused({ 'rates.production_rates.oil': 1 }, /rates cannot be set: it is derived/);
  refused({ 'production.total': 1 }, /production\.total .* derived/);
  refused({ step: undefined }, /step cannot be undefined/);
  refused({ 'model.thickness_grid': () => 1 }, /model\.thickness_grid cannot be a function/);
});

test('a state cannot be changed', () => {
  const state = /** @type {any} */ (ModelState.from(sampleTree('head')));
  for (const change of [
    () => { state.step = 9; }, () => { state.model.dip_angle = 1; },
    () => { state.model.fluid_properties.x = 1; }, () => { state.wells.injection_wells = {}; },
    () => { state.timer_state.recent_metrics.push(1); }, () => { delete state.model; },
  ]) assert.throws(change, TypeError);
});

test('a state does not follow later changes of the tree it was made from', () => {
  const tree = sampleTree('guide');
  const state = ModelState.from(tree);
  tree.model.dip_angle = 33;
  assert.notEqual(state.model.dip_angle, 33);
  const copy = state.toTree();
  copy.model.dip_angle = 33;
  assert.notEqual(state.model.dip_angle, 33);
});

test('plain objects, Maps, lists and typed arrays are welcome', () => {
  const state = ModelState.from({
    step: 1, model: new Map([['fluid_properties', { pressure_grid: Float32Array.of(1, 2) }]]),
  });
  const grid = state.model.fluid_properties.pressure_grid;
  assert.deepEqual([grid.dtype, [...grid.data]], ['float32', [1, 2]]);
  assert.equal(ModelState.from(state), state);
  assert.equal(state.timeInDays, NaN);
  assert.equal(state.gridShape, undefined);
});

test('names that JavaScript uses are data', () => {
  const tree = JSON.parse('{"step":1,"__proto__":{"polluted":1},"get":"x","constructor":{"a":2}}');
  const state = ModelState.from(tree);
  assert.equal(state.get('__proto__.polluted'), 1);
  assert.equal(state.get('constructor.a'), 2);
  assert.equal(state.get('get'), 'x');
  assert.equal(typeof state.get, 'function');
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
  assert.deepEqual(state.paths(), ['step', '__proto__.polluted', 'get', 'constructor.a']);
});

test('hostile trees are refused', () => {
  assert.throws(() => ModelState.from(/** @type {any} */ ([])), { code: 'ERR_ARGUMENT' });
  assert.throws(() => ModelState.from(/** @type {any} */ (null)), { code: 'ERR_ARGUMENT' });
  assert.throws(() => ModelState.from({ a: { b: new Date() } }),
    { code: 'ERR_ARGUMENT', message: /a\.b cannot be a Date/ });
  /** @type {any} */
  const loop = {};
  loop.again = loop;
  assert.throws(() => ModelState.from(loop), { code: 'ERR_LIMIT', message: /128 levels/ });
  const tree = sampleTree('head');
  tree.rates.production_rates.oil = { ...tree.rates.production_rates.oil, shape: [1, 1, 1] };
  assert.throws(() => ModelState.from(tree),
    { code: 'ERR_CORRUPT', path: 'rates.production_rates.oil', message: /\[1, 1, 1\]/ });
});

test('what people see', () => {
  const state = ModelState.from(sampleTree('head')).with({ time: 43200 });
  assert.match(inspect(state), /^ModelState \{ step: 5, timeInDays: 0.5, grid: 2×3×2, fields: mat/);
  assert.equal(JSON.parse(JSON.stringify(state)).model.grid_shape[1], 3);
});
