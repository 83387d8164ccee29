// SPDX-License-Identifier: MIT
// What a user calls a store, turned into a storage. Those that need Node are imported when they are
// opened, so that a page never loads them.

import { BoresError } from '../core/errors.js';
import { withBrowserErrors } from './base/browser-errors.js';
import { BlobSource, BytesSource } from './base/byte-source.js';
import { CustomStorage } from './base/custom.js';
import { FilesStorage } from './handle/files.js';
import { HandleStorage, fileOf, openPrivate, privateDirectory } from './handle/handle.js';
import { HttpSource } from './http/http-source.js';
import { HttpStorage } from './http/http.js';
import { IndexedDbStorage } from './indexeddb/indexeddb.js';
import { FILE_KEY, asKeyedFile } from './file/keyed-file.js';
import { MemoryStorage } from './memory/memory.js';
import { isNode, loadNode } from '../core/host.js';
import { OpfsStorage, isLog } from './opfs/opfs.js';
import { StorageBase } from './base/storage.js';
import { ZipStorage } from './zip/zip.js';
import { ZipOutputStorage } from './zip/zip-output.js';
import { openWholeFile } from './whole-file.js';

/** @import { ByteSource } from './base/byte-source.js' */
/** @import { HttpOptions } from './http/http-client.js' */
/** @import { PathFile } from './handle/files.js' */
/** @import { Storage } from './base/storage.js' */
/** @typedef {'zarr' | 'hdf5' | 'json' | 'yaml'} Backend */

/**
 * @typedef {object} LocationOptions
 * @property {boolean} [create]      where nothing is, an empty store, made by its first writer
 * @property {boolean} [files]       an HDF5 file too, as the pages in which importRun() keeps one
 * @property {boolean} [truncate]    what is there will be replaced: a zip can be written, too
 * @property {AbortSignal} [signal]  ends the opening
 * @property {HttpOptions} [http]    for what is on a web server
 */

/**
 * A folder of keys, or one file: what stands behind a location. It belongs to the caller, to close.
 * @typedef {{ storage: Storage, source?: undefined }
 *   | { source: ByteSource, storage?: undefined }} Place
 */

const HDF5_SIGNATURE = '\x89HDF\r\n\x1a\n';
/** Where it may be: before it the file is its user's. (HDF5 File Format Specification, II.A) */
const HDF5_STARTS = [0, 512, 1024, 2048];
const FIRST_BYTES = 2048 + HDF5_SIGNATURE.length;
/** Two letters at least: 'C:' is a drive. */
const SCHEME = /^([a-z][a-z0-9+.-]+):(.*)$/is;

/**
 * The storage behind a location.
 *
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Storage>}  the caller's, to close
 * @throws {BoresError} ERR_ARGUMENT for what is no location or no Zarr store, ERR_NOT_FOUND; and
 *   the storage's own errors
 */
export async function openStorage(location, options = {}) {
  return withBrowserErrors(`${describeLocation(location)} cannot be opened`, () => openAny(location, options), options);
}

/**
 * @param {unknown} location
 * @param {LocationOptions} options
 * @returns {Promise<Storage>}
 */
async function openAny(location, options) {
  if (options.truncate && /\.zip$/i.test(nameOf(location))) {
    return ZipOutputStorage.open(await openWholeFile(location, { ...options, create: true }));
  }
  const { storage, source } = await openPlace(location, options);
  if (storage !== undefined) return storage;
  try {
    const backend = detectBackend(source.location, await firstBytes(source, options));
    if (backend === 'hdf5' && options.files) return asKeyedFile(source);
    if (backend !== 'zarr') {
      throw new BoresError('ERR_ARGUMENT',
        `${source.location} looks like ${backend.toUpperCase()}, not like a Zarr store`);
    }
  } catch (error) {
    await source.close();
    throw error;
  }
  return ZipStorage.open(source, options);
}

/**
 * Which of the four formats is at a location: by its name where that tells, else by its first bytes.
 * What is not there yet, and a folder, is Zarr.
 *
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Backend>}
 */
export async function findBackend(location, options) {
  return withBrowserErrors(`${describeLocation(location)} cannot be opened`, () => lookFor(location, options), options);
}

/**
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Backend>}
 */
async function lookFor(location, options) {
  const named = detectBackend(location);
  const tells = named !== 'zarr' || /\.(zarr|zip)\/?$/i.test(nameOf(location));
  if (tells) return named;
  if (typeof location === 'string' && /^(idb|memory):/i.test(location)) {
    return await keepsFile(location, options) ? 'hdf5' : named;
  }
  if (!isFileLike(location)) return named;
  const { storage, source } = await openPlace(location, options);
  try {
    return source ? detectBackend(location, await firstBytes(source, options)) : named;
  } finally {
    await (source ?? storage).close();
  }
}

