// SPDX-License-Identifier: MIT
// The HDF5 module of this thread.

import { BoresError } from '../../core/errors.js';
import { Hdf5Core } from '../../core/hdf5-core.js';
import { instanceOf } from '../../core/instances.js';

/** @returns {Promise<Hdf5Core>} */
export const getHdf5Core = () => instanceOf(Hdf5Core.load);

/**
 * Runs what uses an instance; an error that has ended it says so.
 * @template T
 * @param {Hdf5Core} core
 * @param {string} location
 * @param {() => T} run
 * @returns {T}
 */
export function withInstance(core, location, run) {
  try {
    return run();
  } catch (error) {
    if (!core.dead || (error instanceof BoresError && error.code === 'ERR_LIMIT')) throw error;
    throw new BoresError('ERR_INTERNAL', `${location}: the HDF5 module failed and is started anew for the `
      + `next call: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
