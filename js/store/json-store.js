// SPDX-License-Identifier: MIT
// JSONStore: entries in one JSON file, a list of {_index, _group_name, _meta, data}.

import { DataStore } from './data-store.js';

/** @import { OpenOptions } from './data-store.js' */

export class JSONStore extends DataStore {
  /**
   * @param {unknown} location
   * @param {OpenOptions} [options]
   */
  constructor(location, options) {
    super('json', location, options);
  }
}
