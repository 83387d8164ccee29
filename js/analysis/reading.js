// SPDX-License-Identifier: MIT
// An analysis while it reads: one pass over the states, answers at any time.

import { BoresError } from '../core/errors.js';
import { checkOptions } from '../core/options.js';
import { askSummary } from './eclipse-in-place.js';
import { EclipseSummary } from './eclipse-summary.js';
import { Kernel } from './kernel.js';
import { States } from './states.js';

/**
 * @import { StateSource } from './states.js'
 * @import { Options } from './kernel.js'
 *
 * @typedef {object} AnalysisOptions
 * @property {number} [stoiip]    volumes in place at first, STB and SCF, instead of the first state's
 * @property {number} [stgiip]    all gas
 * @property {number} [freeGiip]
 * @property {number} [stwiip]
 * @property {'bores'} [compat]   BORES's own numbers
 * @property {'layers' | ArrayLike<number> | import('../values/nd-array.js').NdArray<any>} [regions]  what
 *   regions are: the layers, or a number for each cell of the grid (0: none)
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress]
 *
 * @typedef {object} Progress
 * @property {number} done   states read
 * @property {number | undefined} total  undefined where that is not known
 * @property {number} step   the last one's
 * @property {any} analyst   which answers with the states so far
 */

const OPTIONS = { stoiip: 'number', stgiip: 'number', freeGiip: 'number', stwiip: 'number',
  compat: "'bores'", regions: "'layers'|list|object", signal: 'signal', onProgress: 'function' };
const RANGE = { fromStep: 'integer', toStep: 'integer', interval: 'integer' };
const FOLLOW = { pollMs: 'number', signal: 'signal' };

export class Reading {
  /** @type {Kernel} */ #kernel;
  /** @type {States} */ #states;
  #closed = false;
  /** Vectors that the run brings itself. */ summary = new EclipseSummary();
  /** Settles when all states have been read. @type {Promise<void>} */ done = Promise.resolve();

  /**
   * An analysis of all states.
   *
   * @template {typeof Reading} T
   * @this {T}
   * @param {StateSource} source  a store, which is read once, or states
   * @param {AnalysisOptions} [options]
   * @returns {Promise<InstanceType<T>>}
   * @throws {BoresError} ERR_ARGUMENT, ERR_VALIDATION naming step and path, ERR_NOT_FOUND where there is no
   *   state, and what reading throws
   */
  static async from(source, options) {
    const analyst = await this.begin(source, options);
    try {
      await analyst.done;
      return analyst;
    } catch (error) {
      analyst.close();
      throw error;
    }
  }

  /**
   * An analysis that is still reading; it answers with the states so far, and its promise `done`
   * settles when it has them all.
   *
   * @template {typeof Reading} T
   * @this {T}
   * @param {StateSource} source
   * @param {AnalysisOptions} [options]
   * @returns {Promise<InstanceType<T>>}
   */
  static async begin(source, options = {}) {
    checkOptions('ModelAnalyst.from()', options, OPTIONS);
    const { signal, onProgress, ...given } = options;
    const kernel = await Kernel.open({ ...given, ...(given.regions && typeof given.regions !== 'string'
      && !('dtype' in given.regions) ? { regions: Float64Array.from(given.regions) } : {}) });
    const analyst = /** @type {InstanceType<T>} */ (new this(kernel, source));
    analyst.done = analyst.#readAll(signal, onProgress);
    return analyst;
  }

  /**
   * Use `from()` or `begin()`.
   * @param {Kernel} kernel
   * @param {StateSource} source
   */
  constructor(kernel, source) {
    this.#kernel = kernel;
    this.#states = new States(source, kernel);
  }

