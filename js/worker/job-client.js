// SPDX-License-Identifier: MIT
// This side of a job (jobs.js): a thread of its own, which ends with it.

import { WorkerHost } from './host.js';

/** @import { WasmOptions } from '../core/load.js' */

export class WorkerJob {
  #host;
  #number;
  #description;

  /**
   * @param {string} name   of the job
   * @param {unknown} input
   * @param {{ signal?: AbortSignal, wasm?: WasmOptions }} [options]
   * @throws {BoresError} ERR_WORKER where there can be no thread; what the job throws
   */
  static async open(name, input, { signal, wasm } = {}) {
    const host = await WorkerHost.start(`bores-${name}`);
    const number = host.newId();
    try {
      const description = await host.call(number, 'job.open', [name, input, wasm], { signal });
      return new WorkerJob(host, number, description);
    } catch (error) {
      host.end();
      throw error;
    }
  }

  /**
   * @param {WorkerHost} host
   * @param {number} number
   * @param {any} description
   */
  constructor(host, number, description) {
    this.#host = host;
    this.#number = number;
    this.#description = description;
  }

  describe() {
    return this.#description;
  }

  /**
   * @param {{ signal?: AbortSignal, tell?: (progress: any) => void }} [options]
   * @returns {Promise<any>}  undefined at the end
   */
  async next({ signal, tell } = {}) {
    return this.#host.call(this.#number, 'job.next', [], { signal, onProgress: tell });
  }

  /** What it is at is not finished. */
  close() {
    this.#host.end();
  }
}
