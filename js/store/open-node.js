// SPDX-License-Identifier: MIT
// openNode: any group or array of any Zarr hierarchy or HDF5 file, BORES's or not.

import { BoresError } from '../core/errors.js';
import { unpackTree } from '../core/pack.js';
import { findBackend } from '../storage/location.js';
import { NdArray } from '../values/nd-array.js';
import { normalizeSlice } from '../values/slices.js';
import { openSession } from './store-connection.js';
import { readTree } from '../values/tree.js';

/**
 * @import { SessionLike } from '../formats/zarr/session.js'
 * @import { SliceItem } from '../values/slices.js'
 * @typedef {{ signal?: AbortSignal, slice?: readonly SliceItem[] }} NodeReadOptions
 * @typedef {{ backend?: 'zarr' | 'hdf5', worker?: boolean | 'auto', http?: object,
 *   signal?: AbortSignal }} OpenNodeOptions
 *
 * What is below a group, by name. In HDF5 also named types, and links: `target` says where one leads,
 * `file` into which file; a link whose end is there has the kind of that.
 * `address` is the same for hard links to the same object.
 * @typedef {{ name: string, kind: 'group' | 'array' | 'type' | 'soft' | 'external', address?: string,
 *   target?: string, file?: string }} Member
 */

/**
 * @param {unknown} location
 * @param {string} [path]  '/'-joined, '' is the root
 * @param {OpenNodeOptions} [options]  worker: read in a worker, false by default
 * @returns {Promise<Node>}
 * @throws {BoresError} ERR_NOT_FOUND naming the path, ERR_METADATA, ERR_CORRUPT, ERR_UNSUPPORTED
 */
export async function openNode(location, path = '', { backend, worker = false, ...options } = {}) {
  const session = await openSession(backend ?? await findBackend(location, options), location,
    { ...options, worker });
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
    /** Undefined for HDF5. @type {2 | 3 | undefined} */ this.zarrFormat = document.zarr_format;
  }

  /** The members below are undefined for groups. @returns {number[]} */
  get shape() { return this.#document.shape; }

  /** How far an HDF5 array may grow, null without end. @returns {(number | null)[] | undefined} */
  get maxShape() { return this.#document.maxshape; }

  /** NumPy type string, as stored; of HDF5 also 'str', 'compound', 'vlen', 'reference'. @returns {string} */
  get dtype() { return this.#document.dtype; }

  /** HDF5's type, as a tree: class, size, order, members… Undefined for Zarr. @returns {any} */
  get type() { return this.#document.type; }

  /** @returns {number[]} */
  get chunks() { return this.#document.chunks; }

  /** Always null in Zarr version 2 and HDF5. @returns {number[] | null} */
  get shards() { return null; }

  /** As it stands in the metadata: numbers, 'NaN', null… @returns {unknown} */
  get fillValue() { return this.#document.fill_value; }

  /** @returns {'C' | 'F'} */
  get order() { return this.#document.order ?? 'C'; }

  /** Names that an HDF5 array's dimension scales have; null in Zarr version 2. @returns {string[] | null} */
  get dimensionNames() { return this.#document.dimension_names ?? null; }

  /** The compressor's configuration; null in HDF5, which has filters only. @returns {Record<string, any> | null} */
  get compressor() { return this.#document.compressor ?? null; }

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
    for (const { name, kind } of await this.members(options)) {
      if (kind === 'group' || kind === 'array') yield this.open(name, options);
    }
  }

  /**
   * What is below a group, not opened; nothing is below an array.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<Member[]>}
   */
  async members(options) {
    if (this.kind !== 'group') return [];
    return readTree(await this.#session.run('children', { path: this.path }, options));
  }

  /**
   * Numbers as typed arrays; f2 widened to Float32Array, strings as `string[]`, compound as records,
   * variable-length values as lists, references as `{ ref: path }`. What has no elements is null.
   * @param {NodeReadOptions} [options]
   * @returns {Promise<NdArray<any>>}
   */
  async read(options) {
    const value = readTree(await this.#read('array', options));
    return typeof value?.ndarray === 'string' ? new NdArray(value.data, value.shape, value.ndarray) : value;
  }

  /**
   * The elements little-endian in C order, exactly as stored, those of HDF5 packed.
   * @param {NodeReadOptions} [options]
   * @returns {Promise<{ bytes: Uint8Array, shape: number[], dtype: string }>}
   */
  async readBytes(options) {
    if (this.zarrFormat === undefined) {
      const { bytes, shape, dtype } = readTree(await this.#read('bytes', options));
      return { bytes: bytes.data, shape: [...shape], dtype };
    }
    const result = unpackTree(await this.#read('array', options), ({ buffer, shape }) =>
      ({ bytes: new Uint8Array(buffer), shape }));
    return { .../** @type {{ bytes: Uint8Array, shape: number[] }} */ (result),
      dtype: this.dtype.replace('>', '<') };
  }

  /**
   * @param {'array' | 'bytes'} operation
   * @param {NodeReadOptions} [options]
   */
  async #read(operation, { slice, signal } = {}) {
    if (this.kind !== 'array') {
      throw new BoresError('ERR_ARGUMENT', `'${this.path}' is a group, not an array`,
        { path: this.path });
    }
    return this.#session.run(operation, { path: this.path, slice: normalizeSlice(slice) }, { signal });
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
