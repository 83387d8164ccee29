// SPDX-License-Identifier: MIT
// The top line: what is open, and what can be done with it.

import { h, icon, iconButton } from '../base/dom.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */

/**
 * @param {Viewer} viewer
 * @param {HTMLElement} compare  its button
 * @param {{ alone: boolean, onOpen: (() => void) | null, onLink: (() => void) | null, onPicture: () => void,
 *   onSave: () => void, onTheme: () => void, onHelp: () => void, onResults: () => void, onAsk: () => void,
 *   onFence: () => void }} actions
 * @returns {HTMLElement}
 */
export function headerView(viewer, compare, { alone, onOpen, onLink, onPicture, onSave, onTheme, onHelp, onResults,
  onAsk, onFence }) {
  const name = h('h1', {});
  const facts = h('span', { class: 'quiet run-facts' });
  const live = h('span', { class: 'live-badge', role: 'status', hidden: true }, 'live');
  const copy = h('span', { class: 'copy-badge', role: 'status', hidden: true });
  const open = onOpen && h('button', { type: 'button', class: 'text-button', 'aria-label': 'Open another',
    onclick: onOpen },
    icon('folder'), h('span', {}, 'Open another'));
  const results = h('button', { type: 'button', class: 'text-button results-button', 'aria-label': 'Results',
    onclick: onResults },
    icon('chart'), h('span', {}, 'Results'));
  const ask = h('button', { type: 'button', class: 'text-button ask-button', 'aria-label': 'Filter and statistics',
    title: 'Filter the cells, histogram, percentiles', onclick: onAsk }, icon('filter'), h('span', {}, 'Filter'));
  const fence = h('button', { type: 'button', class: 'text-button fence-button', 'aria-label': 'Fence',
    title: 'A section along wells or a line', onclick: onFence }, icon('fence'), h('span', {}, 'Fence'));
  const link = onLink && iconButton('link', 'Copy a link to this view', onLink);
  const picture = iconButton('image', 'Save a picture, a film or the session', onPicture);
  const save = iconButton('save', 'Save as: the run in another format', onSave);
  viewer.state.watch(['live'], (state) => {
    live.hidden = !state.live;
    live.title = 'The run is being written: new steps appear as they come';
  });
  viewer.state.watch(['copied', 'phase'], ({ copied, phase }) => {
    copy.hidden = copied === null || phase !== 'ready';
    const when = copied?.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
    copy.textContent = when ? `copy of ${when}` : '';
    copy.title = 'A copy that this browser keeps. It does not follow the run that it was made of: to see how that '
      + 'goes on, open its folder again.';
  });
  viewer.state.watch(['results'], (state) => results.setAttribute('aria-pressed', String(state.results.open)));
  viewer.state.watch(['fence'], (state) => fence.setAttribute('aria-pressed', String(state.fence.open)));
  viewer.state.watch(['ask'], (state) => ask.setAttribute('aria-pressed', String(state.ask.open)));
  viewer.state.watch(['run', 'hierarchy', 'stepCount', 'source', 'phase'], (state) => {
    const { run, hierarchy, source, phase, opening } = state;
    const shown = run?.name ?? hierarchy?.name ?? opening?.name;
    // There is a heading always; beside the brand nobody needs to see that.
    name.textContent = shown ?? 'BORES viewer';
    name.classList.toggle('visually-hidden', shown === undefined);
    name.title = source ?? name.textContent;
    facts.textContent = run ? `${run.grid.stored.join(' × ')} cells${activeOf(run)} · ${run.steps.length} `
      + `${run.steps.length === 1 ? 'step' : 'steps'}` : '';
    for (const button of [link, picture, save, results, ask, fence]) if (button) button.hidden = run === null;
    if (link && source === null) link.hidden = true;
    if (open) open.hidden = phase !== 'ready' && phase !== 'browsing';
  });
  return h(alone ? 'header' : 'div', { class: 'top-bar' },
    h('span', { class: 'brand' }, icon('cube'), h('span', {}, 'BORES')),
    h('div', { class: 'run-title' }, name, facts, live, copy),
    h('div', { class: 'actions' }, open, compare, ask, fence, results, link, picture, save,
      iconButton('moon', 'Dark or light', onTheme), iconButton('help', 'Help', onHelp)));
}

/** @param {import('../model/run.js').Run} run */
function activeOf({ grid: { size, inactive } }) {
  return inactive > 0 ? `, ${size - inactive} active` : '';
}
