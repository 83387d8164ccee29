// SPDX-License-Identifier: MIT
// The media there are: what opens a location of each kind, as keys or a file to be read, and as a place of
// one file. A medium is added here. Those that need Node are imported when they are opened, so that a
// page never loads them.

import { BoresError } from '../core/errors.js';
import { isNode, loadNode } from '../core/host.js';
import { takeCredentials } from '../core/secrets.js';
import { BlobSource, BytesSource } from './base/byte-source.js';
import { CustomStorage } from './base/custom.js';
import { detectBackend } from './detect-format.js';
import { SourcePlace } from './file/file-place.js';
import { KeyedFilePlace } from './file/keyed-file.js';
import { FilesStorage } from './handle/files.js';
import { HandleStorage, fileOf, openPrivate, privateDirectory } from './handle/handle.js';
import { HttpFilePlace } from './http/http-file-place.js';
import { HttpSource } from './http/http-source.js';
import { HttpStorage } from './http/http.js';
import { IndexedDbStorage } from './indexeddb/indexeddb.js';
import { MemoryStorage } from './memory/memory.js';
import { OpfsFilePlace } from './opfs/opfs-file-place.js';
import { OpfsStorage, isLog } from './opfs/opfs.js';
import { SCHEME, parseLocation, toUrl } from './parse-location.js';

/**
 * @import { ByteSource } from './base/byte-source.js'
 * @import { Storage } from './base/storage.js'
 * @import { FilePlace } from './file/file-place.js'
 * @import { PathFile } from './handle/files.js'
 * @import { HttpOptions } from './http/http-client.js'
 * @import { S3Options } from './s3/s3-bucket.js'
 * @import { LocationKind, ParsedLocation } from './parse-location.js'
 *
 * @typedef {object} LocationOptions
 * @property {boolean} [create]      where nothing is, an empty store, made by its first writer
 * @property {boolean} [files]       an HDF5 file too, as the pages in which importRun() keeps one
 * @property {boolean} [truncate]    what is there will be replaced: a zip can be written, too
 * @property {AbortSignal} [signal]  ends the opening
 * @property {HttpOptions} [http]    for what is on a web server
 * @property {S3Options} [s3]        of a bucket: endpoint, region and keys
 *
 * A folder of keys, or one file: what stands behind a location. It belongs to the caller, to close.
 * @typedef {{ storage: Storage, source?: undefined }
 *   | { source: ByteSource, storage?: undefined }} Place
 *
 * @typedef {object} Medium
 * @property {(parsed: ParsedLocation, options: LocationOptions) => Place | Promise<Place>} open
 * @property {(parsed: ParsedLocation, options: LocationOptions) => Promise<FilePlace>} [file]  where one file
 *   has a way of its own; else it is made over what open() gives
 */

/** @type {Record<LocationKind, Medium>} */
export const MEDIA = {
  memory: { open: ({ name }) => ({ storage: MemoryStorage.named(name) }) },
  idb: { open: async ({ name }, options) => ({ storage: await IndexedDbStorage.open(name, options) }) },
  opfs: { open: openOrigin, file: originFile },
  http: { open: openUrl, file: ({ text }, options) => HttpFilePlace.open(text, options) },
  s3: { open: openBucket, file: async ({ text }, options) => (await loadS3()).openS3File(text, options) },
  path: { open: openPath, file: pathFile },
  bytes: { open: ({ value }) => ({ source: new BytesSource(value instanceof Uint8Array ? value
    : new Uint8Array(value)) }) },
  blob: { open: ({ value }) => ({ source: new BlobSource(value) }) },
  files: { open: ({ value }) => openFiles(value) },
  map: { open: ({ value }) => ({ storage: new MemoryStorage(value) }) },
  handle: { open: ({ value }) => openHandle(value) },
  storage: { open: ({ value }) => ({ storage: value }) },
  custom: { open: ({ value }) => ({ storage: new CustomStorage(value) }) },
};

/**
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Place>}
 */
export async function openPlace(location, options = {}) {
  options.signal?.throwIfAborted();
  const parsed = parseLocation(location);
  return MEDIA[parsed.kind].open(parsed, options);
}

