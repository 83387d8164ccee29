// SPDX-License-Identifier: MIT
// Time: where one is, and playback.

import { SPEEDS } from '../model/state.js';
import { formatDays } from '../plot/scale.js';
import { h, iconButton, setIcon } from '../base/dom.js';

/** @typedef {import('../model/state.js').ViewerState} ViewerState */

/** Steps of Page Up and Page Down. */
export const PAGE = 10;

/**
 * 'Step 12 of 22 · 34.5 days'
 * @param {Readonly<ViewerState>} state
 */
export function timeText({ run, step }) {
  const time = run?.steps[step]?.time;
  const place = `Step ${step} of ${(run?.steps.length ?? 1) - 1}`;
  return time === null || time === undefined ? place : `${place} · ${formatDays(time)}`;
}

/**
 * Keys that move in time, wherever they are taken from.
 * @param {import('../model/viewer.js').Viewer} viewer
 * @param {KeyboardEvent} event
 * @returns {boolean} whether it was one
 */
export function timeKey(viewer, event) {
  const { step, run } = viewer.state.now;
  const last = (run?.steps.length ?? 1) - 1;
  const target = {
    ArrowLeft: step - 1, ArrowDown: step - 1, ArrowRight: step + 1, ArrowUp: step + 1,
    PageDown: step - PAGE, PageUp: step + PAGE, Home: 0, End: last,
  }[event.key];
  if (target === undefined) return false;
  event.preventDefault();
  viewer.setStep(target);
  return true;
}

/** @param {import('../model/viewer.js').Viewer} viewer @returns {HTMLElement} */
export function timeBar(viewer) {
  const by = /** @param {number} steps */ (steps) => () =>
    viewer.setStep(viewer.state.now.step + steps);
  const first = iconButton('first', 'First step', () => viewer.setStep(0),
    { class: 'icon-button end' });
  const back = iconButton('back', 'One step back', by(-1));
  const play = iconButton('play', 'Play', () => viewer.togglePlay(), { class: 'icon-button play' });
  const forward = iconButton('forward', 'One step forward', by(1));
  const last = iconButton('last', 'Last step', () => viewer.setStep(Infinity),
    { class: 'icon-button end' });
  const loop = iconButton('loop', 'Repeat', () => viewer.set({ loop: !viewer.state.now.loop }));
  const speed = h('select', {
    'aria-label': 'Speed', class: 'speed',
    onchange: () => viewer.set({ speed: Number(speed.value) }),
  }, ...SPEEDS.map((value) => h('option', { value }, `${value}/s`)));
  const slider = h('input', {
    type: 'range', min: 0, step: 1, class: 'plain time-slider', 'aria-label': 'Time step',
    oninput: () => viewer.setStep(slider.valueAsNumber),
    onkeydown: (/** @type {KeyboardEvent} */ event) => { timeKey(viewer, event); },
  });
  const marks = h('div', { class: 'time-marks', 'aria-hidden': 'true' });
  const text = h('div', { class: 'time-text' });

  viewer.state.watch(['run', 'stepCount'], ({ run }) => {
    const count = run?.steps.length ?? 1;
    slider.max = String(count - 1);
    slider.disabled = count < 2;
    // One mark a step while they can be told apart.
    marks.replaceChildren(...(count > 120 ? [] : Array.from({ length: count }, () => h('i'))));
  });
  viewer.state.watch(['step', 'run', 'stepCount', 'timesRead', 'playing', 'loop',
    'speed'], (state) => {
    const end = (state.run?.steps.length ?? 1) - 1;
    slider.value = String(state.step);
    slider.style.setProperty('--done', `${end > 0 ? 100 * state.step / end : 0}%`);
    slider.setAttribute('aria-valuetext', timeText(state));
    for (const button of [first, back]) button.disabled = state.step === 0;
    for (const button of [forward, last]) button.disabled = state.step >= end;
    play.disabled = end < 1;
    const label = state.playing ? 'Pause' : 'Play';
    if (play.title !== label) {
      setIcon(play, state.playing ? 'pause' : 'play');
      play.title = label;
      play.setAttribute('aria-label', label);
    }
    loop.setAttribute('aria-pressed', String(state.loop));
    speed.value = String(state.speed);
    showTime(text, state);
  });
  return h('footer', { class: 'time-bar', role: 'group', 'aria-label': 'Time' },
    h('div', { class: 'transport' }, first, back, play, forward, last),
    h('div', { class: 'time-track' }, marks, slider), text,
    h('div', { class: 'transport' }, loop, speed));
}

/** @param {HTMLElement} element @param {Readonly<ViewerState>} state */
function showTime(element, { run, step }) {
  const known = run?.steps[step];
  const end = (run?.steps.length ?? 1) - 1;
  const time = known?.time ?? null;
  const own = known?.step ?? null;
  // Where a run holds some of the simulator's steps only, both numbers are needed.
  const place = `step ${step} of ${end}${own === null || own === step ? '' : ` · simulator’s ${own}`}`;
  element.replaceChildren(h('b', {}, time === null ? `Step ${step}` : capitalised(formatDays(time))),
    h('span', {}, time === null ? `of ${end}` : place));
}

/** '34.5 days' → 'Day 34.5' @param {string} days */
function capitalised(days) {
  return `Day ${days.replace(/ days?$/, '')}`;
}
