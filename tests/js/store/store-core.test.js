// SPDX-License-Identifier: MIT
// What a store does to the core it shares with others: aborts, traps and memory.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ZarrStore } from '../../../js/index.js';
import { getCore } from '../../../js/formats/zarr/zarr-session.js';
import { runFolder } from '../../helpers/fixtures.js';
import { EditableStore } from '../../helpers/editable-store.js';
import { PRESSURE, makeStore } from '../../helpers/synthetic-store.js';
import { using } from '../../helpers/with-store.js';

/** @param {AsyncIterable<any>} states */
async function exhaust(states) {
  let count = 0;
  for await (const state of states) {
    void state;
    count += 1;
  }
  return count;
}

async function heapBytes() {
  return (await getCore()).memory.buffer.byteLength;
}

describe('abort', () => {
  test('before a call: nothing is asked for', async () => {
    const storage = new EditableStore(makeStore(2));
    await using(new ZarrStore(storage), async (store) => {
      const reason = new Error('changed my mind');
      const signal = AbortSignal.abort(reason);
      for (const call of [() => store.entries({ signal }), () => store.load({ signal }).next(),
        () => store.read(0, PRESSURE, { signal }), () => store.verify({ signal }),
        () => store.series(PRESSURE, [0, 0, 0], { signal })]) {
        await assert.rejects(call, (error) => error === reason);
      }
      assert.deepEqual(storage.gets, []);
      assert.equal(await store.count(), 2, 'the store goes on working');
    });
  });

  test('during a call: at once, even where the storage does not listen', async () => {
    const storage = new EditableStore(makeStore(2));
    await using(new ZarrStore(storage), async (store) => {
      await store.count();
      storage.delay = (key) => (key.includes('0.0.0') ? new Promise(() => {}) : Promise.resolve());
      for (const call of [
        (/** @type {AbortSignal} */ signal) => store.read(0, PRESSURE, { signal }),
        (/** @type {AbortSignal} */ signal) => store.load({ signal }).next(),
        (/** @type {AbortSignal} */ signal) => store.series(PRESSURE, [0, 0, 0], { signal }),
      ]) {
        const abort = new AbortController();
        const reading = call(abort.signal);
        setTimeout(() => abort.abort(), 20);
        await assert.rejects(reading, { name: 'AbortError' });
      }
      storage.delay = undefined;
      assert.equal((await store.read(1, PRESSURE)).get(0, 0, 0), 1);
    });
  });

  test('of a load that has begun: what was read stays, the next one fails', () => using(
    new ZarrStore(makeStore(5)), async (store) => {
      const abort = new AbortController();
      const states = store.load({ signal: abort.signal, prefetch: 0 });
      assert.equal((await states.next()).value.step, 0);
      abort.abort();
      await assert.rejects(states.next(), { name: 'AbortError' });
      assert.equal((await states.next()).done, true);
    }));

  test('leaving the loop ends what was read ahead', async () => {
    const storage = new EditableStore(makeStore(10));
    await using(new ZarrStore(storage), async (store) => {
      for await (const state of store.load({ prefetch: 5 })) {
        storage.delay = () => new Promise(() => {}); // nothing that is still asked for comes
        if (state.step === 0) break;
      }
      storage.delay = undefined;
      assert.equal(await store.count(), 10);
    });
  });
});

describe('memory', () => {
  test('200 loads, broken off in every way, leave the heap as it was', async () => {
    const content = EditableStore.read(runFolder('head/wf_f64_ckpt'));
    const storage = new EditableStore(content);
    await using(new ZarrStore(storage), async (store) => {
      const round = async (/** @type {number} */ i) => {
        const abort = new AbortController();
        storage.delay = (key) => {
          if (i % 4 === 1 && key.endsWith('/0.0.0')) abort.abort();
          return Promise.resolve();
        };
        storage.failures.clear();
        if (i % 4 === 2) {
          storage.failures.set('entry_0000000001/model→thickness_grid/0.0.0', new Error('broken'));
        }
        const loading = exhaust(store.load({ signal: abort.signal, prefetch: i % 3 }));
        if (i % 4 === 1 || i % 4 === 2) await assert.rejects(loading);
        else assert.equal(await loading, 3);
      };
      for (let i = 0; i < 40; i++) await round(i);
      const before = await heapBytes();
      for (let i = 0; i < 160; i++) await round(i);
      assert.equal(await heapBytes(), before);
    });
  });

  test('opening and closing 200 stores leaves the heap as it was', async () => {
    const content = EditableStore.read(runFolder('guide/wf_f64_ckpt'));
    const round = () => using(new ZarrStore(content), (store) => exhaust(store.load()));
    for (let i = 0; i < 20; i++) await round();
    const before = await heapBytes();
    for (let i = 0; i < 180; i++) await round();
    assert.equal(await heapBytes(), before);
  });
});

describe('a trap in the core', () => {
  for (const name of ['op_wants', 'op_give', 'op_begin',
    'store_new', 'alloc']) {
    test(`in ${name}: ERR_INTERNAL, and the next call works`, async () => {
      const store = new ZarrStore(makeStore(3));
      const other = new ZarrStore(new EditableStore(makeStore(2)));
      assert.equal(await store.count(), 3);
      assert.equal(await other.count(), 2);
      const core = await getCore();
      core.exports = { ...core.exports, [name]: () => {
        throw new WebAssembly.RuntimeError('unreachable');
      } };
      await assert.rejects(store.verify(), { name: 'BoresError', code: 'ERR_INTERNAL' });
      assert.equal((await store.read(2, PRESSURE)).get(0, 0, 0), 2);
      assert.equal((await other.read(1, PRESSURE)).get(0, 0, 0), 1, 'so does another store');
      assert.notEqual(await getCore(), core);
      await store.close();
      await other.close();
    });
  }

  test('with other reads under way, which fail or succeed but do not hang', async () => {
    const storage = new EditableStore(makeStore(10));
    storage.delay = () => new Promise((resolve) => { setTimeout(resolve, 5); });
    const store = new ZarrStore(storage);
    await store.count();
    const core = await getCore();
    const readAll = () => Array.from({ length: 10 }, (_, idx) => store.read(idx, PRESSURE));
    const reads = readAll();
    const settled = Promise.allSettled(reads);
    setTimeout(() => {
      core.exports = { ...core.exports, op_give: () => {
        throw new WebAssembly.RuntimeError('unreachable');
      } };
    }, 2);
    for (const outcome of await settled) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ERR_INTERNAL');
    }
    const again = await Promise.all(readAll());
    assert.deepEqual(again.map((array) => array.get(0, 0, 0)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await store.close();
  });
});
