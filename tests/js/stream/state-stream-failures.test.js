// SPDX-License-Identifier: MIT
// What a stream does when something fails: the error reaches the caller, and nothing that was accepted
// is lost as long as the store can take it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { BoresError, ModelState, StateStream } from '../../../js/index.js';
import { WatchedPlace, gate, stateOf, statesUpTo } from '../../helpers/stream-run.js';

/** @import { StreamOptions } from '../../../js/stream/stream-types.js' */

const diskFull = () => new BoresError('ERR_QUOTA', 'the disk is full', { needed: 2, limit: 1 });

/** @param {() => boolean} reached */
async function until(reached) {
  while (!reached()) await sleep(2);
}

/**
 * The steps that a loop gets, and what ends it.
 * @param {AsyncIterable<ModelState>} stream
 */
async function run(stream) {
  /** @type {number[]} */ const yields = [];
  try {
    for await (const { step } of stream) yields.push(step);
    return { yields, error: undefined };
  } catch (error) {
    return { yields, error: /** @type {any} */ (error) };
  }
}

/** @param {StreamOptions} options */
function stream(options) {
  const place = new WatchedPlace();
  const store = place.store();
  return { place, store, stream: new StateStream({ states: statesUpTo(10), store, ...options }) };
}

describe('the source', () => {
  for (const backgroundIO of [false, true]) {
    test(`fails: its own error, and those before are saved (background: ${backgroundIO})`, async () => {
      const failure = new RangeError('no convergence');
      const states = function* states() {
        yield* statesUpTo(5);
        throw failure;
      };
      const { place, stream: failing } = stream({ states: states(), batchSize: 2, backgroundIO });
      assert.deepEqual(await run(failing), { yields: [0, 1, 2, 3, 4], error: failure });
      assert.deepEqual(await place.steps(), [0, 1, 2, 3, 4]);
      assert.equal(failing.isConsumed, false);
      await failing.close(); // told once, to whom it concerned
      assert.deepEqual(await run(failing), await run(failing).then(({ error }) => ({ yields: [], error })));
    });
  }

  test('is ended once, when the loop is left, and not after its own end', async () => {
    for (const [last, expected] of [[3, 1], [99, 0]]) {
      let ends = 0, next = 0;
      const states = { [Symbol.asyncIterator]: () => ({
        next: async () => (next < 6 ? { value: stateOf(next++), done: false } : { value: undefined, done: true }),
        return: async () => {
          ends += 1;
          return { value: undefined, done: true };
        },
      }) };
      const { stream: left } = stream({ states: /** @type {any} */ (states) });
      for await (const { step } of left) if (step === last) break;
      await left.close();
      assert.equal(ends, expected);
    }
  });

  test('fails while it is ended: that is told, and the states are saved', async () => {
    const states = function* states() {
      try {
        yield* statesUpTo(9);
      } finally {
        throw new RangeError('the clean-up failed');
      }
    };
    const { place, stream: left } = stream({ states: states() });
    const leaving = (async () => { for await (const { step } of left) if (step === 2) break; })();
    await assert.rejects(leaving, RangeError);
    assert.deepEqual(await place.steps(), [0, 1, 2]);
  });

  test('that never answers is not waited for after an abort', async () => {
    const states = { [Symbol.asyncIterator]: () => {
      let step = 0;
      return { next: () => (step < 2 ? Promise.resolve({ value: stateOf(step++), done: false })
        : new Promise(() => {})) };
    } };
    const reason = new RangeError('enough');
    const aborting = new AbortController();
    const { place, stream: aborted } = stream({ states: /** @type {any} */ (states),
      signal: aborting.signal });
    setTimeout(() => aborting.abort(reason), 50);
    assert.deepEqual(await run(aborted), { yields: [0, 1], error: reason });
    assert.deepEqual(await place.steps(), [0, 1]);
    const before = stream({ signal: AbortSignal.abort(reason) });
    assert.deepEqual(await run(before.stream), { yields: [], error: reason });
  });
});

describe('the functions of the caller', () => {
  test('save fails: the state is not accepted, those before are saved', async () => {
    const failure = new RangeError('in save');
    const { place, stream: failing } = stream({ save: ({ step }) => {
      if (step === 5) throw failure;
      return true;
    } });
    assert.deepEqual(await run(failing), { yields: [0, 1, 2, 3, 4], error: failure });
    assert.deepEqual(await place.steps(), [0, 1, 2, 3, 4]);
    await failing.close();
  });

  test('onProgress fails: the state was accepted already', async () => {
    const failure = new RangeError('in onProgress');
    const { place, stream: failing } = stream({ onProgress: ({ yieldCount }) => {
      if (yieldCount === 3) throw failure;
    } });
    assert.deepEqual(await run(failing), { yields: [0, 1], error: failure });
    assert.deepEqual(await place.steps(), [0, 1, 2]);
  });
});

