// SPDX-License-Identifier: MIT
// A connection to one database of IndexedDB, and what goes wrong with it: the browser drops it
// (Safari does when a page was in the background, Chromium when storage is cleared), another tab
// deletes the database, the disk is full. A transaction on a connection that is gone runs again
// on a new one, once.

import { BoresError } from '../../core/errors.js';
import { fromBrowser, withBrowserErrors } from '../base/browser-errors.js';

const PREFIX = 'bores/';
const BLOCKED_MS = 5000;

/** The object stores of a run's database. */
export const STORES = /** @type {const} */ (['segments', 'index', 'meta']);

/** @typedef {{ create?: boolean }} ConnectOptions  create: a database that is absent */

export class Connection {
  #name;
  #create;
  /** @type {Promise<IDBDatabase> | undefined} */
  #database;
  #onDrop;

  /**
   * @param {string} name  of the run
   * @param {ConnectOptions & { onDrop?: () => void }} [options]  onDrop: told when the browser, or a tab
   *   that deletes the database, has ended the connection: another one may be there by now
   */
  constructor(name, { create = false, onDrop = () => {} } = {}) {
    this.#name = name;
    this.#create = create;
    this.#onDrop = onDrop;
  }

  /**
   * Runs one transaction to its end.
   *
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(transaction: IDBTransaction) => Promise<T> | T} body  awaits nothing but requests of
   *   the transaction; may run a second time
   * @param {IDBTransactionDurability} [durability]
   * @returns {Promise<T>}  once it is committed
   * @throws {BoresError} ERR_NOT_FOUND, ERR_QUOTA, ERR_STORAGE
   */
  async run(mode, body, durability = 'relaxed') {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#runOnce(mode, body, durability);
      } catch (error) {
        if (attempt > 0 || !isLost(error)) throw translate(error, this.#name);
        this.close();
      }
    }
  }

  /** May be opened again by the next transaction. */
  close() {
    const database = this.#database;
    this.#database = undefined;
    database?.then((open) => open.close(), () => undefined);
  }

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(transaction: IDBTransaction) => Promise<T> | T} body
   * @param {IDBTransactionDurability} durability
   * @returns {Promise<T>}
   */
  async #runOnce(mode, body, durability) {
    this.#database ??= this.#open();
    const database = await this.#database.catch((error) => {
      this.#database = undefined;
      throw error;
    });
    const transaction = database.transaction(STORES, mode, { durability });
    const committed = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => {
        reject(transaction.error ?? new DOMException('the connection was lost', 'AbortError'));
      };
    });
    committed.catch(() => undefined); // it is awaited below, unless the body fails first
    try {
      const result = await body(transaction);
      await committed;
      return result;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // it has ended already, by the error that is on its way
      }
      throw transaction.error ?? error;
    }
  }

  /** @returns {Promise<IDBDatabase>} */
  async #open() {
    const database = await openDatabase(this.#name, this.#create);
    const drop = () => {
      database.close();
      this.#database = undefined;
      this.#onDrop();
    };
    database.onclose = drop;
    database.onversionchange = drop; // another tab wants to delete it: let it
    return database;
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {string} name
 * @throws {BoresError} ERR_STORAGE when another tab does not let go of it
 */
export async function deleteDatabase(name) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    const request = factory().deleteDatabase(PREFIX + name);
    await Promise.race([result(request), new Promise((_, reject) => {
      request.onblocked = () => {
        timer = setTimeout(() => reject(new BoresError('ERR_STORAGE', `idb:${name} is open in ` +
          'another tab; it will be deleted when that is closed')), BLOCKED_MS);
      };
    })]);
  } catch (error) {
    throw translate(error, name);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns {Promise<string[]>}  names of runs, sorted */
export async function databaseNames() {
  const all = await withBrowserErrors('the runs of this origin cannot be listed', () => factory().databases());
  return all.map(({ name = '' }) => name).filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length)).sort();
}

/**
 * @param {string} name
 * @param {boolean} create
 * @returns {Promise<IDBDatabase>}
 */
async function openDatabase(name, create) {
  const request = factory().open(PREFIX + name, 1);
  let absent = false;
  request.onupgradeneeded = () => {
    if (create) {
      for (const store of STORES) request.result.createObjectStore(store);
    } else { // opening must not leave an empty database behind
      absent = true;
      request.transaction?.abort();
    }
  };
  try {
    return await result(request);
  } catch (error) {
    if (!absent) throw error;
    throw new BoresError('ERR_NOT_FOUND', `there is no run called idb:${name}`);
  }
}

function factory() {
  if (typeof indexedDB === 'object') return indexedDB;
  throw new BoresError('ERR_UNSUPPORTED', 'there is no IndexedDB here');
}

/** @param {unknown} error */
function isLost(error) {
  const { name } = /** @type {DOMException} */ (error);
  return name === 'InvalidStateError' || name === 'UnknownError' || name === 'AbortError';
}

/**
 * @param {unknown} error
 * @param {string} run
 */
function translate(error, run) {
  return /** @type {DOMException} */ (error).name === 'QuotaExceededError'
    ? new BoresError('ERR_QUOTA', `idb:${run}: the browser's storage is full`, { cause: error })
    : fromBrowser(error, `idb:${run}`);
}
