// SPDX-License-Identifier: MIT
// The files of a run that are values of a storage, as a browser keeps a copy of dropped files.

import { assertInside } from '../../storage/base/byte-source.js';
import { openPlace } from '../../storage/media.js';
import { meaningOf } from './eclipse-names.js';

/**
 * @import { ByteSource } from '../../storage/base/byte-source.js'
 * @import { Storage } from '../../storage/base/storage.js'
 * @import { LocationOptions } from '../../storage/media.js'
 * @typedef {import('./eclipse-files.js').Found} Found
 * @typedef {Storage & { size?: (key: string) => Promise<number | undefined> }} Sized
 */

/** Folders within folders that are looked into. */
const DEPTH = 3;

/**
 * @param {import('../../storage/parse-location.js').ParsedLocation} parsed
 * @param {LocationOptions} options
 * @returns {Promise<{ files: Found[] }>}
 */
export async function findKept({ value }, options) {
  const { storage } = await openPlace(value, options);
  if (!storage) return { files: [] };
  const keys = (await keysOf(storage, options)).filter((key) => meaningOf(key));
  if (keys.length === 0) await storage.close();
  let open = 0;
  const close = async () => {
    open -= 1;
    if (open === 0) await storage.close();
  };
  return { files: keys.map((key) => ({
    name: key.split('/').at(-1) ?? key,
    open: async () => {
      open += 1;
      return new KeySource(storage, key, await sizeOf(storage, key, options), close);
    },
  })) };
}

/**
 * @param {Storage} storage
 * @param {LocationOptions} options
 * @param {string} [folder]
 * @param {number} [depth]
 * @returns {Promise<string[]>}
 */
async function keysOf(storage, options, folder = '', depth = DEPTH) {
  const names = await storage.list?.(folder, options) ?? [];
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = names.map((name) => (!name.endsWith('/') ? [`${prefix}${name}`]
    : depth > 0 ? keysOf(storage, options, `${prefix}${name.slice(0, -1)}`, depth - 1) : []));
  return (await Promise.all(below)).flat();
}

/** @param {Sized} storage @param {string} key @param {LocationOptions} options */
async function sizeOf(storage, key, options) {
  return await storage.size?.(key) ?? (await storage.get(key, options))?.length ?? 0;
}

/** @implements {ByteSource} */
class KeySource {
  #storage;
  #key;
  #close;
  #closed = false;

  /** @param {Storage} storage @param {string} key @param {number} size @param {() => Promise<void>} close */
  constructor(storage, key, size, close) {
    this.#storage = storage;
    this.#key = key;
    this.#close = close;
    this.size = size;
    this.location = `${storage.location}/${key}`;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {import('../../storage/base/storage.js').ReadOptions} [options]
   */
  async read(offset, length, options) {
    assertInside(this, offset, length);
    if (length === 0) return new Uint8Array(0);
    const bytes = this.#storage.getRange
      ? await this.#storage.getRange(this.#key, { offset, length }, options)
      : (await this.#storage.get(this.#key, options))?.subarray(offset, offset + length);
    assertInside({ location: this.location, size: bytes?.length ?? 0 }, 0, length);
    return /** @type {Uint8Array} */ (bytes);
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    await this.#close();
  }
}
