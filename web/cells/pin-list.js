// SPDX-License-Identifier: MIT
// The pinned cells below the selected one: their colours, values and a way to let go of each. What reads
// their curves is fetched with the first of them.

import { h, iconButton } from '../base/dom.js';
import { cellText, exactText } from '../model/properties.js';
import { cssColour } from '../plot/colormaps.js';
import { pinColour } from './pin-colours.js';
import { pin } from './pinning.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/** @param {Viewer} viewer @returns {HTMLElement} */
export function pinList(viewer) {
  const list = h('ul', { class: 'pins', 'aria-label': 'Pinned cells' });
  let asked = false;
  viewer.state.watch(['ask', 'run'], ({ ask, run }) => {
    if (asked || !run || ask.pins.length === 0) return;
    asked = true;
    import('./pin-curves.js').then(({ readPinCurves }) => readPinCurves(viewer), (error) => {
      asked = false;
      viewer.set({ trouble: `The curves of pinned cells could not be fetched: ${error.message}` });
    });
  });
  viewer.state.watch(['ask', 'shown', 'run'], ({ ask: { pins }, shown, run }) => {
    list.hidden = pins.length === 0;
    list.replaceChildren(...pins.map((cell, n) => {
      const value = run && shown ? exactText(shown.values, run.grid.indexOf(cell)) : 'NaN';
      const mark = h('span', { class: 'swatch' });
      mark.style.background = cssColour(pinColour(n));
      const name = `[${cell.join(', ')}]`;
      return h('li', {}, mark, h('button', { type: 'button', class: 'small', title: 'Select this cell',
        onclick: () => viewer.select(cell) }, name),
      h('span', { class: 'pin-value', 'data-value': value, title: value },
        run && shown ? cellText(shown.values, run.grid.indexOf(cell), shown.property, 7) : '…'),
      iconButton('close', `Unpin ${name}`, () => pin(viewer, cell)));
    }));
  });
  return list;
}

/**
 * Buttons for what is selected: pin it, copy its value to the last digit.
 * @param {Viewer} viewer
 * @returns {HTMLElement}
 */
export function cellActions(viewer) {
  const button = h('button', { type: 'button', class: 'small', title: 'Keep this cell in the curves (Ctrl or Shift '
    + 'and a click pins, too)', onclick: () => {
    const { cell } = viewer.state.now;
    if (cell) pin(viewer, cell);
  } }, 'Pin');
  const copy = h('button', { type: 'button', class: 'small', onclick: () => {
    const { cell, run, shown } = viewer.state.now;
    if (!cell || !run || !shown) return;
    const text = exactText(shown.values, run.grid.indexOf(cell));
    navigator.clipboard.writeText(text).then(() => viewer.set({ notice: `Copied: ${text}` }),
      () => viewer.set({ notice: `The browser does not let it be copied: ${text}` }));
  } }, 'Copy value');
  const element = h('div', { class: 'cell-actions' }, button, copy);
  viewer.state.watch(['cell', 'ask'], ({ cell, ask }) => {
    element.hidden = cell === null;
    const pinned = cell !== null && ask.pins.some((other) => other.join() === cell.join());
    button.setAttribute('aria-pressed', String(pinned));
  });
  return element;
}
