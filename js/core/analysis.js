// SPDX-License-Identifier: MIT
// An analysis of the core (src/include/bores/analysis.h): states in, questions, answers out. Trees
// are packed by the caller; nothing here knows what they mean.

import { repacked } from './pack.js';

/**
 * @import { Core } from './core.js'
 * @import { PackedParams, PackedTree } from './pack.js'
 */

export class Analysis {
  #core;
  #pointer;

  /**
   * @param {Core} core  of the analysis module
   * @param {PackedParams} options
   */
  constructor(core, options) {
    this.#core = core;
    this.#pointer = core.withPacked(options, (pointer, length) =>
      core.call('analysis_new', pointer, length) >>> 0);
    if (this.#pointer === 0) throw core.lastError();
  }

  /** @param {PackedParams} state  its arrays are copied into the heap for the call */
  add(state) {
    this.#core.withPacked(state, (pointer, length) =>
      this.#core.check(this.#core.call('analysis_add', this.#pointer, pointer, length)));
  }

  /**
   * @param {PackedParams} question  [name, options, state]
   * @returns {PackedTree}
   */
  ask(question) {
    return this.#core.withPacked(question, (pointer, length) => this.#result(
      this.#core.call('analysis_ask', this.#pointer, pointer, length, this.#core.scratch)));
  }

  /** The earliest state's grids, for analyses in other threads. @returns {PackedTree} */
  reference() {
    return this.#result(
      this.#core.call('analysis_reference', this.#pointer, this.#core.scratch));
  }

  /** Makes digests against the reference of another analysis. @param {PackedTree} reference */
  refer(reference) {
    this.#core.withPacked(repacked(reference), (pointer, length) =>
      this.#core.check(this.#core.call('analysis_refer', this.#pointer, pointer, length)));
  }

  /**
   * What an analysis keeps of an entry's state, to be taken by it, whichever thread made it.
   * @param {PackedParams} entry  what an operation `load` gives
   * @returns {PackedTree}
   */
  digest(entry) {
    return this.#core.withPacked(entry, (pointer, length) => this.#result(
      this.#core.call('analysis_digest', this.#pointer, pointer, length, this.#core.scratch)));
  }

  /**
   * @param {PackedTree} digest
   * @returns {boolean}  false: its state is the earliest, and has to be added itself
   */
  take(digest) {
    return this.#core.withPacked(repacked(digest), (pointer, length) => {
      this.#core.check(this.#core.call('analysis_take', this.#pointer, pointer, length, this.#core.scratch));
      return new Uint32Array(this.#core.copyOut(this.#core.scratch, 4))[0] !== 0;
    });
  }

  /** The paths of states that add() looks at. @returns {PackedTree} */
  fields() {
    return this.#result(
      this.#core.call('analysis_fields', this.#pointer, this.#core.scratch));
  }

  /** @param {number} packed  a pointer, signed */
  #result(packed) {
    const pointer = packed >>> 0;
    if (pointer === 0) throw this.#core.lastError();
    const [length] = new Uint32Array(this.#core.copyOut(this.#core.scratch, 4));
    return this.#core.copyTree(pointer, length);
  }

  free() {
    if (this.#pointer !== 0 && !this.#core.dead) {
      this.#core.call('analysis_free', this.#pointer);
    }
    this.#pointer = 0;
  }
}
