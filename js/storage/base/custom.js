// SPDX-License-Identifier: MIT
// Somebody else's store: any object with `get(key)`, and `getRange` and `list` where it has them.
// zarrita and its kin begin their keys with a slash, others do not; whichever form first finds a
// value is used from then on. What comes back is checked, what is thrown is wrapped.

import { BoresError } from '../../core/errors.js';
import { checkFolder, checkKey, checkRange, clipRange } from './keys.js';
import { StorageBase } from './storage.js';

/** @import { ByteRange, ReadOptions, Storage } from './storage.js' */

/**
 * @typedef {object} CustomStore
 * @property {(key: any, options?: any) => unknown} get   bytes or nothing, or a promise of that
 * @property {(key: any, range: any, options?: any) => unknown} [getRange]
 * @property {(prefix: string, options?: any) => unknown} [list]
 *   one level as in `storage.js`: an iterable or async iterable of names, or a promise of one
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
