// SPDX-License-Identifier: MIT
// The HDF5 module of this thread: loaded when a file is first opened, and again should it have died.

import { BoresError } from '../../core/errors.js';
import { Hdf5Core } from '../../core/hdf5-core.js';
import { configuredWasm } from '../zarr/session.js';

/** @type {{ core: Promise<Hdf5Core>, wasm: object | undefined } | undefined} */
let shared;

/** @returns {Promise<Hdf5Core>} */
export async function getHdf5Core() {
  const wasm = configuredWasm();
  if (shared && (shared.wasm !== wasm || (await shared.core.catch(() => ({ dead: true }))).dead)) {
    shared = undefined;
  }
  shared ??= { core: Hdf5Core.load(wasm), wasm };
  return shared.core;
}

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
