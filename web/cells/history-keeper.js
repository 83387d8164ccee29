// SPDX-License-Identifier: MIT
// Keeps the curve of the selected cell: of the property that is wanted, through all steps.

import { Latest } from '../base/tasks.js';
import { failureOf } from '../model/failures.js';

/** @typedef {import('../base/observable.js').Observable<import('../model/state.js').ViewerState>} State */

export class HistoryKeeper {
  #reading = new Latest();

  /** @param {State} state */
  constructor(state) {
    this.state = state;
  }

  /** Reads it anew, of what is selected now. */
  read() {
    const { run, property, cell, lens } = this.state.now;
    if (!run || !property || property.ternary || !cell) {
      this.#reading.cancel();
      this.state.set({ history: null });
      return;
    }
    const history = { property, cell, values: [], problem: '' };
    this.state.set({ history: { ...history, status: 'reading' } });
    this.#reading.run(async (signal) => {
      const { values, problem } = await (lens ?? run).history(property, cell, signal);
      if (signal.aborted) return;
      this.state.set({ history: { ...history, values, status: 'ready',
        problem: problem ? failureOf('', problem).message : '' } });
    }, (error) => this.state.set({
      history: { ...history, status: 'failed', problem: failureOf('', error).message },
    }));
  }

  cancel() {
    this.#reading.cancel();
  }
}