/**
 * Whether what is kept under a name is an HDF5 file.
 * @param {string} location
 * @param {LocationOptions} [options]
 */
async function keepsFile(location, options) {
  const { storage } = await openPlace(location, { ...options, create: true });
  try {
    return await storage?.get(FILE_KEY, options) !== undefined;
  } finally {
    await storage?.close();
  }
}

/**
 * Whether looking at the first bytes costs next to nothing, and leaves nothing behind.
 * @param {any} location
 */
function isFileLike(location) {
  if (typeof location === 'string') {
    return SCHEME.exec(location) === null ? isNode() : /^file:/i.test(location);
  }
  return location instanceof Blob || location instanceof Uint8Array || location instanceof ArrayBuffer
    || (location instanceof URL && location.protocol === 'file:') || location?.kind === 'file'
    || (Array.isArray(location) && location.length === 1);
}

/**
 * @param {ByteSource} source
 * @param {{ signal?: AbortSignal }} [options]
 */
function firstBytes(source, options) {
  return source.read(0, Math.min(source.size, FIRST_BYTES), options);
}

/**
 * Which of the four formats it is: by its first bytes where they tell, else by its name.
 *
 * @param {unknown} location
 * @param {Uint8Array} [firstBytes]  of a file; 2056 will do
 * @returns {Backend}
 */
