// SPDX-License-Identifier: MIT
// A run or, where an HDF5 file holds something else, what is in it.

import { holdsResults } from '../eclipse/result-names.js';
import { Hierarchy } from './hierarchy.js';
import { Run } from './run.js';

/** Codes of a store that has no states to draw. */
const NO_RUN = new Set(['ERR_EMPTY', 'ERR_NOT_A_RUN']);

/**
 * @param {unknown} location  as `openStore` takes it
 * @param {import('./read.js').OpenOptions} options
 * @returns {Promise<Run | Hierarchy>}
 */
export async function openAny(location, options) {
  try {
    return await Run.open(location, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const results = await holdsResults(location);
    if (!results && !NO_RUN.has(/** @type {any} */ (error).code)) throw error;
    options.onProgress?.('Looking at what is in it');
    const browsed = !results ? Hierarchy.open(location, options)
      : import('../eclipse/eclipse-browse.js').then(({ browseEclipse }) => browseEclipse(location, options, error));
    const hierarchy = await browsed.catch(() => undefined);
    if (hierarchy) {
      await import('../views/hierarchy/hierarchy-view.js'); // what shows it comes with it
      return hierarchy;
    }
    throw error;
  }
}
