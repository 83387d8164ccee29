// SPDX-License-Identifier: MIT
// Keeps the faces that are drawn in step with the cells that are shown: those of the index box,
// and, where it is wanted, only those that have a value at this step.

import { failureOf } from './failures.js';
import { Latest } from '../base/tasks.js';

/** @typedef {import('../base/observable.js').Observable<import('./state.js').ViewerState>} State */

export class FaceKeeper {
  #reading = new Latest();
  /** Of the faces that were asked for last. @type {Uint8Array | null} */ #mask = null;

  /** @param {State} state @param {import('./run.js').Run} run */
  constructor(state, run) {
    this.state = state;
    this.run = run;
  }

  /** Makes the faces anew. */
  update() {
    const { box } = this.state.now;
    const mask = this.#maskOfValues();
    this.#mask = mask;
    this.#reading.run(async (signal) => {
      const faces = await this.run.faces({ ...box, mask }, signal);
      if (!signal.aborted) this.state.set({ faces });
    }, (error) => this.state.set({ trouble: failureOf('', error).message }));
  }

  /** The same if other cells have a value now. */
  match() {
    const mask = this.#maskOfValues();
    const known = this.#mask;
    const same = mask === known || (mask !== null && known !== null
      && mask.every((shown, cell) => shown === known[cell]));
    if (!same) this.update();
  }

  stop() {
    this.#reading.cancel();
  }

  /** Which cells have a value, where those without are hidden. @returns {Uint8Array | null} */
  #maskOfValues() {
    const { hideMissing, shown } = this.state.now;
    if (!hideMissing || !shown || shown.values.missing === 0) return null;
    return Uint8Array.from(shown.values.data, (value) => (Number.isFinite(value) ? 1 : 0));
  }
}
