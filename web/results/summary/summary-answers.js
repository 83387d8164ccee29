// SPDX-License-Identifier: MIT
// The vectors of an ECLIPSE run's summary, asked as an analyst is asked: names at once, values when they are wanted.

import { partsOf } from '../quantities.js';

/** @typedef {import('../../../js/index.js').EclipseStore} EclipseStore */
/** @typedef {Awaited<ReturnType<EclipseStore['vectors']>>[number]} Vector */
/** @typedef {{ name: string, title: string, unit: string, subject: string, quantity: string }} Name */

/** Columns of the list of wells: of a producer and of an injector. */
const RATES = /** @type {const} */ ({ oilRate: ['OPR', 'OIR'], waterRate: ['WPR', 'WIR'], gasRate: ['GPR', 'GIR'],
  waterCut: ['WCT', ''], bhp: ['BHP', 'BHP'] });
/** Wells whose rates are read unasked. */
const MOST_WELLS = 300;

export class SummaryAnswers {
  /** @type {Map<string, Vector>} */ #known = new Map();
  /** @type {Set<string>} */ #asked = new Set();
  /** @type {Set<string>} */ #waiting = new Set();
  #names;
  #byName;
  #store;
  #signal;
  #onChange;

  /**
   * @param {EclipseStore} store
   * @param {{ signal: AbortSignal, onProgress: (progress: { done: number, total: number }) => void }} options
   *   `onProgress`: values have come
   * @returns {Promise<SummaryAnswers>}
   */
  static async begin(store, { signal, onProgress }) {
    const names = await store.vectorNames({ signal });
    const [first] = names;
    const rows = first ? (await store.vectors([first.key], { signal }))[0] : undefined;
    return new SummaryAnswers(store, names, rows, { signal, onProgress });
  }

  /**
   * @param {EclipseStore} store
   * @param {Awaited<ReturnType<EclipseStore['vectorNames']>>} names
   * @param {Vector | undefined} rows  any vector: the rows of all are the same
   * @param {{ signal: AbortSignal, onProgress: (progress: { done: number, total: number }) => void }} options
   */
  constructor(store, names, rows, { signal, onProgress }) {
    this.#store = store;
    this.#signal = signal;
    this.#names = names.map(({ key, unit }) => ({ ...partsOf(key), name: key, unit, title: key }));
    this.#byName = new Map(this.#names.map((name) => [name.name, name]));
    /** Report steps that the rows belong to. @type {number[]} */
    this.availableSteps = [...new Set(rows?.steps ?? [])];
    this.#onChange = () => onProgress({ done: 1, total: 1 });
  }

  done = Promise.resolve();
  approximate = false;
  /** @type {[number, number][]} */ gaps = [];

  get minStep() {
    return this.availableSteps[0] ?? 0;
  }

  get maxStep() {
    return this.availableSteps.at(-1) ?? 0;
  }

  /** @returns {readonly Name[]} */
  vectorNames() {
    return this.#names;
  }

  /**
   * Those that have been read; the others are read now, and `onProgress` tells when they are there.
   * @param {readonly string[]} names
   * @returns {Record<string, Vector>}
   */
  vectors(names) {
    const missing = names.filter((name) => this.#byName.has(name) && !this.#asked.has(name));
    for (const name of missing) {
      this.#asked.add(name);
      this.#waiting.add(name);
    }
    if (missing.length > 0) queueMicrotask(() => this.#read());
    return Object.fromEntries(names.flatMap((name) => {
      const rows = this.#known.get(name);
      return rows ? [[name, rows]] : [];
    }));
  }

  /** The units of a list of wells, by column. @returns {Record<string, string>} */
  get wellUnits() {
    return Object.fromEntries(Object.entries(RATES).map(([column, [quantity]]) =>
      [column, this.#names.find((name) => name.subject.startsWith('W:') && name.quantity === quantity)?.unit ?? '']));
  }

  /**
   * Rates of the wells at a report step.
   * @param {{ step: number, known?: readonly import('../../model/wells.js').Well[] }} options  `known`: wells as
   *   the restart has them, which says what they are
   */
  wells({ step, known = [] }) {
    const names = [...new Set(this.#names.filter(({ subject }) => subject.startsWith('W:'))
      .map(({ subject }) => subject.slice(2)))].slice(0, MOST_WELLS);
    const wanted = names.flatMap((well) => Object.values(RATES).flat().filter((quantity) => quantity !== '')
      .map((quantity) => `W${quantity}:${well}`)).filter((name) => this.#byName.has(name));
    const rows = this.vectors(wanted);
    const at = (/** @type {string} */ name) => {
      const vector = rows[name];
      const row = vector ? Array.prototype.lastIndexOf.call(vector.steps, step) : -1;
      return row < 0 ? NaN : vector.values[row];
    };
    return names.map((name) => {
      const own = known.find((well) => well.name === name);
      const injects = own ? own.injector : at(`WWIR:${name}`) > 0 || at(`WGIR:${name}`) > 0;
      const values = Object.fromEntries(Object.entries(RATES).map(([column, pair]) =>
        [column, at(`W${pair[injects ? 1 : 0]}:${name}`)]));
      return { name, type: injects ? 'injector' : 'producer', state: own && !own.open ? 'shut' : 'open', ...values };
    });
  }

  close() {
    this.#known.clear();
  }

  async #read() {
    const names = [...this.#waiting];
    this.#waiting.clear();
    if (names.length === 0) return;
    try {
      for (const vector of await this.#store.vectors(names, { signal: this.#signal })) {
        this.#known.set(vector.key, vector);
      }
    } catch (error) {
      if (this.#signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#onChange();
  }

  /** Why some could not be read; '' for none. */
  problem = '';
}

