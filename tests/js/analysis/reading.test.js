// SPDX-License-Identifier: MIT
// How an analyst comes by its states: in one pass, while they are written, from what is damaged.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ModelAnalyst, ModelState, NdArray, ZarrStore, openStore } from '../../../js/index.js';
import { Kernel } from '../../../js/analysis/kernel.js';
import { serveFiles } from '../../helpers/file-server.js';
import { analystAnswers, runConsolidated, runFolder } from '../../helpers/fixtures.js';

/** @param {string} file  a synthetic store */
const synthetic = (file) =>
  openStore(path.join(analystAnswers(), 'synthetic', file), { mode: 'r' });

/** @param {string} file */
async function statesOf(file) {
  const store = await synthetic(file);
  try {
    const states = [];
    for await (const state of store.load()) states.push(state);
    return states;
  } finally {
    await store.close();
  }
}

test('a store is read once, and of it only the fields that are needed', async (t) => {
  const store = await openStore(runFolder('guide/wf_f64_chunks4_lzf'), { mode: 'r' });
  t.after(() => store.close());
  /** @type {any[]} */ const loads = [];
  const watched = new Proxy(store, {
    get: (target, name) => {
      const member = /** @type {any} */ (target)[name];
      if (typeof member !== 'function') return member;
      return (/** @type {any[]} */ ...args) => {
        if (name === 'load') loads.push(args[0]);
        return member.apply(target, args);
      };
    },
  });
  const analyst = await ModelAnalyst.from(watched);
  analyst.mbalHistory();
  await analyst.sweepEfficiencyHistory();
  assert.equal(loads.length, 1);
  assert.ok(loads[0].fields.includes('model.fluid_properties.oil_saturation_grid'));
  assert.ok(!loads[0].fields.includes('model.fluid_properties.temperature_grid'));
  await analyst.injectionFrontAnalysis({ step: 5 });
  assert.equal(loads.length, 2);
  analyst.close();
});

/**
 * Whether an analysis looks at the array of a name, or at what has it.
 * @param {Kernel} kernel
 */
const needs = ({ members }) => (/** @type {string} */ name) => members.some((names) =>
  names.every((one, n) => one === null || one === name.split('→')[n]));

test('from a web server comes what the analysis needs, each chunk once, and nothing else', async () => {
  const run = 'head/wf_f64_ckpt';
  const isNeeded = needs(await Kernel.open({}));
  const server = await serveFiles();
  /** @type {string[]} */ const fetched = [];
  try {
    const url = server.addFolder(run, runFolder(run), new Map([['.zmetadata', runConsolidated(run)]]));
    const store = await openStore(url, { mode: 'r', http: { fetch: (/** @type {any} */ from, /** @type {any} */ options) => {
      fetched.push(decodeURIComponent(new URL(from.url ?? from).pathname).split(`${run}/`)[1]);
      return fetch(from, options);
    } } });
    (await ModelAnalyst.from(store)).close();
    await store.close();
  } finally {
    await server.close();
  }
  const chunks = readdirSync(runFolder(run), { recursive: true, encoding: 'utf8' })
    .filter((key) => /^entry_\d+\/[^/]+\/\d+(\.\d+)*$/.test(key) && isNeeded(key.split('/')[1]));
  assert.ok(chunks.length > 100 && chunks.length < readdirSync(runFolder(run), { recursive: true }).length / 2);
  assert.deepEqual(fetched.filter((key) => key.startsWith('entry_')).sort(), chunks.sort());
});

test('progress comes with answers so far, and a signal ends the pass', async () => {
  const states = await statesOf('stop_start.json');
  /** @type {number[][]} */ const seen = [];
  const stop = new AbortController();
  await assert.rejects(ModelAnalyst.from(states, {
    signal: stop.signal,
    onProgress({ done, total, step, analyst }) {
      seen.push([done, total ?? 0, step, analyst.maxStep]);
      if (done === 2) stop.abort(new Error('enough'));
    },
  }), /enough/);
  const steps = states.map((state) => state.step);
  assert.deepEqual(seen, [0, 1].map((n) => [n + 1, states.length, steps[n], steps[n]]));
});

test('update() adds a state, or replaces one, even the first', async () => {
  const states = await statesOf('tank_combined.json');
  const whole = await ModelAnalyst.from(states);
  const grown = await ModelAnalyst.from(states.slice(1, 2));
  const other = states[0].with({ 'model.fluid_properties.oil_saturation_grid':
    states[0].get('model.fluid_properties.oil_saturation_grid').map?.((/** @type {number} */ s) => s / 2)
    ?? states[1].get('model.fluid_properties.oil_saturation_grid') });
  for (const state of [...states.slice(2).reverse(), other, states[0]]) await grown.update(state);
  assert.deepEqual(grown.materialBalanceHistory(), whole.materialBalanceHistory());
  assert.deepEqual(await grown.sweepEfficiencyHistory(), await whole.sweepEfficiencyHistory());
  whole.close();
  grown.close();
});

test('follow() takes in what another process appends', async (t) => {
  const states = await statesOf('gap_in_steps.json');
  const written = new ZarrStore('memory:followed-analysis');
  t.after(() => written.close());
  await written.dump(states.slice(0, 2));
  const store = new ZarrStore('memory:followed-analysis', { mode: 'r' });
  t.after(() => store.close());
  const analyst = await ModelAnalyst.from(store);
  const known = analyst.availableSteps.length;
  await written.append(states[2]);
  for await (const step of analyst.follow({ pollMs: 5 })) {
    assert.equal(step, states[2].step);
    break;
  }
  assert.equal(analyst.availableSteps.length, known + 1);
  analyst.close();
});

