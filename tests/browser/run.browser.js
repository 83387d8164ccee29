// SPDX-License-Identifier: MIT
// The complete workflow in a browser: BORES's own files are simulated in a worker, or without one, the
// states stream into IndexedDB, are analysed there, and the run goes on from them. Expected is what OPM
// Flow computes (tests/data/run).

import { ModelAnalyst, ModelState, Run, StateStream, ZarrStore } from '../../js/index.js';
import { deepEqual, equal, ok } from '../helpers/storage/assert.js';
import { host, test } from './harness.js';

/** @param {string} name */
const dataUrl = (name) => new URL(`../data/run/${name}`, import.meta.url).href;

/** @returns {Promise<Run>} */
async function guideRun() {
  const input = async (/** @type {string} */ kind) =>
    new File([await (await fetch((await host('hdf5', `guide/inputs/wf_f64_${kind}`)).file)).blob()], `${kind}.h5`);
  return Run.fromFiles({ modelPath: await input('model'), configPath: dataUrl('guide_wf_f64_config.yaml'),
    pvtTablePath: await input('pvt') });
}

test('run, stream, analyse: what BORES\'s files say', async () => {
  const run = await guideRun();
  const store = new ZarrStore('idb:workflow');
  const stream = new StateStream({ states: run.states(), store, batchSize: 30, backgroundIO: true,
    save: (state) => state.step % 5 === 0 });
  await stream.consume();
  await stream.close();
  const analyst = await ModelAnalyst.from(store.load(ModelState));
  // Flow has 752 444 STB in place, and 24.6 MSTB produced on day 60
  ok(Math.abs(analyst.stoiip / 752_444 - 1) < 1e-3, `${analyst.stoiip} STB in place`);
  const total = Number(run.summary.curves.FOPT.at(-1));
  ok(Math.abs(total / 24_558 - 1) < 0.01, `${total} STB produced`);
  ok([...analyst.oilProductionHistory()].length >= 5, 'a history');
  await store.close();
});

test('SPE1 in the page\'s thread is SPE1 in a worker, and what Flow computes', async () => {
  const run = await Run.fromModel(dataUrl('spe1_case1.json'), { steps: 'report' });
  const flow = await (await fetch(dataUrl('spe1_case1_steps.json'))).json();
  let turns = 0;
  const timer = setInterval(() => { turns += 1; }, 1);
  for await (const _ of run.states({ until: 800, worker: false }));
  clearInterval(timer);
  ok(turns > 0, `the page had ${turns} turns meanwhile`);
  const { FPR: here, FOPT: produced } = run.summary.curves;
  for await (const _ of run.states({ until: 800 }));
  deepEqual(run.summary.curves.FPR, here);
  here.forEach((value, i) => ok(Math.abs(value / flow.curves.FPR[i] - 1) < 1e-5, `${value} psi`));
  ok(Math.abs(Number(produced.at(-1)) / flow.curves.FOPT[produced.length - 1] - 1) < 1e-5, 'oil');
});

test('a run goes on from what the browser has kept', async () => {
  const run = await guideRun();
  const store = new ZarrStore('idb:resumed');
  await store.dump(run.states({ until: 10 }));
  /** @type {ModelState | undefined} */
  let last;
  for await (const state of store.load({ indices: [-1] })) last = state;
  await store.close();
  const rest = [];
  for await (const state of (await Run.fromState(/** @type {ModelState} */ (last), run)).states({ until: 25 })) {
    rest.push([state.step, state.model.fluid_properties.pressure_grid.sum()]);
  }
  const whole = [];
  for await (const state of run.states({ until: 25 })) {
    whole.push([state.step, state.model.fluid_properties.pressure_grid.sum()]);
  }
  deepEqual(rest, whole.slice(whole.length - rest.length));
  equal(rest.length > 1, true);
});
