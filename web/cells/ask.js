// SPDX-License-Identifier: MIT
// What is asked of the cells: filters, all of which a cell has to pass, and how those that do are
// weighed. Here is what a link says of it, and how it is told in words.
// In a link: `f` filters, `ask` the panel is open, `w` weights, `pin` pinned cells, `xp` a
// cross-plot.

import { coarseWords } from '../coarse/coarse.js';
import { isFenceAlone } from '../fence/fence-link.js';
import { unitsOf } from '../plot/metric.js';
import { formatNumber } from '../plot/scale.js';
import { MOST_PINS } from './pin-colours.js';

/** @typedef {import('../grid/cell-grid.js').Cell} Cell */

/**
 * @typedef {object} Filter
 * @property {string} id         of the property
 * @property {boolean} exclude   cells that fit are left out, not kept
 * @property {boolean} on        off: as if it were not there
 * @property {readonly [number | null, number | null]} [range]  both ends included; null: open
 * @property {readonly number[]} [set]  or these values only
 */

/** `brush`: from and to along x, then along y; null: all cells.
 * @typedef {{ x: string, y: string, brush: readonly number[] | null }} Cross */

/**
 * @typedef {object} Ask
 * @property {boolean} open                its panel is shown
 * @property {readonly Filter[]} filters
 * @property {boolean} byPores             the histogram weighs cells by pore volume
 * @property {Cross | null} cross          two properties against each other
 * @property {readonly Cell[]} pins        cells that are kept beside the selected one
 */

/** @type {Ask} */
export const NOTHING_ASKED = Object.freeze({ open: false, filters: Object.freeze([]), byPores: false,
  pins: Object.freeze([]), cross: null });

const SEPARATOR = '~';
/** Of a link that anyone may have written, no more is looked at. */
const MOST = 32;

/** @param {Ask} ask @returns {Filter[]} */
export function activeFilters({ filters }) {
  return filters.filter(({ on }) => on);
}

/** Whether cells may be left out for their values. @param {Ask} ask */
export function isFiltered(ask) {
  return activeFilters(ask).length > 0 || (ask.cross?.brush ?? null) !== null;
}

/** @param {Ask | undefined} ask @returns {[string, string | undefined][]} */
export function askToLink(ask) {
  if (!ask) return [];
  const { open, filters, byPores, pins, cross } = ask;
  return [
    ['f', filters.length === 0 ? undefined : filters.map(filterText).join(SEPARATOR)],
    ['ask', open ? '1' : undefined],
    ['w', byPores ? 'pores' : undefined],
    ['xp', cross ? [escaped(cross.x), escaped(cross.y), ...(cross.brush ? [cross.brush.join(',')] : [])].join(SEPARATOR)
      : undefined],
    ['pin', pins.length === 0 ? undefined : pins.map((cell) => cell.join(',')).join(SEPARATOR)],
  ];
}

/** A path may hold what separates things here. @param {string} id */
function escaped(id) {
  return id.replace(/[~@=!%]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(/%([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** '!' excludes, '-' is off; then the property, and its range or its values. @param {Filter} filter */
function filterText({ id, exclude, on, range, set }) {
  return `${exclude ? '!' : ''}${on ? '' : '-'}${escaped(id)}`
    + (set ? `=${set.join(',')}` : `@${(range ?? [null, null]).map((end) => end ?? '').join(',')}`);
}

/** @param {Map<string, string>} texts @returns {Ask | undefined} */
export function askFromLink(texts) {
  if (!['f', 'ask', 'w', 'xp', 'pin'].some((key) => texts.has(key))) return undefined;
  const filters = (texts.get('f') ?? '').split(SEPARATOR).slice(0, MOST).map(filterFrom);
  return {
    open: texts.get('ask') === '1', byPores: texts.get('w') === 'pores',
    filters: /** @type {Filter[]} */ (filters.filter((filter) => filter !== null)),
    cross: crossFrom(texts.get('xp')),
    pins: (texts.get('pin') ?? '').split(SEPARATOR).slice(0, MOST_PINS).map((text) =>
      /** @type {Cell} */ (text.split(',').map(Number))).filter((cell) => cell.length === 3
      && cell.every((n) => Number.isInteger(n) && n >= 0)),
  };
}

/** @param {string | undefined} text @returns {Cross | null} */
function crossFrom(text) {
  const [x, y, ends] = (text ?? '').split(SEPARATOR);
  if (!x || !y) return null;
  const brush = (ends ?? '').split(',').map(Number);
  const usable = brush.length === 4 && brush.every(Number.isFinite) && brush[0] <= brush[1] && brush[2] <= brush[3];
  return { x: unescaped(x), y: unescaped(y), brush: usable ? brush : null };
}

/** @param {string} text @returns {Filter | null} */
function filterFrom(text) {
  const parts = /^(!?)(-?)([^@=]+)([@=])(.*)$/.exec(text);
  if (!parts) return null;
  const numbers = parts[5].split(',').map((part) => (part === '' ? null : Number(part)));
  if (numbers.some((n) => n !== null && !Number.isFinite(n))) return null;
  const filter = {
    id: unescaped(parts[3]),
    exclude: parts[1] !== '', on: parts[2] === '',
  };
  if (parts[4] === '=') {
    return { ...filter, set: /** @type {number[]} */ (numbers.filter((n) => n !== null)) };
  }
  const [lo, hi] = numbers;
  if (numbers.length !== 2 || (lo !== null && hi !== null && lo > hi)) return null;
  return { ...filter, range: [lo, hi] };
}

/** Of a filter that is open at both ends. */
const ANY = 'of any value';

/**
 * A filter in words: 'Oil saturation 0.3 to 0.8', 'not Region 1, 2'.
 * @param {Filter} filter
 * @param {import('../model/properties.js').Drawable | undefined} property
 * @param {boolean} [metric]
 */
export function filterWords({ id, exclude, range, set }, property, metric = false) {
  const { unit: told, inUnit } = unitsOf(property?.unit ?? '', metric, property?.difference);
  const number = (/** @type {number} */ value) => formatNumber(set ? value : inUnit(value), 5);
  const [lo, hi] = range ?? [null, null];
  const what = property?.flags && set ? set.map((n) => String(n !== 0)).join(' or ')
    : set ? set.map(number).join(', ') || 'of no value'
      : lo !== null && hi !== null ? `${number(lo)} to ${number(hi)}`
        : lo !== null ? `≥ ${number(lo)}` : hi !== null ? `≤ ${number(hi)}` : ANY;
  const unit = told !== '' && what !== ANY ? ` ${told}` : '';
  return `${exclude ? 'not ' : ''}${property?.name ?? id} ${what}${set && set.length === 0 ? '' : unit}`;
}

/**
 * What of the cells is shown, in words; '' where nothing is asked of them.
 * @param {Readonly<import('../model/state.js').ViewerState>} state
 * @param {boolean} [coarse]  also that they are some of a large grid's
 */
export function cellsWords(state, coarse = true) {
  const { ask, cells, run, metric } = state;
  const fence = [...(isFenceAlone(state) ? ['only along the fence'] : []),
    ...(coarse && run?.finer ? [coarseWords(run.finer)] : [])].join('; ');
  if (!isFiltered(ask)) return fence;
  const words = [...activeFilters(ask).map((filter) => filterWords(filter, run?.property(filter.id), metric)),
    ...(ask.cross?.brush ? ['brushed in the cross-plot'] : []), ...(fence ? [fence] : [])].join('; ');
  return cells ? `${cells.count} of ${cells.active} cells: ${words}` : words;
}
