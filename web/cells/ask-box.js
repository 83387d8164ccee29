// SPDX-License-Identifier: MIT
// The place of the panel that asks the cells, which is fetched when it is first opened, and the words
// in the picture that say that not all cells are shown.

import { h, iconButton } from '../base/dom.js';
import { isFenceAlone } from '../fence/fence-link.js';
import { cellsWords } from './ask.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/** @param {Viewer} viewer @returns {HTMLElement} */
export function askBox(viewer) {
  const element = h('div', { class: 'ask panel' });
  let asked = false;
  viewer.state.watch(['ask', 'phase'], ({ ask, phase }) => {
    element.hidden = !ask.open;
    if (element.hidden || asked || phase !== 'ready') return;
    asked = true;
    import('./panel.js').then(({ fillAsk }) => fillAsk(viewer, element), (error) => {
      asked = false;
      element.replaceChildren(h('p', { role: 'alert' }, `The panel could not be fetched: ${error.message}`));
    });
  });
  return element;
}

/** @param {Viewer} viewer @returns {HTMLElement} */
export function cellsNote(viewer) {
  const text = h('span', {});
  const element = h('div', { class: 'cells-note', role: 'status' }, text,
    iconButton('close', 'Show all cells: switch the filters off', () => {
      viewer.ask({
        filters: viewer.state.now.ask.filters.map((filter) => ({ ...filter, on: false })),
        cross: viewer.state.now.ask.cross && { ...viewer.state.now.ask.cross, brush: null },
      });
      if (isFenceAlone(viewer.state.now)) viewer.setFence({ solid: 'cells' });
    }));
  viewer.state.watch(['ask', 'cells', 'run', 'fence', 'curtain', 'metric'], (state) => {
    const words = cellsWords(state, false);
    element.hidden = words === '';
    text.textContent = words;
    text.title = text.textContent;
  });
  return element;
}
