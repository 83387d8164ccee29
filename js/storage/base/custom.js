// SPDX-License-Identifier: MIT
// Somebody else's store: any object with `get(key)`, and `getRange`, `list` and `commit` where it has them.
// zarrita and its kin begin their keys with a slash, others do not; whichever form first finds a
// value is used from then on. What comes back is checked, what is thrown is wrapped. Only a store that
// has `commit` is written to: a kill between two calls of `set` would leave half of an entry.

import { BoresError } from '../../core/errors.js';
import { isReserved } from './batch.js';
import { checkFolder, checkKey, checkRange, clipRange } from './keys.js';
import { StorageBase } from './storage.js';
import { StoreWriter, lockedError } from './store-writer.js';

/** @import { Batch, ByteRange, Put, ReadOptions, Storage } from './storage.js' */

/** Who writes to which store in this thread, and since when (ms, Unix time). @type {WeakMap<object, number>} */
const writing = new WeakMap();

/**
 * @typedef {object} CustomStore
 * @property {(key: any, options?: any) => unknown} get   bytes or nothing, or a promise of that
 * @property {(key: any, range: any, options?: any) => unknown} [getRange]
 * @property {(prefix: string, options?: any) => unknown} [list]
 *   one level as in `storage.js`: an iterable or async iterable of names, or a promise of one
 * @property {(batch: Batch, options?: any) => unknown} [commit]  `{ puts: [[key, bytes], …], deletes: [key or
 *   'folder/', …] }`, deletes first: all of it or nothing, also for readers and across a kill
 */

/** @implements {Storage} */
export class CustomStorage extends StorageBase {
  #store;
  /** @type {'/' | '' | undefined} before each key, once it is known */
  #slash;

  /**
   * @param {CustomStore} store
   * @param {{ location?: string, slash?: boolean }} [options]  `slash`: whether its keys begin
   *   with one, where that is known
   */
  constructor(store, { location = 'custom store', slash } = {}) {
    super('custom', location);
    this.#store = store;
    if (slash !== undefined) this.#slash = slash ? '/' : '';
    /** @type {Storage['list']} */
    this.list = store.list ? (prefix, options) => this.#list(prefix, options) : undefined;
    /** @type {Storage['openWriter']} */
    this.openWriter = store.commit ? (options) => this.#openWriter(options) : undefined;
    /** @type {Storage['leftovers']} */
    this.leftovers = store.commit ? async () => ({ dropped: [], restored: [] }) : undefined;
  }

  /** @param {ReadOptions} [options] */
  async #openWriter(options) {
    this.assertReadable('', options);
    const since = writing.get(this.#store);
    if (since !== undefined) {
      throw lockedError(this.location, { describe: 'another writer in this thread', since });
    }
    writing.set(this.#store, Date.now());
    return StoreWriter.open(this.location, {
      write: (batch, signal) => this.#commit(batch, signal),
      swap: async (batches, signal) => {
        if (!this.list) {
          throw new BoresError('ERR_UNSUPPORTED', `${this.location} has no list(): its content cannot be replaced`);
        }
        const puts = await allPuts(batches);
        const names = (await this.#list('')).filter((name) => !isReserved(name));
        await this.#commit({ puts, deletes: names }, signal);
      },
      settle: async () => ({ dropped: [], restored: [] }),
      release: async () => { writing.delete(this.#store); },
    });
  }

  /**
   * @param {Batch} batch
   * @param {AbortSignal} [signal]
   */
  async #commit({ puts, deletes = [] }, signal) {
    const slash = this.#slash ?? '';
    await this.#attempt(puts[0]?.[0] ?? '', { signal }, () => this.#store.commit?.({
      puts: puts.map(([key, bytes]) => /** @type {Put} */ ([slash + key, bytes])),
      deletes: deletes.map((name) => slash + name),
    }, { signal }));
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async get(key, options) {
    this.assertReadable(key, options);
    checkKey(key);
    const found = await this.#ask(key, options, (name) => this.#store.get(name, options));
    return found?.slice(); // the store may keep what it gave
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    this.assertReadable(key, options);
    checkKey(key);
    checkRange(range);
    if (this.#store.getRange === undefined) return slice(await this.get(key, options), range);
    const part = await this.#ask(key, options,
      (name) => this.#store.getRange?.(name, range, options));
    const most = 'suffixLength' in range ? range.suffixLength : range.length;
    if (part !== undefined && part.length > most) {
      throw new BoresError('ERR_STORAGE', `${this.location}: ${JSON.stringify(range)} of ` +
        `'${key}' was asked for, ${part.length} bytes came`, { key });
    }
    return part?.slice();
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async #list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    /** @type {string[]} */
    const names = [];
    await this.#attempt(prefix, options, async () => {
      for await (const name of /** @type {any} */ (await this.#store.list?.(prefix, options))) {
        names.push(String(name));
      }
    });
    return names.sort();
  }

  /**
   * @param {string} key
   * @param {ReadOptions | undefined} options
   * @param {(name: string) => unknown} ask
   */
  async #ask(key, options, ask) {
    const forms = this.#slash === undefined ? /** @type {const} */ (['/', '']) : [this.#slash];
    for (const slash of forms) {
      const value = await this.#attempt(key, options, () => ask(slash + key));
      if (value === undefined || value === null) continue;
      this.#slash = slash;
      return toBytes(value, key, this.location);
    }
    return undefined;
  }

  /**
   * @template T
   * @param {string} key
   * @param {ReadOptions | undefined} options
   * @param {() => T} run
   */
  async #attempt(key, options, run) {
    try {
      const value = await run();
      options?.signal?.throwIfAborted();
      return value;
    } catch (cause) {
      if (options?.signal?.aborted) throw options.signal.reason;
      if (cause instanceof BoresError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new BoresError('ERR_STORAGE', `${this.location} failed at '${key}': ${message}`,
        { key, cause });
    }
  }
}

/**
 * @param {unknown} value
 * @param {string} key
 * @param {string} location
 * @returns {Uint8Array}
 */
function toBytes(value, key, location) {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new BoresError('ERR_STORAGE', `${location} answers '${key}' with ` +
    `${Object.prototype.toString.call(value)}, not with bytes`, { key });
}

/**
 * @param {Uint8Array | undefined} value
 * @param {ByteRange} range
 */
function slice(value, range) {
  if (value === undefined) return undefined;
  const { start, end } = clipRange(value.length, range);
  return value.subarray(start, end);
}

/**
 * What the batches of a new content come to.
 * @param {AsyncIterable<Batch>} batches
 * @returns {Promise<Put[]>}
 */
async function allPuts(batches) {
  /** @type {Map<string, Uint8Array>} */
  const values = new Map();
  for await (const { puts, deletes = [] } of batches) {
    for (const name of deletes) {
      const isBelow = (/** @type {string} */ key) => name.endsWith('/') && key.startsWith(name);
      for (const key of values.keys()) if (key === name || isBelow(key)) values.delete(key);
    }
    for (const [key, bytes] of puts) values.set(key, bytes.slice()); // borrowed until the next batch
  }
  return [...values];
}
