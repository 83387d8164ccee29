// SPDX-License-Identifier: MIT
// A writer for kill.browser.js, in a worker or a page of its own: it commits batches by number until it
// is killed, and says after each how many there are. At the call number `at` of those that change the
// storage it says 'stopped' instead, and does nothing any more.

import { openStorage } from '../../js/storage/location.js';
import { HandleStorage } from '../../js/storage/handle/handle.js';
import { IndexedDbStorage } from '../../js/storage/indexeddb/indexeddb.js';
import { commitNext } from '../helpers/storage/numbered-batches.js';

/** @import { Storage } from '../../js/storage/base/storage.js' */
/** @typedef {'idb' | 'opfs' | 'handle'} Kind */

/** What changes a storage, in each of the three. */
const CALLS = [
  ['IDBObjectStore', ['put', 'add', 'delete']], ['IDBDatabase', ['transaction']],
  ['FileSystemSyncAccessHandle', ['write', 'flush', 'truncate', 'close']],
  ['FileSystemFileHandle', ['createWritable', 'createSyncAccessHandle']],
  ['FileSystemWritableFileStream', ['close']], ['FileSystemDirectoryHandle', ['removeEntry']],
];

/**
 * @param {Kind} kind
 * @param {string} name
 * @returns {Promise<Storage>}
 */
export async function openPlace(kind, name) {
  if (kind === 'idb') return IndexedDbStorage.open(name, { create: true });
  if (kind === 'opfs') return openStorage(`opfs:${name}`, { create: true });
  const top = await navigator.storage.getDirectory();
  return new HandleStorage(await top.getDirectoryHandle(name, { create: true }));
}

/**
 * @param {{ kind: Kind, name: string, count: number, upTo?: number, at?: number }} task
 * @param {(said: number | string) => void} say
 */
export async function write({ kind, name, count, upTo = Infinity, at = Infinity }, say) {
  const writer = await (await openPlace(kind, name)).openWriter?.({ durability: 'relaxed' });
  if (!writer) throw new Error('no openWriter');
  stopAt(at, () => say('stopped'));
  for (let next = count; next < upTo; next += 1) {
    await commitNext(writer, next);
    say(next + 1);
  }
  await writer.close();
  say('done');
}

/** Until the thread is terminated, at rest where the browser lets it. */
function waitForTheEnd() {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    Atomics.wait(new Int32Array(memory.buffer), 0, 0);
  } catch {
    for (;;);
  }
}

/**
 * Keeps this thread at a call for ever.
 * @param {number} at
 * @param {() => void} told
 */
function stopAt(at, told) {
  let calls = 0;
  for (const [type, methods] of CALLS) {
    const { prototype } = /** @type {any} */ (globalThis)[/** @type {string} */ (type)] ?? {};
    for (const method of prototype ? methods : []) {
      const original = prototype[method];
      if (!original) continue;
      prototype[method] = function counted(/** @type {any[]} */ ...args) {
        calls += 1;
        if (calls === at) {
          told();
          waitForTheEnd();
        }
        return original.apply(this, args);
      };
    }
  }
}

if (!('document' in globalThis)) {
  globalThis.onmessage = ({ data }) => {
    write(data, (said) => postMessage(said)).catch((error) => postMessage(`failed: ${error.stack}`));
  };
}
