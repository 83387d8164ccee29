// SPDX-License-Identifier: MIT
// What an entry of a schedule leaves as it was: a run with entries that say little is, to the bit, the run whose
// entries say all (an entry that says all needs no rule).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Run } from '../../../js/index.js';
import { readCase } from '../../validate/cases.js';

const { model: base } = readCase('bl_100');
const full = { control: 'rate', rate: 500, bhp: 6000 };

/** A short waterflood of ten cells whose producer is set by a schedule. @param {any[]} schedule */
function modelWith(schedule) {
  const [injector, producer] = base.wells;
  return {
    ...base, grid: { ...base.grid, nx: 10 }, report_days: [1, 2, 3, 4], array_days: [],
    wells: [injector, { ...producer, perforations: [{ i: 9, j: 0, k: 0 }] }],
    schedule: [{ day: 0, wells: { [injector.name]: full } }, ...schedule],
  };
}

const name = base.wells[1].name;
const at = (/** @type {number} */ day, /** @type {any} */ entry) => ({ day, wells: { [name]: entry } });

/** @param {any[]} schedule @param {{ day: number, wells: any }[]} [changes] */
async function results(schedule, changes = []) {
  let run = await Run.fromModel(modelWith(schedule), { steps: 'report' });
  for (const change of changes) run = run.withChange(change);
  const states = [];
  for await (const state of run.states({ worker: false })) states.push(state);
  const controls = states.map(({ wells }) => wells.production_wells[name].production_well);
  return { curves: run.summary.wells[name], controls };
}

const first = { status: 'open', control: 'orat', orat: 300, lrat: 400, bhp: 1000 };

test('an entry without a control leaves what it does not say', async () => {
  const all = await results([at(0, first), at(2, { ...first, bhp: 1500 }), at(3, { ...first, bhp: 1500, orat: 200 })]);
  const little = await results([at(0, first), at(2, { bhp: 1500 }), at(3, { orat: 200 })]);
  assert.deepEqual(little, all);
  assert.ok(Math.abs(all.curves.WOPR[1] - 300) < 1e-6 && Math.abs(all.curves.WOPR[3] - 200) < 1e-6);
});

test('a control replaces all limits; null takes one away', async () => {
  const all = await results([at(0, first), at(2, { control: 'bhp', bhp: 2000 }), at(3, first)]);
  assert.equal(all.curves.control[2], 'bhp');
  const freed = await results([at(0, { ...first, lrat: 100 }), at(2, { lrat: null })]);
  assert.ok(Math.abs(freed.curves.WOPR[0] - 100) < 1e-6 && Math.abs(freed.curves.WOPR[2] - 300) < 1e-6);
});

test('a shut well stays shut until a status or a control opens it', async () => {
  const all = await results([at(0, first), at(1, { ...first, status: 'shut' }),
    at(2, { ...first, status: 'shut', bhp: 1500 }), at(3, { ...first, bhp: 1500 })]);
  const little = await results([at(0, first), at(1, { status: 'shut' }), at(2, { bhp: 1500 }),
    at(3, { status: 'open' })]);
  assert.deepEqual(little, all);
  assert.deepEqual(all.curves.control, ['orat', 'shut', 'shut', 'orat']);
  const byControl = await results([at(0, first), at(1, { control: 'shut' }),
    at(3, { ...first, status: undefined, bhp: 1500 })]);
  assert.deepEqual(byControl.curves.WBHP, all.curves.WBHP);
  const unnamed = await results([at(1, { orat: 300, bhp: 1000 })]);
  assert.deepEqual(unnamed.curves.control, ['shut', 'orat', 'orat', 'orat']);
});

test('a change of a run is as an entry of that day, after those that there are', async () => {
  const schedule = [at(0, first), at(1, { orat: 250 }), at(3, { orat: 150 })];
  const all = await results([...schedule, at(2, { bhp: 1500 })]);
  const changed = await results(schedule, [{ day: 2, wells: { [name]: { bhp: 1500 } } }]);
  assert.deepEqual(changed.curves, all.curves);
  assert.deepEqual(changed.controls.at(-1), all.controls.at(-1));
  assert.ok(Math.abs(all.curves.WOPR[2] - 250) < 1e-6, 'the rate that the second entry set holds');
  const same = await results([at(0, first), at(2, { orat: 250 })], [{ day: 2, wells: { [name]: { orat: 120 } } }]);
  assert.ok(Math.abs(same.curves.WOPR[2] - 120) < 1e-6, 'the change comes after the entry of its day');
});

test('a schedule that is no list is told', async () => {
  const { ok, problems } = (await Run.fromModel({ ...modelWith([]), schedule: /** @type {any} */ ({ day: 0 }) })).validate();
  assert.equal(ok, false);
  assert.deepEqual(problems.map(({ path }) => path), ['schedule']);
});
