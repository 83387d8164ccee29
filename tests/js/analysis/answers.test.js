// SPDX-License-Identifier: MIT
// Answers for the states of runs that BORES wrote, and for states whose answers have a closed form:
// tests/data/analyst/README.md says who computed them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ModelAnalyst, openStore } from '../../../js/index.js';
import { analystAnswers, hdf5File, runFolder, textFile } from '../../helpers/fixtures.js';
import { compatCases } from './bores-answers.js';
import { problemOf } from './expected.js';

const answers = analystAnswers();
/** @param {...string} names */
const read = (...names) => JSON.parse(readFileSync(path.join(answers, ...names), 'utf8'));

/**
 * @param {any} analyst
 * @param {any[]} results
 */
async function check(analyst, results) {
  assert.ok(results.length > 0);
  for (const expected of results) {
    const problem = await problemOf(analyst, expected);
    assert.equal(problem, undefined,
      `${expected.name}(${JSON.stringify(expected.args)}) ${problem}`);
  }
}

/** @param {AsyncIterable<any>} states */
async function collect(states) {
  const list = [];
  for await (const state of states) list.push(state);
  return list;
}

for (const run of /** @type {const} */ (['guide/wf_f32', 'guide/wf_f64', 'guide/wf_f64_chunks4_lzf',
  'head/wf_f32', 'head/wf_f64', 'head/wf_f64_chunks4_lzf', 'wheel/wf_f64'])) {
  test(`${run}: answers of all states and of some`, async (t) => {
    const { views } = read('stores', `${run.replace('/', '_')}.json`);
    const store = await openStore(runFolder(run), { mode: 'r' });
    t.after(() => store.close());
    for (const { view, indices, results } of views) {
      const analyst = view === 'all' ? await ModelAnalyst.from(store)
        : await ModelAnalyst.from(await collect(store.load({ indices })));
      await check(analyst, results);
      analyst.close();
    }
  });
}

for (const { case: name, about, file, options, results } of read('synthetic', 'cases.json').cases) {
  test(`${name}: ${about}`, async (t) => {
    const store = await openStore(path.join(answers, 'synthetic', file), { mode: 'r' });
    t.after(() => store.close());
    const analyst = await ModelAnalyst.from(store, options ?? {});
    await check(analyst, results);
    analyst.close();
  });
}

test('states that come once are enough, in any order', async (t) => {
  const { views: [{ indices, results }] } = read('stores', 'head_wf_f64.json');
  const store = await openStore(runFolder('head/wf_f64'), { mode: 'r' });
  t.after(() => store.close());
  const analyst = await ModelAnalyst.from(store.load({ indices: [...indices].reverse() }));
  await check(analyst, results);
  analyst.close();
});

for (const [kind, file] of [
  ['HDF5', hdf5File('head/wf_f64')],
  ['JSON', textFile('head/wf_f64', 'json')], ['YAML', textFile('head/wf_f64', 'yaml')],
]) {
  test(`${kind}: the answers are those of the same states from Zarr, to the bit`, async (t) => {
    const store = await openStore(file, { mode: 'r' });
    t.after(() => store.close());
    const analyst = await ModelAnalyst.from(store);
    const zarr = await openStore(runFolder('head/wf_f64'), { mode: 'r' });
    t.after(() => zarr.close());
    const same = await ModelAnalyst.from(zarr.load({ indices: analyst.availableSteps }));
    assert.ok(analyst.availableSteps.length > 1);
    for (const name of /** @type {const} */ (['materialBalanceHistory', 'reservoirVolumetricsHistory',
      'instantaneousRatesHistory', 'cumulativeProductionHistory', 'sweepEfficiencyHistory',
      'injectionFrontHistory', 'productivityHistory', 'vrrHistory', 'mrHistory', 'dca'])) {
      assert.deepEqual(await analyst[name](), await same[name](), name);
    }
    analyst.close();
    same.close();
  });
}

for (const run of /** @type {const} */ (['head/wf_f64', 'head/wf_f64_wire', 'guide/wf_f64',
  'wheel/wf_f64'])) {
  test(`${run}: compat 'bores' gives BORES's own numbers`, async (t) => {
    const { results } = read('bores', `${run.replace('/', '-')}.analyst.json`);
    const store = await openStore(runFolder(run), { mode: 'r' });
    t.after(() => store.close());
    const analyst = await ModelAnalyst.from(store, { compat: 'bores' });
    await check(analyst, compatCases(results, run.split('/')[0]));
    analyst.close();
  });
}
