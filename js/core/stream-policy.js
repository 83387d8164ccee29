// SPDX-License-Identifier: MIT
// The stream policy of the core (src/include/bores/stream.h): it decides and counts, the stream
// awaits and calls.

/** @import { Core } from './core.js' */

/** Flags of accept(). */
export const SAVED = 1, FLUSH = 2, CHECKPOINT = 4;

/**
 * @typedef {object} PolicySettings
 * @property {number} batchSize
 * @property {number} maxBatchBytes      0: no limit, here and below
 * @property {number} checkpointInterval
 * @property {number} maxQueueStates
 * @property {number} maxQueueBytes
 */

export class StreamPolicy {
  #core;
  #pointer;

  /**
   * @param {Core} core
   * @param {PolicySettings} settings
   */
  constructor(core, settings) {
    this.#core = core;
    this.#pointer = core.call('stream_new', settings.batchSize, settings.maxBatchBytes,
      settings.checkpointInterval, settings.maxQueueStates, settings.maxQueueBytes) >>> 0;
    if (this.#pointer === 0) throw core.lastError();
  }

  /**
   * A state came: what is to be done with it, as flags.
   * @param {number} step
   * @param {boolean} save
   * @param {number} nbytes
   */
  accept(step, save, nbytes) {
    return this.#core.call('stream_accept', this.#pointer, step, Number(save), nbytes);
  }

  hasRoom() {
    return this.#core.call('stream_has_room', this.#pointer) !== 0;
  }

  take() {
    this.#core.call('stream_take', this.#pointer);
  }

  /**
   * @param {number} states
   * @param {number} nbytes
   * @param {boolean} ok
   */
  settle(states, nbytes, ok) {
    this.#core.call('stream_settle', this.#pointer, states, nbytes, Number(ok));
  }

  checkpointed() {
    this.#core.call('stream_checkpointed', this.#pointer);
  }

  accounts() {
    const at = this.#core.alloc(7 * 8);
    this.#core.call('stream_accounts', this.#pointer, at);
    const [yielded, saved, checkpoints, pendingStates, pendingBytes, queuedStates, queuedBytes] =
      new Float64Array(this.#core.copyOut(at, 7 * 8));
    this.#core.free(at);
    return { yielded, saved, checkpoints, pendingStates, pendingBytes, queuedStates, queuedBytes };
  }

  free() {
    if (this.#pointer !== 0 && !this.#core.dead) this.#core.free(this.#pointer);
    this.#pointer = 0;
  }
}
