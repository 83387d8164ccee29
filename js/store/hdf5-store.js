// SPDX-License-Identifier: MIT
// Entries in an HDF5 file, as BORES's HDF5Store writes and reads them.

import { DataStore } from './data-store.js';

/** @import { OpenOptions } from './data-store.js' */

export class HDF5Store extends DataStore {
  /**
   * Nothing is read before the first call.
   * @param {unknown} location  see the README for the forms
   * @param {OpenOptions} [options]
   */
  constructor(location, options) {
    super('hdf5', location, options);
  }
}
