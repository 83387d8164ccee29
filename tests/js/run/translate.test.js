// SPDX-License-Identifier: MIT
// BORES's files as the problem that is simulated. Expected values are those of the neutral models beside
// the configurations (tests/data/run), which were made independently and run by OPM Flow.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Run } from '../../../js/index.js';
import { boresCase } from '../../../js/run/run-case.js';
import { readBoresFiles } from '../../../js/run/input-files.js';
import { boresFiles, boresOrder, neutralModel } from './inputs.js';

/** What seven digits leave. */
const ROUNDING = 1e-6;

/**
 * @param {ArrayLike<number>} actual
 * @param {ArrayLike<number>} wanted
 * @param {number} tolerance  relative
 * @param {string} what
 */
function assertClose(actual, wanted, tolerance, what) {
  assert.equal(actual.length, wanted.length, what);
  for (let i = 0; i < wanted.length; i += 1) {
    const limit = tolerance * Math.max(Math.abs(wanted[i]), 1e-3);
    assert.ok(Math.abs(actual[i] - wanted[i]) <= limit, `${what}[${i}]: ${actual[i]}, wanted ${wanted[i]}`);
  }
}

/** @param {any} value @param {number} size  a number or a grid, as the values of all cells */
const all = (value, size) => (typeof value === 'number' ? new Float64Array(size).fill(value) : value.data);

for (const version of /** @type {const} */ (['guide', 'head'])) {
  test(`${version}: grid, rock and initial state are the model's`, async () => {
    const { model, problems } = boresCase(await readBoresFiles(boresFiles(version), {}), {});
    const wanted = neutralModel(version);
    const { nx, ny, nz } = wanted.grid;
    assert.deepEqual(problems.list, []);
    assert.deepEqual([model.grid.nx, model.grid.ny, model.grid.nz], [nx, ny, nz]);
    assert.deepEqual([model.grid.dx, model.grid.dy], [wanted.grid.dx, wanted.grid.dy]);
    for (const name of ['porosity', 'ntg', 'permx', 'permy', 'permz']) {
      assertClose(model.rock[name].data, boresOrder(wanted.rock[name], [nx, ny, nz]), ROUNDING, name);
    }
    assert.equal(model.rock.compressibility, wanted.rock.compressibility);
    assert.equal(model.rock.pref, wanted.rock.pref);
    for (const name of ['pressure', 'sw', 'sg']) {
      assertClose(model.initial[name].data, boresOrder(wanted.initial[name], [nx, ny, nz]), ROUNDING, name);
    }
  });

  test(`${version}: cells lie below what is above them, deeper towards the dip`, async () => {
    const { model } = boresCase(await readBoresFiles(boresFiles(version), {}), {});
    const { nx, ny, nz, dz, tops } = neutralModel(version).grid;
    const wanted = Array.from({ length: nx * ny * nz }, (_, cell) => {
      const column = cell % (nx * ny), k = Math.floor(cell / (nx * ny));
      return tops[column] + dz.slice(0, k).reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0) + dz[k] / 2;
    });
    assertClose(model.grid.depth.data, boresOrder(wanted, [nx, ny, nz]), 2e-6, 'depth');
  });

  test(`${version}: wells, their limits and their cells`, async () => {
    const { model } = boresCase(await readBoresFiles(boresFiles(version), {}), {});
    const wanted = neutralModel(version);
    const name = (/** @type {string} */ text) => text.replace(/ Ærøskøbing$/, ''); // Flow's are ASCII
    assert.deepEqual(model.wells.map((/** @type {any} */ well) => ({ name: name(well.name),
      type: well.type, radius: well.radius, skin: well.skin,
      cells: well.perforations.map((/** @type {any} */ { i, j, k }) => [i, j, k]) })),
    wanted.wells.map((/** @type {any} */ well) => ({ name: well.name, type: well.type,
      radius: well.radius, skin: well.skin,
      cells: well.perforations.map((/** @type {any} */ { i, j, k }) => [i, j, k]) })));
    const limits = Object.entries(model.schedule[0].wells).map(([well, { crossflow, ...rest }]) => {
      assert.equal(crossflow, false, 'clamps forbid flow in the other direction');
      return [name(well), rest];
    });
    assert.deepEqual(Object.fromEntries(limits), wanted.schedule[0].wells);
  });

  test(`${version}: fluids weigh at the surface what their tables say`, async () => {
    const { model } = boresCase(await readBoresFiles(boresFiles(version), {}), {});
    const { density } = neutralModel(version);
    for (const phase of /** @type {const} */ (['oil', 'water', 'gas'])) {
      assertClose([model.density[phase]], [density[phase]], 4e-4, phase);
    }
  });

  test(`${version}: states are due each step until the simulation time`, async () => {
    const { clock, model } = boresCase(await readBoresFiles(boresFiles(version), {}), {});
    assert.deepEqual(clock, { end: 5_184_000, every: 1 }); // 60 days
    assert.equal(model.options.days, 60);
  });
}

