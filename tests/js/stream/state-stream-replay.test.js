// SPDX-License-Identifier: MIT
// Going over a stream again: replay, last, until, while, resume. Expectations by hand from what BORES's
// StateStream does and what its documentation promises where the two differ.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ModelState, StateStream } from '../../../js/index.js';
import { internalsOf } from '../../../js/store/data-store.js';
import { WatchedPlace, stateOf, statesUpTo } from '../../helpers/stream-run.js';

/**
 * @param {Iterable<ModelState> | AsyncIterable<ModelState>} states
 */
async function stepsOf(states) {
  const steps = [];
  for await (const { step } of states) steps.push(step);
  return steps;
}

/** A stream that has run to its end. @param {object} [options] */
async function consumed(options) {
  const stream = new StateStream({ states: statesUpTo(10), store: new WatchedPlace().store(), ...options });
  await stream.consume();
  return stream;
}

describe('a second iteration', () => {
  test('replays the store, and counts again', async () => {
    const stream = await consumed({ save: (/** @type {ModelState} */ { step }) => step % 4 === 0 });
    assert.deepEqual(await stepsOf(stream), [0, 4, 8]);
    assert.deepEqual(await stepsOf(stream), [0, 4, 8]);
    assert.equal(stream.yieldCount, 16);
    assert.equal(stream.savedCount, 3);
  });

  test('is refused without autoReplay, and without a store', async () => {
    const manual = await consumed({ autoReplay: false });
    await assert.rejects(stepsOf(manual), { code: 'ERR_STREAM', message: /use replay\(\)/ });
    assert.equal((await stepsOf(manual.replay())).length, 10);
    const storeless = await consumed({ store: undefined });
    await assert.rejects(stepsOf(storeless), { code: 'ERR_STREAM', message: /no store/ });
  });

  test('after break there is nothing more, also of an array; then comes the replay', async () => {
    for (const states of [statesUpTo(10), [...statesUpTo(10)]]) {
      const stream = new StateStream({ states, store: new WatchedPlace().store() });
      for await (const { step } of stream) if (step === 3) break;
      assert.equal(stream.isConsumed, false);
      assert.deepEqual(await stepsOf(stream), []);
      assert.equal(stream.isConsumed, true);
      assert.deepEqual(await stepsOf(stream), [0, 1, 2, 3]);
    }
  });

  test('while the first runs is refused', async () => {
    const stream = new StateStream({ states: statesUpTo(3), store: new WatchedPlace().store() });
    for await (const { step } of stream) {
      if (step === 1) await assert.rejects(stepsOf(stream), { code: 'ERR_STREAM', message: /iterated already/ });
    }
    assert.equal(stream.yieldCount, 3);
  });

  test('of a closed stream is refused; what it saved can be replayed', async () => {
    const place = new WatchedPlace();
    const stream = new StateStream({ states: statesUpTo(5), store: place.store() });
    const first = stream[Symbol.asyncIterator]();
    assert.equal((await first.next()).value?.step, 0);
    await stream.close();
    assert.deepEqual(await place.steps(), [0]);
    await assert.rejects(stepsOf(stream), { code: 'ERR_STREAM', message: /closed/ });
    assert.deepEqual(await stepsOf(stream.replay()), [0]);
  });
});

describe('a store without states', () => {
  test('is replayed, whatever autoReplay says', async () => {
    const place = new WatchedPlace();
    const store = place.store();
    await store.appendAll([...statesUpTo(4)], { meta: ({ step }) => ({ step }) });
    const stream = new StateStream({ store, autoReplay: false });
    assert.equal(stream.isConsumed, true);
    assert.deepEqual(await stepsOf(stream), [0, 1, 2, 3]);
    assert.deepEqual([stream.yieldCount, stream.savedCount], [4, 0]);
    await stream.consume(); // nothing to do
    assert.equal(stream.yieldCount, 4);
  });

  test('a stream into a store that has entries goes on with their numbers', async () => {
    const place = new WatchedPlace();
    const store = place.store();
    await new StateStream({ states: statesUpTo(3), store }).consume();
    const more = [stateOf(3), stateOf(4)];
    const second = new StateStream({ states: more, store });
    await second.consume();
    assert.equal(second.savedCount, 2);
    assert.deepEqual(await place.steps(), [0, 1, 2, 3, 4]);
    assert.deepEqual(await stepsOf(second), [0, 1, 2, 3, 4]);
  });
});

