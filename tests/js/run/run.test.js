// SPDX-License-Identifier: MIT
// Run: states as BORES has them, resumed to the bit, branched, stopped. What BORES's states hold is told by
// its own (tests/data/bores); numbers are OPM Flow's (tests/data/run).

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { NdArray, Run, SparseTensor, openStore, validateState } from '../../../js/index.js';
import { hdf5Expected } from '../../helpers/fixtures.js';
import { boresFiles } from './inputs.js';

/** @import { ModelState } from '../../../js/index.js' */

/** @param {string} name */
const dataFile = (name) => fileURLToPath(new URL(`../../data/run/${name}`, import.meta.url));
const SPE1 = dataFile('spe1_case1.json');
const flow = JSON.parse(readFileSync(dataFile('spe1_case1_steps.json'), 'utf8'));

/**
 * @param {AsyncIterable<ModelState>} states
 * @returns {Promise<ModelState[]>}
 */
async function all(states) {
  const list = [];
  for await (const state of states) list.push(state);
  return list;
}

/** @param {ModelState} state */
const pathsOf = (state) => state.paths().map((item) => (typeof item === 'string' ? item.split('.') : item).join('/'));

/**
 * The first thing that differs, to the bit.
 * @param {ModelState} a
 * @param {ModelState} b
 */
function difference(a, b) {
  const [mine, other] = [pathsOf(a).sort(), pathsOf(b).sort()];
  if (String(mine) !== String(other)) return `paths: ${mine.filter((item) => !other.includes(item))}`;
  return a.paths().find((item) => !isSame(a.get(item), b.get(item)));
}

/** @param {any} a @param {any} b @returns {boolean} */
function isSame(a, b) {
  if (a instanceof SparseTensor) return a.equals(b);
  const [x, y] = [a, b].map((item) => (item instanceof NdArray ? item.data : item));
  if (typeof x !== 'object' || x === null) return Object.is(x, y);
  if (typeof x[Symbol.iterator] !== 'function') return isDeepStrictEqual(x, y);
  const [u, v] = [x, y].map((list) => Array.from(list).flat(Infinity)
    .map((item) => (typeof item === 'string' ? item : Number(item))));
  return u.length === v.length && u.every((item, i) => Object.is(item, v[i]));
}

test('SPE1, a step a report, is what Flow computes in its steps', async () => {
  const run = await Run.fromModel(SPE1, { steps: 'report' });
  assert.deepEqual(run.validate().problems, []);
  const states = await all(run.states({ until: 730, worker: false }));
  const { days, curves, wells } = run.summary;
  assert.deepEqual(days, flow.days.slice(0, days.length));
  assert.equal(states.length, days.length + 1);
  assert.ok(Number(days.at(-1)) >= 730, `ends on day ${days.at(-1)}`);
  for (const [name, wanted] of Object.entries({ ...flow.curves, WBHP: flow.WBHP.PROD })) {
    const got = name === 'WBHP' ? wells.PROD.WBHP : curves[name];
    const most = Math.max(...wanted.map(Math.abs));
    assert.equal(got.length, days.length, name);
    got.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= 1e-5 * most,
      `${name} on day ${days[i]}: ${value}, Flow ${wanted[i]}`));
  }
  for (const value of Object.values(run.materialBalance)) assert.ok(value < 1e-9, `balance ${value}`);
  const { wellIndex, poreVolume } = run.statics();
  assert.ok(Math.abs(wellIndex.PROD[0] / flow.well_index.PROD[0] - 1) < 1e-6);
  // 1000 ft × 1000 ft × (20 + 30 + 50) ft × 0.3, 100 columns, in barrels
  assert.ok(Math.abs(poreVolume.sum() / ((100 * 1e6 * 100 * 0.3) / 5.614583) - 1) < 1e-12);
});

for (const version of /** @type {const} */ (['guide', 'head'])) {
  test(`${version}: states have all that BORES's own have, of the same kind`, async () => {
    const run = await Run.fromFiles(boresFiles(version));
    const states = await all(run.states({ until: 1 }));
    const [entry] = hdf5Expected(`${version}/wf_f64`).entries;
    const wanted = [...Object.keys(entry.arrays), ...Object.keys(entry.scalars)]
      .filter((item) => !/recent_metrics|clamps$/.test(item)); // there is none, or it is empty
    for (const state of states) {
      validateState(state, { dtype: 'float64', saturationTolerance: 1e-9 });
      const own = pathsOf(state);
      assert.deepEqual(wanted.filter((item) => !own.includes(item)), []);
      assert.deepEqual(own.filter((item) => !wanted.includes(item)
        && !/^(cumulatives|solver_state)\/|rates\/|^model\/datum_depth$|recent_metrics/.test(item)), []);
      for (const [item, { shape, dtype }] of Object.entries(entry.arrays)) {
        const array = state.get(item.split('/'));
        if (!(array instanceof NdArray)) continue; // a list, which stores make an array of
        assert.deepEqual([[...array.shape], array.dtype], [shape, dtype.replace(/^[<|]f8$/, 'float64').replace('|b1', 'bool')], item);
      }
      for (const item of Object.keys(entry.sparse ?? {})) {
        assert.ok(state.get(item.split('/')) instanceof SparseTensor, item);
      }
    }
    assert.deepEqual(states.map(({ step }) => step), states.map((_, i) => i));
    assert.deepEqual([states[0].step, states[0].time, states[0].step_size],
      [0, 0, entry.timer_state?.initial_step_size ?? states[0].timer_state.initial_step_size]);
    for (const { production, injection } of states.slice(1)) {
      assert.ok(production.oil.sum() > 0 && injection.water.sum() > 0);
      assert.ok(production.oil.min() >= 0 && injection.water.min() >= 0);
    }
  });
}

