// SPDX-License-Identifier: MIT
// Every value that is known of the runs of OPM Flow in tests/data/eclipse/runs.tar.br, through the public API.
// Expected: resfo 5.0.1 and resdata 6.3.5 (arrays, wells, summary, corners), Flow's own NNCs, and overlaps of faces
// summed by an independent script.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { openNode, openStore } from '../../../../js/index.js';
import { eclipseRuns } from '../../../helpers/fixtures.js';

/** @import { EclipseStore } from '../../../../js/index.js' */

const folder = eclipseRuns();
const { cases } = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8'));
const FLUID = 'model.fluid_properties.';
/** Paths of the keywords that BORES has a name for. @type {Record<string, string>} */
const PATHS = {
  PRESSURE: `${FLUID}pressure_grid`, SWAT: `${FLUID}water_saturation_grid`, SGAS: `${FLUID}gas_saturation_grid`,
  RS: `${FLUID}solution_gas_to_oil_ratio_grid`, PBUB: `${FLUID}oil_bubble_point_pressure_grid`,
  OIL_VISC: `${FLUID}oil_viscosity_grid`, WAT_VISC: `${FLUID}water_viscosity_grid`, GAS_VISC: `${FLUID}gas_viscosity_grid`,
  OIL_DEN: `${FLUID}oil_density_grid`, WAT_DEN: `${FLUID}water_density_grid`, GAS_DEN: `${FLUID}gas_density_grid`,
  OILKR: 'relative_permeabilities.oil_relative_permeability',
  WATKR: 'relative_permeabilities.water_relative_permeability',
  GASKR: 'relative_permeabilities.gas_relative_permeability',
  PORO: 'model.rock_properties.porosity_grid', NTG: 'model.rock_properties.net_to_gross_ratio_grid',
  PERMX: 'model.rock_properties.absolute_permeability.x', PERMY: 'model.rock_properties.absolute_permeability.y',
  PERMZ: 'model.rock_properties.absolute_permeability.z', DZ: 'model.thickness_grid',
};

/** Keywords of 1/B, which BORES has as B. @type {Record<string, string>} */
const RECIPROCALS = { '1OVERBO': `${FLUID}oil_formation_volume_factor_grid`,
  '1OVERBW': `${FLUID}water_formation_volume_factor_grid`, '1OVERBG': `${FLUID}gas_formation_volume_factor_grid` };

/** @param {string} name @returns {Float64Array} */
const doubles = (name) => new Float64Array(Uint8Array.from(readFileSync(path.join(folder, name))).buffer);

/** @param {number} found @param {number} wanted @param {number} tolerance @param {string} what */
function near(found, wanted, tolerance, what) {
  assert.ok(Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted)), `${what}: ${found}, not ${wanted}`);
}

/**
 * A grid [i][j][k] in the order of the file: i fastest, of active cells or of all.
 * @param {any} grid  an NdArray
 * @param {readonly number[]} dims
 * @param {Uint8Array | null} active  by g
 * @returns {number[]}
 */
function inFileOrder(grid, [nx, ny, nz], active) {
  const values = [];
  for (let g = 0; g < nx * ny * nz; g++) {
    if (active && !active[g]) continue;
    values.push(Number(grid.data[((g % nx) * ny + Math.floor(g / nx) % ny) * nz + Math.floor(g / nx / ny)]));
  }
  return values;
}

/**
 * @param {string} what
 * @param {ArrayLike<number>} values
 * @param {any} expected  count, min, max, sum, at, and `file`: the whole
 */
function checkArray(what, values, expected) {
  assert.equal(values.length, expected.count, `${what}: count`);
  let sum = 0, min = Infinity, max = -Infinity;
  for (let n = 0; n < values.length; n++) {
    sum += values[n];
    min = Math.min(min, values[n]);
    max = Math.max(max, values[n]);
  }
  near(sum, expected.sum, 1e-9, `${what}: sum`);
  if (values.length > 0) assert.deepEqual([min, max].map(String), [expected.min, expected.max].map(String), `${what}: min, max`);
  for (const [index, value] of expected.at) assert.equal(values[index], value, `${what}[${index}]`);
  if (expected.file) {
    const whole = new Float32Array(Uint8Array.from(readFileSync(path.join(folder, expected.file))).buffer);
    assert.deepEqual(Float32Array.from(values), whole, what);
  }
}

