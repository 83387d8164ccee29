// SPDX-License-Identifier: MIT
// Trees to the analysis module and back: states as plain trees, answers as plain values.

import { Analysis } from '../core/analysis.js';
import { Core } from '../core/core.js';
import { instanceOf } from '../core/instances.js';
import { checkOptions } from '../core/options.js';
import { NdArray } from '../values/nd-array.js';
import { toStored } from '../state/stored-tree.js';
import { readTree, writeTree } from '../values/tree.js';

/**
 * @import { Known } from '../core/options.js'
 * @import { PackedTree } from '../core/pack.js'
 * @import { Digester } from '../formats/digesters.js'
 * @typedef {{ [name: string]: unknown }} Options
 */

/** Of digesters, which are no two the same. */
let keys = 0;

/** Frees an analysis that nobody can reach any more. */
const forgotten = new FinalizationRegistry((/** @type {Analysis} */ analysis) => analysis.free());

export class Kernel {
  #analysis;
  #options;
  /** What each question takes, by its name. @type {Map<string, Known>} */ #known = new Map();

  /** @param {Options} options  of bw_analysis_new() */
  static async open(options) {
    return new Kernel(await instanceOf(Core.loadAnalysis), options);
  }

  /**
   * @param {Core} core
   * @param {Options} options
   */
  constructor(core, options) {
    this.#options = writeTree(toStored(options));
    this.#analysis = new Analysis(core, this.#options);
    forgotten.register(this, this.#analysis, this);
    /** What of states is looked at, as it is asked of a store: names, null being any. @type {(string | null)[][]} */
    this.members = toPlain(readTree(this.#analysis.fields()));
    /** The same as paths, of whole tensors and wells. */
    this.fields = [...new Set(this.members.map(pathOf))];
  }

  /** @param {unknown} tree  a state's, whole or in part */
  add(tree) {
    this.#analysis.add(writeTree(toStored(tree)));
  }

  /**
   * Takes what a digester made of a state.
   * @param {PackedTree} digest
   * @returns {boolean}  false: its state has to be added itself
   */
  take(digest) {
    return this.#analysis.take(digest);
  }

  /** What makes digests of states wherever they are decoded, against the first state so far. @returns {Digester} */
  digester() {
    return { key: ++keys,
      seed: () => ({ options: this.#options, reference: this.#analysis.reference() }) };
  }

  /**
   * @param {string} name
   * @param {Options} [options]  the core says what is wrong with their values
   * @param {unknown} [state]
   * @param {Options} [given]  what is no option to whoever asks, but to the core
   * @returns {any}
   */
  ask(name, options = {}, state = null, given = {}) {
    const known = Object.entries(this.optionsOf(name)).filter(([option]) => !Object.hasOwn(given, option));
    checkOptions(`${name}()`, options, Object.fromEntries(known));
    return this.#put(name, { ...options, ...given }, state);
  }

  /** @param {string} name @returns {Known} */
  optionsOf(name) {
    let known = this.#known.get(name);
    if (!known) {
      const names = this.#put('options', { question: name }).split(' ');
      known = Object.fromEntries(names.filter(Boolean).map((/** @type {string} */ option) => [option, 'any']));
      this.#known.set(name, known);
    }
    return known;
  }

  /**
   * @param {string} name
   * @param {Options} options
   * @param {unknown} [state]
   * @returns {any}
   */
  #put(name, options, state = null) {
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

/**
 * Up to a name that may be any, or to a tensor.
 * @param {(string | null)[]} names
 */
function pathOf(names) {
  const any = names.indexOf(null);
  const end = any >= 0 ? any : /^(keys|values)$/.test(names.at(-1) ?? '') ? -1 : names.length;
  return names.slice(0, end).join('.');
}
