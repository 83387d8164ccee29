// SPDX-License-Identifier: MIT
// The place of the fence's panel, which is fetched when it is first opened, and the curtain in the 3-D picture.

import { h } from '../base/dom.js';
import { joined } from '../model/failures.js';
import { isFenceAlone } from './fence-link.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/** @param {Viewer} viewer @returns {HTMLElement} */
export function fenceBox(viewer) {
  const element = h('section', { class: 'fence', 'aria-label': 'Fence', 'data-tab': 'fence' });
  let asked = false;
  viewer.state.watch(['fence', 'phase'], ({ fence, phase, results }) => {
    // Both lie below the picture: there is room for one.
    if (fence.open && results.open) viewer.set({ results: { ...results, open: false } });
    element.hidden = !fence.open || phase !== 'ready';
    if (element.hidden || asked) return;
    asked = true;
    import('./fence-panel.js').then(({ fillFence }) => fillFence(viewer, element), (error) => {
      asked = false;
      element.replaceChildren(h('p', { role: 'alert' }, `The fence could not be fetched: ${error.message}`));
    });
  });
  return element;
}

/**
 * Keeps the curtain of a picture as it is wanted.
 * @param {import('../scene/renderer.js').Scene} scene
 * @param {import('../base/observable.js').Observable<import('../model/state.js').ViewerState>} state
 * @returns {() => void}  stops it
 */
export function followFence(scene, state) {
  return state.watch(['curtain', 'fence', 'cells', 'run'], (now) => {
    const { curtain, fence, cells, run } = now;
    if (!run || !curtain || curtain.count === 0 || !fence.open || fence.solid === 'off') {
      scene.setFence(null, false);
      return;
    }
    void import('./surface.js').then(({ fenceFaces }) => {
      if (state.now.curtain !== curtain || state.now.fence !== fence || state.now.cells !== cells) return;
      scene.setFence(fenceFaces(curtain, run.bounds.depthOfZero, cells?.filtered ? cells.mask : null),
        isFenceAlone(now));
    }, ({ message }) => state.set({
      trouble: joined(state.now.trouble, `The fence in the 3-D picture could not be fetched: ${message}`) }));
  });
}
