// SPDX-License-Identifier: MIT
// ZarrStore: entries in a Zarr version 2 hierarchy, in any of BORES's layouts.

import { DataStore } from './data-store.js';

/** @import { OpenOptions } from './data-store.js' */

export class ZarrStore extends DataStore {
  /**
   * @param {unknown} location
   * @param {OpenOptions} [options]
   */
  constructor(location, options) {
    super('zarr', location, options);
  }
}
