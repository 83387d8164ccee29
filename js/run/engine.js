// SPDX-License-Identifier: MIT
// Where a run computes: in a worker of its own or, where there can be none, in this thread, which it
// leaves to others every few milliseconds.

import { BoresError } from '../core/errors.js';
import { configuredWasm } from '../core/instances.js';
import { Simulation } from '../simulation/simulation.js';
import { WorkerJob } from '../worker/job-client.js';

/**
 * @import { Job, Output, Progress } from '../simulation/simulation.js'
 * @import { PackedTree } from '../core/pack.js'
 *
 * @typedef {object} Engine
 * @property {() => { statics: PackedTree, days: number }} describe
 * @property {(options?: { signal?: AbortSignal, tell?: (progress: Progress) => void }) =>
 *   Promise<Output | undefined>} next
 * @property {() => void} close
 * @property {boolean} [apart]  in a thread of its own
 */

/**
 * @param {Job} job
 * @param {{ worker: boolean, signal?: AbortSignal, module?: WebAssembly.Module }} options
 *   module: compiled already
 * @returns {Promise<Engine>}
 */
export async function openEngine(job, { worker, signal, module }) {
  const wasm = { ...configuredWasm(), ...(module && { sim: module, simScalar: module }) };
  if (worker) {
    try {
      const engine = await WorkerJob.open('simulate', job, { signal, wasm });
      return Object.assign(engine, { apart: true });
    } catch (error) {
      if (!(error instanceof BoresError && error.code === 'ERR_WORKER')) throw error;
    } // a page may forbid workers: it runs here then
  }
  return Simulation.open(job, wasm);
}
