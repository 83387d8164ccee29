// SPDX-License-Identifier: MIT
// The panel that asks the cells: how many and how large those are that are shown, which filters they
// pass, and how the coloured property is distributed among them.

import cellsStyle from '../styles/cells.css';
import { addStyle, h, iconButton } from '../base/dom.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { crossPlot } from './cross-plot.js';
import { filterList } from './filter-list.js';
import { histogramView } from './histogram-view.js';
import { profileView } from './profile-view.js';
import { saveData } from './save-data.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('../model/state.js').ViewerState} ViewerState */

/** @param {Viewer} viewer @param {HTMLElement} element */
export function fillAsk(viewer, element) {
  addStyle(element, cellsStyle);
  element.replaceChildren(
    h('h2', {}, 'Filter and statistics', iconButton('close', 'Close', () => viewer.ask({ open: false }))),
    countView(viewer), filterList(viewer), histogramView(viewer), profileView(viewer),
    crossPlot(viewer), saveData(viewer));
}

/** @param {Viewer} viewer */
function countView(viewer) {
  const count = h('p', { class: 'cells-count' });
  const facts = h('dl', { class: 'facts' });
  viewer.state.watch(['cells', 'metric'], ({ cells, run, metric }) => {
    if (!cells || !run) { // of what is shown now nothing is known yet
      count.replaceChildren();
      facts.replaceChildren();
      return;
    }
    const { active, bulk, pore } = cells;
    const part = active > 0 ? ` (${formatNumber(100 * cells.count / active, 3)} %)` : '';
    count.replaceChildren(h('b', { 'data-value': cells.count }, grouped(cells.count)),
      ` of ${grouped(active)} active cells shown${part}`);
    const { lengthUnit } = run.grid;
    const { unit, inUnit } = unitsOf(lengthUnit, metric);
    const told = (/** @type {number} */ volume, /** @type {string} */ usual) => (unit === 'ft' ? usual
      : cubed(volume * inUnit(1) ** 3, unit));
    facts.replaceChildren(
      ...fact('Bulk volume', bulk, told(bulk, `${amount(bulk / FT3_PER_ACRE_FT)} acre·ft`), lengthUnit),
      ...fact('Pore volume', pore, Number.isNaN(pore) ? 'porosity is not in this run'
        : told(pore, `${amount(pore / FT3_PER_BARREL)} bbl`), lengthUnit));
  });
  return h('div', { role: 'status' }, count, facts);
}

const FT3_PER_BARREL = 5.614583333333333; // 42 gallons of 231 cubic inches
const FT3_PER_ACRE_FT = 43560;

/** @param {number} value @param {string} unit  of length */
function cubed(value, unit) {
  return `${amount(value)} ${unit}³`;
}

/** Five digits, and where there are more before the point those of a count. @param {number} value */
function amount(value) {
  return value >= 1e5 && value < 1e12 ? grouped(Math.round(value)) : formatNumber(value, 5);
}

/** @param {string} name @param {number} value @param {string} text @param {string} unit  of length */
function fact(name, value, text, unit) {
  return [h('dt', {}, name),
    h('dd', { title: Number.isNaN(value) ? '' : `${value} ${unit}³`, 'data-value': value }, text)];
}

/** 12,345 with narrow spaces. @param {number} count */
function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
