// SPDX-License-Identifier: MIT
// In the background, without a batchSize: a state is on its way as soon as the store waits for one, and
// what comes meanwhile goes together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { StateStream } from '../../../js/index.js';
import { WatchedPlace, stateOf, statesUpTo } from '../../helpers/stream-run.js';

/** @param {() => boolean} condition */
async function comes(condition) {
  const end = performance.now() + 20_000;
  while (!condition() && performance.now() < end) await setTimeout(5);
  return condition();
}

test('each state of a slow source is written while the next is made', async () => {
  const place = new WatchedPlace();
  const store = place.store();
  async function* states() {
    for (let step = 0; step < 3; step += 1) {
      yield stateOf(step);
      assert.ok(await comes(() => place.commits.length === step + 1), `step ${step} was not written`);
    }
  }
  const stream = new StateStream({ states: states(), store, backgroundIO: true });
  await stream.consume();
  await stream.close();
  await store.close();
  assert.deepEqual(place.commits, [1, 1, 1]);
});

test('a source that is faster than the store goes on, and its states are written together, in order', async () => {
  const place = new WatchedPlace();
  let through = () => {};
  const closed = new Promise((resolve) => { through = () => resolve(undefined); });
  place.onCommit = (commit) => (commit === 1 ? closed : undefined);
  const store = place.store();
  const stream = new StateStream({ states: statesUpTo(20), store, backgroundIO: true });
  let yielded = 0;
  for await (const _ of stream) if ((yielded += 1) === 20) through(); // all, and nothing is written
  await stream.close();
  assert.deepEqual(place.commits, [1, 1, 18]);
  assert.deepEqual((await store.entries()).map(({ step }) => step), Array.from({ length: 20 }, (_, step) => step));
  await store.close();
});

test('a store that cannot write keeps all of them pending, in order', async () => {
  const place = new WatchedPlace();
  place.onCommit = () => { throw new Error('no room'); };
  const store = place.store();
  const stream = new StateStream({ states: statesUpTo(5), store, backgroundIO: true });
  await assert.rejects(stream.consume(), { code: 'ERR_STREAM', message: /no room/ });
  const steps = stream.pendingBatch.map(({ step }) => step);
  assert.deepEqual(steps, steps.map((_, index) => index));
  assert.ok(steps.length > 0);
  place.onCommit = () => {};
  await stream.flush({ block: true });
  assert.equal(await store.count(), steps.length);
  await stream.close();
  await store.close();
});
