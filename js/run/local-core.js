// SPDX-License-Identifier: MIT
// The simulator in this thread, for what is answered at once: what is wrong with a model, and what does
// not change of it. Its module is compiled once and sent to the worker.

import { BoresError } from '../core/errors.js';
import { Core } from '../core/core.js';
import { compileSim, compileSimNow } from '../core/load.js';
import { SimCore } from '../core/sim-core.js';
import { readTree } from '../values/tree.js';
import { configuredWasm } from '../core/instances.js';

/**
 * @import { WasmOptions } from '../core/load.js'
 * @import { PackedParams } from '../core/pack.js'
 * @import { Problem } from './problems.js'
 * @import { Tree } from './bores/trees.js'
 */

/** @type {{ module: WebAssembly.Module, wasm: WasmOptions | undefined } | undefined} */
let compiled;

/**
 * Compiled once; this thread and every worker take it.
 * @returns {Promise<WebAssembly.Module>}
 * @throws {BoresError} ERR_WASM
 */
export async function simModule() {
  const wasm = configuredWasm();
  if (compiled?.wasm !== wasm || !compiled) compiled = { module: await compileSim(wasm), wasm };
  return compiled.module;
}

/** The same at once: where it has been compiled, or the file system answers at once. */
function simModuleNow() {
  const wasm = configuredWasm();
  if (compiled?.wasm !== wasm || !compiled) {
    const module = compileSimNow(wasm);
    if (!module) {
      throw new BoresError('ERR_WASM', 'the simulator has to be fetched first: await run.load()');
    }
    compiled = { module, wasm };
  }
  return compiled.module;
}

/** @returns {SimCore} */
const coreNow = () => new SimCore(Core.now(simModuleNow()));

/**
 * @param {PackedParams} model
 * @returns {Problem[]}
 */
export function problemsOf(model) {
  return readTree(coreNow().problems(model));
}

/**
 * @param {PackedParams} model
 * @returns {Tree}  the simulator's statics
 */
export function staticsOf(model) {
  const core = coreNow();
  const sim = core.begin(model);
  try {
    return readTree(core.read(sim, 'statics'));
  } finally {
    core.end(sim);
  }
}
