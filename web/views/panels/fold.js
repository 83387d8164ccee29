// SPDX-License-Identifier: MIT
// Panels that fold to their heading, so that the others have the room.

import { h, icon } from '../../base/dom.js';

/** Pixels of height below which not all panels have room. */
const LOW = 800;

/**
 * Makes a button of a panel's heading.
 * @template {HTMLElement} E
 * @param {E} panel  whose first child is its `h2`
 * @returns {E}
 */
export function foldable(panel) {
  const heading = /** @type {HTMLElement} */ (panel.querySelector('h2'));
  const [name] = heading.childNodes;
  const button = h('button', { type: 'button', class: 'fold', 'aria-expanded': 'true', onclick: () => {
    fold(panel, button.getAttribute('aria-expanded') === 'true');
  } }, icon('down'), name.textContent);
  name.replaceWith(button);
  panel.classList.add('foldable');
  return panel;
}

/** @param {HTMLElement} panel @param {boolean} folded */
function fold(panel, folded) {
  panel.classList.toggle('folded', folded);
  panel.querySelector('.fold')?.setAttribute('aria-expanded', String(!folded));
}

/**
 * Where there is little room, panels that are wanted less begin folded, once.
 * @param {import('../../model/viewer.js').Viewer} viewer
 * @param {HTMLElement} app
 * @param {readonly HTMLElement[]} panels
 */
export function foldWhereLow(viewer, app, panels) {
  let decided = false;
  viewer.state.watch(['phase'], ({ phase }) => {
    if (decided || phase !== 'ready' || app.clientHeight === 0) return;
    decided = true;
    for (const panel of panels) fold(panel, app.clientHeight < LOW);
  });
}