test('newest: oil of 60 days is Flow\'s', async () => {
  // fixtures of OPM Flow 2026.04 for this run: 54.0 MSTB, 3114 psi, 900 STB/d, 41598 Mscf/d on day 60
  const run = await Run.fromFiles(boresFiles('head'));
  await all(run);
  const last = (/** @type {string} */ name) => /** @type {number} */ (run.summary.curves[name].at(-1));
  for (const [name, wanted] of Object.entries({ FOPT: 54_000, FPR: 3113.56, FOPR: 900, FGPR: 41_598.2, FWPR: 7482.25 })) {
    assert.ok(Math.abs(last(name) / wanted - 1) < 0.005, `${name} ${last(name)}, Flow ${wanted}`);
  }
});

test('a run goes on from any state, to the bit, through every kind of store', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-resume-'));
  try {
    for (const [version, name] of /** @type {['guide' | 'head', string][]} */ (
      [['guide', 'run.zarr'], ['head', 'run.h5'], ['guide', 'run.json'], ['head', 'run.yaml']])) {
      const run = await Run.fromFiles(boresFiles(version));
      const whole = await all(run.states({ until: 12, worker: false }));
      const middle = Math.floor(whole.length / 2);
      const store = await openStore(path.join(folder, `${version}-${name}`), { mode: 'w' });
      await store.dump([whole[middle]]);
      const [state] = await all(store.load());
      await store.close();
      const rest = await all((await Run.fromState(state, run)).states({ until: 12, worker: false }));
      assert.equal(rest.length, whole.length - middle - 1);
      rest.forEach((item, i) => assert.equal(difference(item, whole[middle + 1 + i]), undefined, `${name}, ${i}`));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('in a worker it is the same as here, and a second time', async () => {
  const run = await Run.fromFiles(boresFiles('guide'));
  const here = await all(run.states({ until: 1, worker: false }));
  const again = await all(run.states({ until: 1 }));
  assert.equal(again.length, here.length);
  again.forEach((state, i) => assert.equal(difference(state, here[i]), undefined));
});

test('a branch shares the past, and its wells change on the day', async () => {
  const run = await Run.fromModel(SPE1, { steps: 'report' });
  await all(run.states({ until: 304, worker: false }));
  const branch = run.withChange({ day: 150, wells: { PROD: { status: 'shut' } } });
  const states = await all(branch.states({ until: 304, worker: false }));
  assert.equal(states[0].timeInDays, 151); // 120 is the last of the shared past
  assert.deepEqual(branch.summary.days, run.summary.days);
  const before = run.summary.days.filter((day) => day <= 150).length;
  assert.deepEqual(branch.summary.curves.FOPR.slice(0, before), run.summary.curves.FOPR.slice(0, before));
  assert.ok(branch.summary.curves.FOPR.slice(before).every((rate) => rate === 0));
  assert.equal(states.at(-1)?.wells.production_wells.PROD.production_well.is_active, false);
  assert.throws(() => run.withChange({ day: 1, wells: { GHOST: {} } }), { code: 'ERR_ARGUMENT', message: /PROD, INJ/ });
});

test('a branch from a state is the branch itself; what goes on from a later day refuses it', async () => {
  const run = await Run.fromModel(SPE1, { steps: 'report' });
  const states = await all(run.states({ until: 212, worker: false }));
  const change = { day: 130, wells: { PROD: { status: 'shut' } } };
  const direct = run.withChange(change);
  const wanted = await all(direct.states({ until: 212, worker: false }));
  const last = states.findLast(({ timeInDays }) => timeInDays <= change.day);
  assert.equal(last?.timeInDays, 120);
  const anew = (await Run.fromModel(SPE1, { steps: 'report' })).withChange(change);
  const got = await all((await Run.fromState(last, anew)).states({ until: 212, worker: false }));
  assert.equal(got.length, wanted.length);
  got.forEach((state, i) => assert.equal(difference(state, wanted[i]), undefined, `state ${i}`));

  const early = { day: 100, wells: { PROD: { status: 'shut' } } };
  const refused = { code: 'ERR_ARGUMENT', message: /goes on from day 120.*day 100.*the run it came from/ };
  const later = await Run.fromState(last, run);
  assert.throws(() => later.withChange(early), refused);
  assert.throws(() => direct.withChange(early), refused);
  await all(later.states({ until: 181, worker: false }));
  assert.throws(() => later.withChange(early), refused);
  // from its own day on it may branch, before its first state and after
  for (const day of [120, 130]) assert.ok(later.withChange({ ...early, day }));
});

test('cumulatives are what the rates add up to', async () => {
  const run = await Run.fromFiles(boresFiles('head'));
  const states = await all(run.states({ until: 5, worker: false }));
  let oil = 0;
  for (const [i, state] of states.entries()) {
    if (i === 0) continue;
    const { production_rates: rates, production_fvfs: fvfs } = state.rates;
    for (const [cell, rate] of rates.oil.entries()) {
      oil += (rate / 5.614583 / Number(fvfs?.oil.get(cell))) * (state.step_size / 86_400);
    }
  }
  const produced = states.at(-1)?.cumulatives.wells['PROD-1'].oil_produced;
  assert.ok(Math.abs(produced / oil - 1) < 1e-9, `${produced} STB, rates add up to ${oil}`);
});

test('progress, until and signal', async () => {
  const run = await Run.fromModel(SPE1);
  /** @type {any[]} */
  const told = [];
  const states = await all(run.states({ until: (state) => state.step > 3, onProgress: (item) => told.push(item) }));
  assert.ok(states.length >= 2);
  assert.deepEqual(Object.keys(told[0]), ['day', 'days', 'step', 'stepSize', 'newtonIterations',
    'linearIterations', 'cuts', 'reason']);
  assert.equal(told.at(-1).days, 3650);
  const abort = new AbortController();
  const reason = new Error('enough');
  await assert.rejects(async () => {
    for await (const _ of run.states({ signal: abort.signal })) abort.abort(reason);
  }, reason);
});

test('what is wrong is told before anything is simulated', async () => {
  const model = JSON.parse(readFileSync(SPE1, 'utf8'));
  model.rock.permx = [500, -50, 200];
  const run = await Run.fromModel(model);
  const { ok, problems } = run.validate();
  assert.equal(ok, false);
  assert.match(problems[0].path, /permx/);
  await assert.rejects(all(run.states({ worker: false })), { name: 'BoresError', code: 'ERR_VALIDATION', message: /permx/ });
  await assert.rejects(all(run.states()), { name: 'BoresError', code: 'ERR_VALIDATION', message: /permx/ });
  await assert.rejects(Run.fromModel(model, /** @type {any} */ ({ maxStep: 1 })),
    { code: 'ERR_ARGUMENT', message: /'maximumStep'|only/ });
  await assert.rejects(Run.fromState(/** @type {any} */ ({ step: 1 }), model), { code: 'ERR_NOT_FOUND' });
  await assert.rejects(all(run.states(/** @type {any} */ ({ workers: 2 }))), { code: 'ERR_ARGUMENT', message: /'worker'/ });
});

test('a neutral model as BORES\'s files is the same run', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-save-'));
  try {
    // a waterflood above the bubble point: all of it can be said in BORES's tables
    const model = { ...JSON.parse(readFileSync(SPE1, 'utf8')), report_days: [100, 200] };
    model.relperm.swof = [[0.12, 0, 1, 0], [0.5, 0.2, 0.3, 0], [0.8, 0.6, 0, 0], [1, 1, 0, 0]];
    model.wells[1].fluid = 'water';
    model.schedule = [{ day: 0, wells: { PROD: { status: 'open', control: 'orat', orat: 5000, bhp: 4200 },
      INJ: { status: 'open', control: 'rate', rate: 8000, bhp: 9000 } } },
    { day: 100, wells: { PROD: { status: 'open', control: 'orat', orat: 2000, bhp: 4200 } } },
    { day: 150, wells: { INJ: { fluid: 'gas', control: 'rate', rate: 20000, bhp: 9000 } } },
    { day: 160, wells: { INJ: { control: 'rate', rate: 10000, bhp: 9000 } } }];
    const run = await Run.fromModel(model, { maximumStep: 10 });
    await all(run.states({ worker: false }));
    for (const layout of /** @type {const} */ (['guide', 'head'])) {
      const [modelPath, configPath, pvtTablePath] = ['model.h5', 'config.yaml', 'pvt.h5']
        .map((name) => path.join(folder, `${layout}-${name}`));
      await assert.rejects(run.save({ modelPath, configPath: path.join(folder, '.', path.basename(modelPath)), layout }),
        { code: 'ERR_ARGUMENT', message: /'modelPath' and 'configPath' are one place/ });
      await run.save({ modelPath, configPath, pvtTablePath, layout });
      const again = await Run.fromFiles({ modelPath, configPath, pvtTablePath });
      assert.deepEqual(again.validate().problems, []);
      await all(again.states({ worker: false }));
      for (const name of ['FPR', 'FOPT', 'FGPT', 'FOPR', 'FWIT', 'FGIT']) {
        const [got, wanted] = [again, run].map(({ summary }) => Number(summary.curves[name].at(-1)));
        assert.ok(Math.abs(got / wanted - 1) < 1e-3, `${layout} ${name}: ${got}, the model's ${wanted}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