test('end points are the configuration\'s, or the rock\'s where it says none', async () => {
  const input = await readBoresFiles(boresFiles('guide'), {});
  const table = input.config.rock_fluid_tables.relative_permeability_table;
  const { endpoints } = boresCase(input, {}).model.relperm;
  assert.deepEqual(endpoints, { swir: 0.15, sorw: 0.25, sorg: 0.15, sgr: 0.045, swc: 0.12 });
  table.brooks_corey_three_phase_relperm_model.residual_gas_saturation = null;
  const { residual_gas_saturation_grid: grid } = input.model.rock_properties;
  grid.data[5] = 0.1;
  const { model } = boresCase(input, {});
  assert.deepEqual([...all(model.relperm.endpoints.sgr, grid.size)], [...grid.data]);
});

test('what is wrong is told at once, each by its path', async () => {
  const { model, config, pvt } = await readBoresFiles(boresFiles('head'), {});
  model.rock_properties.absolute_permeability.x.data[17] = -1;
  model.fluid_properties.pressure_grid.data[3] = NaN;
  config.timer.maximum_step_size = 10;
  config.wells.production_wells['PROD-1'].production_well.perforating_intervals[0][1] = [9, 7, 3];
  config.miscibility_model = 'todd-longstaff';
  config.boundary_conditions = { default: { neumann_boundary: { flux: 0 } },
    left: { periodic_boundary: {} }, bottom: { dirichlet_boundary: { pressure: 4000 } } };
  const { problems } = boresCase({ model, config, pvt }, {});
  const found = problems.list.map(({ path: where, code }) => `${code} ${where}`);
  assert.deepEqual(found.sort(), [
    'ERR_UNSUPPORTED config.boundary_conditions.pressure.left.periodic_boundary',
    'ERR_UNSUPPORTED config.miscibility_model',
    'ERR_VALIDATION config.timer.minimum_step_size',
    'ERR_VALIDATION config.wells.production_wells.PROD-1.perforating_intervals',
    'ERR_VALIDATION model.fluid_properties.pressure_grid',
    'ERR_VALIDATION model.rock_properties.absolute_permeability.x',
  ]);
  assert.match(problems.list.find(({ path: where }) => where.endsWith('.x'))?.message ?? '', /-1 in cell \[0,5,2\]/);
});

test('boundaries of both versions, on the faces that BORES means', async () => {
  const { model, config, pvt } = await readBoresFiles(boresFiles('head'), {}); // 10 × 8 × 3
  config.boundary_conditions = { default: { neumann_boundary: { flux: 0 } },
    left: { dirichlet_boundary: { pressure: 4000 } }, top: { neumann_boundary: { flux: 5.614583 } } };
  assert.deepEqual(boresCase({ model, config, pvt }, {}).model.boundaries, [
    { face: 'x-', type: 'pressure', pressure: 4000 },
    { face: 'z+', type: 'flux', rate: 80 }, // a barrel a day into each of its cells
  ]);
  config.boundary_conditions = { conditions: {
    pressure: { right: { constant_boundary: { constant: 3000 } }, left: { no_flow_boundary: {} } },
    oil_saturation: { right: { constant_boundary: { constant: 0.2 } } },
  } };
  const { model: problem, problems } = boresCase({ model, config, pvt }, {});
  assert.deepEqual(problem.boundaries, [{ face: 'x+', type: 'pressure', pressure: 3000 }]);
  assert.deepEqual(problems.list.map(({ path: where }) => where),
    ['config.boundary_conditions.oil_saturation.right']);
});

test('schedules: times, steps and their combinations', async () => {
  const { model, config, pvt } = await readBoresFiles(boresFiles('head'), {});
  const time = (/** @type {any} */ data) => ({ type: 'time_predicate', data });
  config.well_schedules = { schedules: { 'PROD-1': { events: {
    cut: { predicate: time({ time_step: null, time: 864_000 }),
      action: { type: 'update_action', data: { control: { bhp_control: { bhp: 2000, clamp: null } },
        skin_factor: 2, is_active: null } } },
    end: { predicate: { type: 'composite_predicates', data: { on_any: false,
      predicates: [time({ time_step: 9, time: null }), { type: 'event_predicate_composite', op: 'not',
        operands: [{ type: 'event_predicate_leaf', func: time({ time: 1e6 }) }] }] } },
    action: { type: 'composite_actions', data: { actions: [
      { type: 'update_action', data: { is_active: false } }] } } },
    own: { predicate: { type: 'registered', name: 'is_wet' },
      action: { type: 'update_action', data: { is_active: true } } },
  } }, GHOST: { events: {} } } };
  const { events, problems } = boresCase({ model, config, pvt }, {});
  assert.deepEqual(events.slice(0, 2), [
    { id: 'PROD-1/cut', well: 'PROD-1', when: { any: [{ time: 864_000 }] },
      change: { control: 'bhp', bhp: 2000, skin: 2 } },
    { id: 'PROD-1/end', well: 'PROD-1', when: { all: [{ any: [{ step: 9 }] }, { not: { any: [{ time: 1e6 }] } }] },
      change: { status: 'shut' } },
  ]);
  assert.deepEqual(problems.list.map(({ path: where, code }) => [where, code]), [
    ['config.well_schedules.PROD-1.own.predicate', 'ERR_UNSUPPORTED'],
    ['config.well_schedules.GHOST', 'ERR_VALIDATION'],
  ]);
});