export function detectBackend(location, firstBytes) {
  const name = nameOf(location);
  // Not by a TextDecoder: what it calls latin1 is windows-1252, where 0x89 is another character.
  const start = firstBytes && String.fromCharCode(...firstBytes.subarray(0, FIRST_BYTES));
  if (start !== undefined) {
    if (HDF5_STARTS.some((at) => start.startsWith(HDF5_SIGNATURE, at))) return 'hdf5';
    if (/^PK(\x03\x04|\x05\x06)/.test(start)) return 'zarr'; // a zip archive
    if (/^(\xef\xbb\xbf)?\s*[[{]/.test(start) && !/\.ya?ml$/i.test(name)) return 'json';
  }
  if (/\.(h5|hdf5?|he5)$/i.test(name)) return 'hdf5';
  if (/\.json$/i.test(name)) return 'json';
  if (/\.ya?ml$/i.test(name) || /^(%YAML|---\s|- )/.test(start ?? '')) return 'yaml';
  return 'zarr';
}

/**
 * A location that means the same in a worker: what a page writes is relative to the page.
 *
 * @param {unknown} location
 * @returns {unknown}
 */
export function absoluteLocation(location) {
  if (isNode() || typeof location !== 'string' || SCHEME.test(location)) return location;
  return new URL(location, globalThis.document?.baseURI ?? globalThis.location.href).href;
}

/**
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Place>}
 */
export async function openPlace(location, options = {}) {
  options.signal?.throwIfAborted();
  if (typeof location === 'string') return openName(String(absoluteLocation(location)), options);
  if (location instanceof URL) return openName(location.href, options);
  if (location instanceof StorageBase) return { storage: /** @type {any} */ (location) };
  if (location instanceof Uint8Array) return { source: new BytesSource(location) };
  if (location instanceof ArrayBuffer) return { source: new BytesSource(new Uint8Array(location)) };
  if (location instanceof Blob) return { source: new BlobSource(location) };
  if (Array.isArray(location)) return openFiles(location);
  if (location instanceof Map) return { storage: new MemoryStorage(location) };
  if (typeof location === 'object' && location !== null) {
    if ('getDirectoryHandle' in location || 'getFile' in location) {
      return openHandle(/** @type {any} */ (location));
    }
    if ('get' in location && typeof location.get === 'function') {
      return { storage: new CustomStorage(/** @type {any} */ (location)) };
    }
  }
  throw new BoresError('ERR_ARGUMENT',
    `${Object.prototype.toString.call(location)} is not a location`);
}

/**
 * @param {string} name
 * @param {LocationOptions} options
 * @returns {Promise<Place>}
 */
async function openName(name, options) {
  const [, scheme, rest] = SCHEME.exec(name) ?? [];
  switch (scheme?.toLowerCase()) {
    case 'memory': return { storage: MemoryStorage.named(rest) };
    case 'idb': return { storage: await IndexedDbStorage.open(rest, options) };
    case 'opfs': return openOrigin(rest.replace(/^\/+|\/+$/g, ''), options);
    case 'http':
    case 'https': return openUrl(toUrl(name), options);
    case 'file': return openPath(toUrl(name), options);
    case undefined: return openPath(name, options);
    default:
      throw new BoresError('ERR_ARGUMENT',
        `'${name}': there is no kind of location called '${scheme}:'`);
  }
}

/**
 * @param {string} name
 * @throws {BoresError} ERR_ARGUMENT
 */
function toUrl(name) {
  if (URL.canParse(name)) return new URL(name);
  throw new BoresError('ERR_ARGUMENT', `'${name}' is not a URL`);
}

/**
 * A file where the name says so, else a folder: HTTP does not tell.
 *
 * @param {URL} url
 * @param {LocationOptions} options
 * @returns {Promise<Place>}
 */
async function openUrl(url, { http, signal }) {
  const isFile = /\.zip$/i.test(url.pathname) || detectBackend(url.pathname) !== 'zarr';
  if (!isFile) return { storage: new HttpStorage(url, http) };
  return { source: await HttpSource.open(url, { ...http, signal }) };
}

/**
 * @param {string | URL} location
 * @param {LocationOptions} options
 * @returns {Promise<Place>}
 */
async function openPath(location, { create = false }) {
  if (!isNode()) {
    throw new BoresError('ERR_UNSUPPORTED', `'${location}': a page has no access to files by name`);
  }
  const { fs, url } = await loadNode();
  const path = typeof location === 'string' ? location : url.fileURLToPath(location);
  try {
    if (fs.statSync(path, { throwIfNoEntry: false })?.isFile()) {
      const { NodeFileSource } = await import('./node/node-file.js');
      return { source: await NodeFileSource.open(path) };
    }
    const { DirectoryStorage } = await import('./node/node-directory.js');
    const isFolderName = !/\.zip$/i.test(path); // archives are only read
    return { storage: await DirectoryStorage.open(path, { create: create && isFolderName }) };
  } catch (error) {
    throw fromFileSystem(path, error);
  }
}

/** Codes of the file system that say what is wrong; the others are ERR_STORAGE. */
const FILE_CODES = /** @type {Record<string, string>} */ (
  { ENOTDIR: 'ERR_NOT_FOUND', EACCES: 'ERR_PERMISSION', EPERM: 'ERR_PERMISSION' });

/**
 * @param {string} path
 * @param {unknown} error
 */
function fromFileSystem(path, error) {
  const { code, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
  if (syscall === undefined || code === undefined) return error;
  return new BoresError(FILE_CODES[code] ?? 'ERR_STORAGE', `'${path}' cannot be opened: ${code}`,
    { cause: error });
}

/**
 * A file, a log of ours, or a directory with a file for each key.
 *
 * @param {string} path
 * @param {LocationOptions} options
 * @returns {Promise<Place>}
 */
async function openOrigin(path, { create = false, signal }) {
  const location = `opfs:${path}`;
  const handle = await openPrivate(path).catch((error) => {
    if (!create || error.code !== 'ERR_NOT_FOUND') throw error;
  });
  if (handle !== undefined) {
    const isOurs = handle.kind === 'directory' && await isLog(handle, { orEmpty: create });
    if (!isOurs) return openHandle(handle, location);
  }
  const find = (/** @type {boolean} */ make) => privateDirectory(path, make);
  return { storage: await OpfsStorage.open(find, location, { signal }) };
}

/**
 * @param {FileSystemDirectoryHandle | FileSystemFileHandle} handle
 * @param {string} [location]
 * @returns {Promise<Place>}
 */
async function openHandle(handle, location = handle.name) {
  if (handle.kind === 'file') return { source: new BlobSource(await fileOf(handle)) };
  return { storage: await HandleStorage.open(handle, location) };
}

/**
 * @param {(File | PathFile)[]} files
 * @returns {Promise<Place>}
 */
async function openFiles(files) {
  const [only] = files;
  if (only === undefined) {
    throw new BoresError('ERR_ARGUMENT', 'an empty list of files is not a location');
  }
  if (files.length > 1 || 'path' in only || only.webkitRelativePath) {
    return { storage: new FilesStorage(files) };
  }
  return { source: new BlobSource(only) };
}

/**
 * What a location is called, as far as it has a name.
 * @param {unknown} location
 */
function nameOf(location) {
  if (typeof location === 'string') {
    return /^https?:/i.test(location) ? location.replace(/[?#].*$/, '') : location;
  }
  if (location instanceof URL) return location.pathname;
  const { name } = /** @type {{ name?: unknown }} */ (location ?? {});
  return typeof name === 'string' ? name : '';
}

/**
 * What messages call a location.
 * @param {any} location
 */
export function describeLocation(location) {
  if (typeof location === 'string') return location;
  if (location instanceof URL) return location.href;
  if (Array.isArray(location)) return `${location.length} files`;
  if (ArrayBuffer.isView(location)) return `${location.byteLength} bytes in memory`;
  return typeof location?.name === 'string' && location.name !== '' ? location.name
    : typeof location?.location === 'string' ? location.location : 'a custom storage';
}
