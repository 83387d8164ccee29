// SPDX-License-Identifier: MIT
// The place of the Results panel, which is fetched when it is first opened.

import { h } from '../../base/dom.js';

/** @param {import('../../model/viewer.js').Viewer} viewer @returns {HTMLElement} */
export function resultsBox(viewer) {
  const element = h('section', { class: 'results', 'aria-label': 'Results', 'data-tab': 'results' });
  let asked = false;
  viewer.state.watch(['results', 'phase', 'hierarchy'], ({ results: { open }, phase, hierarchy }) => {
    element.hidden = phase === 'ready' ? !open : phase !== 'browsing' || !hierarchy?.summary;
    if (element.hidden || asked) return;
    asked = true;
    import('../../results/results-panel.js').then(({ fillResults }) => fillResults(viewer, element), (error) => {
      asked = false;
      element.replaceChildren(h('p', { class: 'result-empty', role: 'alert' },
        `The Results panel could not be fetched: ${error.message}`));
    });
  });
  return element;
}
