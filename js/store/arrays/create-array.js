// SPDX-License-Identifier: MIT
// createArray() and openArray(): an array to be written to, new or there already.

import { checkCall } from '../known-options.js';
import { arrayDocument } from './array-document.js';
import { WritableArray } from './writable-array.js';

/**
 * @import { ArrayOptions } from './array-document.js'
 * @import { PlaceOptions } from './writable-array.js'
 * @typedef {PlaceOptions & { overwrite?: boolean }} CreateOptions
 */

/**
 * A new array, with the groups above it. Nothing of it is stored but its metadata.
 *
 * @param {unknown} location  a Zarr store, made when there is none
 * @param {string} path  '/'-joined; '' is the root
 * @param {ArrayOptions & CreateOptions} given
 * @returns {Promise<WritableArray>}  the store's only writer, until close()
 * @throws {BoresError} ERR_ARGUMENT naming the option, ERR_NOT_EMPTY where there is an array (`overwrite`
 *   replaces it), ERR_LOCKED, ERR_UNSUPPORTED naming a codec that is not written
 */
export async function createArray(location, path, given) {
  checkCall('createArray()', given ?? {});
  const { overwrite = false, durability, s3, http, signal, ...options } = /** @type {typeof given} */ (given ?? {});
  const { document, attributes, zarrFormat } = arrayDocument(options);
  const array = await WritableArray.attach(location, path, { durability, s3, http, signal, create: true });
  try {
    await array.define(document, attributes, zarrFormat, overwrite);
    return array;
  } catch (error) {
    await array.close();
    throw error;
  }
}

/**
 * An array that is there, to be written to.
 *
 * @param {unknown} location
 * @param {string} path
 * @param {PlaceOptions} [options]
 * @returns {Promise<WritableArray>}
 */
export async function openArray(location, path, options = {}) {
  checkCall('openArray()', options);
  const array = await WritableArray.attach(location, path, options);
  try {
    await array.load();
    return array;
  } catch (error) {
    await array.close();
    throw error;
  }
}