/**
 * A store that is one file, as a place of it.
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<FilePlace>}  the caller's, to close
 * @throws {BoresError} ERR_ARGUMENT for what is no location of a file, ERR_NOT_FOUND, and what the
 *   place throws
 */
export async function openFilePlace(location, options = {}) {
  options.signal?.throwIfAborted();
  const parsed = parseLocation(location);
  const { open, file } = MEDIA[parsed.kind];
  if (file) return file(parsed, options);
  const { storage, source } = await open(parsed, options);
  if (source) return new SourcePlace(['blob', 'files'].includes(parsed.kind) ? 'file' : 'bytes', source);
  if (['memory', 'idb'].includes(storage.kind)) return new KeyedFilePlace(storage, options);
  await storage.close();
  throw new BoresError('ERR_ARGUMENT', `${storage.location} is a folder of keys, not a file`);
}

/** @type {Required<Medium>['file']} */
async function originFile({ name: path }, options) {
  const slash = path.lastIndexOf('/');
  const find = (/** @type {boolean} */ create) => privateDirectory(path.slice(0, Math.max(0, slash)), create);
  return new OpfsFilePlace(find, path.slice(slash + 1), `opfs:${path}`, options);
}

/** @type {Required<Medium>['file']} */
async function pathFile(parsed, options) {
  const path = await pathOf(parsed);
  const { NodeFilePlace } = await import('./node/node-file-place.js');
  return NodeFilePlace.open(path, options);
}

/**
 * A file where the name says so, else a folder: HTTP does not tell.
 * @type {Medium['open']}
 */
async function openUrl({ text }, { http: options, signal }) {
  const { url, headers } = takeCredentials(toUrl(text));
  const http = { ...options, headers: { ...headers, ...options?.headers } };
  const isFile = /\.zip$/i.test(url.pathname) || detectBackend(url.pathname) !== 'zarr';
  if (!isFile) return { storage: new HttpStorage(url, http) };
  return { source: await HttpSource.open(url, { ...http, signal }) };
}

/** Few write to buckets: a page that does not never loads it. */
function loadS3() {
  return import('./s3/s3.js');
}

/** @type {Medium['open']} */
async function openBucket({ text }, options) {
  const { S3Storage, openS3Source } = await loadS3();
  const isFile = /\.zip$/i.test(text) || detectBackend(text) !== 'zarr';
  return isFile ? { source: await openS3Source(text, options) } : { storage: await S3Storage.open(text, options) };
}

/** @param {Pick<ParsedLocation, 'text'>} parsed  of kind 'path' */
export async function pathOf({ text }) {
  if (!isNode()) {
    throw new BoresError('ERR_UNSUPPORTED', `'${text}': a page has no access to files by name`);
  }
  if (text.includes('\0')) throw new BoresError('ERR_ARGUMENT', `'${text}': no path holds U+0000`);
  const { url, fs, path } = await loadNode();
  if (!SCHEME.test(text)) return path.sep === '/' ? upThroughLinks(fs, path, text) : text;
  try {
    return url.fileURLToPath(toUrl(text));
  } catch (error) { // another host, a slash that is escaped
    if (error instanceof BoresError) throw error;
    const { message } = /** @type {Error} */ (error);
    throw new BoresError('ERR_ARGUMENT', `'${text}' is no file: ${message}`, { cause: error });
  }
}

/**
 * Where the system finds a path with '..': it goes to the end of a link before it goes up, as Node's
 * path.resolve() does not.
 * @param {import('../core/host.js').Node['fs']} fs
 * @param {import('../core/host.js').Node['path']} path
 * @param {string} text
 */
function upThroughLinks(fs, path, text) {
  if (!/(^|\/)\.\.(\/|$)/.test(text)) return text;
  const [folder, name] = /\.\.\/*$/.test(text) ? [text, ''] : [path.dirname(text), path.basename(text)];
  try {
    return path.join(fs.realpathSync.native(folder), name);
  } catch {
    return text; // there is no such folder: opening it says so
  }
}

/** @type {Medium['open']} */
async function openPath(parsed, { create = false }) {
  const path = await pathOf(parsed);
  const { fs } = await loadNode();
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
 * @type {Medium['open']}
 */
async function openOrigin({ name: path }, { create = false, signal }) {
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
