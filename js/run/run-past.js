// SPDX-License-Identifier: MIT
// What a run remembers of its states, so that another can branch off: as much as fits, and the newest.

/**
 * @import { Tree } from './bores/trees.js'
 *
 * @typedef {object} PastMoment
 * @property {number} day
 * @property {Tree} solverState
 * @property {Tree} history  the highest saturations so far
 */

/** Bytes of solver states that are kept. */
const LIMIT = 64 * 2 ** 20;

export class RunPast {
  /** @type {PastMoment[]} */ #moments = [];
  #bytes = 0;

  /**
   * @param {number} day
   * @param {Tree} solverState  of its state
   * @param {Tree} history
   */
  add(day, solverState, history) {
    this.#moments.push({ day, solverState, history });
    this.#bytes += solverState.words.nbytes;
    while (this.#bytes > LIMIT && this.#moments.length > 2) this.#thin();
  }

  /** Every second of the older ones goes. */
  #thin() {
    const last = this.#moments.length - 1;
    this.#moments = this.#moments.filter((_, i) => i % 2 === 0 || i === last);
    this.#bytes = this.#moments.reduce((sum, { solverState }) => sum + solverState.words.nbytes, 0);
  }

  /**
   * The last one that is not after a day.
   * @param {number} day
   */
  before(day) {
    return this.#moments.findLast((moment) => moment.day <= day * (1 + 1e-12));
  }
}