/**
 * @param {any} promise
 * @param {string} code
 * @param {RegExp} message
 */
const refused = (promise, code, message) => assert.rejects(async () => promise, (error) => {
  assert.equal(/** @type {any} */ (error).code, code);
  assert.match(/** @type {any} */ (error).message, message);
  return true;
});

test('bad states and options are told by step and path', async () => {
  const [first, second] = await statesOf('tank_water.json');
  const pressure = 'model.fluid_properties.pressure_grid';
  await refused(ModelAnalyst.from([]), 'ERR_NOT_FOUND', /no state/);
  await refused(ModelAnalyst.from(/** @type {any} */ (5)), 'ERR_ARGUMENT', /store or from states/);
  await refused(ModelAnalyst.from([7]), 'ERR_ARGUMENT', /ModelState/);
  await refused(ModelAnalyst.from([first], /** @type {any} */ ({ stoip: 1 })), 'ERR_ARGUMENT',
    /no option 'stoip'.*stoiip/);
  await refused(ModelAnalyst.from([first], { regions: [1, 2, 3] }), 'ERR_ARGUMENT', /3 cells/);
  const { shape } = first.get(pressure);
  const wrong = second.with({ [pressure]: new NdArray(new Float64Array(2), [1, 1, 2]) });
  await refused(ModelAnalyst.from([first, wrong]), 'ERR_VALIDATION',
    new RegExp(`step ${second.step}: ${pressure} has shape \\[1, 1, 2\\], the grid \\[${shape.join(', ')}\\]`));
  const small = ModelState.from({ step: 9, time: 0, step_size: 1, model: { grid_shape: [1, 1, 1] } });
  await refused(ModelAnalyst.from([first, small]), 'ERR_VALIDATION',
    /step 9: model.grid_shape is \[1, 1, 1\], that of step 0/);
  const bare = await ModelAnalyst.from([small]);
  await refused((async () => bare.stoiip)(), 'ERR_VALIDATION', /step 9: .*thickness_grid is missing/);
  assert.deepEqual(bare.availableSteps, [9]);
  bare.close();
});

test('a number that is none is told where an answer needs it, and nowhere else', async () => {
  const states = await statesOf('tank_water.json');
  const path_ = 'model.fluid_properties.oil_formation_volume_factor_grid';
  const grid = states[1].get(path_);
  const data = Float64Array.from(grid.data);
  data[1] = NaN;
  states[1] = states[1].with({ [path_]: new NdArray(data, grid.shape) });
  const analyst = await ModelAnalyst.from(states);
  await refused((async () => analyst.oilInPlace({ step: states[1].step }))(), 'ERR_VALIDATION',
    new RegExp(`step ${states[1].step}: ${path_}\\[0, 0, 1\\] is no number`));
  assert.ok(analyst.waterInPlace({ step: states[1].step }) > 0);
  assert.ok(analyst.stoiip > 0);
  await refused((async () => analyst.ask('oilInPlace', { stpe: 1 }))(), 'ERR_ARGUMENT', /'stpe'.*step/);
  analyst.close();
});

/** Three columns of one cell, the last of them all shale; water has come to the first and the last. @param {0 | 1} step */
function shaleState(step) {
  const grid = (/** @type {number[]} */ ...values) => new NdArray(Float64Array.from(values), [1, 3, 1], 'float64');
  const same = (/** @type {number} */ value) => grid(value, value, value);
  return { step, time: step * 86400, step_size: 86400, model: { grid_shape: [1, 3, 1], cell_dimension: [10, 10], thickness_grid: same(1),
    rock_properties: { porosity_grid: step ? grid(0.2, 0.6, 0.2) : same(0.2), net_to_gross_grid: grid(1, 1, 0) },
    fluid_properties: {
      oil_saturation_grid: step ? grid(0.6, 0.8, 0.5) : same(0.8), water_saturation_grid: step ? grid(0.4, 0.2, 0.5) : same(0.2),
      gas_saturation_grid: same(0), oil_formation_volume_factor_grid: same(1), pressure_grid: same(3000) } } };
}

test("a front's share is of the pore volumes of its step, and a contacted column counts without any; by hand", async () => {
  const states = /** @type {const} */ ([0, 1]).map(shaleState);
  const once = (function* each() { yield* states; })();
  for (const source of [states, once]) {
    const analyst = await ModelAnalyst.from(source);
    const { frontCellCount, frontVolumeFraction } = await analyst.injectionFrontAnalysis();
    assert.deepEqual([frontCellCount, frontVolumeFraction], [2, 20 / 80]); // of 20, 60 and 0 ft3
    const sweep = await analyst.sweepEfficiencyAnalysis();
    for (const [name, value] of Object.entries({ volumetricSweepEfficiency: 1 / 2, displacementEfficiency: 1 / 4,
      arealSweepEfficiency: 2 / 3, verticalSweepEfficiency: 1 / 8 })) {
      assert.ok(Math.abs(sweep[name] - value) < 1e-12, `${name}: ${sweep[name]}, not ${value}`);
    }
    analyst.close();
  }
});
