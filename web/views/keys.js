// SPDX-License-Identifier: MIT
// Keys of the 3-D picture. They work only while it has the focus, so that no letter that is
// typed elsewhere does anything (WCAG 2.1, 2.1.4).

import { HOME, VIEWS } from '../scene/renderer.js';
import { timeKey } from './time-bar.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../scene/renderer.js').View} View */

/** What the help says: keys and what they do. */
export const KEYS = Object.freeze([
  ['← →', 'one step back, forward'],
  ['Page Up, Page Down', 'ten steps'],
  ['Home, End', 'first, last step'],
  ['Space', 'play, pause'],
  ['L', 'repeat'],
  ['Shift + arrows', 'turn the picture'],
  ['+ −', 'nearer, farther'],
  ['0', 'whole reservoir'],
  ['1 2 3', 'from above, from the south, from the west'],
  ['I J K', 'next cell along i, j, k; with Shift the one before'],
  ['E', 'cell edges'],
  ['W', 'wells'],
  ['Esc', 'clear the selection'],
  ['?', 'this list'],
]);

/** Degrees of a turn, factor of a zoom. */
const TURN = 5;
const ZOOM = 1.15;

/**
 * @param {KeyboardEvent} event
 * @param {Viewer} viewer
 * @param {{ onHelp: () => void }} actions
 */
export function stageKey(event, viewer, { onHelp }) {
  if (event.ctrlKey || event.metaKey || event.altKey || viewer.state.now.run === null) return;
  const view = viewer.state.now.view ?? HOME;
  if (event.shiftKey && event.key.startsWith('Arrow')) {
    event.preventDefault();
    viewer.look(turned(view, event.key));
    return;
  }
  if (timeKey(viewer, event)) return;
  const { state } = viewer;
  const zoomed = /** @param {number} factor */ (factor) =>
    viewer.look({ ...view, distance: Math.max(0.05, Math.min(12, view.distance * factor)) });
  /** @type {Record<string, () => void>} */
  const actions = {
    ' ': () => viewer.togglePlay(),
    l: () => viewer.set({ loop: !state.now.loop }),
    '+': () => zoomed(1 / ZOOM),
    '=': () => zoomed(1 / ZOOM),
    '-': () => zoomed(ZOOM),
    '−': () => zoomed(ZOOM),
    0: () => viewer.look(null),
    1: () => viewer.look(VIEWS.top),
    2: () => viewer.look(VIEWS.south),
    3: () => viewer.look(VIEWS.west),
    i: () => viewer.select(neighbour(state.now, 0, event.shiftKey)),
    j: () => viewer.select(neighbour(state.now, 1, event.shiftKey)),
    k: () => viewer.select(neighbour(state.now, 2, event.shiftKey)),
    e: () => viewer.set({ showEdges: !state.now.showEdges }),
    w: () => viewer.set({ showWells: !state.now.showWells }),
    escape: () => viewer.select(null),
    '?': onHelp,
  };
  const action = actions[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
}

/** Where arrows and Space mean something else. */
const TAKERS = 'input, select, textarea, [contenteditable], dialog, [role=tree], [role=application], canvas';

/**
 * Arrows and Space anywhere else: they move in time, too.
 * @param {KeyboardEvent} event
 * @param {Viewer} viewer
 */
export function pageKey(event, viewer) {
  const [target] = event.composedPath();
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey
    || viewer.state.now.phase !== 'ready' || !(target instanceof Element) || target.closest(TAKERS)) return;
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') timeKey(viewer, event);
  else if (event.key === ' ' && !target.closest('button, a, summary')) {
    event.preventDefault();
    viewer.togglePlay();
  }
}

/**
 * The neighbour of the selected cell among those shown; where none is selected, the one that the slice is at.
 * @param {Readonly<import('../model/state.js').ViewerState>} state
 * @param {number} axis
 * @param {boolean} back
 */
function neighbour({ cell, sliceAt, box: { lo, hi } }, axis, back) {
  return /** @type {import('../model/grid.js').Cell} */ ((cell ?? sliceAt).map((n, a) =>
    Math.max(lo[a], Math.min(hi[a] - 1, n + (cell && a === axis ? (back ? -1 : 1) : 0)))));
}

/** @param {View} view @param {string} key @returns {View} */
function turned(view, key) {
  const { azimuth, elevation } = view;
  return {
    ...view,
    azimuth: (azimuth + ({ ArrowLeft: TURN, ArrowRight: -TURN }[key] ?? 0) + 360) % 360,
    elevation: Math.max(-90, Math.min(90,
      elevation + ({ ArrowUp: TURN, ArrowDown: -TURN }[key] ?? 0))),
  };
}
