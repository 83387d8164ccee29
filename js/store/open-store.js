// SPDX-License-Identifier: MIT
// openStore: the backend from the name and the first bytes, checked before it is handed out. And a class for
// each backend, for those who know which it is.

import { BoresError } from '../core/errors.js';
import { findBackend, openStorage as openUnchecked } from '../storage/location.js';
import { locationRelation } from '../storage/location-relation.js';
import { describeLocation } from '../storage/parse-location.js';
import { DataStore } from './data-store.js';
import { checkCall } from './known-options.js';
import { EclipseStore } from './eclipse/eclipse-store.js';

/**
 * @import { OpenOptions } from './store-types.js'
 * @typedef {OpenOptions & { backend?: 'zarr' | 'hdf5' | 'json' | 'yaml' | 'eclipse' }} OpenStoreOptions
 */

/** Entries in a Zarr hierarchy, in any of BORES's layouts. */
export class ZarrStore extends DataStore {
  /** @param {unknown} location @param {OpenOptions} [options] */
  constructor(location, options) {
    super('zarr', location, options);
  }
}

/** Entries in an HDF5 file, as BORES's HDF5Store writes and reads them. */
export class HDF5Store extends DataStore {
  /** @param {unknown} location @param {OpenOptions} [options] */
  constructor(location, options) {
    super('hdf5', location, options);
  }
}

/** Entries in one JSON file, a list of {_index, _group_name, _meta, data}. */
export class JSONStore extends DataStore {
  /** @param {unknown} location @param {OpenOptions} [options] */
  constructor(location, options) {
    super('json', location, options);
  }
}

/** Entries in one YAML file, a list like that of JSON. */
export class YAMLStore extends DataStore {
  /** @param {unknown} location @param {OpenOptions} [options] */
  constructor(location, options) {
    super('yaml', location, options);
  }
}

/** @type {Record<string, new (location: unknown, options?: OpenOptions) => DataStore>} */
const STORES = { zarr: ZarrStore, hdf5: HDF5Store, json: JSONStore, yaml: YAMLStore, eclipse: EclipseStore };

/**
 * Opens a store and reads its root, so that what is no store fails here and not at the first use.
 *
 * @param {unknown} location
 * @param {OpenStoreOptions} [given]
 * @returns {Promise<DataStore>}
 * @throws {BoresError} ERR_NOT_FOUND, ERR_UNSUPPORTED and what reading throws
 */
export async function openStore(location, given) {
  checkCall('openStore()', given);
  const { backend, ...options } = given ?? {};
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

/**
 * @param {string} call
 * @param {Record<string, unknown>} places  by the names that the call has for them; undefined: none
 * @throws {BoresError} ERR_ARGUMENT for two that are the same or in one another: one would write over the other
 */
export async function assertDistinct(call, places) {
  const given = Object.entries(places).filter(([, place]) => place !== undefined);
  for (const [i, [name, place]] of given.entries()) {
    for (const [other, there] of given.slice(0, i)) {
      const relation = await locationRelation(place, there);
      if (relation === undefined || relation === 'part') continue;
      throw new BoresError('ERR_ARGUMENT', `${call}: '${other}' and '${name}' are one place, `
        + `${describeLocation(there)} and ${describeLocation(place)}; nothing was written`);
    }
  }
}

/**
 * The storage behind a location: bytes by key, with which importRun() makes a run.
 *
 * @param {unknown} location
 * @param {import('../storage/media.js').LocationOptions} [options]
 * @returns {Promise<import('../storage/base/storage.js').Storage>}  the caller's, to close
 * @throws {BoresError} ERR_ARGUMENT for what is no location or no Zarr store, ERR_NOT_FOUND; and
 *   the storage's own errors
 */
export async function openStorage(location, options) {
  checkCall('openStorage()', options);
  return openUnchecked(location, options);
}
