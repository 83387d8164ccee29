// SPDX-License-Identifier: MIT
// How the coloured property is distributed among the cells that are shown: bars in the legend's colours,
// percentiles, and the same as a table.

import { h, uniqueId } from '../base/dom.js';
import { titleOf, valueText } from '../model/properties.js';
import { colouringOf } from '../model/state.js';
import { colourMap, colourOf, cssColour } from '../plot/colormaps.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */
/** @typedef {import('../model/state.js').CellsShown} CellsShown */
/** @typedef {NonNullable<CellsShown['distribution']>} Distribution */

const CONVENTION = 'Px: x % of the cells shown lie below it (NumPy’s “linear” percentile). Reserves reporting '
  + 'counts from the other end: its P90 is this P10.';
const BY_PORES = 'Px: the smallest value such that x % of the pore volume shown lies at or below it (NumPy’s '
  + '“inverted_cdf” with weights). Reserves reporting counts from the other end: its P90 is this P10.';

/** @param {Viewer} viewer @returns {HTMLElement} */
export function histogramView(viewer) {
  const title = h('h3', {});
  const bars = h('div', { class: 'bars', role: 'img' });
  const axis = h('div', { class: 'bars-axis', 'aria-hidden': 'true' });
  const facts = h('dl', { class: 'facts percentiles' });
  const outside = h('p', { class: 'quiet' });
  const convention = h('p', { class: 'quiet' });
  const table = h('table', { class: 'twin' });
  const element = h('section', { class: 'ask-part', 'aria-label': 'Histogram of the cells shown' }, title,
    weightChoice(viewer), bars, axis, outside, facts, convention,
    h('details', {}, h('summary', {}, 'As a table'), table));
  viewer.state.watch(['cells', 'map', 'range', 'log', 'levels', 'categories', 'ask', 'metric'], (state) => {
    const { ask, metric } = state;
    const own = state.cells;
    element.hidden = !own?.distribution;
    if (!own?.distribution) return;
    const cells = toldIn(own, own.distribution, metric);
    title.textContent = titleOf(cells.property);
    drawBars(bars, state, own, own.distribution); // colours are those of the run's own values
    const { edges, property } = cells;
    const half = property.whole && edges[1] - edges[0] === 1 ? 0.5 : 0; // a number stands in the middle of its bar
    axis.replaceChildren(...(property.flags ? ['false', 'true']
      : [edges[0] + half, edges[edges.length - 1] - half].map((end) => formatNumber(end, 4)))
      .map((text) => h('span', {}, text)));
    facts.replaceChildren(...factsOf(cells, cells.distribution));
    outside.textContent = outsideOf(cells.distribution);
    convention.textContent = ask.byPores ? BY_PORES : CONVENTION;
    fillTable(table, cells, cells.distribution, ask.byPores);
  });
  return element;
}

/**
 * The same in the unit in which values are told.
 * @param {CellsShown} cells @param {Distribution} told @param {boolean} metric
 */
function toldIn(cells, told, metric) {
  const { property } = cells;
  const { unit, inUnit } = unitsOf(property.unit, metric, property.difference);
  const { min, max, mean, percentiles } = told;
  return { ...cells, property: { ...property, unit }, edges: cells.edges.map(inUnit), distribution: { ...told,
    min: inUnit(min), max: inUnit(max), mean: inUnit(mean), percentiles: percentiles.map(inUnit) } };
}

/** @param {Viewer} viewer */
function weightChoice(viewer) {
  const name = uniqueId('weight');
  const choices = [false, true].map((byPores) => {
    const input = h('input', { type: 'radio', name, onchange: () => viewer.ask({ byPores }) });
    return { byPores, input, label: h('label', {}, input, h('span', {}, byPores ? 'Pore volume' : 'Cells')) };
  });
  viewer.state.watch(['ask', 'cells'], ({ ask, cells }) => {
    for (const { byPores, input } of choices) {
      input.checked = byPores === ask.byPores;
      input.disabled = byPores && cells !== null && Number.isNaN(cells.pore);
    }
  });
  return h('div', { class: 'segmented', role: 'radiogroup', 'aria-label': 'Weighed by' },
    ...choices.map(({ label }) => label));
}

