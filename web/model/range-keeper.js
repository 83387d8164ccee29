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
    const { done, total, asks } = this.scan.status(property);
    if (done === total || (asks && !asked) || this.#scanned === property) return;
    this.#scanned = property;
    this.#scanning.run(async (signal) => {
      await this.scan.complete(property, signal, () => {
        if (performance.now() - this.#last >= PAUSE) this.#set();
      });
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
    this.state.set({ scan: this.scan.status(property) });
    if (rangeMode === 'typed') return;
    const extremes = rangeMode === 'step' && shown?.property === property
      ? shown.values : this.scan.of(property);
    this.state.set({ range: property.difference ? differenceEnds(extremes) : scaleEnds(extremes, log, symmetric) });
  }
}
