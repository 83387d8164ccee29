// SPDX-License-Identifier: MIT
// The runs that were opened here: what they are called, where they are, how they look. The user's own folders
// and files are kept as handles, which hold no data; copies and simulated runs are stores of this browser, of
// which only the looks are kept here.

const DATABASE = 'bores-library';
const STORE = 'runs';
/** Entries that are kept; older ones are forgotten, handles and looks that is, and no data. */
const MOST = 60;

/**
 * @typedef {object} Entry
 * @property {string} source     what a link calls it: `own:…`, `idb:…` or an address
 * @property {string} name       for people
 * @property {number} opened     when it was opened last, ms
 * @property {any} handle        of the user's own folder or file; null: it is none
 * @property {number | null} bytes
 * @property {Blob | null} look  a small picture
 */

/** @returns {Promise<IDBDatabase>} */
function database() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'source' });
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * One transaction; what the request gives once that is complete.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | void} ask
 * @returns {Promise<T | undefined>}
 */
async function transact(mode, ask) {
  const opened = await database();
  try {
    const transaction = opened.transaction(STORE, mode);
    const request = ask(transaction.objectStore(STORE));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    opened.close();
  }
}

/** @returns {Promise<Entry[]>}  the last opened first */
export async function entries() {
  const all = /** @type {Entry[]} */ (await transact('readonly', (store) => store.getAll()) ?? []);
  return all.sort((a, b) => b.opened - a.opened);
}

/** @param {string} source @returns {Promise<Entry | undefined>} */
export async function entryOf(source) {
  return transact('readonly', (store) => store.get(source));
}

/**
 * Says that a run was opened; what is known of it already and not told now stays.
 * @param {string} source
 * @param {Partial<Entry> & { name: string }} what
 */
export async function remember(source, what) {
  const before = await entryOf(source);
  const entry = { handle: null, bytes: null, look: null, ...before, ...what, source, opened: Date.now() };
  await transact('readwrite', (store) => { store.put(entry); });
  for (const { source: old } of (await entries()).slice(MOST)) await forget(old);
}

/** @param {string} source */
export async function forget(source) {
  await transact('readwrite', (store) => { store.delete(source); });
}

/**
 * What a link calls the user's own folder or file: the same each time that it is opened, whatever it is called.
 * @param {any} handle
 * @returns {Promise<string>}
 */
export async function sourceOfHandle(handle) {
  for (const { source, handle: known } of await entries()) {
    if (known && await known.isSameEntry(handle).catch(() => false)) return source;
  }
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => (byte % 36).toString(36));
  return `own:${letters.join('')}`;
}
