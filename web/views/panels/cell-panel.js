// SPDX-License-Identifier: MIT
// The selected cell: where it is, its value, and its curve through time.

import { cellActions, pinList } from '../../cells/pin-list.js';
import { cellText, exactText, toldTitle, valueText } from '../../model/properties.js';
import { formatNumber } from '../../plot/scale.js';
import { valueAt } from '../../model/state.js';
import { describeWell } from '../../model/wells.js';
import { withMetric } from '../../plot/metric.js';
import { h, iconButton } from '../../base/dom.js';

/** @typedef {import('../../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../../model/state.js').ViewerState} ViewerState */
/** @typedef {import('../../model/run.js').Values} Values */

/** @param {Viewer} viewer @returns {HTMLElement} */
export function cellPanel(viewer) {
  const fields = ['i', 'j', 'k'].map((axis) => h('input', {
    type: 'number', min: 0, step: 1, class: 'index', 'aria-label': axis, onchange: () => take(),
  }));
  const take = () => {
    const cell = fields.map((field) => (field.value === '' ? NaN : field.valueAsNumber));
    const { run } = viewer.state.now;
    const shown = run?.grid.shownCell(cell) ?? [];
    const known = run?.grid.has(shown) ?? false;
    for (const field of fields) {
      field.setAttribute('aria-invalid', String(!known && field.value !== ''));
    }
    if (known) viewer.select(/** @type {[number, number, number]} */ (shown));
  };
  const clear = iconButton('close', 'Clear the selection', () => viewer.select(null));
  const facts = h('dl', { class: 'facts' });
  const hint = h('p', { class: 'quiet hint' }, 'Click a cell, or type its indices, to see its '
    + 'values and how they change.');
  viewer.state.watch(['cell', 'run'], ({ cell, run }) => {
    const told = cell && run?.grid.storedCell(cell);
    fields.forEach((field, axis) => {
      field.value = told ? String(told[axis]) : '';
      field.max = String((run?.grid.stored[axis] ?? 1) - 1);
      field.setAttribute('aria-invalid', 'false');
    });
    clear.hidden = cell === null;
    hint.hidden = cell !== null;
  });
  viewer.state.watch(['cell', 'shown', 'property', 'wells', 'metric'], (state) => {
    facts.replaceChildren(...cellFacts(state).flatMap(({ name, text, data }) =>
      [h('dt', {}, name), h('dd', { 'data-value': data, title: data }, text)]));
    facts.hidden = state.cell === null;
  });
  return h('section', { class: 'panel cell-panel' },
    h('h2', {}, 'Cell', clear),
    h('div', { class: 'indices' }, ...fields.map((field, n) =>
      h('label', {}, h('span', {}, 'ijk'[n]), field))),
    hint, facts, cellActions(viewer), pinList(viewer), historyView(viewer));
}

/**
 * @param {Readonly<ViewerState>} state
 * @returns {{ name: string, text: string, data: string }[]}  `data`: exact
 */
export function cellFacts(state) {
  const { cell, run, property, shown, wells, metric } = state;
  if (!cell || !run || !property) return [];
  const value = shown?.property === property ? valueAt(state) : NaN;
  const parts = shown?.values.parts?.map((part) => part[run.grid.indexOf(cell)]);
  const values = parts ? ['Oil', 'Gas', 'Water'].map((name, n) => ({ name: `${name} saturation`,
    text: formatNumber(parts[n], 7), data: String(parts[n]) }))
    : [{ name: property.name, text: shown ? valueText(value, property, 7) : '…', data: String(value) }];
  const facts = [
    ...values,
    ...(parts && value < 0 ? [{ name: 'Sum, which should be 1', data: String(parts[0] + parts[1] + parts[2]),
      text: formatNumber(parts[0] + parts[1] + parts[2], 7) }] : []),
    ...pairFacts(state, run.grid.indexOf(cell)),
    ...run.grid.factsOf(cell),
  ].map((fact) => {
    const apart = fact.name === BETWEEN || (fact.name === property.name && property.difference === true);
    return metric ? { ...fact, text: withMetric(fact.text, Number(fact.data), unitIn(fact.text), 7, apart) } : fact;
  });
  const through = wells.filter((well) => well.cells.some((other) =>
    other.every((n, axis) => n === cell[axis])));
  for (const well of through) {
    facts.push({ name: 'Well', text: describeWell(well), data: well.name });
  }
  return facts;
}

/** What a difference is called. */
const BETWEEN = 'B − A';

/** Both sides of what is compared, and what is between them. @param {Readonly<ViewerState>} state @param {number} at */
function pairFacts({ shown, lens, run }, at) {
  const pair = shown?.values.pair;
  const property = run?.property(shown?.property.id ?? '');
  if (!pair || !lens || !property) return [];
  const drawn = { ...property, flags: false };
  const sides = [[`A · ${lens.names.first}`, pair.first], [`B · ${lens.names.second}`, pair.second]];
  const told = /** @type {[string, Values][]} */ (sides).map(([name, values]) =>
    ({ name, data: exactText(values, at), text: cellText(values, at, drawn, 7) }));
  if (shown?.property.difference || property.ternary) return told; // it is told already, or there is none
  const between = pair.second.data[at] - pair.first.data[at];
  return [...told, { name: BETWEEN, data: String(between), text: valueText(between, drawn, 7) }];
}

/** What stands behind the number. @param {string} text */
function unitIn(text) {
  return / (\S+)$/.exec(text)?.[1] ?? '';
}

/** @param {Viewer} viewer */
function historyView(viewer) {
  const title = h('h3', {});
  const note = h('p', { class: 'quiet', role: 'status' });
  const plotBox = h('div', { class: 'plot', role: 'img' });
  const element = h('div', { class: 'history' }, title, note, plotBox);
  /** @type {import('../../charts/history-plot.js').HistoryPlot | null} */ let plot = null;
  let asked = false;
  // What draws curves is fetched with the first of them.
  const fetchPlot = () => {
    asked = true;
    Promise.all([import('../../charts/history-plot.js'), import('../../charts/history-data.js')]).then((parts) => {
      const [{ HistoryPlot }, { historyData }] = parts;
      plot = new HistoryPlot(plotBox, (step) => viewer.setStep(step));
      plot.show(viewer.state.now);
      historyData(viewer, element);
    }, (error) => {
      asked = false;
      note.textContent = `The curve cannot be drawn: ${error.message}`;
      note.hidden = false;
    });
  };
  viewer.state.watch(['history', 'timesRead', 'pinned', 'metric'], (state) => {
    const { history, pinned } = state;
    element.hidden = history === null && pinned.length === 0;
    if (element.hidden) { plot?.clear(); return; }
    if (!asked) fetchPlot();
    title.textContent = toldTitle((history ?? pinned[0]).property, state.metric);
    plotBox.setAttribute('aria-label', `${title.textContent} through time; a table has the numbers`);
    const problem = (history ?? pinned[0]).problem || pinned.find((pin) => pin.problem !== '')?.problem;
    note.textContent = (history?.status === 'reading' ? 'Reading the curve …' : '')
      + (problem ? `Some of it cannot be read: ${problem}` : '');
    note.hidden = note.textContent === '';
    plotBox.hidden = history?.status === 'failed' && pinned.length === 0;
    plot?.show(state);
  });
  viewer.state.watch(['step'], ({ step }) => plot?.mark(step));
  // Colours are read when the plot is made, so another theme needs another plot.
  element.addEventListener('themechange', () => plot?.show(viewer.state.now));
  return element;
}
