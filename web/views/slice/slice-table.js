// SPDX-License-Identifier: MIT
// The slice as a table: for those who do not see the picture, and for who wants its numbers.

import { exactText, toldExactText, toldText, toldTitle } from '../../model/properties.js';
import { timeText } from '../time-bar.js';
import { h, iconButton } from '../../base/dom.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../../model/grid.js').Cell} Cell */

/** Rows and columns at once: a browser lays larger tables out for seconds. */
const MOST = 60;

/**
 * @param {Viewer} viewer
 * @param {ParentNode} place  where the dialog goes while it is open
 */
export function showSliceTable(viewer, place) {
  const { run, sliceAxis, sliceAt } = viewer.state.now;
  if (!run) return;
  const [across, down] = /** @type {const} */ ([[1, 2], [0, 2], [0, 1]])[sliceAxis];
  const windows = { across: span(run.grid.shape[across], sliceAt[across]), down: span(run.grid.shape[down],
    sliceAt[down]) };
  const title = h('h2', {});
  const box = h('div', { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': 'Values of the slice' });
  const note = h('p', { class: 'quiet' });
  const copy = h('button', { type: 'button', onclick: async () => {
    const { shown, metric } = viewer.state.now;
    const [head, ...lines] = rows(viewer, windows);
    await navigator.clipboard.writeText([head, ...lines.map(([line, ...cells]) =>
      [line, ...cells.map((at) => (shown ? toldExactText(shown, Number(at), metric) : NaN))])]
      .map((row) => row.join('\t')).join('\n'));
    viewer.set({ notice: 'Copied: paste it into a spreadsheet.' });
  } }, 'Copy');
  const dialog = h('dialog', { class: 'slice-table', 'aria-label': 'The slice as a table' },
    h('div', { class: 'dialog-head' }, title, copy, iconButton('close', 'Close', () => dialog.close())), box, note);
  const stop = viewer.state.watch(['run', 'shown', 'step', 'sliceAxis', 'sliceAt', 'metric'], (state) => {
    if (state.run !== run || state.sliceAxis !== sliceAxis) { dialog.close(); return; }
    const { property } = state.shown ?? state;
    title.textContent = `${property ? toldTitle(property, state.metric) : ''} · `
      + `${'ijk'[sliceAxis]} = ${state.sliceAt[sliceAxis]} · ${timeText(state)}`;
    box.replaceChildren(tableOf(viewer, windows, [across, down]));
    const whole = windows.across.last - windows.across.first + 1 === run.grid.shape[across]
      && windows.down.last - windows.down.first + 1 === run.grid.shape[down];
    note.textContent = whole ? '' : `${'ijk'[across]} ${text(windows.across)} and ${'ijk'[down]} ${text(windows.down)} `
      + 'of it: those around the selected cell, else the middle.';
  });
  dialog.addEventListener('close', () => { stop(); dialog.remove(); });
  place.append(dialog);
  dialog.showModal();
}

/** @param {{ first: number, last: number }} span */
function text({ first, last }) {
  return `${first}–${last}`;
}

/** Those indices around one. @param {number} count @param {number} middle */
function span(count, middle) {
  const first = Math.max(0, Math.min(count - MOST, middle - MOST / 2));
  return { first, last: Math.min(count - 1, first + MOST - 1) };
}

/** @typedef {{ across: ReturnType<typeof span>, down: ReturnType<typeof span> }} Windows */

/**
 * Flat indices of its cells, row by row; a map has north at the top.
 * @param {Viewer} viewer
 * @param {Windows} windows
 * @returns {(string | number)[][]}  the first row and column: indices
 */
function rows({ state }, { across, down }) {
  const { run, sliceAxis, sliceAt } = state.now;
  const columns = Array.from({ length: across.last - across.first + 1 }, (_, n) => across.first + n);
  const lines = Array.from({ length: down.last - down.first + 1 }, (_, n) => down.first + n);
  if (sliceAxis === 2) lines.reverse();
  return [['', ...columns], ...lines.map((line) => [line, ...columns.map((column) => {
    const cell = /** @type {Cell} */ ([sliceAt[0], sliceAt[0], sliceAt[0]]);
    cell[sliceAxis] = sliceAt[sliceAxis];
    const [a, b] = /** @type {const} */ ([[1, 2], [0, 2], [0, 1]])[sliceAxis];
    cell[a] = column;
    cell[b] = line;
    return run ? run.grid.indexOf(cell) : NaN;
  })])];
}

/** @param {Viewer} viewer @param {Windows} windows @param {readonly [number, number]} axes */
function tableOf(viewer, windows, [across, down]) {
  const { shown, metric } = viewer.state.now;
  const [head, ...lines] = rows(viewer, windows);
  const valueOf = (/** @type {number} */ at) => h('td', { 'data-value': shown ? exactText(shown.values, at) : 'NaN' },
    shown ? toldText(shown, at, metric) : '');
  return h('table', { class: 'values' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, `${'ijk'[down]} \\ ${'ijk'[across]}`),
      ...head.slice(1).map((n) => h('th', { scope: 'col' }, String(n))))),
    h('tbody', {}, ...lines.map(([line, ...cells]) => h('tr', {}, h('th', { scope: 'row' }, String(line)),
      ...cells.map((at) => valueOf(Number(at)))))));
}
