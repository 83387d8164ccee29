// SPDX-License-Identifier: MIT
// Time: where one is, and playback.

import { SPEEDS } from '../model/state.js';
import { formatDays } from '../plot/scale.js';
import { dateText } from '../time/dates.js';
import { goesByTime, nearest, speedText, timesOf } from '../time/time-axis.js';
import { timeMenu } from '../time/time-menu.js';
import { h, iconButton, setIcon } from '../base/dom.js';

/** @typedef {import('../model/state.js').ViewerState} ViewerState */

/** Steps of Page Up and Page Down. */
export const PAGE = 10;

/**
 * 'Step 12 of 22 · 34.5 days · 4 Feb 2015'
 * @param {Readonly<ViewerState>} state
 */
export function timeText(state) {
  const { run, step, start } = state;
  const time = run?.steps[step]?.time ?? null;
  return [capital(placeText(state)), time === null ? '' : formatDays(time), dateText(start, run?.steps ?? [], step)]
    .filter((part) => part !== '').join(' · ');
}

/**
 * 'step 12 of 22', and where a run holds some of the simulator's steps only 'step 48 of the simulator,
 * state 12 of 22'.
 * @param {Readonly<ViewerState>} state
 */
function placeText({ run, step }) {
  const end = (run?.steps.length ?? 1) - 1;
  const own = run?.steps[step]?.step ?? null;
  return own === null || own === step ? `step ${step} of ${end}`
    : `step ${own} of the simulator, state ${step} of ${end}`;
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
    oninput: () => {
      const times = goesByTime(viewer.state.now) ? timesOf(viewer.state.now.run) : null;
      viewer.setStep(times ? nearest(times, slider.valueAsNumber) : slider.valueAsNumber);
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => { timeKey(viewer, event); },
  });
  const menu = timeMenu(viewer);
  const marks = h('div', { class: 'time-marks', 'aria-hidden': 'true' });
  const text = h('div', { class: 'time-text' });

  /** Where each step lies on the slider. */
  const places = (/** @type {Readonly<ViewerState>} */ state) => (goesByTime(state) && timesOf(state.run))
    || Array.from({ length: state.run?.steps.length ?? 1 }, (_, n) => n);
  viewer.state.watch(['run', 'stepCount', 'timesRead', 'byTime'], (state) => {
    const at = places(state), [first] = at, last = at[at.length - 1];
    const byTime = goesByTime(state);
    slider.step = byTime ? 'any' : '1';
    slider.min = String(first);
    slider.max = String(last);
    slider.disabled = at.length < 2;
    slider.setAttribute('aria-label', byTime ? 'Time' : 'Time step');
    // One mark a step while they can be told apart.
    marks.replaceChildren(...(at.length > 120 ? [] : at.map((place) => {
      const mark = h('i');
      mark.style.left = `${last > first ? 100 * (place - first) / (last - first) : 0}%`;
      return mark;
    })));
  });
  viewer.state.watch(['step', 'run', 'stepCount', 'timesRead', 'playing', 'loop',
    'speed', 'start', 'byTime'], (state) => {
    const end = (state.run?.steps.length ?? 1) - 1;
    const at = places(state);
    slider.value = String(at[state.step]);
    slider.style.setProperty('--done', `${end > 0 ? 100 * (at[state.step] - at[0]) / (at[end] - at[0]) : 0}%`);
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
    for (const option of speed.options) option.text = speedText(state, Number(option.value));
    showTime(text, state);
  });
  return h('footer', { class: 'time-bar', role: 'group', 'aria-label': 'Time' },
    h('div', { class: 'transport' }, first, back, play, forward, last),
    h('div', { class: 'time-track' }, marks, slider), text,
    h('div', { class: 'transport' }, loop, speed, menu));
}

/**
 * Where there is little room the day beside a date and the simulator's own step, in an element of their own, are left
 * out.
 * @param {HTMLElement} element @param {Readonly<ViewerState>} state
 */
function showTime(element, state) {
  const { run, step, start } = state;
  const time = run?.steps[step]?.time ?? null;
  const date = dateText(start, run?.steps ?? [], step);
  const day = time === null ? '' : `day ${formatDays(time).replace(/ days?$/, '')}`;
  const place = placeText(state);
  const own = Math.max(0, place.indexOf('state '));
  element.replaceChildren(h('b', {}, date || capital(day || place)),
    h('span', {}, h('span', { class: 'wide' }, date && day && `${day} · `, day && place.slice(0, own)),
      day && place.slice(own)));
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
