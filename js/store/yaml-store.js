// SPDX-License-Identifier: MIT
// YAMLStore: entries in one YAML file, a list of {_index, _group_name, _meta, data}.

import { DataStore } from './data-store.js';

/** @import { OpenOptions } from './data-store.js' */

export class YAMLStore extends DataStore {
  /**
   * @param {unknown} location
   * @param {OpenOptions} [options]
   */
  constructor(location, options) {
    super('yaml', location, options);
  }
}
