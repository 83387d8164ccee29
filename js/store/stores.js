// SPDX-License-Identifier: MIT
// The stores by their formats' names. Nothing is read before the first call; README says which
// forms a location has.

import { DataStore } from './data-store.js';

/** @import { OpenOptions } from './store-types.js' */

/** Entries in a Zarr version 2 hierarchy, in any of BORES's layouts. */
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
