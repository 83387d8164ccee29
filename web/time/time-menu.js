// SPDX-License-Identifier: MIT
// What time is told in: slider and playback by step or by time, and the date of day 0.

import { h, iconButton, uniqueId } from '../base/dom.js';
import { dateIn, writtenDate } from './dates.js';
import { timesOf } from './time-axis.js';

/** @param {import('../model/viewer.js').Viewer} viewer @returns {HTMLElement} */
export function timeMenu(viewer) {
  const group = uniqueId('by');
  const choices = /** @type {const} */ ([[false, 'By step'], [true, 'By time']]).map(([byTime, text]) => {
    const input = h('input', { type: 'radio', name: group, value: byTime ? 'time' : 'step',
      onchange: () => viewer.set({ byTime }) });
    return { byTime, input, label: h('label', {}, input, h('span', {}, text)) };
  });
  const start = h('input', { type: 'date', onchange: () => {
    const { run } = viewer.state.now;
    viewer.set({ start: writtenDate(dateIn(start.value)) || (run?.startDate ?? '') });
  } });
  const note = h('p', { class: 'quiet' });
  const show = (/** @type {boolean} */ open) => {
    box.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
  };
  const box = h('div', { class: 'time-menu', role: 'group', 'aria-label': 'Time', hidden: true,
    onfocusout: (/** @type {FocusEvent} */ { relatedTarget }) => {
      if (relatedTarget instanceof Node && !element.contains(relatedTarget)) show(false);
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      event.stopPropagation(); // arrows choose here, and do not move in time
      if (event.key !== 'Escape') return;
      show(false);
      button.focus();
    },
  },
  h('div', { class: 'segmented', role: 'radiogroup', 'aria-label': 'Slider and playback' },
    ...choices.map(({ label }) => label)),
  h('label', {}, 'Date of day 0 ', start), note);
  const button = iconButton('clock', 'Time: by step or by time, dates', () => show(box.hidden === true),
    { 'aria-expanded': 'false' });
  const element = h('div', { class: 'time-menu-box' }, button, box);
  viewer.state.watch(['byTime', 'run', 'timesRead', 'stepCount', 'start'], ({ byTime, run, start: now }) => {
    const times = timesOf(run);
    for (const choice of choices) {
      choice.input.checked = choice.byTime === byTime;
      choice.input.disabled = choice.byTime && times === null;
    }
    start.value = now.slice(0, 10);
    note.textContent = now === '' ? 'The run does not say when its day 0 was.'
      : now === run?.startDate ? 'As the run says.' : 'As typed; it goes into the link.';
  });
  return element;
}
