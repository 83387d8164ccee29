// SPDX-License-Identifier: MIT
// Cells that are kept beside the selected one.

import { MOST_PINS } from './pin-colours.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../grid/cell-grid.js').Cell} Cell */

/** Keeps a cell, or lets it go. @param {Viewer} viewer @param {Cell} cell */
export function pin(viewer, cell) {
  const { run, ask: { pins } } = viewer.state.now;
  if (!run?.grid.has(cell)) return;
  const others = pins.filter((other) => other.join() !== cell.join());
  if (others.length < pins.length) viewer.ask({ pins: others });
  else if (pins.length < MOST_PINS) viewer.ask({ pins: [...pins, cell] });
  else viewer.set({ notice: `No more than ${MOST_PINS} cells can be pinned` });
}

/**
 * A click on a cell: it is selected or, with Ctrl or Shift, pinned, and what was selected with it.
 * @param {Viewer} viewer
 * @param {Cell | null} cell
 * @param {{ ctrlKey: boolean, metaKey: boolean, shiftKey: boolean }} keys
 */
export function pickCell(viewer, cell, { ctrlKey, metaKey, shiftKey }) {
  const { cell: before, ask } = viewer.state.now;
  if (cell === null || !(ctrlKey || metaKey || shiftKey)) {
    viewer.select(cell);
    return;
  }
  if (before && ask.pins.length === 0 && before.join() !== cell.join()) pin(viewer, before);
  pin(viewer, cell);
}