describe('a store that fails once', () => {
  // Batches of 2: the commit of steps 0 and 1 is the first, before 1 is yielded. The second attempt,
  // when the loop is left, writes what came back.
  for (const [nth, yields, saved] of /** @type {const} */ ([
    [1, [0], [0, 1]], [2, [0, 1, 2], [0, 1, 2, 3]], [5, [0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])) {
    test(`at commit ${nth}: told at the next iteration and by close(), and nothing is lost`, async () => {
      const { place, stream: failing } = stream({ batchSize: 2 });
      place.onCommit = (commit) => { if (commit === nth) throw diskFull(); };
      const { yields: got, error } = await run(failing);
      assert.deepEqual(got, yields);
      assert.equal(error.code, 'ERR_STREAM');
      assert.match(error.message, /2 states from step \d+ on could not be written: the disk is full/);
      assert.equal(error.cause.code, 'ERR_QUOTA');
      assert.deepEqual([error.cause.needed, error.cause.limit], [2, 1]);
      assert.deepEqual(await place.steps(), saved);
      assert.deepEqual([failing.savedCount, failing.pendingBatch], [saved.length, []]);
      await assert.rejects(failing.close(), error);
      await assert.rejects(failing.close(), error); // each time
    });
  }

  for (let nth = 1; nth <= 5; nth += 1) {
    test(`in the background, at commit ${nth}: in order, once each, and none is missing`, async () => {
      const { place, stream: failing } = stream({ batchSize: 2, backgroundIO: true });
      place.onCommit = (commit) => { if (commit === nth) throw diskFull(); };
      const { yields } = await run(failing);
      // What was accepted are the states that were yielded, and one more where that is what failed.
      const saved = await place.steps();
      assert.deepEqual(saved, [...saved.keys()]);
      assert.ok(saved.length >= yields.length && saved.length <= yields.length + 1, String([yields, saved]));
      assert.deepEqual(failing.pendingBatch, []);
      await assert.rejects(failing.close(), { code: 'ERR_STREAM', cause: /** @type {any} */ (diskFull()) });
    });
  }

  test('flush() tries again and acknowledges the failure', async () => {
    const { place, stream: failing } = stream({ batchSize: 4, autoSave: false });
    place.onCommit = (commit) => { if (commit <= 2) throw diskFull(); };
    assert.equal((await run(failing)).error.code, 'ERR_STREAM');
    assert.deepEqual(failing.pendingBatch.map(({ step }) => step), [0, 1, 2, 3]);
    await assert.rejects(failing.flush(), { code: 'ERR_STREAM' });
    assert.deepEqual(failing.pendingBatch.map(({ step }) => step), [0, 1, 2, 3]);
    await failing.flush();
    assert.deepEqual([failing.pendingBatch, failing.savedCount], [[], 4]);
    await failing.close();
    assert.deepEqual(await place.steps(), [0, 1, 2, 3]);
  });
});

describe('a store that goes on failing', () => {
  for (const backgroundIO of [false, true]) {
    test(`keeps what was accepted pending until it is well (background: ${backgroundIO})`, async () => {
      const { place, stream: failing } = stream({ batchSize: 2, backgroundIO });
      let full = false;
      place.onCommit = (commit) => {
        full ||= commit === 2;
        if (full) throw diskFull();
      };
      const { yields, error } = await run(failing);
      assert.equal(error.code, 'ERR_STREAM');
      assert.deepEqual(await place.steps(), [0, 1]);
      await assert.rejects(failing.close(), { code: 'ERR_STREAM' });
      const pending = failing.pendingBatch.map(({ step }) => step);
      assert.deepEqual(pending, [...pending.keys()].map((index) => index + 2));
      assert.ok(2 + pending.length >= yields.length);
      assert.equal(failing.progress().batchPending, pending.length);
      place.onCommit = () => {};
      await failing.flush({ block: true });
      assert.deepEqual(await place.steps(), [0, 1, ...pending]);
      await failing.close();
    });
  }

  test('break: the failure of the last write is told', async () => {
    const { place, stream: failing } = stream({});
    place.onCommit = () => { throw diskFull(); };
    const leaving = (async () => { for await (const { step } of failing) if (step === 2) break; })();
    await assert.rejects(leaving, { code: 'ERR_STREAM' });
    assert.deepEqual(failing.pendingBatch.map(({ step }) => step), [0, 1, 2]);
  });

  test('throw: the error of the loop wins, close() tells the other', async () => {
    const { place, stream: failing } = stream({});
    place.onCommit = () => { throw diskFull(); };
    const mine = new RangeError('mine');
    const leaving = (async () => { for await (const { step } of failing) if (step === 2) throw mine; })();
    await assert.rejects(leaving, mine);
    await assert.rejects(failing.close(), { code: 'ERR_STREAM' });
    assert.deepEqual(failing.pendingBatch.map(({ step }) => step), [0, 1, 2]);
  });
});

describe('checkpoints', () => {
  test('one that cannot be written is told at its state and by close(); the states are saved', async () => {
    const checkpoints = new WatchedPlace();
    checkpoints.onCommit = (commit) => { if (commit === 2) throw diskFull(); };
    const { place, stream: failing } = stream({ checkpointInterval: 3, checkpointStore: checkpoints.store() });
    const { yields, error } = await run(failing);
    assert.deepEqual(yields, [0, 1, 2, 3, 4, 5]);
    assert.match(error.message, /the checkpoint of step 6 could not be written: the disk is full/);
    assert.deepEqual([error.code, error.cause.code], ['ERR_STREAM', 'ERR_QUOTA']);
    assert.deepEqual(await place.steps(), [0, 1, 2, 3, 4, 5, 6]);
    assert.equal(failing.progress().checkpointsCount, 1);
    await assert.rejects(failing.close(), error);
  });

  test('a checkpoint by hand that works puts it right', async () => {
    const checkpoints = new WatchedPlace();
    checkpoints.onCommit = (commit) => { if (commit === 1) throw diskFull(); };
    const { stream: failing } = stream({ checkpointStore: checkpoints.store() });
    for await (const { step } of failing) {
      if (step !== 4) continue;
      await assert.rejects(failing.checkpoint(), { code: 'ERR_STREAM' });
      await failing.checkpoint();
    }
    assert.deepEqual(await checkpoints.steps(), [4]);
    await failing.close();
  });
});

describe('a queue that is full', () => {
  test('makes the source wait: no more states are taken than batch and queue hold', async () => {
    const { open, opened } = gate();
    let made = 0;
    const states = function* states() {
      for (const state of statesUpTo(20)) {
        made += 1;
        yield state;
      }
    };
    const { place, stream: waiting } = stream({ states: states(), batchSize: 2, maxQueueSize: 4, backgroundIO: true });
    place.onCommit = () => opened;
    const running = run(waiting);
    await until(() => waiting.progress().ioQueueSize === 4 && waiting.progress().batchPending === 2);
    await sleep(50); // in which no more are taken
    assert.equal(made, 6); // 4 on their way, 2 in the batch that has no room
    assert.deepEqual([waiting.progress().ioQueueSize, waiting.progress().batchPending], [4, 2]);
    open();
    assert.equal((await running).yields.length, 20);
    assert.equal((await place.steps()).length, 20);
    await waiting.close();
  });

  test('bounded by bytes too', async () => {
    const { open, opened } = gate();
    const { place, stream: waiting } = stream({ batchSize: 1, maxQueueMemoryUsage: 0.02, backgroundIO: true });
    place.onCommit = () => opened;
    const running = run(waiting);
    await until(() => waiting.progress().ioQueueSize === 2); // of 8 kB each
    await sleep(50);
    assert.equal(waiting.progress().ioQueueSize, 2);
    open();
    assert.deepEqual((await running).yields.length, 10);
    await waiting.close();
  });

  test('queueTimeout: told as ERR_STREAM, and all is written when the store goes on', async () => {
    const { open, opened } = gate();
    const { place, stream: stuck } = stream({ batchSize: 2, maxQueueSize: 2, backgroundIO: true,
      queueTimeout: 0.1, ioThreadName: 'slow disk' });
    place.onCommit = () => opened;
    const running = run(stuck);
    await until(() => stuck.progress().batchPending === 2);
    await sleep(300); // its own timer is due before this one
    open(); // leaving waits as long as it takes
    const { yields, error } = await running;
    assert.deepEqual(yields, [0, 1, 2]);
    assert.equal(error.code, 'ERR_STREAM');
    assert.match(error.message, /the queue of slow disk stood still for 0\.1 s: 2 states, 0\.0 MB/);
    assert.deepEqual(await place.steps(), [0, 1, 2, 3]);
    await assert.rejects(stuck.close(), error);
  });

  test('an abort ends the wait', async () => {
    const { open, opened } = gate();
    const aborting = new AbortController();
    const { place, stream: waiting } = stream({ batchSize: 1, maxQueueSize: 1, backgroundIO: true,
      signal: aborting.signal });
    place.onCommit = () => opened;
    const running = run(waiting);
    await until(() => waiting.progress().batchPending === 1 && waiting.progress().ioQueueSize === 1);
    aborting.abort(new RangeError('enough'));
    await sleep(20);
    open();
    const { yields, error } = await running;
    assert.deepEqual([yields, error.message], [[0], 'enough']);
    assert.deepEqual(await place.steps(), [0, 1]);
    await waiting.close();
  });
});
