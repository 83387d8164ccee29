// SPDX-License-Identifier: MIT
// The writing half of a stream: what is pending, what is on its way, and what went wrong. A batch is
// handed to the store as one commit; in the background the next states are taken while it is written.
// Nothing accepted is dropped: a batch that could not be written is pending again.

import { BoresError } from '../core/errors.js';
import { CHECKPOINT, FLUSH, SAVED, StreamPolicy } from '../core/stream-policy.js';
import { getCore } from './session.js';
import { stateBytes } from './state-bytes.js';

/**
 * @import { DataStore } from './data-store.js'
 * @import { ModelState } from './model-state.js'
 * @import { PolicySettings } from '../core/stream-policy.js'
 * @typedef {{ state: ModelState, nbytes: number }} Accepted
 * @typedef {object} WriterOptions
 * @property {DataStore} store
 * @property {DataStore} [checkpointStore]
 * @property {boolean} background
 * @property {number} queueTimeout  seconds
 * @property {PolicySettings} policy
 */

/** @type {(state: ModelState) => { step: number }} */
const stepMeta = (state) => ({ step: state.step });

export class StateWriter {
  #options;
  #policy;
  /** @type {Accepted[]} */ #pending = [];
  /** How many of the pending came back from a failed write. */
  #restored = 0;
  /** The writes under way, in order; never rejects. @type {Promise<void>} */
  #writing = Promise.resolve();
  /** @type {BoresError | undefined} */ #failure;
  /** Called when a write has ended. @type {Set<() => void>} */ #waiting = new Set();

  /** @param {WriterOptions} options */
  static async open(options) {
    return new StateWriter(options, new StreamPolicy(await getCore(), options.policy));
  }

  /**
   * @param {WriterOptions} options
   * @param {StreamPolicy} policy
   */
  constructor(options, policy) {
    this.#options = options;
    this.#policy = policy;
  }

  get pending() {
    return this.#pending.map(({ state }) => state);
  }

  accounts() {
    return this.#policy.accounts();
  }

  /** @throws {BoresError} ERR_STREAM when an earlier write failed */
  throwFailure() {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Takes a state: pending, written with its batch when that is full, and as a checkpoint when one
   * is due.
   * @param {ModelState} state
   * @param {boolean} save
   */
  async accept(state, save) {
    const nbytes = save ? stateBytes(state) : 0;
    const due = this.#policy.accept(state.step, save, nbytes);
    if (due & SAVED) this.#pending.push({ state, nbytes });
    if (due & CHECKPOINT) await this.writeCheckpoint(state);
    if (due & FLUSH) await this.flush(!this.#options.background);
  }

  /** @param {ModelState} state */
  async writeCheckpoint(state) {
    try {
      await this.#options.checkpointStore?.append(state, { meta: stepMeta });
    } catch (cause) {
      throw this.#fail(`the checkpoint of step ${state.step} could not be written`, cause);
    }
    this.#policy.checkpointed();
  }

  /**
   * Sends what is pending on its way.
   * @param {boolean} block  wait until it is written
   * @throws {BoresError} ERR_STREAM when it could not be, or the queue stayed full too long
   */
  async flush(block) {
    if (this.#failure) { // what failed is pending again: this is the next attempt
      await this.#writing;
      this.#failure = undefined;
    }
    if (this.#pending.length > 0) {
      await this.#room();
      this.#send();
    }
    if (!block) return;
    await this.#writing;
    this.throwFailure();
  }

  #send() {
    const batch = this.#pending;
    this.#pending = [];
    this.#restored = 0;
    this.#policy.take();
    this.#writing = this.#writing.then(() => this.#write(batch));
  }

  /** @param {Accepted[]} batch */
  async #write(batch) {
    const nbytes = batch.reduce((sum, item) => sum + item.nbytes, 0);
    let ok = false;
    try {
      this.throwFailure(); // an earlier batch failed: this one must not overtake it
      await this.#options.store.appendAll(batch.map(({ state }) => state), { meta: stepMeta });
      ok = true;
    } catch (cause) {
      if (cause !== this.#failure) {
        this.#fail(`${batch.length} states from step ${batch[0].state.step} on could not be written`,
          cause);
      }
      this.#restore(batch);
    }
    this.#policy.settle(batch.length, nbytes, ok);
    for (const wake of this.#waiting) wake();
  }

  /** Failed batches come back in order, before whatever came since. @param {Accepted[]} batch */
  #restore(batch) {
    this.#pending.splice(this.#restored, 0, ...batch);
    this.#restored += batch.length;
  }

  async #room() {
    const deadline = performance.now() + this.#options.queueTimeout * 1000;
    while (!this.#policy.hasRoom()) {
      const left = deadline - performance.now();
      if (left <= 0) {
        const { queuedStates, queuedBytes } = this.#policy.accounts();
        throw this.#fail(`the queue stayed full for ${this.#options.queueTimeout} s: ${queuedStates} `
          + `states, ${(queuedBytes / 1e6).toFixed(1)} MB are waiting to be written`);
      }
      await this.#nextWrite(left);
    }
  }

  /** Resolves when a write ends, or after `ms`. @param {number} ms */
  #nextWrite(ms) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(undefined);
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
    });
  }

  /**
   * @param {string} what
   * @param {unknown} [cause]
   */
  #fail(what, cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    this.#failure = new BoresError('ERR_STREAM', `${this.#options.store.location}: ${what}${why}`,
      { cause });
    return this.#failure;
  }

  free() {
    this.#policy.free();
  }
}
