// SPDX-License-Identifier: MIT
// Keeps the curtain in step with the line, the wells and the run. The cells are cut in the worker; values only
// colour them, so that a step costs nothing here.

import { Newest } from '../base/tasks.js';
import { failureOf } from '../model/failures.js';
import { lineOf } from './line.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../../js/core/fence.js').Fence & import('./line.js').Line} Curtain */

/** What the cells cut depend on. */
const KEYS = /** @type {const} */ (['run', 'fence', 'wells']);

/** @param {Viewer} viewer */
export function keepFence(viewer) {
  const reading = new Newest();
  /** What was cut last. */
  let made = '';
  /** @type {import('../model/run.js').Run | null} */ let of = null;
  /** Wells come and go with time: where one was last is known. @type {Map<string, import('../model/wells.js').Well>} */
  const known = new Map();
  const cut = async () => {
    const { run, fence, wells } = viewer.state.now;
    if (run !== of) { known.clear(); made = ''; of = run; }
    for (const well of wells) known.set(well.name, well);
    if (!run || !fence.open) {
      made = '';
      if (viewer.state.now.curtain) viewer.set({ curtain: null });
      return;
    }
    const line = lineOf(fence.line, { grid: run.grid, wells: [...known.values()], extend: fence.extend,
      bounds: run.bounds });
    const wanted = JSON.stringify(line);
    if (wanted === made) return;
    made = wanted;
    const nothing = { ...line, count: 0, length: line.starts.at(-1) ?? 0, cells: new Uint32Array(),
      firsts: new Uint32Array(1), stations: new Float64Array() };
    try {
      const cells = line.points.length > 1 ? await run.fence(line.points) : nothing;
      if (viewer.state.now.run === run && made === wanted) viewer.set({ curtain: { ...cells, ...line } });
    } catch (error) {
      if (viewer.state.now.run !== run || made !== wanted) return;
      // Another line's cells are not shown instead.
      viewer.set({ curtain: nothing, trouble: `The fence cannot be cut: ${failureOf('', error).message}` });
    }
  };
  viewer.state.watch(KEYS, () => { void reading.run(cut); });
}