  /**
   * @param {AbortSignal | undefined} signal
   * @param {AnalysisOptions['onProgress']} onProgress
   */
  async #readAll(signal, onProgress) {
    let done = 0;
    if (this.#states.eclipse) {
      await this.summary.read(/** @type {any} */ (this.#states.store), { signal });
    }
    const total = onProgress ? await this.#states.total() : undefined;
    for await (const step of this.#states.feed({ signal })) {
      if (this.#closed) return;
      done++;
      onProgress?.({ done, total, step, analyst: this });
    }
    if (done === 0) {
      throw new BoresError('ERR_NOT_FOUND', this.summary.names.length === 0 ? 'there is no state to analyse'
        : "the run has no restart, and so no state to analyse; its summary's curves are those of store.vectors()");
    }
  }

  /**
   * Adds a state, or replaces that of the same step.
   * @param {unknown} state
   */
  async update(state) {
    await this.done;
    this.#kernel.add(this.#states.accept(state, false));
  }

  /**
   * Goes on with what another process appends to the store; yields each step when it is part of the
   * answers. Ends by its `signal`, or when the loop is left.
   * @param {{ pollMs?: number, signal?: AbortSignal }} [options]
   */
  async* follow(options = {}) {
    checkOptions('follow()', options, FOLLOW);
    await this.done;
    for await (const tree of this.#states.follow(options)) {
      this.#kernel.add(tree);
      yield Number(tree.step);
    }
  }

  /**
   * What a question's answer is now. Those that need a state's grids are answered by `askState()`.
   * @param {string} name
   * @param {Options} [options]
   * @param {Options} [given]  more of them, the method's own arguments
   */
  ask(name, options, given) {
    this.#refuse(name);
    const earlier = this.#states.eclipse?.earlier ?? {};
    const ask = (/** @type {string} */ question, /** @type {Options | undefined} */ own,
      more = /** @type {Options} */ ({})) => {
      const answer = this.#kernel.ask(question, own, null, more);
      const total = Object.hasOwn(SINCE_THE_BEGINNING, question) ? SINCE_THE_BEGINNING[question] : undefined;
      return total === undefined ? answer : answer + (earlier[total] ?? 0);
    };
    try {
      return ask(name, options, given);
    } catch (error) {
      if (!this.#states.eclipse) throw error;
      return askSummary(this.summary, name, options, ask('steps', {}), ask, error);
    }
  }

  /**
   * States of an ECLIPSE run, or a cube, may lack what a question is about, which would be taken for nothing produced.
   * @param {string} name
   */
  #refuse(name) {
    const { withoutRates, withoutReservoir } = this.#states.lacks;
    const why = OF_RESERVOIR.test(name) ? withoutRates ?? withoutReservoir
      : OF_RATES.test(name) ? withoutRates : undefined;
    if (why !== undefined) throw new BoresError('ERR_UNSUPPORTED', `${name}: ${why}`);
  }

  /**
   * The same of vectors.
   * @param {readonly string[]} names
   */
  refuseVectors(names) {
    const { withoutRates, withoutReservoir } = this.#states.lacks;
    for (const name of names) {
      const why = /^[FWCR]V([PI][RT]|RR)/.test(name) ? withoutRates ?? withoutReservoir
        : /^[FWCR]([OWGL][PI][RT]|WCT|GOR|WGR|WOR|[OG]E\b)/.test(name) ? withoutRates : undefined;
      if (why !== undefined) throw new BoresError('ERR_UNSUPPORTED', `${name}: ${why}`);
    }
  }

  /**
   * The same where a state may have to be read again.
   * @param {string} name
   * @param {Options} [options]
   * @param {readonly string[]} [fields]  paths that it needs beside the usual ones
   * @returns {Promise<any>}
   */
  async askState(name, options, fields = []) {
    const answer = this.ask(name, options);
    if (answer?.needsState === undefined) return answer;
    const state = await this.#states.find(answer.needsState, fields);
    return this.#kernel.ask(name, options, state);
  }

  /**
   * The same for each step of a range.
   * @param {string} name
   * @param {{ fromStep?: number, toStep?: number, interval?: number, [name: string]: unknown }} [options]
   * @returns {Promise<[number, any][]>}
   */
  async askHistory(name, options = {}) {
    const { step: _, ...known } = this.#kernel.optionsOf(name);
    checkOptions(`${name}()`, options, { ...known, ...RANGE });
    const { fromStep, toStep, interval, ...own } = options;
    const range = withoutUndefined({ fromStep, toStep, interval });
    /** @type {[number, any][]} */
    const history = [];
    for (const step of this.ask('stepsOfRange', range)) {
      history.push([step, await this.askState(name, { ...own, step })]);
    }
    return history;
  }

  /** Frees the memory of the module; idempotent. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#kernel.free();
    this.#states.close().catch(() => {}); // it was only read
  }

  [Symbol.dispose ?? Symbol.for('dispose')]() {
    this.close();
  }
}

/** Answers that count from the beginning of the run, not from the first state: the first restart may be late. */
const SINCE_THE_BEGINNING = /** @type {Record<string, string>} */ ({ cumulativeOilProduced: 'oil_produced',
  cumulativeGasProduced: 'gas_produced', cumulativeFreeGasProduced: 'free_gas_produced',
  cumulativeWaterProduced: 'water_produced', cumulativeWaterInjected: 'water_injected',
  cumulativeGasInjected: 'gas_injected' });
/** Questions about what flows at the surface, and those that need its volume in the reservoir. */
const OF_RATES = new RegExp('[Pp]roduc|[Ii]njected|[Ii]njectionHistory|Rate|[Rr]ecovery|[Dd]ecline|[Ff]orecast'
  + '|breakthrough|[Pp]lot$');
const OF_RESERVOIR = /voidage|[Bb]alance|productivity|havlena|campbell|hallPlot/;

/** @param {{ [name: string]: unknown }} options */
export function withoutUndefined(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
