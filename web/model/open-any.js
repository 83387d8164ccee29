// SPDX-License-Identifier: MIT
// A run or, where an HDF5 file holds something else, what is in it.

import { Hierarchy } from './hierarchy.js';
import { NoPicture, Run } from './run.js';

/** Codes of a store that has no states to draw. */
const NO_RUN = new Set(['ERR_EMPTY', 'ERR_NOT_A_RUN']);

/**
 * @param {unknown} location  as `openStore` takes it
 * @param {{ name: string, signal?: AbortSignal, onProgress?: (text: string) => void }} options
 * @returns {Promise<Run | Hierarchy>}
 */
export async function openAny(location, options) {
  try {
    return await Run.open(location, options);
  } catch (error) {
    const noPicture = error instanceof NoPicture;
    if (!noPicture && !NO_RUN.has(/** @type {any} */ (error).code)) throw error;
    options.onProgress?.('Looking at what is in it');
    const hierarchy = await Hierarchy.open(location, options).catch(() => undefined);
    if (hierarchy) return hierarchy;
    throw noPicture ? error.cause : error;
  }
}
