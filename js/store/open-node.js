// SPDX-License-Identifier: MIT
// openNode: any group or array of any Zarr hierarchy or HDF5 file, BORES's or not.

import { BoresError } from '../core/errors.js';
import { checkArgument } from '../core/options.js';
import { unpackTree } from '../core/pack.js';
import { backendOf } from '../formats/backends.js';
import { findBackend } from '../storage/location.js';
import { describeLocation } from '../storage/parse-location.js';
import { NdArray } from '../values/nd-array.js';
import { normalizeSlice } from '../values/slices.js';
import { checkCall } from './known-options.js';
import { openSession } from './store-connection.js';
import { readTree } from '../values/tree.js';

/**
 * @import { Session } from '../formats/session.js'
 * @import { SliceItem } from '../values/slices.js'
 * @typedef {{ signal?: AbortSignal, slice?: readonly SliceItem[] }} NodeReadOptions
 * @typedef {{ backend?: 'zarr' | 'hdf5' | 'eclipse', worker?: boolean | 'auto', http?: object,
 *   s3?: object, signal?: AbortSignal }} OpenNodeOptions
 *
 * What is below a group, by name. In HDF5 also named types, and links: `target` says where one leads,
 * `file` into which file; a link whose end is there has the kind of that, 'lost' is what cannot be read.
 * `address` is the same for hard links to the same object.
 * @typedef {{ name: string, kind: 'group' | 'array' | 'type' | 'soft' | 'external' | 'lost', address?: string,
 *   target?: string, file?: string }} Member
 */

/**
 * @param {unknown} location
 * @param {string} [path]  '/'-joined, '' is the root
 * @param {OpenNodeOptions} [given]  worker: read in a worker, false by default
 * @returns {Promise<Node>}
 * @throws {BoresError} ERR_NOT_FOUND naming the path, ERR_METADATA, ERR_CORRUPT, ERR_UNSUPPORTED
 */
