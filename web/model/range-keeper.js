// SPDX-License-Identifier: MIT
// Keeps the colours' range as the user wants it: of all steps, of the one shown, or typed.

import { differenceEnds, RangeScan, scaleEnds } from './range.js';
import { Latest } from '../base/tasks.js';

/** @typedef {import('../base/observable.js').Observable<import('./state.js').ViewerState>} State */
/** @typedef {import('./properties.js').Drawable} Drawable */

/** Milliseconds between two changes of the colours while the range is being found. */
const PAUSE = 400;

export class RangeKeeper {
  #scanning = new Latest();
  /** What is being scanned. @type {Drawable | null} */ #scanned = null;
  /** Of which the user wants to know it, however much has to be read. @type {Drawable | null} */ #asked = null;
  #last = 0;

  /** @param {State} state @param {import('./run.js').Run | import('../compare/lens.js').Lens} run */
  constructor(state, run) {
    this.state = state;
    this.scan = new RangeScan(run);
  }

  /** Takes what is on the screen now into account, and reads what else is wanted. */
  update() {
    const { shown } = this.state.now;
    if (shown) this.scan.add(shown.property, shown.step, shown.values);
    this.#set();
    this.complete(false);
  }

  /**
   * Finds the range over all steps, if that is wanted.
   * @param {boolean} asked  the user wants it, however much has to be read
   */
  complete(asked) {
    const { property, rangeMode } = this.state.now;
    if (!property || property.ternary || rangeMode !== 'all') {
      this.stop();
      return;
    }
    if (asked) this.#asked = property;
    const { done, total } = this.scan.status(property);
    if (done === total || this.#scanned === property) return;
    this.#scanned = property;
    this.#scanning.run(async (signal) => {
      await this.scan.lookUp(property, signal); // costs no read of an array
      await this.scan.complete(property, signal, () => {
        if (performance.now() - this.#last >= PAUSE) this.#set();
      }, () => this.#asked === property);
      this.#scanned = null;
      this.#set();
    }, () => { this.#scanned = null; });
  }

  stop() {
    this.#scanning.cancel();
    this.#scanned = null;
  }

  #set() {
    const { rangeMode, property, shown, log, symmetric } = this.state.now;
    if (!property) return;
    this.#last = performance.now();
    const { lo, hi, loPositive } = this.scan.of(property);
    const found = { property: property.id, difference: property.difference === true, lo, hi, loPositive };
    this.state.set({ scan: this.scan.status(property), ...(!same(found, this.state.now.found) && { found }) });
    if (rangeMode === 'typed') return;
    const extremes = rangeMode === 'step' && shown?.property === property
      ? shown.values : together(found, this.state.now.also);
    this.state.set({ range: property.difference ? differenceEnds(extremes) : scaleEnds(extremes, log, symmetric) });
  }
}

/** @typedef {NonNullable<import('./state.js').ViewerState['found']>} Found */

/** @param {Found} a @param {Found | null} b */
export function same(a, b) {
  return b !== null && ofSame(a, b) && Object.is(a.lo, b.lo) && Object.is(a.hi, b.hi)
    && Object.is(a.loPositive, b.loPositive);
}

/** Whether both are of one property; its differences are none of its values. @param {Found} a @param {Found} b */
function ofSame(a, b) {
  return a.property === b.property && a.difference === b.difference;
}

/** What both span, where both are of the same property. @param {Found} a @param {Found | null} b @returns {Found} */
export function together(a, b) {
  if (b === null || !ofSame(a, b)) return a;
  const least = (/** @type {number} */ m, /** @type {number} */ n) => (Number.isNaN(m) || n < m ? n : m);
  return { ...a, lo: least(a.lo, b.lo), hi: -least(-a.hi, -b.hi), loPositive: least(a.loPositive, b.loPositive) };
}
