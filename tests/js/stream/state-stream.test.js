// SPDX-License-Identifier: MIT
// What a stream yields, saves, flushes and checkpoints. The expectations are written by hand from
// what BORES's StateStream does, less its losses: there a state is saved when the next one is asked for,
// so the last is lost when a loop is left; here it is accepted before it is yielded.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ModelState, StateStream } from '../../../js/index.js';
import { WatchedPlace, stateOf, statesUpTo } from '../../helpers/stream-run.js';

/**
 * @import { StreamOptions } from '../../../js/stream/stream-types.js'
 * @typedef {'end' | 'break' | 'throw' | 'return' | 'abort'} Leave
 *
 * @typedef {object} Case
 * @property {StreamOptions} [options]
 * @property {number} [states]  10
 * @property {[Leave, number?]} [leave]  how and at which step; default: 'end'
 * @property {number[]} yields
 * @property {number[]} saved    steps in the store when it is opened again
 * @property {number[]} commits  how many states each
 * @property {number[]} [checkpoints]
 * @property {number[]} [pending]  after the loop
 * @property {boolean} [consumed]
 */

const UP_TO_3 = [0, 1, 2, 3];
const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const every = (/** @type {number} */ n) => (/** @type {ModelState} */ { step }) => step % n === 0;

/** @type {Record<string, Case>} */
const CASES = {
  'full batches, and the rest at the end': {
    options: { batchSize: 4 }, yields: ALL, saved: ALL, commits: [4, 4, 2],
  },
  'a batch of 50 by default': { yields: ALL, saved: ALL, commits: [10] },
  'batches of one': { options: { batchSize: 1 }, states: 3, yields: [0, 1, 2], saved: [0, 1, 2], commits: [1, 1, 1] },
  'nothing to write at the end': { options: { batchSize: 5 }, yields: ALL, saved: ALL, commits: [5, 5] },
  'no states': { states: 0, yields: [], saved: [], commits: [] },

  'break': { leave: ['break', 3], yields: UP_TO_3, saved: UP_TO_3, commits: [4], consumed: false },
  'break on the last of a batch': {
    options: { batchSize: 4 }, leave: ['break', 3], yields: UP_TO_3, saved: UP_TO_3, commits: [4], consumed: false,
  },
  'break on the first of a batch': {
    options: { batchSize: 3 }, leave: ['break', 3], yields: UP_TO_3, saved: UP_TO_3, commits: [3, 1], consumed: false,
  },
  'break at the first': { leave: ['break', 0], yields: [0], saved: [0], commits: [1], consumed: false },
  'break at the last': { leave: ['break', 9], yields: ALL, saved: ALL, commits: [10], consumed: false },
  'throw': { leave: ['throw', 3], yields: UP_TO_3, saved: UP_TO_3, commits: [4], consumed: false },
  'return': { leave: ['return', 3], yields: UP_TO_3, saved: UP_TO_3, commits: [4], consumed: false },
  'abort': { leave: ['abort', 3], yields: UP_TO_3, saved: UP_TO_3, commits: [4], consumed: false },

  'autoSave off: what is not full stays pending': {
    options: { batchSize: 4, autoSave: false }, yields: ALL, saved: [0, 1, 2, 3, 4, 5, 6, 7],
    commits: [4, 4], pending: [8, 9],
  },
  'autoSave off, break': {
    options: { batchSize: 3, autoSave: false }, leave: ['break', 4], yields: [0, 1, 2, 3, 4],
    saved: [0, 1, 2], commits: [3], pending: [3, 4], consumed: false,
  },

  'save: a predicate': { options: { save: every(3) }, yields: ALL, saved: [0, 3, 6, 9], commits: [4] },
  'save: a predicate, in batches of what it takes': {
    options: { save: every(3), batchSize: 3 }, yields: ALL, saved: [0, 3, 6, 9], commits: [3, 1],
  },
  'save: a predicate that answers later': {
    options: { save: async ({ step }) => step > 7 }, yields: ALL, saved: [8, 9], commits: [2],
  },
  'save: a predicate, break on a state that it refuses': {
    options: { save: every(3) }, leave: ['break', 4], yields: [0, 1, 2, 3, 4], saved: [0, 3], commits: [2], consumed: false,
  },
  'save: false': { options: { save: false }, yields: ALL, saved: [], commits: [] },

  'checkpoints by step number, never at step 0': {
    options: { checkpointInterval: 4 }, yields: ALL, saved: ALL, commits: [10], checkpoints: [4, 8],
  },
  'checkpoints are not vetoed by save': {
    options: { checkpointInterval: 4, save: every(3) }, yields: ALL, saved: [0, 3, 6, 9], commits: [4],
    checkpoints: [4, 8],
  },
  'checkpoints without anything saved': {
    options: { checkpointInterval: 3, save: false }, yields: ALL, saved: [], commits: [], checkpoints: [3, 6, 9],
  },
  'a checkpoint is written before its state is yielded': {
    options: { checkpointInterval: 3 }, leave: ['break', 3], yields: UP_TO_3, saved: UP_TO_3, commits: [4],
    checkpoints: [3], consumed: false,
  },

  // A state has 8 kB of arrays, all of them two levels down; BORES's estimate does not see those.
  'memory: a batch is written when its arrays reach the limit': {
    options: { maxBatchMemoryUsage: 0.02 }, yields: ALL, saved: ALL, commits: [3, 3, 3, 1],
  },
  'memory: or the number of states, whichever is first': {
    options: { maxBatchMemoryUsage: 0.02, batchSize: 2 }, yields: ALL, saved: ALL, commits: [2, 2, 2, 2, 2],
  },
  'memory: a limit below one state': {
    options: { maxBatchMemoryUsage: 0.001 }, states: 3, yields: [0, 1, 2], saved: [0, 1, 2], commits: [1, 1, 1],
  },

  'background: the same batches': {
    options: { backgroundIO: true, batchSize: 4 }, yields: ALL, saved: ALL, commits: [4, 4, 2],
  },
  'background: break': {
    options: { backgroundIO: true, batchSize: 3 }, leave: ['break', 3], yields: UP_TO_3, saved: UP_TO_3,
    commits: [3, 1], consumed: false,
  },
  'background: throw': {
    options: { backgroundIO: true, batchSize: 3 }, leave: ['throw', 7], yields: [0, 1, 2, 3, 4, 5, 6, 7],
    saved: [0, 1, 2, 3, 4, 5, 6, 7], commits: [3, 3, 2], consumed: false,
  },
  'background: abort': {
    options: { backgroundIO: true, batchSize: 2 }, leave: ['abort', 3], yields: UP_TO_3, saved: UP_TO_3,
    commits: [2, 2], consumed: false,
  },
  'background: save, checkpoints and a short queue': {
    options: { backgroundIO: true, batchSize: 2, maxQueueSize: 2, save: every(2), checkpointInterval: 4 },
    yields: ALL, saved: [0, 2, 4, 6, 8], commits: [2, 2, 1], checkpoints: [4, 8],
  },
};

