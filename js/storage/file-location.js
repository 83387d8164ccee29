// SPDX-License-Identifier: MIT
// What a user calls a store that is one file, turned into a place of it.

import { BoresError } from '../core/errors.js';
import { HttpFilePlace } from './http/http-file-place.js';
import { SourcePlace } from './file/file-place.js';
import { privateDirectory } from './handle/handle.js';
import { KeyedFilePlace } from './file/keyed-file.js';
import { isNode, loadNode } from '../core/host.js';
import { OpfsFilePlace } from './opfs/opfs-file-place.js';
import { absoluteLocation, openPlace } from './location.js';

/** @import { FilePlace } from './file/file-place.js' */
/** @import { LocationOptions } from './location.js' */

/**
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<FilePlace>}  the caller's, to close
 * @throws {BoresError} ERR_ARGUMENT for what is no location of a file, ERR_NOT_FOUND, and what the
 *   place throws
 */
export async function openFilePlace(location, options = {}) {
  options.signal?.throwIfAborted();
  const name = location instanceof URL ? location.href
    : typeof location === 'string' ? String(absoluteLocation(location)) : undefined;
  const scheme = name && /^([a-z][a-z0-9+.-]+):/i.exec(name)?.[1].toLowerCase();
  if (name !== undefined) {
    if (scheme === 'http' || scheme === 'https') return HttpFilePlace.open(name, options);
    if (scheme === 'opfs') return openOrigin(name.slice(5).replace(/^\/+|\/+$/g, ''), options);
    if (scheme === 'file' || (scheme === undefined && isNode())) return openPath(name, scheme, options);
  }
  const { storage, source } = await openPlace(location, options);
  const isFile = location instanceof Blob || Array.isArray(location);
  if (source) return new SourcePlace(isFile ? 'file' : 'bytes', source);
  if (['memory', 'idb'].includes(storage.kind)) return new KeyedFilePlace(storage, options);
  await storage.close();
  throw new BoresError('ERR_ARGUMENT', `${storage.location} is a folder of keys, not a file`);
}

/**
 * @param {string} path
 * @param {LocationOptions} options
 */
async function openOrigin(path, options) {
  const slash = path.lastIndexOf('/');
  const find = (/** @type {boolean} */ create) => privateDirectory(path.slice(0, Math.max(0, slash)), create);
  return new OpfsFilePlace(find, path.slice(slash + 1), `opfs:${path}`, options);
}

/**
 * @param {string} name
 * @param {string | undefined} scheme
 * @param {LocationOptions} options
 */
async function openPath(name, scheme, options) {
  const { url } = await loadNode();
  const { NodeFilePlace } = await import('./node/node-file-place.js');
  return NodeFilePlace.open(scheme ? url.fileURLToPath(name) : name, options);
}
