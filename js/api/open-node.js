// SPDX-License-Identifier: MIT
// openNode: any group or array of any Zarr hierarchy, BORES's or not.

import { BoresError } from '../core/errors.js';
import { unpackTree } from '../core/pack.js';
import { backendOf } from './backends.js';
import { findBackend } from './location.js';
import { normalizeSlice } from './slices.js';
import { readTree } from './tree.js';

/**
 * @import { NdArray } from './nd-array.js'
 * @import { SessionLike } from './session.js'
 * @import { SliceItem } from './slices.js'
 * @typedef {{ signal?: AbortSignal, slice?: readonly SliceItem[] }} NodeReadOptions
 */

/**
 * @param {unknown} location
 * @param {string} [path]  '/'-joined, '' is the root
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<Node>}
 * @throws {BoresError} ERR_NOT_FOUND naming the path, ERR_METADATA, ERR_UNSUPPORTED
 */
export async function openNode(location, path = '', options = {}) {
  const session = await backendOf(await findBackend(location, options)).open(location, options);
  try {
    return await Node.open(session, normalizePath(path), options);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** A group or an array. Nodes opened from one another share a connection; close() any of them. */
export class Node {
  #session;
  #document;

  /**
   * @param {SessionLike} session
   * @param {string} path
   * @param {{ signal?: AbortSignal }} [options]
   */
  static async open(session, path, options) {
    return new Node(session, path, readTree(await session.run('node', { path }, options)));
  }

  /**
   * @param {SessionLike} session
   * @param {string} path
   * @param {any} document
   */
  constructor(session, path, document) {
    this.#session = session;
    this.#document = document;
    this.path = path;
    /** @type {'group' | 'array'} */ this.kind = document.kind;
    /** @type {Record<string, any>} */ this.attributes = document.attributes;
    /** @type {2 | 3} */ this.zarrFormat = document.zarr_format;
  }

  /** The members below are undefined for groups. @returns {number[]} */
  get shape() { return this.#document.shape; }

  /** NumPy type string, as stored. @returns {string} */
  get dtype() { return this.#document.dtype; }

  /** @returns {number[]} */
  get chunks() { return this.#document.chunks; }

  /** Always null in Zarr version 2. @returns {number[] | null} */
  get shards() { return null; }

  /** As it stands in the metadata: numbers, 'NaN', null… @returns {unknown} */
  get fillValue() { return this.#document.fill_value; }

  /** @returns {'C' | 'F'} */
  get order() { return this.#document.order; }

  /** Always null in Zarr version 2. @returns {string[] | null} */
  get dimensionNames() { return null; }

  /** The compressor's configuration. @returns {Record<string, any> | null} */
  get compressor() { return this.#document.compressor; }

  /** @returns {Record<string, any>[] | null} */
  get filters() { return this.#document.filters; }

  /**
   * @param {string} relativePath
   * @param {{ signal?: AbortSignal }} [options]
   */
  async open(relativePath, options) {
    const path = normalizePath(relativePath);
    return Node.open(this.#session, this.path && path ? `${this.path}/${path}` : this.path || path,
      options);
  }

  /**
   * Groups and arrays one level below, opened.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {AsyncGenerator<Node, void, void>}
   */
  async* children(options) {
    if (this.kind === 'array') return;
    const children = readTree(await this.#session.run('children', { path: this.path }, options));
    for (const { name } of children) yield this.open(name, options);
  }

  /**
   * Numbers as typed arrays; f2 widened to Float32Array, strings as `string[]`.
   * @param {NodeReadOptions} [options]
   * @returns {Promise<NdArray<any>>}
   */
  async read(options) {
    return readTree(await this.#read(options));
  }

  /**
   * The elements little-endian in C order, exactly as stored.
   * @param {NodeReadOptions} [options]
   * @returns {Promise<{ bytes: Uint8Array, shape: number[], dtype: string }>}
   */
  async readBytes(options) {
    const result = unpackTree(await this.#read(options), ({ buffer, shape }) =>
      ({ bytes: new Uint8Array(buffer), shape }));
    return { .../** @type {{ bytes: Uint8Array, shape: number[] }} */ (result),
      dtype: this.dtype.replace('>', '<') };
  }

  /** @param {NodeReadOptions} [options] */
  async #read({ slice, signal } = {}) {
    if (this.kind !== 'array') {
      throw new BoresError('ERR_ARGUMENT', `'${this.path}' is a group, not an array`,
        { path: this.path });
    }
    return this.#session.run('array', { path: this.path, slice: normalizeSlice(slice) },
      { signal });
  }

  async close() {
    await this.#session.close();
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/** @param {string} path */
function normalizePath(path) {
  return path.replace(/^\/+|\/+$/g, '');
}
