// SPDX-License-Identifier: MIT
// A state's sums made where it is decoded: in this thread, in others, in a thread that dies meanwhile, the answers
// are, to the bit, those of adding the whole states one after the other.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';

import { ModelAnalyst, ModelState, ZarrStore, openStore } from '../../../js/index.js';
import { Kernel } from '../../../js/analysis/kernel.js';
import { backendOf } from '../../../js/formats/backends.js';
import { feed } from '../../../js/store/reads/feed.js';
import { Reads } from '../../../js/store/reads/reads.js';
import { readTree } from '../../../js/values/tree.js';
import { WorkerHost } from '../../../js/worker/host.js';
import { ThreadReader } from '../../../js/worker/thread-reader.js';
import { threads } from '../../../js/worker/threads.js';
import { analystAnswers, hdf5File, runFolder } from '../../helpers/fixtures.js';

const HISTORIES = ['reservoirVolumetricsHistory', 'cumulativeProductionHistory', 'materialBalanceHistory',
  'instantaneousRatesHistory', 'voidageReplacementRatioHistory', 'mobilityRatioHistory', 'productivityHistory',
  'wells', 'steps'];

/** @param {Kernel | ModelAnalyst} kernel */
function answersOf(kernel) {
  const names = kernel.ask('vectorNames', { connections: true }).map((/** @type {any} */ { name }) => name);
  return [...HISTORIES.map((name) => kernel.ask(name)),
    kernel instanceof Kernel ? kernel.ask('vectors', {}, null, { names }) : kernel.vectors(names)];
}

/** What is kept of each state, and not asked of it again. @param {Kernel} kernel */
function sweepOf(kernel) {
  return [...kernel.ask('steps').steps].map((step) => kernel.ask('sweepEfficiencyAnalysis', { step }));
}

/** @type {(host: WorkerHost, method: string) => void} called before a thread is asked */
let onCall = () => {};
const { call } = WorkerHost.prototype;
WorkerHost.prototype.call = function watched(session, method, args, options) {
  onCall(this, method);
  return call.call(this, session, method, args, options);
};
after(() => { WorkerHost.prototype.call = call; });

/**
 * What an analysis is fed, and how.
 * @param {string} backend @param {string} location @param {number} most  threads
 */
async function answersInThreads(backend, location, most) {
  const session = await backendOf(backend).open(location);
  const reader = new ThreadReader(backend, location, {}, most);
  const reads = new Reads({ session: async () => session, reader: async () => reader }, { startMs: 0, warmMs: 0 });
  const kernel = await Kernel.open({});
  const fed = {
    add: (/** @type {any} */ entry) => kernel.add(readTree(entry).data),
    take: (/** @type {any} */ digest) => kernel.take(digest),
    digester: () => kernel.digester(),
  };
  try {
    await threads.use(async () => {}, { most });
    const contents = /** @type {any} */ ({ refresh: async () => readTree(await reads.run('open', null)) });
    const fields = backend === 'json' ? kernel.fields.map((field) => field.split('.')) : kernel.members;
    for await (const _ of feed(reads, contents, fields, fed)) { /* it is in */ }
    return [...answersOf(kernel), sweepOf(kernel)];
  } finally {
    kernel.free();
    await reader.close();
    await session.close();
    onCall = () => {};
  }
}

/** @param {string} location */
async function answersOfStates(location) {
  const store = await openStore(location, { mode: 'r', worker: false });
  const kernel = await Kernel.open({});
  for await (const tree of store.load({ as: 'raw' })) kernel.add(tree);
  await store.close();
  const answers = [...answersOf(kernel), sweepOf(kernel)];
  kernel.free();
  return answers;
}

for (const [backend, location] of /** @type {const} */ ([['zarr', runFolder('head/wf_f64')],
  ['zarr', runFolder('guide/wf_f32')], ['hdf5', hdf5File('guide/wf_f64')],
  ['json', path.join(analystAnswers(), 'synthetic', 'nan_fvf.json')]])) {
  test(`${backend}, ${path.basename(location)}: digests of threads answer as the states do`, async () => {
    let inThreads = 0;
    const expected = await answersOfStates(location);
    onCall = (_host, method) => { inThreads += Number(method === 'digest'); };
    assert.deepEqual(await answersInThreads(backend, location, 2), expected);
    assert.ok(inThreads > 0 || backend === 'json', 'threads took part');
  });
}

test('a thread that dies over a digest is replaced, and the answers are the same', async () => {
  const location = runFolder('head/wf_f64');
  let killed = 0;
  onCall = (host, method) => {
    if (method !== 'digest' || killed > 0) return;
    killed++;
    setImmediate(() => host.end());
  };
  const answers = await answersInThreads('zarr', location, 2);
  assert.equal(killed, 1);
  assert.deepEqual(answers, await answersOfStates(location));
});

test('a store whose later entries come before its first, or replace it, is answered as its states are', async (t) => {
  const source = await openStore(path.join(analystAnswers(), 'synthetic', 'tank_combined.json'), { mode: 'r' });
  /** @type {ModelState[]} */ const states = [];
  for await (const state of source.load()) states.push(state);
  await source.close();
  const [first, second, ...others] = states;
  const shuffled = [second, ...others, first, ...others.slice(0, 1), first];
  const store = new ZarrStore('memory:shuffled-analysis');
  t.after(() => store.close());
  await store.dump(shuffled);
  const stored = [];
  for await (const state of store.load({ indices: states.map((state) => shuffled.indexOf(state)) })) stored.push(state);
  const [analyst, expected] = [await ModelAnalyst.from(store), await ModelAnalyst.from(stored)];
  assert.deepEqual(answersOf(analyst), answersOf(expected));
  assert.deepEqual(await analyst.sweepEfficiencyHistory(), await expected.sweepEfficiencyHistory());
  assert.deepEqual((await analyst.injectionFrontAnalysis({ step: others[0].step })),
    (await expected.injectionFrontAnalysis({ step: others[0].step })));
  analyst.close();
  expected.close();
});