/**
 * Runs a loop over the stream and leaves it.
 * @param {StateStream} stream
 * @param {number[]} yields  filled
 * @param {[Leave, number?]} leave
 * @param {AbortController} aborting
 */
async function loop(stream, yields, [how, at], aborting) {
  const isHere = (/** @type {ModelState} */ state) => state.step === at;
  for await (const state of stream) {
    yields.push(state.step);
    if (!isHere(state)) continue;
    if (how === 'break') break;
    if (how === 'return') return;
    if (how === 'throw') throw new RangeError('thrown in the loop');
    if (how === 'abort') aborting.abort(new RangeError('aborted in the loop'));
  }
}

for (const [name, { options, states = 10, leave = ['end'], ...expected }] of Object.entries(CASES)) {
  test(name, async () => {
    const place = new WatchedPlace(), checkpointPlace = new WatchedPlace();
    const store = place.store(), checkpointStore = checkpointPlace.store();
    const aborting = new AbortController();
    const stream = new StateStream({ states: statesUpTo(states), store, signal: aborting.signal,
      ...(options?.checkpointInterval && { checkpointStore }), ...options });
    /** @type {number[]} */ const yields = [];
    const looping = loop(stream, yields, leave, aborting);
    if (leave[0] === 'throw' || leave[0] === 'abort') await assert.rejects(looping, RangeError);
    else await looping;

    // All that is safe is safe now, before anything is closed.
    assert.deepEqual(await place.steps(), expected.saved);
    assert.deepEqual(place.commits, expected.commits);
    assert.deepEqual(yields, expected.yields);
    assert.deepEqual(stream.pendingBatch.map(({ step }) => step), expected.pending ?? []);
    assert.equal(stream.isConsumed, expected.consumed ?? true);
    const checkpoints = expected.checkpoints ?? [];
    assert.deepEqual(checkpoints.length > 0 ? await stream.listCheckpoints() : [], checkpoints);
    const progress = {
      yieldCount: yields.length, savedCount: expected.saved.length,
      checkpointsCount: checkpoints.length, batchPending: expected.pending?.length ?? 0,
      storeBackend: 'zarr', memoryUsage: (expected.pending?.length ?? 0) * 0.008, ioQueueSize: 0,
    };
    const { ioWorkerAlive, ...actual } = stream.progress();
    assert.deepEqual(actual, progress);
    assert.equal(ioWorkerAlive, options?.backgroundIO ?? false);
    assert.deepEqual([stream.yieldCount, stream.savedCount], [progress.yieldCount, progress.savedCount]);

    await stream.close();
    await stream.close(); // idempotent
    assert.deepEqual(await place.steps(), expected.saved);
    assert.equal(stream.progress().ioWorkerAlive, false);
    assert.equal(stream.savedCount, expected.saved.length);
    await store.close();
    await checkpointStore.close();
    assert.deepEqual(await place.steps(), expected.saved);
  });
}

