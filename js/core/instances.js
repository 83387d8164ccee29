// SPDX-License-Identifier: MIT
// The modules of this thread: each is loaded when it is first needed, and again should its instance have
// died or configureWasm() have been called since.

import { checkOptions } from './options.js';

/** @import { WasmOptions } from './load.js' */

/** What configureWasm() knows. */
const WASM = Object.fromEntries([...['hdf5', 'text', 'analysis', 'sim', 'eclipse']
  .flatMap((name) => [name, `${name}Scalar`]),
  'simd', 'scalar'].map((name) => [name, 'any']).concat([['useSimd', 'boolean']]));

/** @type {WasmOptions | undefined} */
let wasmOptions;

/** By what loads it. @type {Map<unknown, Promise<{ dead: boolean }>>} */
const instances = new Map();

/**
 * Says where the wasm is; for bundlers and servers that do not keep `js/wasm/` beside the code. What is
 * loaded from now on comes from there, whatever was loaded before.
 * @param {WasmOptions} options
 */
export function configureWasm(options) {
  checkOptions('configureWasm()', options, WASM);
  wasmOptions = options;
  instances.clear();
}

/** @returns {WasmOptions | undefined} */
export function configuredWasm() {
  return wasmOptions;
}

/**
 * The instance of a module, one for all who name the same `load`.
 * @template {{ dead: boolean }} T
 * @param {(options?: WasmOptions) => Promise<T>} load
 * @returns {Promise<T>}
 * @throws {import('./errors.js').BoresError} ERR_WASM
 */
export async function instanceOf(load) {
  const known = instances.get(load);
  if (known) {
    const { dead } = await known.catch(() => ({ dead: true }));
    if (dead && instances.get(load) === known) instances.delete(load);
  }
  const instance = /** @type {Promise<T>} */ (instances.get(load) ?? load(wasmOptions));
  instances.set(load, instance);
  return instance;
}