/** @param {EclipseStore} store @param {any} state @param {any} step @param {any} expected */
function checkState(store, state, step, expected) {
  const active = readFileSync(path.join(folder, expected.grid.actnum_file));
  const { dims } = expected.grid;
  const cells = dims[0] * dims[1] * dims[2];
  for (const [arrays, where] of [[step.arrays, 'restart'], [expected.init_arrays, 'INIT']]) {
    for (const [name, known] of Object.entries(arrays)) {
      const of = `${expected.case} ${where} ${name} of step ${step.report_step}`;
      const ofAll = known.count === cells;
      if (!ofAll && known.count !== expected.grid.active) {
        assert.equal(state.has(`eclipse.${name}`), false, `${of}: no array of cells`);
        continue;
      }
      const path = RECIPROCALS[name] ?? PATHS[name] ?? `eclipse.${name}`;
      const values = inFileOrder(state.get(path), dims, ofAll ? null : active);
      if (!(name in RECIPROCALS)) checkArray(of, values, known);
      else for (const [n, value] of known.at) near(values[n], 1 / value, 1e-7, of); // float32
    }
  }
  const pressure = state.get(PATHS.PRESSURE);
  for (let g = 0; g < cells; g++) {
    const flat = ((g % dims[0]) * dims[1] + Math.floor(g / dims[0]) % dims[1]) * dims[2] + Math.floor(g / dims[0] / dims[1]);
    assert.equal(Number.isNaN(pressure.data[flat]), active[g] === 0, `${expected.case}: NaN where inactive`);
  }
  const [oil, water, gas] = ['oil', 'water', 'gas'].map((phase) =>
    (state.has(`${FLUID}${phase}_saturation_grid`) ? state.get(`${FLUID}${phase}_saturation_grid`).nansum() : 0));
  near(oil + water + gas, expected.grid.active, 1e-6, `${expected.case}: saturations add up to 1`);
}

/** @param {readonly any[]} wells @param {any} state @param {any} step @param {string} name */
function checkWells(wells, state, step, name) {
  const types = /** @type {Record<string, string>} */ ({ 1: 'producer', 2: 'injector', 3: 'injector', 4: 'injector' });
  const phases = [null, null, 'oil', 'water', 'gas'];
  assert.deepEqual(wells.map((well) => ({ ...well, rates: null, totals: null, bottomHolePressure: 0,
    connections: well.connections.map(({ cell, isOpen, direction, segment }) => ({ cell, isOpen, direction, segment })) })),
  step.wells.map((known) => ({ name: known.name, type: types[known.type_code] ?? null, phase: phases[known.type_code] ?? null,
    status: known.status_code, isOpen: known.open, head: known.head.map((n) => n - 1), group: known.group_index,
    segments: known.connections.some(({ segment }) => segment > 0) ? 1 : 0, rates: null, totals: null, bottomHolePressure: 0,
    connections: known.connections.map((one) => ({ cell: one.ijk.map((n) => n - 1), isOpen: one.open,
      direction: one.direction.toLowerCase(), segment: one.segment })) })), `${name} step ${step.report_step}`);
  for (const [n, { xwel }] of step.wells.entries()) {
    const { rates } = wells[n];
    assert.deepEqual([rates.oil, rates.water, rates.gas, rates.liquid, rates.reservoir, wells[n].bottomHolePressure],
      [xwel.oil_rate, xwel.water_rate, xwel.gas_rate, xwel.liquid_rate, xwel.resv_rate, xwel.bhp], `${name} ${wells[n].name}`);
  }
  const tree = state.toTree().wells ?? { production_wells: {}, injection_wells: {} };
  for (const known of step.wells) {
    const well = tree.production_wells[known.name]?.production_well ?? tree.injection_wells[known.name]?.injection_well;
    assert.equal(well !== undefined, known.type_code >= 1 && known.type_code <= 4, known.name);
    if (!well) continue;
    assert.equal(well.is_active, known.open);
    const cells = well.perforating_intervals.flatMap(([from, to]) =>
      Array.from({ length: to[2] - from[2] + 1 }, (_, n) => [from[0], from[1], from[2] + n]));
    assert.deepEqual(cells, known.connections.filter(({ open }) => open).map(({ ijk }) => ijk.map((n) => n - 1)), known.name);
  }
}

