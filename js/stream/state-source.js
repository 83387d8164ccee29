// SPDX-License-Identifier: MIT
// Where a stream's states come from: pulled one by one, ended once, never waited for after an abort.

import { abortable } from '../core/waiting.js';

/**
 * @import { ModelState } from '../state/model-state.js'
 * @typedef {Iterable<ModelState> | AsyncIterable<ModelState>} States
 */

export class StateSource {
  #states;
  /** @type {AsyncIterator<ModelState> | Iterator<ModelState> | undefined} */ #iterator;
  /** Nothing more comes, whether it came to its end, failed or was left. */
  #ended = false;
  /** It works on the next state, and cannot be ended before it has made it. */
  #pulling = false;

  /** @param {States} states */
  constructor(states) {
    this.#states = states;
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<ModelState | undefined>}  undefined: there are no more
   */
  async next(signal) {
    signal?.throwIfAborted();
    if (this.#ended) return undefined;
    const { value, done } = await abortable(this.#pull(), signal);
    if (!done) return value;
    this.#ended = true;
    return undefined;
  }

  /** @returns {Promise<IteratorResult<ModelState>>} */
  async #pull() {
    this.#pulling = true;
    try {
      this.#iterator ??= iteratorOf(this.#states);
      return await this.#iterator.next();
    } catch (error) {
      this.#ended = true; // by the protocol it needs no return()
      throw error;
    } finally {
      this.#pulling = false;
    }
  }

  /** No more is wanted. Idempotent. */
  async end() {
    if (this.#ended) return;
    this.#ended = true;
    const ending = Promise.resolve(this.#iterator?.return?.(undefined));
    if (!this.#pulling) await ending;
    else ending.catch(() => {}); // it ends with the state that nobody waits for
  }
}

/**
 * @param {States} states
 * @returns {AsyncIterator<ModelState> | Iterator<ModelState>}
 */
function iteratorOf(states) {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = /** @type {any} */ (states);
  return (later ?? now).call(states);
}
