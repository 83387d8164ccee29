// SPDX-License-Identifier: MIT
// What is compared with what, how it is shown, and how far the two are apart in time.

import { h, iconButton, uniqueId } from '../base/dom.js';
import { formatDays } from '../plot/scale.js';
import { dateText } from '../time/dates.js';
import { HOWS } from './compare-link.js';
import { gapText } from './match.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {Readonly<import('../model/state.js').ViewerState>} ViewerState */

const TEXTS = { difference: 'Difference', beside: 'Side by side', swipe: 'Swipe' };

/** @param {Viewer} viewer @param {() => void} onChoose  another thing to compare with @returns {HTMLElement} */
export function compareBar(viewer, onChoose) {
  const group = uniqueId('how');
  const choices = HOWS.map((how) => {
    const input = h('input', { type: 'radio', name: group, value: how, onchange: () => {
      const { compare } = viewer.state.now;
      if (compare) viewer.set({ compare: { ...compare, how } });
    } });
    return { how, input, label: h('label', {}, input, h('span', {}, TEXTS[how])) };
  });
  const first = h('span', { class: 'compare-side' });
  const second = h('span', { class: 'compare-side' });
  const gap = h('span', { class: 'compare-gap' });
  const note = h('span', { class: 'compare-note', role: 'status' });
  const element = h('section', { class: 'compare-bar', 'aria-label': 'Comparison' },
    h('div', { class: 'compare-names' }, first, second, gap, note),
    h('div', { class: 'segmented', role: 'radiogroup', 'aria-label': 'How to compare' },
      ...choices.map(({ label }) => label)),
    h('div', { class: 'compare-buttons' },
      h('button', { type: 'button', class: 'small', onclick: onChoose }, 'Other …'),
      iconButton('close', 'End the comparison', () => viewer.set({ compare: null }))));
  viewer.state.watch(['compare', 'webgl'], ({ compare, webgl }) => {
    element.hidden = compare === null;
    for (const { how, input, label } of choices) {
      input.checked = how === (webgl ? compare?.how : 'difference');
      input.disabled = how !== 'difference' && !webgl;
      label.title = input.disabled ? 'This needs the 3-D picture, which this browser cannot draw' : '';
    }
  });
  viewer.state.watch(['compare', 'compareNote', 'lens', 'shown', 'run', 'start'], (state) => {
    const sides = sidesText(state);
    first.replaceChildren(h('b', {}, 'A'), sides.first);
    second.replaceChildren(h('b', {}, 'B'), sides.second);
    gap.textContent = sides.gap;
    gap.hidden = sides.gap === '';
    note.textContent = state.compareNote;
    note.hidden = state.compareNote === '';
    note.classList.toggle('trouble-text', state.compareNote.includes('cannot'));
  });
  return element;
}

/**
 * What stands on either side now, and how far apart they are in time.
 * @param {ViewerState} state
 * @returns {{ first: string, second: string, gap: string }}
 */
export function sidesText({ compare, lens, shown, run, start }) {
  const { match } = shown?.values.pair ?? {};
  if (!lens || !match) return { first: run?.name ?? '', second: compare?.name ?? '', gap: '' };
  const { other, forward } = lens.sides;
  const time = other.steps[match.step]?.time ?? null;
  const date = dateText(forward ? other.startDate : start, other.steps, match.step);
  const when = [time === null ? '' : formatDays(time), date].filter((part) => part !== '').join(' · ');
  const later = gapText(match);
  return forward ? { first: lens.names.first, second: lens.names.second, gap: `${when}${later && `: ${later}`}` }
    : { first: `${lens.names.first}${when && ` (${when})`}`, second: lens.names.second, gap: '' };
}
