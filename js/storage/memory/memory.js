// SPDX-License-Identifier: MIT
// Values in this process. A named one (`memory:NAME`) is found again by its name until it is
// removed; closing a storage closes that view of it, not the values.

import { BoresError } from '../../core/errors.js';
import { KeyIndex, sumUsage } from '../base/key-index.js';
import { checkFolder, checkKey, clipRange } from '../base/keys.js';
import { openMemoryWriter } from './memory-writer.js';
import { StorageBase } from '../base/storage.js';

/** @import { ByteRange, ReadOptions, Storage, WriterOptions } from '../base/storage.js' */
/** @typedef {Iterable<[string, Uint8Array]> | Record<string, Uint8Array>} MemoryContent */

/**
 * What views of one name share. A commit changes it without giving way in between, so a reader
 * sees all of it or nothing.
 * @typedef {{ values: Map<string, Uint8Array>, index: KeyIndex, writingSince?: number }} Content
 */

/** @type {Map<string, Content>} */
const registry = new Map();

/** @implements {Storage} */
export class MemoryStorage extends StorageBase {
  #content;

  /**
   * @param {MemoryContent} [content]  a Map, an object, or [key, bytes] pairs; values are borrowed
   *   and must not change afterwards
   */
  constructor(content = []) {
    super('memory', 'memory');
    this.#content = toContent(content);
  }

  /**
   * The storage of that name in this process, empty when it is new.
   * @param {string} name
   * @param {MemoryContent} [content]  replaces what is there, for views opened from now on
   */
  static named(name, content) {
    const storage = new MemoryStorage(content);
    const known = registry.get(name);
    if (content !== undefined || known === undefined) registry.set(name, storage.#content);
    else storage.#content = known;
    storage.location = `memory:${name}`;
    return storage;
  }

  /**
   * Forgets a name and, once its open views are gone, its values.
   * @param {string} name
   * @returns {boolean}  whether there was one
   */
  static remove(name) {
    return registry.delete(name);
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async get(key, options) {
    return this.#find(key, options)?.slice();
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    const value = this.#find(key, options);
    if (value === undefined) return undefined;
    const { start, end } = clipRange(value.length, range);
    return value.slice(start, end);
  }

  /**
   * @param {string} key
   * @param {(length: number) => Uint8Array} reserve
   */
  getSync(key, reserve) {
    const value = this.#find(key);
    if (value === undefined) return false;
    reserve(value.length).set(value);
    return true;
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return this.#content.index.list(prefix);
  }

  /** @param {string} prefix */
  listSync(prefix) {
    this.assertReadable(prefix);
    checkFolder(prefix);
    return this.#content.index.list(prefix);
  }

  /**
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return sumUsage(sizes(this.#content.values), prefix);
  }

  /** @param {WriterOptions} [options] */
  async openWriter(options) {
    this.assertReadable('', options);
    return openMemoryWriter(this.location, this.#content);
  }

  async leftovers() {
    return { dropped: [], restored: [] };
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  #find(key, options) {
    this.assertReadable(key, options);
    const value = this.#content.values.get(key);
    if (value === undefined) checkKey(key); // those that are there have been checked
    return value;
  }
}

/**
 * @param {MemoryContent} content
 * @returns {Content}
 */
function toContent(content) {
  const pairs = Symbol.iterator in content ? content : Object.entries(content);
  const values = new Map();
  for (const [key, value] of /** @type {Iterable<[string, Uint8Array]>} */ (pairs)) {
    checkKey(key);
    if (!(value instanceof Uint8Array)) {
      throw new BoresError('ERR_ARGUMENT', `'${key}' is not a Uint8Array`, { key });
    }
    values.set(key, value);
  }
  return { values, index: new KeyIndex(values.keys()) };
}

/** @param {Map<string, Uint8Array>} values */
function* sizes(values) {
  for (const [key, value] of values) yield /** @type {[string, number]} */ ([key, value.length]);
}
