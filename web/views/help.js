// SPDX-License-Identifier: MIT
// The help: mouse, touch, keys, and what the picture's signs mean.

import { h, iconButton } from '../base/dom.js';
import { KEYS } from './keys.js';

/** @returns {HTMLDialogElement} */
export function helpDialog() {
  const dialog = h('dialog', { class: 'help', 'aria-label': 'Help' });
  const rows = /** @param {readonly (readonly string[])[]} list */ (list) =>
    h('dl', { class: 'keys' }, ...list.flatMap(([keys, text]) =>
      [h('dt', {}, keys), h('dd', {}, text)]));
  dialog.append(
    h('div', { class: 'dialog-head' }, h('h2', {}, 'Help'), iconButton('close', 'Close', () => dialog.close())),
    h('div', { class: 'help-columns' },
      h('section', {}, h('h3', {}, 'Mouse and touch'), rows([
        ['Drag', 'turn'], ['Right drag, two fingers', 'move'], ['Wheel, pinch', 'zoom'],
        ['Click, tap', 'select a cell'], ['Ctrl or Shift, click', 'pin a cell: its curve stays'],
        ['Click the fence’s map', 'add a point, or the well there'],
      ]), h('h3', {}, 'Signs'), rows([
        ['▼ arrow down', 'an injector: blue water, red gas'],
        ['▲ arrow up', 'a producer'], ['Grey arrow', 'a well that is shut'],
        ['Grey cell', 'no value, or not finite'],
        ['Bright blue, pink', 'below, above the range'],
      ])),
      h('section', {}, h('h3', {}, 'Keys, while a picture has the focus'), rows(KEYS))),
    h('p', { class: 'quiet' }, 'Indices are as in the files: i, j, k from 0, k = 0 is the top. '
      + 'Files you open stay on this device; nothing is uploaded.'));
  // A click beside the box closes it.
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  return dialog;
}
