// SPDX-License-Identifier: MIT
// The page's state as the fragment of its address: short, versioned, and read with
// suspicion, since anyone may have written it. What is as by default is left out.

import { compareFromLink, compareToLink } from '../compare/compare-link.js';
import { dateIn, writtenDate } from '../time/dates.js';
import { askFromLink, askToLink } from '../cells/ask.js';
import { fenceFromLink, fenceToLink } from '../fence/fence-link.js';
import { resultsFromLink, resultsToLink } from './results-link.js';

/** @typedef {import('./grid.js').Cell} Cell */
/** @typedef {import('../scene/renderer.js').View} View */

/**
 * What a link says. Everything is optional; numbers are finite and whole where they must be,
 * but nothing is known to fit the run.
 * @typedef {object} LinkState
 * @property {string} [source]    a URL, or `idb:NAME`
 * @property {number} [step]
 * @property {string} [property]
 * @property {string} [map]
 * @property {boolean} [log]
 * @property {number} [levels]
 * @property {boolean} [categories]
 * @property {boolean} [symmetric]
 * @property {'all' | 'step' | readonly [number, number]} [range]
 * @property {number} [exaggeration]
 * @property {readonly [number, number][]} [box]  first and last index along i, j, k
 * @property {Cell} [cell]
 * @property {{ axis: 0 | 1 | 2, index: number }} [slice]
 * @property {View} [view]
 * @property {boolean} [wells]
 * @property {boolean} [edges]
 * @property {boolean} [flat]     flat colours
 * @property {boolean} [metric]   metric values beside the others
 * @property {boolean} [plane]    the slice's place in the 3-D picture
 * @property {boolean} [hideMissing]
 * @property {number} [speed]
 * @property {boolean} [loop]
 * @property {boolean} [byTime]
 * @property {string} [start]  date of day 0
 * @property {import('../compare/compare-link.js').CompareLink} [compare]
 * @property {import('../cells/ask.js').Ask} [ask]  of the cells; absent: nothing
 * @property {import('../fence/fence-link.js').FenceWish} [fence]  absent: none
 * @property {ResultsLink} [results]  the Results panel; absent: closed
 */

/**
 * What the Results panel shows.
 * @typedef {object} ResultsLink
 * @property {boolean} open
 * @property {readonly string[]} subjects    'F', 'W:PROD-1', 'R:2'
 * @property {readonly string[]} quantities  'OPR', 'WCT', …
 * @property {'days' | 'steps' | 'dates'} axis
 * @property {boolean} log
 * @property {DeclineLink | null} decline
 */

/**
 * A decline that is fitted; `from` and `to` are steps, null the run's ends.
 * @typedef {{ phase: 'oil' | 'gas' | 'water', model: 'best' | 'exponential' | 'harmonic' | 'hyperbolic',
 *   from: number | null, to: number | null, years: number, limit: number }} DeclineLink
 */

const VERSION = '1';

/** @param {LinkState} state @returns {string}  without '#'; '' when there is nothing to say */
export function toLink(state) {
  /** @type {[string, string][]} */ const parts = [];
  const put = /** @param {string} key @param {string | undefined} text */ (key, text) => {
    if (text !== undefined) parts.push([key, text]);
  };
  const flag = /** @param {boolean | undefined} on */ (on) =>
    (on === undefined ? undefined : on ? '1' : '0');
  put('src', state.source);
  put('t', state.step?.toString());
  put('p', state.property);
  put('m', state.map);
  put('log', flag(state.log));
  put('lv', state.levels?.toString());
  put('cat', flag(state.categories));
  put('sym', flag(state.symmetric));
  put('r', typeof state.range === 'string' ? state.range : state.range?.map(String).join(','));
  put('z', state.exaggeration?.toString());
  put('box', state.box?.map((ends) => ends.join('-')).join(','));
  put('c', state.cell?.join(','));
  put('s', state.slice && `${'ijk'[state.slice.axis]}${state.slice.index}`);
  put('cam', state.view && [state.view.azimuth, state.view.elevation, state.view.distance,
    ...state.view.target].map((n) => String(Number(n.toFixed(3)))).join(','));
  put('wells', flag(state.wells));
  put('edges', flag(state.edges));
  put('flat', flag(state.flat));
  put('si', flag(state.metric));
  put('plane', flag(state.plane));
  put('hide', flag(state.hideMissing));
  put('v', state.speed?.toString());
  put('loop', flag(state.loop));
  put('time', flag(state.byTime));
  put('rd', state.start);
  const others = [...compareToLink(state.compare), ...askToLink(state.ask), ...fenceToLink(state.fence),
    ...resultsToLink(state.results)];
  for (const [key, text] of others) put(key, text);
  if (parts.length === 0) return '';
  return [['bores', VERSION], ...parts]
    .map(([key, text]) => `${key}=${encodeURIComponent(text).replace(/%(2C|2F|3A|2D)/g, decode)}`)
    .join('&');
}

