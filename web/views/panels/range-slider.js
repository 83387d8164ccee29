// SPDX-License-Identifier: MIT
// A slider with two ends, out of two native ones over each other: keyboard, touch and
// assistive technology come with them.

import { h } from '../../base/dom.js';

/**
 * @param {object} options
 * @param {string} options.label  'i'
 * @param {string} options.name   for assistive technology: 'Cells along i'
 * @param {(first: number, last: number) => void} options.onChange  both ends included
 * @param {(position: number) => string} [options.say]  what an end's position means
 * @returns {{ element: HTMLElement,
 *   update: (first: number, last: number, count: number) => void }}
 */
export function rangeSlider({ label, name, onChange, say }) {
  const ends = ['first', 'last'].map((end) => h('input', {
    type: 'range', min: 0, step: 1, 'aria-label': `${name}, ${end}`, class: `end-${end}`,
  }));
  const [low, high] = ends;
  const text = h('output', { class: 'range-text' });
  const fill = h('span', { class: 'range-fill' });
  const track = h('span', { class: 'range-track' }, fill, low, high);
  const element = h('div', { class: 'range-slider' }, h('span', { class: 'axis-name' }, label),
    track, text);

  const change = /** @param {HTMLInputElement} moved */ (moved) => {
    // An end that is pushed into the other one stops there.
    if (low.valueAsNumber > high.valueAsNumber) {
      moved.value = (moved === low ? high : low).value;
    }
    onChange(low.valueAsNumber, high.valueAsNumber);
  };
  for (const end of ends) end.addEventListener('input', () => change(end));

  return {
    element,
    update(first, last, count) {
      const most = Math.max(1, count - 1);
      for (const end of ends) {
        end.max = String(count - 1);
        end.disabled = count < 2;
      }
      low.value = String(first);
      high.value = String(last);
      for (const [end, value] of /** @type {const} */ ([[low, first], [high, last]])) {
        end.setAttribute('aria-valuetext', say ? say(value) : `${value} of 0 to ${count - 1}`);
      }
      // The end that can still move both ways lies on top.
      low.classList.toggle('on-top', first > most / 2);
      fill.style.left = `${100 * first / most}%`;
      fill.style.right = `${100 - 100 * last / most}%`;
      text.textContent = say ? '' : first === last ? `${first}` : `${first}–${last}`;
    },
  };
}
