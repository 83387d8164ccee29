// SPDX-License-Identifier: MIT
// A page with the library and what `pages.mjs` asks it to do: no harness, so that there may be several, of
// any policy.

import * as library from '../../../js/index.js';

const LENGTH = 600;
const entry = (/** @type {number} */ step) => ({ step, x: Float64Array.from({ length: LENGTH }, (_, i) => step + i / LENGTH) });
/** A folder of the page's own stands for one that was picked. @param {string} place */
const locate = async (place) => (place.startsWith('handle:')
  ? (await navigator.storage.getDirectory()).getDirectoryHandle(place.slice(7), { create: true }) : place);
/** @type {Record<string, any>} */
const open = {};

/** @param {() => Promise<unknown>} run */
async function outcome(run) {
  try {
    return { value: await run() };
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    return { code: String(code), message };
  }
}

const actions = {
  /** Appends entries one by one. */
  append: async (/** @type {string} */ place, /** @type {number[]} */ steps, /** @type {object} */ options) => {
    const store = open[place] ??= await library.openStore(await locate(place), options);
    const outcomes = [];
    for (const step of steps) outcomes.push(await outcome(async () => { await store.append(entry(step)); return step; }));
    return outcomes;
  },
  close: async (/** @type {string} */ place) => outcome(async () => {
    const store = open[place];
    delete open[place];
    await store?.close();
    return 'closed';
  }),
  count: async (/** @type {string} */ place) => outcome(() => open[place].count()),
  read: async (/** @type {string} */ place, /** @type {number} */ idx, /** @type {string} */ path) => (
    outcome(async () => Number((await open[place].read(idx, path)).get(0)))),
  look: async (/** @type {string} */ place, /** @type {object} */ options) => outcome(async () => {
    open[place] = await library.openStore(await locate(place), { mode: 'r', ...options });
    return open[place].count();
  }),
  /** Steps of the entries that are whole; one that is not is null. */
  steps: async (/** @type {string} */ place) => outcome(async () => {
    const store = await library.openStore(await locate(place), { mode: 'r' });
    const steps = [];
    for await (const { step, x } of store.load({ as: 'raw' })) steps.push(x.data[LENGTH - 1] === entry(step).x[LENGTH - 1] ? step : null);
    await store.close();
    return steps;
  }),
  /** Deletes what is kept under a name behind the library's back, and makes another run there. */
  replace: async (/** @type {string} */ place) => outcome(async () => {
    const [, scheme, name] = /** @type {string[]} */ (/^(idb|opfs):(.*)$/.exec(place));
    if (scheme === 'idb') {
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(`bores/${name}`);
        request.onsuccess = resolve;
        request.onerror = reject;
      });
    } else await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true });
    const store = await library.openStore(place, { compressor: null });
    for (let step = 0; step < 3; step += 1) await store.append({ step, p: new Float64Array(LENGTH).fill(77) });
    await store.close();
    return 'replaced';
  }),
  remove: async (/** @type {string} */ name) => (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true }),
  clear: async () => { await (await fetch('/clear')).text(); },
  /** A stream that writes in the background, if it can. */
  stream: async (/** @type {string} */ place) => outcome(async () => {
    const states = [0, 1, 2].map((step) => library.ModelState.from({ step, time: step, x: new Float64Array(4) }));
    const target = await library.openStore(place);
    const stream = new library.StateStream({ states, store: target, backgroundIO: true });
    for await (const state of stream) void state;
    await stream.close();
    await target.close();
    const store = await library.openStore(place, { mode: 'r' });
    const count = await store.count();
    await store.close();
    return count;
  }),
};

Object.assign(globalThis, { actions });