/** Commas, slashes, colons: allowed in a fragment, and readable. @param {string} escaped */
function decode(escaped) {
  return decodeURIComponent(escaped);
}

/**
 * @param {string} hash  with or without '#'
 * @returns {LinkState}  {} for what this version cannot read
 */
export function fromLink(hash) {
  /** @type {Map<string, string>} */ const texts = new Map();
  for (const part of hash.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=');
    if (at < 1) continue;
    try {
      texts.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1)));
    } catch { /* a broken escape: as if it were not there */ }
  }
  if (texts.get('bores') !== VERSION) return {};
  const slice = /^([ijk])(\d{1,9})$/.exec(texts.get('s') ?? '');
  const flag = /** @param {string} key */ (key) =>
    (texts.has(key) ? texts.get(key) === '1' : undefined);
  return defined({
    source: texts.get('src'),
    step: numberIn(texts.get('t')),
    property: texts.get('p'),
    map: texts.get('m'),
    log: flag('log'),
    levels: numberIn(texts.get('lv')),
    categories: flag('cat'),
    symmetric: flag('sym'),
    range: rangeIn(texts.get('r')),
    exaggeration: numberIn(texts.get('z')),
    box: boxIn(texts.get('box')),
    cell: /** @type {Cell | undefined} */ (numbersIn(texts.get('c'), 3)),
    slice: slice ? { axis: /** @type {0 | 1 | 2} */ ('ijk'.indexOf(slice[1])),
      index: Number(slice[2]) } : undefined,
    view: viewIn(texts.get('cam')),
    wells: flag('wells'),
    edges: flag('edges'),
    flat: flag('flat'),
    metric: flag('si'),
    plane: flag('plane'),
    hideMissing: flag('hide'),
    speed: numberIn(texts.get('v')),
    loop: flag('loop'),
    byTime: flag('time'),
    start: writtenDate(dateIn(texts.get('rd'))) || undefined,
    compare: compareFromLink(texts),
    ask: askFromLink(texts),
    fence: fenceFromLink(texts),
    results: resultsFromLink(texts),
  });
}

/** @param {LinkState} state  less the names without a value @returns {LinkState} */
function defined(state) {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

/** @param {string | undefined} text @returns {number | undefined} */
function numberIn(text) {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** @param {string | undefined} text @param {number} count @returns {number[] | undefined} */
function numbersIn(text, count) {
  const values = (text ?? '').split(',').map(numberIn);
  return values.length === count && values.every((n) => n !== undefined)
    ? /** @type {number[]} */ (values) : undefined;
}

/** @param {string | undefined} text @returns {LinkState['range']} */
function rangeIn(text) {
  if (text === 'all' || text === 'step') return text;
  const ends = numbersIn(text, 2);
  return ends && ends[0] < ends[1] ? [ends[0], ends[1]] : undefined;
}

/** '0-8,0-6,2-3' @param {string | undefined} text @returns {LinkState['box']} */
function boxIn(text) {
  const axes = (text ?? '').split(',').map((ends) => /^(\d{1,9})-(\d{1,9})$/.exec(ends));
  return axes.length === 3 && axes.every((ends) => ends !== null)
    ? axes.map((ends) => /** @type {const} */ ([Number(ends?.[1]), Number(ends?.[2])]))
    : undefined;
}

/** @param {string | undefined} text @returns {View | undefined} */
function viewIn(text) {
  const n = numbersIn(text, 6);
  if (!n || Math.abs(n[1]) > 90 || !(n[2] > 0.01 && n[2] < 20)) return undefined;
  return { azimuth: n[0], elevation: n[1], distance: n[2], target: [n[3], n[4], n[5]] };
}
