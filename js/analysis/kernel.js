// SPDX-License-Identifier: MIT
// Trees to the analysis module and back: states as plain trees, answers as plain values.

import { Analysis } from '../core/analysis.js';
import { Core } from '../core/core.js';
import { instanceOf } from '../core/instances.js';
import { NdArray } from '../values/nd-array.js';
import { toStored } from '../state/stored-tree.js';
import { readTree, writeTree } from '../values/tree.js';

/** @typedef {{ [name: string]: unknown }} Options */

/** Frees an analysis that nobody can reach any more. */
const forgotten = new FinalizationRegistry((/** @type {Analysis} */ analysis) => analysis.free());

export class Kernel {
  #analysis;

  /** @param {Options} options  of bw_analysis_new() */
  static async open(options) {
    return new Kernel(await instanceOf(Core.loadAnalysis), options);
  }

  /**
   * @param {Core} core
   * @param {Options} options
   */
  constructor(core, options) {
    this.#analysis = new Analysis(core, writeTree(toStored(options)));
    forgotten.register(this, this.#analysis, this);
    /** The paths of states that add() looks at. @type {string[]} */
    this.fields = toPlain(readTree(this.#analysis.fields()));
  }

  /** @param {unknown} tree  a state's, whole or in part */
  add(tree) {
    this.#analysis.add(writeTree(toStored(tree)));
  }

  /**
   * @param {string} name
   * @param {Options} [options]
   * @param {unknown} [state]
   * @returns {any}
   */
  ask(name, options = {}, state = null) {
    const question = [name, toStored(options), state === null ? null : toStored(state)];
    return toPlain(readTree(this.#analysis.ask(writeTree(question))));
  }

  free() {
    forgotten.unregister(this);
    this.#analysis.free();
  }
}

/**
 * Plain objects and lists; one-dimensional arrays as typed arrays.
 * @param {any} value
 * @returns {any}
 */
function toPlain(value) {
  if (value instanceof NdArray) return value.shape.length === 1 ? value.data : value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toPlain(item)]));
}
