// SPDX-License-Identifier: MIT
// Where one file is: what it holds now, whether that has changed, and something else in its place.
// A store of a single file is written whole, so a place has no more to offer.

import { BoresError } from '../core/errors.js';
import { fromBrowser, isBrowsers, withBrowserErrors } from './base/browser-errors.js';
import { BlobSource, BytesSource } from './base/byte-source.js';
import { fileOf, privateDirectory } from './handle/handle.js';
import { loadNode } from '../core/host.js';
import { quotaError } from './base/quota.js';
import { randomId } from './base/random-id.js';
import { whenReleased } from './base/retrying.js';
import { MEDIA, pathOf } from './media.js';
import { describeLocation, parseLocation } from './parse-location.js';

/**
 * @import { ByteSource } from './base/byte-source.js'
 * @import { Sink } from './node/file-swap.js'
 * @import { Storage } from './base/storage.js'
 * @import { LocationOptions } from './media.js'
 *
 * @typedef {object} WholeFile
 * @property {string} kind
 * @property {string} location
 * @property {() => Promise<string | undefined>} version  another text when the content is
 *   another; undefined when that cannot be told
 * @property {() => Promise<ByteSource | undefined>} source  the content as it is now, the caller's to
 *   close; undefined: there is no file
 * @property {(() => Promise<Sink>)} [replace]  absent: it is only read
 * @property {() => Promise<void>} close
 */

/** The keys of a file's bytes where a storage keeps values by key, and of a text that changes with it. */
export const CONTENT = 'content';
const VERSION = 'version';

/**
 * @param {unknown} location
 * @param {LocationOptions} [options]  create: an absent file counts as an empty one
 * @returns {Promise<WholeFile>}
 * @throws {BoresError} ERR_NOT_FOUND, ERR_ARGUMENT, and what opening throws
 */
export async function openWholeFile(location, options = {}) {
  return withBrowserErrors(`${describeLocation(location)} cannot be opened`, () => openAny(location, options), options);
}

/**
 * @param {unknown} location
 * @param {LocationOptions} options
 * @returns {Promise<WholeFile>}
 */
async function openAny(location, options) {
  options.signal?.throwIfAborted();
  const parsed = parseLocation(location);
  const { kind, value } = parsed;
  if (kind === 'path') return NodePlace.open(await pathOf(parsed), options);
  if (kind === 'opfs') return PrivatePlace.open(parsed.name, options);
  if (kind === 'handle' && value.kind === 'file') return new HandlePlace(value);
  const place = await MEDIA[kind].open(parsed, options);
  if (place.source) return new FixedPlace(place.source);
  return StoragePlace.open(place.storage, options);
}

/**
 * @param {string} location
 */
function absent(location) {
  return new BoresError('ERR_NOT_FOUND', `there is no file '${location}'`);
}

/** A file of Node's. @implements {WholeFile} */
class NodePlace {
  kind = 'file';
  #fs;

  /**
   * @param {string} name
   * @param {LocationOptions} options
   */
  static async open(name, { create = false }) {
    const { fs, path } = await loadNode();
    const file = path.resolve(name);
    const place = new NodePlace(fs, file);
    if (!create && await place.version() === undefined) throw absent(file);
    return place;
  }

  /**
   * @param {import('../core/host.js').Node['fs']} fs
   * @param {string} file
   */
  constructor(fs, file) {
    this.#fs = fs;
    this.location = file;
  }

