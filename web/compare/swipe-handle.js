// SPDX-License-Identifier: MIT
// The divider of a swipe: dragged, or moved with the arrow keys.

import { h } from '../base/dom.js';

/** Part of the picture that an arrow key moves it. */
const KEY = 0.02;

/**
 * @param {import('../model/viewer.js').Viewer} viewer
 * @param {HTMLElement} stage  whose width it divides
 * @returns {{ element: HTMLElement, stop: () => void }}
 */
export function swipeHandle(viewer, stage) {
  const move = (/** @type {number} */ at) => {
    const { compare } = viewer.state.now;
    if (compare) viewer.set({ compare: { ...compare, at: Number(Math.max(0, Math.min(1, at)).toFixed(3)) } });
  };
  const element = h('div', {
    class: 'swipe-handle', role: 'slider', tabindex: 0, 'aria-label': 'Divider between A and B',
    'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-orientation': 'horizontal',
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
    },
    onpointermove: (/** @type {PointerEvent} */ event) => {
      const { left, width } = stage.getBoundingClientRect();
      if (element.hasPointerCapture(event.pointerId)) move((event.clientX - left) / width);
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const { at = 0.5 } = viewer.state.now.compare ?? {};
      const target = { ArrowLeft: at - KEY, ArrowDown: at - KEY, ArrowRight: at + KEY, ArrowUp: at + KEY, Home: 0,
        End: 1 }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      move(target);
    },
  });
  const stop = viewer.state.watch(['compare'], ({ compare }) => {
    const at = compare?.at ?? 0.5;
    stage.style.setProperty('--swipe', String(at));
    element.setAttribute('aria-valuenow', String(Math.round(100 * at)));
  });
  return { element, stop };
}