export async function openNode(location, path = '', given = {}) {
  checkArgument('openNode()', 'path', path, 'text');
  checkCall('openNode()', given);
  const { backend: named, worker = false, ...options } = given;
  const backend = named ?? await findBackend(location, options);
  if (!backendOf(backend).hasNodes) {
    throw new BoresError('ERR_UNSUPPORTED', `${describeLocation(location)} is ${backend}: it has entries, but no `
      + 'groups and arrays to be opened');
  }
  const session = await openSession(backend, location, { ...options, worker });
  try {
    return await Node.open(session, normalizePath(path), options);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The connection of a node, for what is no method of it. @type {(node: Node) => Session} */
export let sessionOf;

/**
 * A group or an array, or what children() says. Nodes opened from one another share a connection; close()
 * any of them.
 */
export class Node {
  #session;
  #document;

  static {
    sessionOf = (node) => node.#session;
  }

  /**
   * @param {Session} session
   * @param {string} path
   * @param {{ signal?: AbortSignal }} [options]
   */
  static async open(session, path, options) {
    return new Node(session, path, readTree(await session.run('node', { path }, options)));
  }

  /**
   * @param {Session} session
   * @param {string} path
   * @param {any} document
   * @param {BoresError} [error]  why it cannot be opened
   */
  constructor(session, path, document, error) {
    this.#session = session;
    this.#document = document;
    this.path = path;
    /** Why it cannot be opened: its metadata are damaged. */ this.error = error;
    /** Links are those that lead nowhere. @type {Member['kind']} */ this.kind = document.kind;
    /** Where a link leads. @type {string | undefined} */ this.target = document.target;
    /** Into which file. @type {string | undefined} */ this.file = document.file;
    /** @type {Record<string, any>} */ this.attributes = document.attributes;
    /** Undefined for HDF5. @type {2 | 3 | undefined} */ this.zarrFormat = document.zarr_format;
  }

  /**
   * The last part of the path; of a keyword of ECLIPSE's that comes again without its number. '' of the root.
   * @returns {string}
   */
  get name() {
    return this.#document.name ?? this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  /** The members below are undefined for groups. @returns {number[]} */
  get shape() { return this.#document.shape; }

  /** How far an HDF5 array may grow, null without end. @returns {(number | null)[] | undefined} */
  get maxShape() { return this.#document.maxshape; }

  /**
   * NumPy type string, as stored; of HDF5 and Zarr version 3 also 'str', 'bytes', 'compound', 'vlen',
   * 'reference'; of structured arrays of version 2 NumPy's list of fields; null where it is not known.
   * @returns {any}
   */
  get dtype() { return this.#document.dtype; }

  /** HDF5's type, as a tree: class, size, order, members… Undefined for Zarr. @returns {any} */
  get type() { return this.#document.type; }

  /** @returns {number[]} */
  get chunks() { return this.#document.chunks; }

  /** The shape of shards, null where chunks are stored on their own. @returns {number[] | null} */
  get shards() { return this.#document.shards ?? null; }

  /** Of Zarr version 3, as they stand in the metadata; undefined else. @returns {any[] | undefined} */
  get codecs() { return this.#document.codecs; }

  /** As it stands in the metadata: numbers, 'NaN', null… @returns {unknown} */
  get fillValue() { return this.#document.fill_value; }

  /** @returns {'C' | 'F'} */
  get order() { return this.#document.order ?? 'C'; }

  /**
   * Names of the axes (an HDF5 array's dimension scales); null in Zarr version 2.
   * @returns {(string | null)[] | null}
   */
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
    checkArgument('open()', 'relativePath', relativePath, 'text');
    checkCall('open()', options);
    const path = normalizePath(relativePath);
    return Node.open(this.#session, this.path && path ? `${this.path}/${path}` : this.path || path,
      options);
  }

  /**
   * All that is one level below: groups and arrays, opened, and of HDF5 also named types and links that
   * lead nowhere, as what they are. One that cannot be opened has its error in `error`, with which
   * reading it fails, too; the others, and what is below a damaged group, are not kept from coming.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {AsyncGenerator<Node, void, void>}
   */
  async* children(options) {
    for (const member of await this.members(options)) yield await this.openMember(member, options);
  }

  /**
   * One of what members() lists, as children() yields it.
   * @param {Member} member
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<Node>}
   */
  async openMember({ name, kind, target, file }, options) {
    const path = this.path === '' ? name : `${this.path}/${name}`;
    const document = { kind, attributes: {} };
    if (kind === 'type' || kind === 'soft' || kind === 'external') {
      return new Node(this.#session, path, { ...document, target, file });
    }
    try {
      return await Node.open(this.#session, path, options);
    } catch (error) {
      options?.signal?.throwIfAborted();
      if (!(error instanceof BoresError) || error.code === 'ERR_CLOSED') throw error;
      return new Node(this.#session, path, document, error);
    }
  }

  /**
   * What is below a group, not opened; nothing is below an array.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<Member[]>}
   */
  async members(options) {
    checkCall('members()', options);
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
    checkCall('read()', options);
    const value = readTree(await this.#read('array', options));
    if (typeof value?.ndarray !== 'string') return value;
    const data = this.zarrFormat === undefined ? value.data : value.data.map(plainBytes);
    return new NdArray(data, value.shape, value.ndarray);
  }

  /**
   * The elements little-endian in C order, exactly as stored, those of HDF5 packed.
   * @param {NodeReadOptions} [options]
   * @returns {Promise<{ bytes: Uint8Array, shape: number[], dtype: string }>}
   */
  async readBytes(options) {
    checkCall('readBytes()', options);
    if (this.zarrFormat === undefined) {
      const { bytes, shape, dtype } = readTree(await this.#read('bytes', options));
      return { bytes: bytes.data, shape: [...shape], dtype };
    }
    const result = unpackTree(await this.#read('array', { ...options, raw: true }),
      ({ buffer, shape }) => ({ bytes: new Uint8Array(buffer), shape }));
    return { .../** @type {{ bytes: Uint8Array, shape: number[] }} */ (result),
      dtype: littleEndian(this.dtype) };
  }

  /**
   * @param {'array' | 'bytes'} operation
   * @param {NodeReadOptions & { raw?: boolean }} [options]
   */
  async #read(operation, { slice, signal, raw } = {}) {
    if (this.error) throw this.error;
    if (this.kind !== 'array') {
      const what = { group: 'a group', type: 'a named type', soft: 'a link that leads nowhere',
        external: 'a link to another file', lost: 'lost' }[this.kind];
      throw new BoresError('ERR_ARGUMENT', `'${this.path}' is ${what}, not an array`,
        { path: this.path });
    }
    return this.#session.run(operation, { path: this.path, slice: normalizeSlice(slice),
      ...(this.zarrFormat && { version: this.zarrFormat }), ...(raw && { raw }) }, { signal });
  }

  async close() {
    await this.#session.close();
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/**
 * Bytes of any length are arrays of bytes below, and plain bytes to who reads them.
 * @param {unknown} value
 */
function plainBytes(value) {
  return value instanceof NdArray && value.dtype === 'uint8' ? value.data : value;
}

/**
 * A type string, or a list of fields, as the elements are that are handed out.
 * @param {any} dtype
 * @returns {any}
 */
function littleEndian(dtype) {
  if (Array.isArray(dtype)) {
    return dtype.map(([name, type, ...shape]) => [name, littleEndian(type), ...shape]);
  }
  return typeof dtype === 'string' ? dtype.replace('>', '<') : dtype;
}

/** @param {string} path */
function normalizePath(path) {
  return path.replace(/^\/+|\/+$/g, '');
}