  async version() {
    const stat = this.#fs.statSync(this.location, { throwIfNoEntry: false, bigint: true });
    return stat && `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
  }

  async source() {
    const { NodeFileSource } = await import('./node/node-file.js');
    return NodeFileSource.open(this.location).catch((error) => {
      if (error.code === 'ERR_NOT_FOUND') return undefined;
      throw error;
    });
  }

  async replace() {
    const { FileSwap } = await import('./node/file-swap.js');
    return FileSwap.open(this.location);
  }

  async close() {}
}

/**
 * A file behind a handle: the browser writes beside it and swaps the two when the stream is closed
 * (File System Standard, "FileSystemWritableFileStream").
 * @implements {WholeFile}
 */
class HandlePlace {
  kind = 'handle';
  #handle;

  /**
   * @param {FileSystemFileHandle} handle
   * @param {string} [location]
   */
  constructor(handle, location = handle.name) {
    this.#handle = handle;
    this.location = location;
  }

  async version() {
    const { size, lastModified } = await fileOf(this.#handle);
    return `${size}:${lastModified}`;
  }

  async source() {
    return new BlobSource(await fileOf(this.#handle), this.location);
  }

  async replace() {
    return handleSink(this.#handle, this.location);
  }

  async close() {}
}

/**
 * A file of the origin-private file system, which may not be there yet.
 * @implements {WholeFile}
 */
class PrivatePlace {
  kind = 'opfs';
  #folder;
  #name;

  /**
   * @param {string} path
   * @param {LocationOptions} options
   */
  static async open(path, { create = false }) {
    const names = path.split('/').filter((name) => name !== '');
    const place = new PrivatePlace(names.slice(0, -1).join('/'), names[names.length - 1] ?? '');
    if (!create && await place.version() === undefined) throw absent(place.location);
    return place;
  }

  /**
   * @param {string} folder
   * @param {string} name
   */
  constructor(folder, name) {
    if (name === '') throw new BoresError('ERR_ARGUMENT', 'opfs: names no file');
    this.#folder = folder;
    this.#name = name;
    this.location = `opfs:${folder === '' ? '' : `${folder}/`}${name}`;
  }

  async version() {
    const handle = await this.#handle(false);
    return handle && new HandlePlace(handle).version();
  }

  async source() {
    const handle = await this.#handle(false);
    return handle && new HandlePlace(handle, this.location).source();
  }

  async replace() {
    const handle = /** @type {FileSystemFileHandle} */ (await this.#handle(true));
    return handleSink(handle, this.location);
  }

  async close() {}

  /** @param {boolean} create */
  async #handle(create) {
    const folder = await privateDirectory(this.#folder, create);
    try {
      return await folder?.getFileHandle(this.#name, { create });
    } catch (cause) {
      const { name } = /** @type {DOMException} */ (cause);
      if (name === 'NotFoundError') return undefined;
      throw name === 'TypeMismatchError'
        ? new BoresError('ERR_ARGUMENT', `${this.location} is a folder, not a file`)
        : new BoresError('ERR_STORAGE', `${this.location} cannot be opened: ${name}`, { cause });
    }
  }
}

/**
 * @param {FileSystemFileHandle} handle
 * @param {string} location
 * @returns {Promise<Sink>}
 */
async function handleSink(handle, location) {
  const attempt = async (/** @type {() => Promise<any>} */ run) => {
    try {
      return await run();
    } catch (cause) {
      const what = `${location} cannot be written`;
      if (isBrowsers(cause) && cause.name === 'QuotaExceededError') throw await quotaError(what, { cause });
      if (isBrowsers(cause)) throw fromBrowser(cause, what);
      throw new BoresError('ERR_STORAGE', `${what}: ${/** @type {Error} */ (cause).message}`, { cause });
    }
  };
  if (typeof handle.createWritable !== 'function') {
    throw new BoresError('ERR_UNSUPPORTED',
      `${location}: this browser cannot write files of its user`);
  }
  /** @type {FileSystemWritableFileStream | undefined} */
  let stream = await attempt(() => whenReleased(() => handle.createWritable()));
  return {
    write: (bytes) => attempt(async () => stream?.write(/** @type {any} */ (bytes))),
    commit: async () => {
      const closing = stream;
      stream = undefined;
      await attempt(async () => closing?.close());
    },
    abort: async () => {
      await stream?.abort().catch(() => undefined);
      stream = undefined;
    },
  };
}

/** What was handed to us as it is. @implements {WholeFile} */
class FixedPlace {
  kind = 'file';
  #source;

  /** @param {ByteSource} source  ours to close */
  constructor(source) {
    this.#source = source;
    this.location = source.location;
  }

  async version() {
    return 'fixed';
  }

  async source() {
    const source = this.#source;
    const { location, size, readSync } = source;
    return { location, size, read: source.read.bind(source), close: async () => {},
      ...(readSync && { readSync: readSync.bind(source) }) };
  }

  async close() {
    await this.#source.close();
  }
}

/**
 * A value in a storage that commits at once what belongs together (`memory:`, `idb:`).
 * @implements {WholeFile}
 */
class StoragePlace {
  #storage;

  /**
   * @param {Storage} storage  ours to close
   * @param {LocationOptions} options
   */
  static async open(storage, { create = false }) {
    const place = new StoragePlace(storage);
    const file = create ? undefined : await place.source();
    if (!create && file === undefined) {
      await storage.close();
      throw absent(storage.location);
    }
    return place;
  }

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    this.kind = storage.kind;
    this.location = storage.location;
    if (!storage.openWriter) this.replace = undefined;
  }

  async version() {
    await this.#storage.refresh?.();
    const version = await this.#storage.get(VERSION);
    return version && new TextDecoder().decode(version);
  }

  async source() {
    await this.#storage.refresh?.();
    const bytes = await this.#storage.get(CONTENT);
    return bytes && new BytesSource(bytes, this.location);
  }

  /** @type {WholeFile['replace']} */
  replace = async () => {
    const writer = await /** @type {Required<Storage>} */ (this.#storage).openWriter({});
    /** @type {Uint8Array[]} */
    let pieces = [];
    const end = async () => {
      pieces = [];
      await writer.close();
    };
    return {
      write: async (bytes) => { pieces.push(bytes.slice()); },
      commit: async () => {
        try {
          const content = new Uint8Array(await new Blob(/** @type {any} */ (pieces)).arrayBuffer());
          const version = new TextEncoder().encode(randomId());
          await writer.commit({ puts: [[CONTENT, content], [VERSION, version]] });
        } finally {
          await end();
        }
      },
      abort: end,
    };
  };

  async close() {
    await this.#storage.close();
  }
}