test('tables of relative permeability, over either phase\'s saturation', async () => {
  const { model, config, pvt } = await readBoresFiles(boresFiles('head'), {});
  config.rock_fluid_tables = { relative_permeability_table: { three_phase_relperm_table: {
    oil_water_table: { wetting_phase: 'water', non_wetting_phase: 'oil', reference_phase: 'wetting',
      reference_saturation: [0.12, 0.5, 0.8], wetting_phase_relative_permeability: [0, 0.2, 0.6],
      non_wetting_phase_relative_permeability: [1, 0.3, 0] },
    gas_oil_table: { twophaserelpermtable: { // as BORES 0.1.0 at 5a0ede4 dumps it
      wetting_phase: 'oil', non_wetting_phase: 'gas', reference_phase: 'wetting',
      reference_saturation: [0.12, 0.5, 0.88], wetting_phase_relative_permeability: [0, 0.3, 1],
      non_wetting_phase_relative_permeability: [0.9, 0.4, 0] } },
    mixing_rule: 'stone_II_rule' } }, capillary_pressure_table: null };
  const { relperm, capillary } = boresCase({ model, config, pvt }, {}).model;
  assert.deepEqual(relperm.swof, [[0.12, 0, 1, 0], [0.5, 0.2, 0.3, 0], [0.8, 0.6, 0, 0]]);
  assert.deepEqual(relperm.sgof.map((/** @type {number[]} */ row) => row.map((x) => Number(x.toFixed(12)))),
    [[0, 0, 1, 0], [0.38, 0.4, 0.3, 0], [0.76, 0.9, 0, 0]]); // water is at 0.12
  assert.equal(relperm.mixing, 'stone_ii');
  assert.deepEqual(capillary, { type: 'none' });
});

test('a run file has model and configuration; a model alone is not enough', async () => {
  const { modelPath } = boresFiles('guide');
  const { model, config } = await readBoresFiles(
    { runPath: modelPath.replace('_model', '_run') }, {});
  assert.equal(config.timer.simulation_time, 5_184_000);
  assert.deepEqual([...model.thickness_grid.shape], [9, 7, 4]);
  await assert.rejects(readBoresFiles({ modelPath }, {}), { code: 'ERR_ARGUMENT', message: /configPath/ });
  await assert.rejects(readBoresFiles({ modelPath: '/nowhere/model.h5', configPath: 'x.yaml' }, {}),
    { code: 'ERR_NOT_FOUND' });
});

test('a capillary pressure has end points of its own, or the rock\'s', async () => {
  const { model, config, pvt } = await readBoresFiles(boresFiles('guide'), {});
  const { brooks_corey_capillary_pressure_model: table } = config.rock_fluid_tables.capillary_pressure_table;
  Object.assign(table, { irreducible_water_saturation: 0.02, residual_oil_saturation_water: 0.1 });
  const run = await new Run({ model, config, pvtTable: pvt }).load();
  for await (const state of run.states({ worker: false, until: 0 })) {
    const { capillary_pressures: { oil_water_capillary_pressure: pressure }, model: { fluid_properties: fluids } } = state.toTree();
    const sw = fluids.water_saturation_grid.data[7];
    // Pd Se^(-1/λ) (README of the inputs); 1 psi and 2 are the model's
    assertClose([pressure.data[7]], [((sw - 0.02) / (1 - 0.02 - 0.1)) ** (-1 / 2)], 1e-6, 'Pcow');
  }
  config.rock_fluid_tables.relative_permeability_table.brooks_corey_three_phase_relperm_model.irreducible_water_saturation = 0.11;
  table.irreducible_water_saturation = null;
  const { relperm, capillary } = boresCase({ model, config, pvt }, {}).model;
  assert.deepEqual([relperm.endpoints.swir, capillary.endpoints.swir], [0.11, 0.15]);
});
