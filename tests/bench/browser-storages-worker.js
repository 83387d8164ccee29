// SPDX-License-Identifier: MIT
// The measuring half of browser-storages.mjs, in a worker: commits of entries, beside the plain way of
// putting the same bytes there, in turns.

import { openStorage } from '../../js/storage/location.js';
import { IndexedDbStorage } from '../../js/storage/indexeddb/indexeddb.js';

const COMMITS = 8, TURNS = 5;
const VALUES = 450, VALUE_BYTES = 18_000; // as one medium state has them, compressed
const BYTES = VALUES * VALUE_BYTES;
const RELAXED = /** @type {const} */ ({ durability: 'relaxed' });

/** Bytes that do not compress. @param {number} seed @param {number} length */
function noise(seed, length) {
  const words = new Uint32Array(length / 4);
  let state = seed + 1;
  for (let i = 0; i < words.length; i += 1) words[i] = state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return new Uint8Array(words.buffer);
}
const values = Array.from({ length: VALUES }, (_, i) => noise(i, VALUE_BYTES));

/** @param {number} number @returns {[string, Uint8Array][]} */
const puts = (number) => values.map((value, i) => [`entry_${number}/array ${i}/0.0.0`, value]);

/** @param {() => Promise<void>} run @returns {Promise<number>} bytes a second */
async function rate(run) {
  const started = performance.now();
  await run();
  return (COMMITS * BYTES) / ((performance.now() - started) / 1000);
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('values');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @type {Record<string, (name: string) => Promise<number>>} */
const WAYS = {
  async idb(name) {
    const storage = await IndexedDbStorage.open(name, { create: true });
    const writer = await storage.openWriter(RELAXED);
    const result = await rate(async () => {
      for (let i = 0; i < COMMITS; i += 1) await writer.commit({ puts: puts(i) });
    });
    await writer.close();
    await storage.close();
    return result;
  },

  /** One value for each commit. */
  async 'idb, plain'(name) {
    const database = await openDatabase(name);
    const result = await rate(async () => {
      for (let i = 0; i < COMMITS; i += 1) {
        const whole = new Uint8Array(BYTES);
        values.forEach((value, at) => whole.set(value, at * VALUE_BYTES));
        await new Promise((resolve, reject) => {
          const transaction = database.transaction('values', 'readwrite', RELAXED);
          transaction.objectStore('values').put(whole, i);
          transaction.oncomplete = resolve;
          transaction.onerror = () => reject(transaction.error);
        });
      }
    });
    database.close();
    return result;
  },

  async opfs(name) {
    const storage = await openStorage(`opfs:${name}`, { create: true });
    const writer = await storage.openWriter?.(RELAXED);
    const result = await rate(async () => {
      for (let i = 0; i < COMMITS; i += 1) await writer?.commit({ puts: puts(i) });
    });
    await writer?.close();
    await storage.close();
    return result;
  },

  /** One file for each commit, written at once. */
  async 'opfs, plain'(name) {
    const top = await navigator.storage.getDirectory();
    const folder = await top.getDirectoryHandle(name, { create: true });
    return rate(async () => {
      for (let i = 0; i < COMMITS; i += 1) {
        const whole = new Uint8Array(BYTES);
        values.forEach((value, at) => whole.set(value, at * VALUE_BYTES));
        const file = await folder.getFileHandle(String(i), { create: true });
        const handle = await /** @type {any} */ (file).createSyncAccessHandle();
        handle.write(whole, { at: 0 });
        handle.close();
      }
    });
  },
};

async function measure() {
  /** @type {Record<string, number>[]} */ const turns = [];
  for (let turn = 0; turn <= TURNS; turn += 1) {
    /** @type {Record<string, number>} */ const rates = {};
    for (const [way, run] of Object.entries(WAYS)) rates[way] = await run(`bench ${way} ${turn}`);
    if (turn > 0) turns.push(rates); // the first one warms up
  }
  return turns;
}

measure().then((turns) => postMessage({ turns }), (error) => postMessage({ error: String(error.stack ?? error) }));
