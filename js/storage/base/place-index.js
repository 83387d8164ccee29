// SPDX-License-Identifier: MIT
// Where the value of each key lies, for storages that pack many values into one record or file.

import { KeyIndex, sumUsage } from './key-index.js';
import { checkFolder } from './keys.js';
import { RangeStorage } from './storage.js';

/** @import { ReadOptions } from './storage.js' */

/**
 * @template {{ length: number }} P  a place; length in bytes
 */
export class PlaceIndex {
  /** @type {Map<string, P>} */ #places = new Map();
  /** Made when first needed. @type {KeyIndex | undefined} */ #folders;

  get size() {
    return this.#places.size;
  }

  /** The same keys, for listings. */
  get folders() {
    this.#folders ??= new KeyIndex(this.#places.keys());
    return this.#folders;
  }

  /** @param {string} key */
  get(key) {
    return this.#places.get(key);
  }

  /** @param {string} key */
  has(key) {
    return this.#places.has(key);
  }

  /** @returns {Iterable<[string, P]>} */
  entries() {
    return this.#places;
  }

  /**
   * @param {string} key
   * @param {P} place
   */
  set(key, place) {
    if (this.#folders && !this.#places.has(key)) this.#folders.add(key);
    this.#places.set(key, place);
  }

  /** @param {string} key */
  delete(key) {
    if (this.#places.delete(key)) this.#folders?.remove(key);
  }

  clear() {
    this.#places.clear();
    this.#folders = undefined;
  }

  /**
   * Bytes and keys under a folder.
   * @param {string} folder  '' is the root
   */
  usage(folder) {
    return sumUsage(this.#sizes(), folder);
  }

  * #sizes() {
    for (const [key, { length }] of this.#places) yield /** @type {[string, number]} */ ([key, length]);
  }
}

/** A storage that has such an index of its content, in memory. @abstract */
export class IndexedStorage extends RangeStorage {
  #content;

  /**
   * @param {string} kind
   * @param {string} location
   * @param {{ readonly places: PlaceIndex<any> }} content
   */
  constructor(kind, location, content) {
    super(kind, location);
    this.#content = content;
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return this.#content.places.folders.list(prefix);
  }

  /**
   * Of the values that are there, not of those that they have replaced.
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return this.#content.places.usage(prefix);
  }
}
