// SPDX-License-Identifier: MIT
// What a user calls a store, turned into a storage, and which format is there.

import { BoresError } from '../core/errors.js';
import { isNode, loadNode } from '../core/host.js';
import { fromBrowser } from './base/browser-errors.js';
import { FIRST_BYTES, detectBackend, isBesideResults, isEclipseFolder, isZip } from './detect-format.js';
import { FILE_KEY, asKeyedFile } from './file/keyed-file.js';
import { openFilePlace, openPlace, pathOf } from './media.js';
import { SCHEME, describeLocation, isFileList, nameOf, parseLocation } from './parse-location.js';
import { openWholeFile } from './whole-file.js';
import { readDirectory } from './zip/zip-directory.js';
import { ZipFileStorage } from './zip/zip-file.js';
import { ZipOutputStorage } from './zip/zip-output.js';
import { ZipStorage } from './zip/zip.js';

/**
 * @import { ByteSource } from './base/byte-source.js'
 * @import { Storage } from './base/storage.js'
 * @import { Backend } from './detect-format.js'
 * @import { LocationOptions } from './media.js'
 */

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
  try {
    return await openAny(location, options);
  } catch (error) {
    throw fromBrowser(error, `${describeLocation(location)} cannot be opened`, options);
  }
}

/**
 * @param {unknown} location
 * @param {LocationOptions} options
 * @returns {Promise<Storage>}
 */
async function openAny(location, options) {
  if (await isFileOfNode(location)) return ZipFileStorage.open(await openFilePlace(location, options), options);
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
 * Whether a location is a zip in Node's file system, or is to be one.
 * @param {unknown} location
 */
async function isFileOfNode(location) {
  if (!/\.zip$/i.test(nameOf(location)) || !isNode()) return false;
  const parsed = parseLocation(location);
  if (parsed.kind !== 'path') return false;
  const stat = (await loadNode()).fs.statSync(await pathOf(parsed), { throwIfNoEntry: false });
  return stat === undefined || stat.isFile();
}

/**
 * Which format is at a location: by its name where that tells, else by its first bytes.
 * What is not there yet is Zarr, and so is a folder without files of an ECLIPSE run.
 *
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Backend>}
 */
export async function findBackend(location, options) {
  try {
    return await lookFor(location, options);
  } catch (error) {
    throw fromBrowser(error, `${describeLocation(location)} cannot be opened`, options);
  }
}

/**
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Backend>}
 */
async function lookFor(location, options) {
  if (isFileList(location) && location.length === 1 && !('path' in location[0]) && !location[0].webkitRelativePath) {
    return lookFor(location[0], options); // a list of one file is that file
  }
  const named = detectBackend(location);
  if (/\.zip$/i.test(nameOf(location))) return options?.truncate ? named : lookIntoZip(location, options);
  if (named !== 'zarr' || /\.zarr\/?$/i.test(nameOf(location))) return named;
  if (typeof location === 'string' && /^(idb|memory):/i.test(location)) {
    return await keptFormat(location, options) ?? named;
  }
  if (Array.isArray(location) && location.length > 1) {
    return isEclipseFolder(location.map((item) => item.path ?? item.webkitRelativePath ?? item.name)
      .concat(location.map((item) => item.name ?? ''))) ? 'eclipse' : named;
  }
  if (!isFileLike(location)) return named;
  const { storage, source } = await openPlace(location, options);
  try {
    if (source) return await backendIn(source, location, options);
    return isEclipseFolder(await storage.list?.('', options) ?? []) ? 'eclipse' : named;
  } finally {
    await (source ?? storage).close();
  }
}

/**
 * An archive that is not there yet is Zarr's, and opening it as that says what is wrong with another.
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Backend>}
 */
async function lookIntoZip(location, options = {}) {
  try {
    const { storage, source } = await openPlace(location, options);
    try {
      return source ? await backendIn(source, location, options) : 'zarr';
    } finally {
      await (source ?? storage).close();
    }
  } catch (error) {
    if (error instanceof BoresError) return 'zarr';
    throw error;
  }
}

/**
 * What a file has; an archive may have the files of an ECLIPSE run.
 * @param {ByteSource} source
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Backend>}
 */
async function backendIn(source, location, options) {
  const bytes = await firstBytes(source, options);
  const backend = detectBackend(location, bytes);
  if (backend !== 'zarr') return backend;
  if (!isZip(bytes)) return isBesideResults(nameOf(location)) ? 'eclipse' : backend;
  try {
    return isEclipseFolder([...(await readDirectory(source, options)).keys()]) ? 'eclipse' : backend;
  } catch (error) {
    if (error instanceof BoresError) return backend;
    throw error;
  }
}

/**
 * What is kept under a name, where it is no Zarr store: an HDF5 file, files of an ECLIPSE run.
 * @param {string} location
 * @param {LocationOptions} [options]
 * @returns {Promise<Backend | undefined>}
 */
async function keptFormat(location, options) {
  const { storage } = await openPlace(location, { ...options, create: true });
  try {
    if (await storage?.get(FILE_KEY, options) !== undefined) return 'hdf5';
    return isEclipseFolder(await namesIn(storage, options)) ? 'eclipse' : undefined;
  } finally {
    await storage?.close();
  }
}

/**
 * Names in a storage, and in the one folder that it may be.
 * @param {Storage | undefined} storage
 * @param {LocationOptions} [options]
 */
async function namesIn(storage, options) {
  const names = await storage?.list?.('', options) ?? [];
  return names.length === 1 && names[0].endsWith('/') ? await storage?.list?.(names[0].slice(0, -1), options) ?? []
    : names;
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
    || (location instanceof URL && location.protocol === 'file:') || ['file', 'directory'].includes(location?.kind)
    || (Array.isArray(location) && location.length === 1);
}

/**
 * @param {ByteSource} source
 * @param {{ signal?: AbortSignal }} [options]
 */
function firstBytes(source, options) {
  return source.read(0, Math.min(source.size, FIRST_BYTES), options);
}