/**
 * @param {HTMLElement} box
 * @param {Readonly<ViewerState>} state
 * @param {CellsShown} cells
 * @param {Distribution} told
 */
function drawBars(box, state, { edges, property }, told) {
  const most = Math.max(...told.weights, Number.MIN_VALUE);
  const colouring = colouringOf(state, colourMap);
  const log = state.log && edges[0] > 0;
  const { inUnit } = unitsOf(property.unit, state.metric, property.difference);
  box.replaceChildren(...told.weights.map((weight, bin) => {
    const [lo, hi] = [edges[bin], edges[bin + 1]];
    const middle = log ? Math.sqrt(lo * hi) : (lo + hi) / 2;
    const bar = h('i', { title: `${rangeText(inUnit(lo), inUnit(hi), property)}: ${cellsText(told.counts[bin])}` });
    bar.style.height = `${100 * weight / most}%`;
    bar.style.background = cssColour(colourOf(middle, colouring));
    return bar;
  }), ...marks(edges, log, told));
  box.setAttribute('aria-label', `Histogram of ${told.count} cells in ${told.counts.length} bins, from `
    + `${formatNumber(inUnit(edges[0]), 4)} to ${formatNumber(inUnit(edges[edges.length - 1]), 4)}; the table below `
    + 'has the numbers');
}

/**
 * Lines where percentiles and mean lie.
 * @param {readonly number[]} edges
 * @param {boolean} log
 * @param {Distribution} told
 */
function marks(edges, log, { percentiles, mean }) {
  const [lo, hi] = [edges[0], edges[edges.length - 1]];
  return [...percentiles, mean].map((value, n) => {
    const line = h('span', { class: `bars-mark${n === 3 ? ' mean' : ''}`, 'aria-hidden': 'true' });
    line.hidden = !(value >= lo && value <= hi);
    line.style.left = `${100 * (log ? Math.log(value / lo) / Math.log(hi / lo) : (value - lo) / (hi - lo))}%`;
    return line;
  });
}

/** @param {CellsShown} cells @param {Distribution} told */
function factsOf({ property }, { percentiles: [p10, p50, p90], mean, min, max }) {
  return /** @type {const} */ ([['Lowest', min], ['P10', p10], ['P50', p50], ['Mean', mean], ['P90', p90],
    ['Highest', max]]).flatMap(([name, value]) => [h('dt', {}, name), h('dd', { 'data-value': value,
      title: String(value) },
    property.flags && name === 'Mean' ? formatNumber(value, 5) : valueText(value, { ...property, unit: '' }, 6))]);
}

/** @param {Distribution} told */
function outsideOf({ below, above, missing }) {
  const some = /** @type {const} */ ([[below, 'below the first bar'], [above, 'above the last'],
    [missing, 'without a value']]).filter(([count]) => count > 0);
  return some.map(([count, where]) => `${cellsText(count)} ${where}`).join(', ');
}

/** @param {HTMLTableElement} table @param {CellsShown} cells @param {Distribution} told @param {boolean} byPores */
function fillTable(table, { edges, property }, told, byPores) {
  const cell = (/** @type {string} */ text) => h('td', {}, text);
  table.replaceChildren(h('thead', {}, h('tr', {}, h('th', {}, titleOf(property)), h('th', {}, 'Cells'),
    byPores && h('th', {}, 'Pore volume'))),
  h('tbody', {}, ...told.counts.map((count, bin) => h('tr', {}, cell(rangeText(edges[bin], edges[bin + 1], property)),
    cell(String(count)), byPores && cell(formatNumber(told.weights[bin], 6))))));
}

/** @param {number} lo @param {number} hi @param {import('../model/properties.js').Drawable} property */
function rangeText(lo, hi, { flags, whole }) {
  if (flags) return String(lo > 0);
  return whole && hi - lo === 1 ? String(lo + 0.5) : `${formatNumber(lo, 5)} to ${formatNumber(hi, 5)}`;
}

/** @param {number} count */
function cellsText(count) {
  return `${count} ${count === 1 ? 'cell' : 'cells'}`;
}
