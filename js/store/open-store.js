// SPDX-License-Identifier: MIT
// openStore: the backend from the name and the first bytes, checked before it is handed out.

import { findBackend } from '../storage/location.js';
import { DataStore } from './data-store.js';
import { HDF5Store, JSONStore, YAMLStore, ZarrStore } from './stores.js';

/**
 * @import { OpenOptions } from './store-types.js'
 * @typedef {OpenOptions & { backend?: 'zarr' | 'hdf5' | 'json' | 'yaml' }} OpenStoreOptions
 */

/** @type {Record<string, new (location: unknown, options?: OpenOptions) => DataStore>} */
const STORES = { zarr: ZarrStore, hdf5: HDF5Store, json: JSONStore, yaml: YAMLStore };

/**
 * Opens a store and reads its root, so that what is no store fails here and not at the first use.
 *
 * @param {unknown} location
 * @param {OpenStoreOptions} [options]
 * @returns {Promise<DataStore>}
 * @throws {BoresError} ERR_NOT_FOUND, ERR_UNSUPPORTED and what reading throws
 */
export async function openStore(location, { backend, ...options } = {}) {
  const name = backend ?? await findBackend(location, options);
  const Store = STORES[name];
  const store = Store ? new Store(location, options) : new DataStore(name, location, options);
  try {
    await store.describe({ signal: options.signal });
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
