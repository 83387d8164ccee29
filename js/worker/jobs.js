// SPDX-License-Identifier: MIT
// Work that runs in a thread of its own and answers piece by piece. A job is a row: what opens it. It has
// describe(), which is told once, next({ signal, tell }), which gives undefined at its end, and close().

import { BoresError } from '../core/errors.js';
import { Simulation } from '../simulation/simulation.js';

/**
 * @import { WasmOptions } from '../core/load.js'
 *
 * @typedef {object} Job
 * @property {() => unknown} describe
 * @property {(options: { signal?: AbortSignal, tell?: (progress: any) => void }) => Promise<unknown>} next
 * @property {() => void} close
 */

/** @type {Record<string, (input: any, wasm?: WasmOptions) => Promise<Job>>} */
const JOBS = { simulate: (input, wasm) => Simulation.open(input, wasm) };

/** @type {Map<number, Job>} */
const running = new Map();

/**
 * @param {number} number  that no other job has
 * @param {string} name
 * @param {unknown} input  plain data
 * @param {WasmOptions} [wasm]
 * @returns {Promise<unknown>}  what the job tells of itself
 */
export async function openJob(number, name, input, wasm) {
  const open = JOBS[name];
  if (!open) throw new BoresError('ERR_ARGUMENT', `there is no job '${name}'`);
  const job = await open(input, wasm);
  running.set(number, job);
  return job.describe();
}

/**
 * @param {number} number
 * @param {{ signal?: AbortSignal, tell?: (progress: any) => void }} options
 */
export async function nextOfJob(number, options) {
  const job = running.get(number);
  if (!job) throw new BoresError('ERR_CLOSED', 'the job has ended');
  return job.next(options);
}

/** @param {number} number */
export function closeJob(number) {
  running.get(number)?.close();
  running.delete(number);
}