describe('what the consumer sees', () => {
  test('accounts at each state', async () => {
    const place = new WatchedPlace();
    const stream = new StateStream({ states: statesUpTo(10), store: place.store(), batchSize: 4 });
    /** @type {number[][]} */ const seen = [];
    for await (const { step } of stream) {
      const { yieldCount, savedCount, batchPending, memoryUsage } = stream.progress();
      seen.push([step, yieldCount, savedCount, batchPending, memoryUsage * 1000]);
    }
    assert.deepEqual(seen, [
      [0, 1, 0, 1, 8], [1, 2, 0, 2, 16], [2, 3, 0, 3, 24], [3, 4, 4, 0, 0],
      [4, 5, 4, 1, 8], [5, 6, 4, 2, 16], [6, 7, 4, 3, 24], [7, 8, 8, 0, 0],
      [8, 9, 8, 1, 8], [9, 10, 8, 2, 16],
    ]);
  });

  test('onProgress is told before each state, the states themselves are handed through', async () => {
    const states = [stateOf(0), stateOf(1)];
    /** @type {number[]} */ const counts = [];
    const stream = new StateStream({ states, store: new WatchedPlace().store(),
      onProgress: ({ yieldCount }) => counts.push(yieldCount) });
    let next = 0;
    for await (const state of stream) {
      assert.equal(state, states[next]);
      assert.equal(counts.length, next += 1);
    }
    assert.deepEqual(counts, [1, 2]);
  });

  test('async sources, and promises in arrays', async () => {
    const later = async function* later() { yield* statesUpTo(3); };
    const promises = [Promise.resolve(stateOf(0)), Promise.resolve(stateOf(1))];
    for (const [states, expected] of [[later(), [0, 1, 2]], [promises, [0, 1]]]) {
      const place = new WatchedPlace();
      const stream = new StateStream({ states: /** @type {any} */ (states), store: place.store() });
      await stream.consume();
      assert.deepEqual(await place.steps(), expected);
    }
  });

  test('without a store states are only counted', async () => {
    const stream = new StateStream({ states: statesUpTo(3) });
    /** @type {number[]} */ const yields = [];
    await loop(stream, yields, ['end'], new AbortController());
    assert.deepEqual(yields, [0, 1, 2]);
    assert.deepEqual([stream.yieldCount, stream.savedCount, stream.pendingBatch], [3, 0, []]);
    assert.equal(stream.progress().storeBackend, null);
    assert.equal((await stream.last())?.step, 2);
    await assert.rejects(stream.flush(), { code: 'ERR_STREAM' });
    await stream.close();
  });

  test('checkpoints without a store for all states', async () => {
    const place = new WatchedPlace();
    const stream = new StateStream({ states: statesUpTo(10), checkpointInterval: 3, checkpointStore: place.store() });
    await stream.consume();
    assert.deepEqual(await place.steps(), [3, 6, 9]);
    assert.equal(stream.progress().checkpointsCount, 3);
  });
});
