// SPDX-License-Identifier: MIT
// Reads the curves of the pinned cells, one after another, and keeps what it has read while the property
// stays. Fetched with the first pin.

import { failureOf } from '../model/failures.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../grid/cell-grid.js').Cell} Cell */

/** @param {Viewer} viewer */
export function readPinCurves(viewer) {
  /** @type {Map<string, { values: number[], problem: string }>} */ const known = new Map();
  /** What the curves are of. @type {unknown[]} */ let of = [];
  let abort = new AbortController();
  viewer.state.watch(['run', 'lens', 'property', 'stepCount', 'ask'], (state) => {
    const { lens, property, stepCount, ask: { pins } } = state;
    const run = lens ?? state.run;
    if ([run, property, stepCount].some((now, n) => now !== of[n])) known.clear();
    of = [run, property, stepCount];
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    const tell = () => viewer.set({ pinned: !property || property.ternary ? [] : pins.map((cell) =>
      ({ cell, property, ...(known.get(cell.join()) ?? { values: null, problem: '' }) })) });
    tell();
    void (async () => {
      for (const cell of pins) {
        if (!run || !property || property.ternary || known.has(cell.join())) continue;
        const { values, problem } = await run.history(property, cell, signal)
          .catch((error) => ({ values: /** @type {number[]} */ ([]), problem: error }));
        if (signal.aborted) return;
        known.set(cell.join(), { values, problem: problem ? failureOf('', problem).message : '' });
        tell();
      }
    })();
  });
}
