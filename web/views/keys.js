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
    i: () => viewer.selectNext(0, event.shiftKey ? -1 : 1),
    j: () => viewer.selectNext(1, event.shiftKey ? -1 : 1),
    k: () => viewer.selectNext(2, event.shiftKey ? -1 : 1),
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