/** Area of a bilinear patch by Gauss's points, its corners in a ring. @param {Float32Array} p @param {number} at */
function patchArea(p, at) {
  const corner = (/** @type {number} */ n) => [p[at + 3 * n], p[at + 3 * n + 1], p[at + 3 * n + 2]];
  const [a, b, c, d] = [0, 1, 2, 3].map(corner);
  const points = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970263];
  const weights = [0.17392742256872692, 0.32607257743127307, 0.32607257743127307, 0.17392742256872692];
  let area = 0;
  for (const [m, u] of points.entries()) {
    for (const [n, v] of points.entries()) {
      const du = [0, 1, 2].map((x) => (1 - v) * (b[x] - a[x]) + v * (c[x] - d[x]));
      const dv = [0, 1, 2].map((x) => (1 - u) * (d[x] - a[x]) + u * (c[x] - b[x]));
      area += weights[m] * weights[n] * Math.hypot(du[1] * dv[2] - du[2] * dv[1], du[2] * dv[0] - du[0] * dv[2],
        du[0] * dv[1] - du[1] * dv[0]);
    }
  }
  return area;
}

/** @param {EclipseStore} store @param {any} expected */
async function checkGeometry(store, expected) {
  const { grid } = expected;
  const [nx, ny] = grid.dims;
  const geometry = await store.geometry();
  const active = readFileSync(path.join(folder, grid.actnum_file));
  assert.deepEqual([...geometry.dims], grid.dims);
  assert.equal(geometry.gridUnit, grid.grid_unit?.[0] ?? null);
  assert.equal(geometry.mapUnits, grid.map_units?.[0] ?? null);
  assert.deepEqual(geometry.active, Uint8Array.from(active, (on) => Number(on !== 0)));
  const cellOf = (/** @type {number} */ g) => /** @type {const} */ ([g % nx, Math.floor(g / nx) % ny, Math.floor(g / nx / ny)]);
  const corners = grid.corners_file ? doubles(grid.corners_file) : [];
  for (let g = 0; g < corners.length / 24; g++) {
    const found = geometry.corners(...cellOf(g));
    for (let n = 0; n < 24; n++) near(found[n], corners[24 * g + n], 1e-9, `${expected.case} corner ${n} of ${g}`);
  }
  const volumes = grid.volume_file ? doubles(grid.volume_file) : [];
  const largest = Math.max(...volumes);
  volumes.forEach((volume, g) => near(geometry.volume(...cellOf(g)) / largest, volume / largest, 1e-11, `${expected.case} volume of ${g}`));
  for (const known of grid.cells_sample) {
    const cell = known.ijk.map((/** @type {number} */ n) => n - 1);
    geometry.center(...cell).forEach((x, d) => near(x, known.centre[d], 1e-9, `${expected.case} centre`));
    near(geometry.volume(...cell), known.volume, 1e-8, `${expected.case} volume`);
    const local = geometry.corners(...cell);
    known.corners_world?.forEach((/** @type {number[]} */ at, /** @type {number} */ n) =>
      geometry.world(...local.slice(3 * n, 3 * n + 3)).forEach((x, d) => near(x, at[d], 1e-9, `${expected.case} world`)));
  }
  await checkConnections(store, geometry, expected);
}

