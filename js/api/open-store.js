// SPDX-License-Identifier: MIT
// openStore: the backend from the name and the first bytes, checked before it is handed out.

import { BoresError } from '../core/errors.js';
import { detectBackend } from './location.js';
import { ZarrStore } from './zarr-store.js';

/**
 * @import { DataStore, OpenOptions } from './data-store.js'
 * @typedef {OpenOptions & { backend?: 'zarr' | 'hdf5' | 'json' | 'yaml' }} OpenStoreOptions
 */

/** @type {Record<string, new (location: unknown, options?: OpenOptions) => DataStore>} */
const BACKENDS = { zarr: ZarrStore };

/**
 * Opens a store and reads its root, so that what is no store fails here and not at the first use.
 *
 * @param {unknown} location
 * @param {OpenStoreOptions} [options]
 * @returns {Promise<DataStore>}
 * @throws {BoresError} ERR_NOT_FOUND, ERR_UNSUPPORTED and what reading throws
 */
export async function openStore(location, { backend, ...options } = {}) {
  const name = backend ?? await detectBackend(location);
  const Backend = BACKENDS[name];
  if (!Backend) {
    throw new BoresError('ERR_UNSUPPORTED', `${String(location)} is ${name}; this version opens `
      + `${Object.keys(BACKENDS).join(', ')}`);
  }
  const store = new Backend(location, options);
  try {
    await store.describe({ signal: options.signal });
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
