// SPDX-License-Identifier: MIT
// A StateStream over a store alone: which states it replays, and in how much memory.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { StateStream, ZarrStore } from '../../../js/index.js';
import { runExpected, runFolder } from '../../helpers/fixtures.js';
import { PRESSURE, makeStore } from '../../helpers/synthetic-store.js';
import { using } from '../../helpers/with-store.js';

const execute = promisify(execFile);
const longReplay = fileURLToPath(new URL('./long-replay.js', import.meta.url));

/** @param {AsyncIterable<any>} states */
async function stepsOf(states) {
  const steps = [];
  for await (const state of states) steps.push(state.step);
  return steps;
}

/**
 * Six entries: steps 0, 10, … 50.
 * @param {(stream: StateStream, store: ZarrStore) => Promise<void>} use
 */
function withStream(use) {
  return using(new ZarrStore(makeStore(6)), (store) =>
    using(new StateStream({ store }), (stream) => use(stream, store)));
}

describe('replay of a store', () => {
  test('every state, each time it is iterated', () => withStream(async (stream) => {
    assert.equal(stream.isConsumed, true);
    assert.deepEqual(await stepsOf(stream), [0, 10, 20, 30, 40, 50]);
    assert.deepEqual(await stepsOf(stream), [0, 10, 20, 30, 40, 50]);
    assert.equal(stream.yieldCount, 12);
  }));

  test('by indices', () => withStream(async (stream) => {
    assert.deepEqual(await stepsOf(stream.replay({ indices: [-1, 0, 2] })), [50, 0, 20]);
    await assert.rejects(stream.replay({ indices: [6] }).next(), { code: 'ERR_INDEX_RANGE' });
  }));

  test('by steps: numbers, a function, none', () => withStream(async (stream) => {
    assert.deepEqual(await stepsOf(stream.replay({ steps: [40, 10, 11] })), [10, 40]);
    assert.deepEqual(await stepsOf(stream.replay({ steps: (step) => step >= 40 })), [40, 50]);
    assert.deepEqual(await stepsOf(stream.replay({ steps: [] })), []);
  }));

  test('by a predicate, and by both', () => withStream(async (stream) => {
    const early = (/** @type {any} */ { time }) => time < 2 * 3600;
    assert.deepEqual(await stepsOf(stream.replay({ predicate: early })), [0, 10]);
    assert.deepEqual(await stepsOf(stream.replay({ predicate: early, steps: [10, 20] })), [10]);
  }));

  test('only some fields, checked by a validator', () => withStream(async (stream) => {
    const steps = [];
    for await (const state of stream.replay({ fields: [PRESSURE],
      validator: (read) => read.with({ checked: true }) })) {
      assert.equal(state.get('checked'), true);
      steps.push(state.step);
    }
    assert.equal(steps.length, 6);
  }));

  test('last, until and while: the deciding state is the last one yielded', () => withStream(
    async (stream) => {
      assert.equal((await stream.last())?.step, 50);
      assert.deepEqual(await stepsOf(stream.until(({ step }) => step >= 20)), [0, 10, 20]);
      assert.deepEqual(await stepsOf(stream.while(({ step }) => step < 20)), [0, 10, 20]);
      assert.deepEqual(await stepsOf(stream.until(() => false)), [0, 10, 20, 30, 40, 50]);
    }));

  test('a store without entries', () => using(new ZarrStore(new Map()), async (store) => {
    const stream = new StateStream({ store });
    assert.deepEqual(await stepsOf(stream), []);
    assert.equal(await stream.last(), null);
  }));

  test('closing the stream leaves the store open', () => withStream(async (stream, store) => {
    await stream.close();
    assert.equal(store.closed, false);
    assert.equal(await store.count(), 6);
  }));

  test('an abort ends it', () => withStream(async (stream) => {
    const abort = new AbortController();
    const replay = stream.replay({ signal: abort.signal });
    await replay.next();
    abort.abort();
    await assert.rejects(stepsOf(replay), { name: 'AbortError' });
  }));

  test('the guide\'s run, by its own steps', () => using(
    new ZarrStore(runFolder('guide/wf_f64_ckpt')), async (store) => {
      const { entries } = runExpected('guide/wf_f64_ckpt');
      const stream = new StateStream({ store });
      assert.deepEqual(await stepsOf(stream), entries.map((entry) => entry.step));
      const { step } = entries[1];
      assert.deepEqual(await stepsOf(stream.replay({ steps: [step] })), [step]);
      const last = await stream.last();
      assert.equal(last?.get(PRESSURE).nanmax(),
        entries[1].arrays['model/fluid_properties/pressure_grid'].max);
    }));

  test('a stream without a store or states', () => {
    assert.throws(() => new StateStream(/** @type {any} */ ({})), { code: 'ERR_STREAM' });
  });
});

for (const worker of ['false', 'true']) {
  test(`300 entries of 4 MB are replayed in bounded memory (worker: ${worker})`, async () => {
    const { stdout } = await execute(process.execPath, [longReplay, worker], { timeout: 120_000 });
    const { states, read, peak, heap } = JSON.parse(stdout);
    assert.equal(states, 300);
    assert.ok(read > 1_100, `${read} MB were read`);
    assert.ok(peak < 500, `${peak} MB at most`);
    assert.ok(heap < 100, `${heap} MB of linear memory`);
  });
}