/** @param {EclipseStore} store @param {any} geometry @param {any} expected */
async function checkConnections(store, geometry, { case: name, grid }) {
  const all = await geometry.connections();
  assert.deepEqual(all.filter(({ direction }) => direction === 'nnc').map(({ a, b }) => [a, b]),
    (grid.nnc ?? []).map(([a, b]) => [a, b]), `${name}: NNCs`);
  if (!grid.faces) return;
  const lateral = new Map(all.filter(({ direction }) => direction === 'i' || direction === 'j')
    .map((one) => [`${one.a} ${one.b} ${one.direction}`, one.area]));
  assert.equal(lateral.size, grid.faces.all, `${name}: connections`);
  near([...lateral.values()].reduce((sum, area) => sum + area, 0), grid.faces.total_area, 1e-9, `${name}: their area`);
  for (const [a, b, direction, , area] of [...grid.faces.across_layers, ...grid.faces.partial_same_layer]) {
    near(lateral.get(`${a} ${b} ${direction}`), area, 1e-9, `${name}: ${a} and ${b}`);
  }
  const { count, directions, positions } = await store.cornerFaces();
  let side = 0, flat = 0;
  for (let n = 0; n < count; n++) {
    if (directions[n] < 4) side += patchArea(positions, 12 * n);
    else flat += patchArea(positions, 12 * n);
  }
  near(side, grid.skin_area.lateral_skin, 1e-5, `${name}: skin of the sides`); // positions are float32
  near(flat, grid.skin_area.top_and_bottom_skin, 1e-5, `${name}: skin of tops and bottoms`);
}

/** @param {EclipseStore} store @param {any} expected */
async function checkSummary(store, { case: name, summary }) {
  const vectors = await store.vectors(summary.vectors.map(({ key }) => key));
  for (const [n, { key, unit, values }] of summary.vectors.entries()) {
    assert.equal(vectors[n].unit, unit, `${name} ${key}`);
    assert.deepEqual(vectors[n].values, Float32Array.from(values), `${name} ${key}`);
    assert.deepEqual([...vectors[n].steps], summary.report_step_of_row, `${name} ${key}`);
  }
  const names = await store.vectorNames();
  for (const { key, keyword, name: of, num } of summary.vectors) {
    const found = names.find((one) => one.key === key);
    assert.deepEqual([found?.keyword, found?.number], [keyword, num], `${name} ${key} ${of}`);
  }
}

/** Keywords of a file as they stand in it. @param {string} file @param {readonly any[]} expected  [name, type, count] */
async function checkKeywords(file, expected) {
  const node = await openNode(file);
  try {
    const found = [];
    for await (const child of node.children()) {
      found.push([child.name, child.attributes.type, child.shape[0]]);
    }
    assert.deepEqual(found, expected, file);
  } finally {
    await node.close();
  }
}

for (const one of cases) {
  test(`${one.case}: every value`, async () => {
    const expected = JSON.parse(readFileSync(path.join(folder, one.expected), 'utf8'));
    const place = path.join(folder, one.folder);
    const store = /** @type {EclipseStore} */ (await openStore(place));
    try {
      assert.deepEqual({ ...await store.info() }, { startDate: expected.start_date, unitSystem: expected.unit_system,
        phases: expected.phases.split(','), dims: expected.grid.dims, activeCells: expected.grid.active });
      const entries = await store.entries();
      assert.deepEqual(entries.map(({ meta }) => [meta.step, meta.date]),
        expected.steps.map(({ report_step: step, date }) => [step, date]));
      for await (const state of store.load()) {
        const n = entries.findIndex(({ meta }) => meta.step === state.step);
        near(entries[n].meta.days, expected.steps[n].days, 1e-12, `${one.case} days`);
        checkState(store, state, expected.steps[n], expected);
        checkWells(await store.wells(n), state, expected.steps[n], one.case);
      }
      await checkGeometry(store, expected);
      await checkSummary(store, expected);
      assert.deepEqual((await store.verify()).problems, []);
    } finally {
      await store.close();
    }
    const files = readdirSync(place);
    const named = (/** @type {RegExp} */ end) => path.join(place, files.find((file) => end.test(file)) ?? '');
    await checkKeywords(named(/\.F?EGRID$/), expected.egrid_keywords);
    await checkKeywords(named(/\.F?INIT$/), expected.init_keywords);
    if (one.unified) {
      await checkKeywords(named(/\.F?UNRST$/), expected.steps.flatMap(({ keywords }) => keywords));
      return;
    }
    for (const step of expected.steps) await checkKeywords(path.join(place, step.file), step.keywords);
  });
}
