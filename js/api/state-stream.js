// SPDX-License-Identifier: MIT
// StateStream: the states of a run in order. This version replays what a store holds.

import { BoresError } from '../core/errors.js';
import { validateState } from './validate-state.js';

/**
 * @import { DataStore, EntryMeta } from './data-store.js'
 * @import { ModelState } from './model-state.js'
 * @import { Path } from './paths.js'
 *
 * @typedef {object} ReplayOptions
 * @property {readonly number[]} [indices]  in this order, negative ones from the end; excludes the rest
 * @property {readonly number[] | ((step: number) => boolean)} [steps]  step numbers; [] is none
 * @property {(entry: EntryMeta) => boolean} [predicate]  combined with `steps`
 * @property {(state: ModelState) => ModelState | void} [validator]
 * @property {readonly Path[]} [fields]
 * @property {AbortSignal} [signal]
 */

export class StateStream {
  #store;
  #validate;
  #signal;
  #yieldCount = 0;

  /**
   * @param {{ store: DataStore, validate?: boolean, signal?: AbortSignal }} options
   * @throws {BoresError} ERR_STREAM without a store
   */
  constructor({ store, validate = false, signal }) {
    if (!store) throw new BoresError('ERR_STREAM', 'a stream needs a store to replay');
    this.#store = store;
    this.#validate = validate;
    this.#signal = signal;
  }

  /** States handed out so far, replays included. */
  get yieldCount() {
    return this.#yieldCount;
  }

  /** A stream that replays a store has nothing left to consume. */
  get isConsumed() {
    return true;
  }

  [Symbol.asyncIterator]() {
    return this.replay();
  }

  /**
   * @param {ReplayOptions} [options]
   * @returns {AsyncGenerator<ModelState, void, void>}
   */
  async* replay({ indices, steps, predicate, validator, fields, signal = this.#signal } = {}) {
    const check = validator
      ?? (this.#validate ? (/** @type {ModelState} */ state) => validateState(state) : undefined);
    const selection = indices ? { indices } : { predicate: entryFilter(steps, predicate) };
    for await (const state of this.#store.load({ ...selection, validator: check, fields, signal })) {
      this.#yieldCount++;
      yield state;
    }
  }

  /** The last state, or null where there is none. @returns {Promise<ModelState | null>} */
  async last() {
    if (await this.#store.count() === 0) return null;
    for await (const state of this.replay({ indices: [-1] })) return state;
    return null;
  }

  /**
   * Yields up to and including the first state for which `condition` holds.
   * @param {(state: ModelState) => boolean} condition
   */
  async* until(condition) {
    for await (const state of this) {
      yield state;
      if (condition(state)) return;
    }
  }

  /**
   * Yields up to and including the first state for which `condition` does not hold.
   * @param {(state: ModelState) => boolean} condition
   */
  async* while(condition) {
    yield* this.until((state) => !condition(state));
  }

  /** The stream does not own its store: that stays open. */
  async close() {}

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/**
 * @param {ReplayOptions['steps']} steps
 * @param {ReplayOptions['predicate']} predicate
 */
function entryFilter(steps, predicate) {
  if (steps === undefined) return predicate;
  const wanted = typeof steps === 'function' ? steps
    : ((set) => (/** @type {number} */ step) => set.has(step))(new Set(steps));
  return (/** @type {EntryMeta} */ entry) =>
    wanted(entry.step ?? entry.meta.step) && (predicate?.(entry) ?? true);
}
