// SPDX-License-Identifier: MIT
// Stores in a browser: every value that BORES reads, from a zip that a user hands over, from
// IndexedDB after an import, and over HTTP; decoded in a worker or in the page. And an analyst's answers.

import {
  ModelAnalyst, StateStream, importRun, listRuns, openNode, openStorage, openStore,
} from '../../js/index.js';
import { backendOf } from '../../js/formats/backends.js';
import { Reads } from '../../js/store/reads/reads.js';
import { findDifference } from '../../js/values/same-tree.js';
import { readTree } from '../../js/values/tree.js';
import { ThreadReader } from '../../js/worker/thread-reader.js';
import { threads } from '../../js/worker/threads.js';
import { deepEqual, equal, fails, ok } from '../helpers/storage/assert.js';
import { allDifferences } from '../helpers/expected.js';
import { problemOf } from '../js/analysis/expected.js';
import { host, note, test } from './harness.js';

/** @import { RunName } from '../helpers/fixtures.js' */

const PRESSURE = 'model.fluid_properties.pressure_grid';
const RUNS = /** @type {RunName[]} */ (['guide/wf_f64_chunks4_lzf', 'guide/wf_f32_ckpt',
  'head/wf_f64_ckpt', 'head/wf_f64_chunks4_lzf', 'head/wf_f64_wire_ckpt', 'wheel/wf_f64']);

/**
 * @param {RunName} run
 * @returns {Promise<{ file: File, url: string, expected: import('../helpers/fixtures.js').Expected }>}
 */
async function fetchRun(run) {
  const { zip, expected } = await host('run', run);
  const url = new URL(zip, location.href).href;
  const blob = await (await fetch(url)).blob();
  return { url, expected: await (await fetch(expected)).json(),
    file: new File([blob], `${run.replace('/', '-')}.zarr.zip`) };
}

/**
 * @param {unknown} from
 * @param {import('../helpers/fixtures.js').Expected} expected
 * @param {import('../../js/store/open-store.js').OpenStoreOptions} [options]
 */
async function compare(from, expected, options) {
  const store = await openStore(from, options);
  try {
    const differences = await allDifferences(store, expected);
    ok(differences.length === 0,
      `${differences.length} differences:\n${differences.slice(0, 10).join('\n')}`);
  } finally {
    await store.close();
  }
}

for (const run of RUNS) {
  test(`${run}: every value from a file, from IndexedDB and over HTTP`, async () => {
    const { file, url, expected } = await fetchRun(run);
    await compare(file, expected);
    await compare(url, expected);
    const source = await openStorage(file);
    await importRun(source, run);
    await source.close();
    const started = performance.now();
    await compare(`idb:${run}`, expected);
    const ms = (performance.now() - started).toFixed(0);
    note(`${expected.count} entries from IndexedDB in ${ms} ms`);
  });
}

test('the page decodes the same itself', async () => {
  const { expected } = await fetchRun(RUNS[0]);
  await compare(`idb:${RUNS[0]}`, expected, { worker: false });
});

test('entries are read the same by threads beside the page', async () => {
  const { file } = await fetchRun('head/wf_f64_ckpt');
  const session = await backendOf('zarr').open(file);
  const reader = new ThreadReader('zarr', file, {}, 2);
  const reads = new Reads({ session: async () => session, reader: async () => reader }, { startMs: 0, warmMs: 0 });
  await threads.use(async () => {}, { most: 2 });
  const { groups } = readTree(await reads.run('open', null));
  const list = [...groups, ...groups, ...groups].map((group) => ({ group, fields: null }));
  let at = 0;
  for await (const tree of reads.inOrder('load', list)) {
    const expected = readTree(await session.run('load', list[at]));
    equal(findDifference(readTree(/** @type {any} */ (tree)), expected), undefined);
    at++;
  }
  equal(at, list.length);
  ok(reader.running > 0, 'threads took part');
  await reader.close();
  await session.close();
});

test('parts, series, inventory, verification and replay', async () => {
  const store = await openStore(`idb:${RUNS[0]}`, { mode: 'r' });
  const whole = await store.read(3, PRESSURE);
  const part = await store.read(3, PRESSURE, { slice: [[1, 9, 3], -1] });
  ok(part.equals(whole.slice([1, 9, 3], -1)), 'a part is a part of the whole');
  const { value } = await store.series(PRESSURE, [4, 4, 2]);
  equal(value[3], whole.get(4, 4, 2));
  ok((await store.inventory(3)).length > 50, 'the inventory lists the arrays');
  deepEqual((await store.verify({ indices: [0, -1] })).problems, []);
  const steps = [];
  for await (const state of new StateStream({ store })) steps.push(state.step);
  equal(steps.length, await store.count());
  await store.close();
  await fails(() => store.count(), 'ERR_CLOSED');
});

test('aborts and errors cross from the worker', async () => {
  const store = await openStore(`idb:${RUNS[0]}`);
  await fails(() => store.read(99, PRESSURE), 'ERR_INDEX_RANGE', '99');
  await fails(() => store.read(0, 'model.nothing'), 'ERR_NOT_FOUND', 'model/nothing');
  const reason = new Error('changed my mind');
  const abort = new AbortController();
  const verifying = store.verify({ signal: abort.signal }).catch((error) => error);
  abort.abort(reason);
  equal(await verifying, reason);
  equal((await store.read(0, PRESSURE)).size, 252);
  await store.close();
});

test('any node of it, and the list of runs', async () => {
  const root = await openNode(`idb:${RUNS[0]}`);
  equal(root.kind, 'group');
  const array = await root.open(`entry_0000000000/${PRESSURE.replaceAll('.', '/')}`);
  deepEqual(array.shape, [9, 7, 4]);
  equal((await array.readBytes()).bytes.length, 9 * 7 * 4 * 8);
  await root.close();
  deepEqual((await listRuns()).map(({ name }) => name).sort(), [...RUNS].sort());
});

// Analyses: the answers that were computed independently (tests/data/analyst).

/** @param {string} location */
const json = async (location) => (await fetch(location)).json();

/** @param {ModelAnalyst} analyst @param {any[]} results */
async function check(analyst, results) {
  for (const expected of results) {
    const problem = await problemOf(analyst, expected);
    ok(problem === undefined, `${expected.name}(${JSON.stringify(expected.args)}) ${problem}`);
  }
}

for (const run of ['head/wf_f64_chunks4_lzf', 'guide/wf_f64_chunks4_lzf']) {
  test(`${run}: every answer, over HTTP and from a file`, async () => {
    const { zip } = await host('run', run);
    const { views } = await json(`${await host('answers')}/stores/${run.replace('/', '_')}.json`);
    const url = new URL(zip, location.href).href;
    for (const from of [url, new File([await (await fetch(url)).blob()], 'run.zarr.zip')]) {
      const store = await openStore(from, { mode: 'r' });
      let seen = 0;
      const analyst = await ModelAnalyst.from(store, { onProgress: () => { seen++; } });
      equal(seen, views[0].indices.length);
      await check(analyst, views[0].results);
      analyst.close();
      await store.close();
    }
  });
}

test('every synthetic answer from JSON', async () => {
  const folder = await host('answers');
  const { cases } = await json(`${folder}/synthetic/cases.json`);
  ok(cases.length > 20, `${cases.length} cases`);
  for (const { file, options, results } of cases) {
    const store = await openStore(new URL(`${folder}/synthetic/${file}`, location.href).href,
      { mode: 'r' });
    const analyst = await ModelAnalyst.from(store, options ?? {});
    await check(analyst, results);
    analyst.close();
    await store.close();
  }
});
