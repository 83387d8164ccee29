// SPDX-License-Identifier: MIT
// A store that is one file, as bytes: what a page makes a download of.

import { BoresError } from '../core/errors.js';
import { withBrowserErrors } from '../storage/base/browser-errors.js';
import { whenFetched } from '../storage/file/sync-file.js';
import { openFilePlace, openPlace } from '../storage/media.js';
import { describeLocation } from '../storage/parse-location.js';
import { CONTENT } from '../storage/whole-file.js';
import { checkCall } from './known-options.js';

/**
 * The whole file of a zip, HDF5, JSON or YAML store, wherever it is kept.
 *
 * @param {unknown} location
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {BoresError} ERR_NOT_FOUND, ERR_ARGUMENT for a folder of keys
 */
export async function readFileBytes(location, options) {
  checkCall('readFileBytes()', options);
  return withBrowserErrors(`${describeLocation(location)} cannot be read`, () => readAny(location, options), options);
}

/**
 * @param {unknown} location
 * @param {{ signal?: AbortSignal }} [options]
 */
async function readAny(location, options) {
  const { storage, source } = await openPlace(location, options);
  try {
    const bytes = source ? await source.read(0, source.size, options) : await storage.get(CONTENT, options);
    if (bytes) return new Uint8Array(bytes);
  } finally {
    await (source ?? storage).close();
  }
  return readPages(location, options);
}

/**
 * @param {unknown} location  where HDF5 keeps pages
 * @param {{ signal?: AbortSignal }} [options]
 */
async function readPages(location, options) {
  const place = await openFilePlace(location, options);
  try {
    const snapshot = await place.snapshot(options);
    if (!snapshot) throw new BoresError('ERR_NOT_FOUND', `there is no file ${place.location}`);
    const { file } = snapshot;
    const bytes = new Uint8Array(file.size());
    await whenFetched(file, () => file.read(0, bytes.length, bytes), options);
    snapshot.close();
    return bytes;
  } finally {
    await place.close();
  }
}
