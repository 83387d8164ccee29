// SPDX-License-Identifier: MIT
// What a user calls a store that is one file, turned into a place of it.

import { BoresError } from '../core/errors.js';
import { SourcePlace } from './file/file-place.js';
import { KeyedFilePlace } from './file/keyed-file.js';
import { MEDIA } from './media.js';
import { parseLocation } from './parse-location.js';

/** @import { FilePlace } from './file/file-place.js' */
/** @import { LocationOptions } from './media.js' */

/**
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
