// SPDX-License-Identifier: MIT
// The place of a comparison's bar; all that compares is fetched when it is first wanted.

import { h, icon } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * @param {Viewer} viewer
 * @param {{ element: HTMLElement, scene: import('../scene/renderer.js').Scene | null }} stage
 * @param {boolean} alone  it is a page of its own, which has a list of runs
 */
export function compareBox(viewer, stage, alone) {
  const element = h('div', { class: 'compare-place' });
  /** @typedef {{ choose: () => void, other: () => import('../scene/renderer.js').Scene | null }} Started */
  /** @type {Promise<Started> | null} */ let starting = null;
  /** @type {Started | null} */ let started = null;
  const start = () => starting ??= import('./compare.js').then(({ startComparing }) => {
    started = startComparing(viewer, { stage, element, alone });
    return started;
  }, (error) => {
    starting = null;
    viewer.set({ notice: `What compares could not be fetched: ${error.message}` });
    throw error;
  });
  viewer.state.watch(['compare', 'phase'], ({ compare, phase }) => {
    if (compare && phase === 'ready') start().catch(() => { /* told */ });
  });
  return {
    element,
    /** Asks what to compare with. */
    choose: () => { start().then(({ choose }) => choose(), () => { /* told */ }); },
    /** The picture beside, where there is one. */
    other: () => started?.other() ?? null,
  };
}

/** @param {Viewer} viewer @param {() => void} onChoose */
export function compareButton(viewer, onChoose) {
  const button = h('button', { type: 'button', class: 'text-button compare-button', 'aria-label': 'Compare',
    title: 'Compare with another run, or with another step', onclick: onChoose },
  icon('compare'), h('span', {}, 'Compare'));
  viewer.state.watch(['run', 'compare'], ({ run, compare }) => {
    button.hidden = run === null;
    button.setAttribute('aria-pressed', String(compare !== null));
  });
  return button;
}