describe('replay', () => {
  /** @type {[string, any, number[]][]} */
  const cases = [
    ['all', undefined, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['indices in their order, repeated, from the end', { indices: [9, 0, 0, -2] }, [9, 0, 0, 8]],
    ['no indices', { indices: [] }, []],
    ['indices exclude the rest', { indices: [2], steps: [5], predicate: () => false }, [2]],
    ['steps', { steps: [4, 1, 99] }, [1, 4]],
    ['no steps', { steps: [] }, []],
    ['a function of steps', { steps: (/** @type {number} */ step) => step > 7 }, [8, 9]],
    ['a predicate of entries', { predicate: (/** @type {any} */ { meta }) => meta.step % 3 === 0 }, [0, 3, 6, 9]],
    ['steps and a predicate', { steps: [1, 2, 3], predicate: (/** @type {any} */ { idx }) => idx > 1 }, [2, 3]],
  ];
  for (const [name, options, expected] of cases) {
    test(name, async () => {
      const stream = await consumed();
      assert.deepEqual(await stepsOf(stream.replay(options)), expected);
      assert.equal(stream.yieldCount, 10 + expected.length);
    });
  }

  test('an index that is not there fails before anything is yielded', async () => {
    const stream = await consumed();
    await assert.rejects(stepsOf(stream.replay({ indices: [0, 77] })),
      { code: 'ERR_INDEX_RANGE', message: /77.*10/ });
    assert.equal(stream.yieldCount, 10);
  });

  test('a validator, and fields', async () => {
    const stream = await consumed();
    /** @type {any[]} */ const replayed = [];
    const validator = (/** @type {ModelState} */ state) => state.with({ time: 7 });
    for await (const state of stream.replay({ indices: [3], validator, fields: ['wells'] })) replayed.push(state);
    assert.deepEqual([replayed[0].step, replayed[0].time, replayed[0].model], [3, 7, undefined]);
  });

  test('without a store is an error', async () => {
    const stream = new StateStream({ states: statesUpTo(2) });
    await assert.rejects(stepsOf(stream.replay()), { code: 'ERR_STREAM' });
  });
});

describe('validate', () => {
  const grid = (/** @type {number} */ value) => new Float64Array(8).fill(value);
  const whole = (/** @type {number} */ step) => ModelState.from({ step, step_size: 1, time: step, model: {
    grid_shape: [2, 2, 2], thickness_grid: [[[1, 1], [1, 1]], [[1, 1], [1, 1]]],
  } });
  const broken = (/** @type {number} */ step) => whole(step).with({ 'model.fluid_properties.pressure_grid': grid(NaN) });

  test('a state that is not valid ends the loop; those before are saved', async () => {
    const store = new WatchedPlace().store();
    const stream = new StateStream({ states: [whole(0), whole(1), broken(2), whole(3)], store, validate: true });
    await assert.rejects(stepsOf(stream), { code: 'ERR_VALIDATION', message: /pressure_grid/ });
    assert.deepEqual(await stepsOf(new StateStream({ store })), [0, 1]);
    await stream.close();
  });

  test('what is not saved is not validated', async () => {
    const store = new WatchedPlace().store();
    const stream = new StateStream({ states: [whole(0), broken(1)], store, validate: true, save: ({ step }) => step !== 1 });
    assert.deepEqual(await stepsOf(stream), [0, 1]);
    assert.equal(stream.savedCount, 1);
  });

  test('what is replayed is validated', async () => {
    const store = new WatchedPlace().store();
    await store.appendAll([whole(0), broken(1)]);
    const stream = new StateStream({ store, validate: true });
    await assert.rejects(stepsOf(stream), { code: 'ERR_VALIDATION' });
    assert.equal(stream.yieldCount, 1);
    assert.deepEqual(await stepsOf(stream.replay({ validator: (state) => state })), [0, 1]);
  });
});

describe('last, until, while, consume', () => {
  test('last() runs to the end and gives what was yielded last, then what is stored last', async () => {
    const place = new WatchedPlace();
    const stream = new StateStream({ states: statesUpTo(10), store: place.store(), save: ({ step }) => step < 7 });
    assert.equal((await stream.last())?.step, 9);
    assert.equal(stream.isConsumed, true);
    assert.equal((await stream.last())?.step, 6);
    assert.equal(await new StateStream({ store: new WatchedPlace().store() }).last(), null);
    assert.equal(await new StateStream({ states: [] }).last(), null);
  });

  test('until() yields the state that meets the condition, while() the first that does not', async () => {
    for (const method of /** @type {const} */ (['until', 'while'])) {
      const place = new WatchedPlace();
      const stream = new StateStream({ states: statesUpTo(10), store: place.store(), batchSize: 3 });
      const condition = method === 'until' ? (/** @type {ModelState} */ { step }) => step === 4
        : (/** @type {ModelState} */ { step }) => step < 4;
      assert.deepEqual(await stepsOf(stream[method](condition)), [0, 1, 2, 3, 4], method);
      assert.deepEqual(await place.steps(), [0, 1, 2, 3, 4]);
      assert.deepEqual(place.commits, [3, 2]);
      assert.equal(stream.isConsumed, false);
      const whole = new StateStream({ states: statesUpTo(3) });
      assert.deepEqual(await stepsOf(whole[method](() => method === 'while')), [0, 1, 2]);
      assert.equal(whole.isConsumed, true);
    }
  });

  test('flush() in between', async () => {
    const place = new WatchedPlace();
    const stream = new StateStream({ states: statesUpTo(5), store: place.store() });
    await stream.flush(); // nothing yet
    for await (const { step } of stream) {
      if (step !== 2) continue;
      assert.deepEqual(stream.pendingBatch.map((state) => state.step), [0, 1, 2]);
      stream.pendingBatch.length = 0; // a copy
      await stream.flush();
      assert.deepEqual([stream.pendingBatch, stream.savedCount], [[], 3]);
      assert.deepEqual(await place.steps(), [0, 1, 2]);
    }
    assert.deepEqual(place.commits, [3, 2]);
  });
});

describe('checkpoints', () => {
  test('one by hand, and all of them again', async () => {
    const checkpoints = new WatchedPlace();
    const stream = new StateStream({ states: statesUpTo(8), store: new WatchedPlace().store(),
      checkpointInterval: 3, checkpointStore: checkpoints.store() });
    await assert.rejects(stream.checkpoint(), { code: 'ERR_STREAM', message: /no state/ });
    for await (const { step } of stream) if (step === 4) await stream.checkpoint();
    await stream.checkpoint(stateOf(1));
    assert.equal(stream.progress().checkpointsCount, 4);
    assert.deepEqual(await stepsOf(stream.checkpoints()), [3, 4, 6, 1]);
    assert.deepEqual(await stream.listCheckpoints(), [1, 3, 4, 6]);
    await stream.close();
    assert.equal((await stream.checkpoint(1))?.step, 1); // as BORES has it: the state of a step
    assert.equal((await stream.checkpoint(4))?.step, 4);
    await assert.rejects(stream.checkpoint(7), { code: 'ERR_STREAM', message: /no checkpoint of step 7, only of 1, / });
    await assert.rejects(stream.checkpoint(), { code: 'ERR_STREAM', message: /closed/ });
  });

  test('resume() gives the last that is whole', async () => {
    const place = new WatchedPlace();
    const checkpointStore = place.store();
    assert.equal(await StateStream.resume({ checkpointStore }), null);
    await checkpointStore.appendAll([...statesUpTo(3)]);
    assert.equal((await StateStream.resume({ checkpointStore }))?.step, 2);
    const { writer } = await internalsOf(checkpointStore).session();
    const chunk = 'entry_0000000002/model/fluid_properties/pressure_grid/0';
    await writer.consolidate([[chunk, new Uint8Array([1, 2, 3])]]); // puts any key
    assert.equal((await StateStream.resume({ checkpointStore }))?.step, 1);
  });
});

describe('options that contradict each other', () => {
  const store = new WatchedPlace().store();
  const readOnly = new WatchedPlace().store();
  Object.defineProperty(readOnly, 'supportsAppend', { value: false });
  /** @type {[string, any, RegExp][]} */
  const cases = [
    ['nothing', {}, /states, a store, or both/],
    ['a store that cannot be appended to', { states: [], store: readOnly }, /cannot be appended to/],
    ['such a checkpoint store', { store, checkpointStore: readOnly }, /cannot be appended to/],
    ['an interval without a store', { store, checkpointInterval: 5 }, /checkpointInterval is 5.*no checkpointStore/],
    ['a batch of 0', { store, batchSize: 0 }, /batchSize is 0/],
    ['half a batch', { store, batchSize: 2.5 }, /batchSize is 2\.5/],
    ['a limit that is none', { store, maxBatchMemoryUsage: NaN }, /maxBatchMemoryUsage is NaN/],
    ['an interval of 0', { store, checkpointStore: store, checkpointInterval: 0 }, /checkpointInterval is 0/],
    ['a time before now', { store, queueTimeout: -1 }, /queueTimeout is -1/],
  ];
  for (const [name, options, message] of cases) {
    test(name, () => assert.throws(() => new StateStream(options), { code: 'ERR_STREAM', message }));
  }
  test('options of another name or type', () => {
    assert.throws(() => new StateStream(/** @type {any} */ ({ store, maxBatchMemoryUsage: '5' })),
      { code: 'ERR_ARGUMENT', message: /'maxBatchMemoryUsage' is a number, not '5'/ });
    assert.throws(() => new StateStream(/** @type {any} */ ({ store, batch_size: 5 })),
      { code: 'ERR_ARGUMENT', message: /no option 'batch_size'; there is 'batchSize'/ });
  });
  test('a store that only is replayed need not be written', () => {
    assert.equal(new StateStream({ store: readOnly }).isConsumed, true);
  });
});
