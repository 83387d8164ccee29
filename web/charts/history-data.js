// SPDX-License-Identifier: MIT
// The curves of cells in numbers and as files: a table for those who do not see them, CSV, and SVG for reports. Fetched
// with what draws the curves.

import { dataFile, download } from '../cells/save-data.js';
import { addStyle, h } from '../base/dom.js';
import { toldTitle } from '../model/properties.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import cellsStyle from '../styles/cells.css';
import { cellCurves } from './history-plot.js';
import { svgChart } from './svg-chart.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */

/** Rows that a page bears; all of them are in the CSV. */
const MOST_ROWS = 500;

/** @param {Viewer} viewer @param {HTMLElement} element  which it is put into */
export function historyData(viewer, element) {
  addStyle(element, cellsStyle);
  const tell = (/** @type {Error} */ error) => viewer.set({ trouble: `Nothing is saved: ${error.message}` });
  const buttons = Object.entries({ CSV: () => dataFile(viewer, 'curves'), SVG: async () => svgFile(viewer.state.now) })
    .map(([text, make]) => h('button', { type: 'button', class: 'small', title: `Save the curves as ${text}`,
      onclick: () => { make().then(download, tell); } }, text));
  const table = h('table', { class: 'twin' });
  const box = h('div', { class: 'curve-rows', role: 'region', tabindex: 0, hidden: true,
    'aria-label': 'Curves as a table' }, table);
  const open = h('button', { type: 'button', class: 'small', title: 'The curves as a table', 'aria-expanded': 'false',
    onclick: () => {
      box.hidden = !box.hidden;
      open.setAttribute('aria-expanded', String(!box.hidden));
      fill();
    } }, 'Table');
  const fill = () => { if (!box.hidden) table.replaceChildren(...rowsOf(viewer)); };
  viewer.state.watch(['history', 'pinned', 'timesRead', 'metric'], fill);
  viewer.state.watch(['step'], ({ step }) => {
    [...table.tBodies[0]?.rows ?? []].forEach((row, n) => row.toggleAttribute('aria-current', n === step));
  });
  element.append(h('div', { class: 'curve-data', role: 'group', 'aria-label': 'Curves of cells' }, open, ...buttons),
    box);
}

/** @param {Viewer} viewer */
function rowsOf(viewer) {
  const { now: state } = viewer.state;
  const told = cellCurves(state);
  if (!told || !state.run) return [];
  const { inUnit } = unitsOf(told.of.unit, state.metric, told.of.difference);
  const steps = state.run.steps.slice(0, MOST_ROWS);
  const head = ['Step', 'Day', ...told.curves.map(({ cell }) => `[${cell.join(', ')}]`)];
  const rows = steps.map(({ step, time }, n) => h('tr', { onclick: () => viewer.setStep(n),
    'aria-current': n === state.step ? '' : null },
  h('th', { scope: 'row' }, String(step ?? n)), h('td', {}, time === null ? '' : formatNumber(time / 86400, 7)),
  ...told.curves.map(({ values }) => h('td', { 'data-value': values[n] },
    Number.isFinite(values[n]) ? formatNumber(inUnit(values[n]), 7) : '–'))));
  const more = state.run.steps.length - steps.length;
  return [h('caption', {}, toldTitle(told.of, state.metric) + (more > 0 ? `; ${more} more rows are in the CSV` : '')),
    h('thead', {}, h('tr', {}, ...head.map((text) => h('th', { scope: 'col' }, text)))), h('tbody', {}, ...rows)];
}

/** @param {Readonly<ViewerState>} state @returns {import('../cells/save-data.js').DataFile} */
function svgFile(state) {
  const { run, metric } = state;
  const told = cellCurves(state);
  if (!run || !told || told.curves.length === 0) throw new Error('the curves are still being read');
  const { unit, inUnit } = unitsOf(told.of.unit, metric, told.of.difference);
  const known = run.steps.every(({ time }) => time !== null);
  const days = run.steps.map(({ time }) => Number(time) / 86400);
  const drawn = {
    curves: told.curves.map(({ cell, values }) => ({ title: `cell ${cell.join(', ')}`, unit: unit || told.of.name, days,
      steps: days.map((_, n) => n), values: days.map((_, n) => (Number.isFinite(values[n]) ? inUnit(values[n]) : NaN)),
      key: cell.join(), name: '', subject: '', quantity: '', run: 0 })),
    styles: told.curves.map(({ colour }) => ({ stroke: colour ?? OWN, width: 2, dash: [] })),
    extra: [], axis: /** @type {import('./result-chart.js').TimeAxis} */ (known ? 'days' : 'steps'), log: false,
    start: NaN, fromZero: false,
  };
  return { name: `${run.name}-${told.of.id.split('.').at(-1)}-curves.svg`, type: 'image/svg+xml',
    parts: [svgChart(drawn, `${run.name}: ${toldTitle(told.of, metric)}`)] };
}

/** The selected cell's, on white. */
const OWN = '#0b63b8';
