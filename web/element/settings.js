// SPDX-License-Identifier: MIT
// What the attributes of <bores-viewer> may say: texts → values, values → texts, and what of them fits a run.

import { BoresError } from '../../js/index.js';
import { COLOUR_MAPS } from '../plot/colormaps.js';
import { HOME, VIEWS } from '../scene/renderer.js';

/** @typedef {import('../model/link.js').LinkState} LinkState */
/** @typedef {import('../model/run.js').Run} Run */
/** @typedef {import('../scene/renderer.js').View} View */

/** Where one may look from by a word. @type {Readonly<Record<string, Readonly<View> | null>>} */
const NAMED_VIEWS = Object.freeze({ home: null, ...VIEWS });

/** What is so again when its attribute is taken away. @type {Readonly<Record<string, string>>} */
export const DEFAULTS = Object.freeze({ range: 'all', colormap: 'viridis', view: 'home' });
export const CONTROLS = /** @type {const} */ (['full', 'player', 'none']);
export const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);
export const IMAGES = /** @type {const} */ (['image/png', 'image/jpeg', 'image/webp']);

/**
 * @param {string} name  of the attribute or property
 * @param {string} wanted  what it may be
 * @param {unknown} value
 */
function refused(name, wanted, value) {
  const told = typeof value === 'string' ? `'${value}'`
    : Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
  return new BoresError('ERR_ARGUMENT', `bores-viewer: ${name} is ${wanted}, not ${told}`, { path: name });
}

/**
 * One of a few words.
 * @template {string} T
 * @param {string} name
 * @param {readonly T[]} words
 * @param {unknown} value
 * @returns {T}
 * @throws {BoresError} ERR_ARGUMENT
 */
export function wordOf(name, words, value) {
  const found = words.find((word) => word === value);
  if (found === undefined) throw refused(name, words.map((word) => `'${word}'`).join(' or '), value);
  return found;
}

/**
 * What is mistyped would else be ignored.
 * @param {string} call
 * @param {unknown} options
 * @param {readonly string[]} known
 * @throws {BoresError} ERR_ARGUMENT
 */
export function checkNames(call, options, known) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refused(`what ${call} is given`, `an object, { ${known.join(', ')} }`, options);
  }
  const odd = Object.keys(options).find((name) => !known.includes(name));
  if (odd === undefined) return;
  throw new BoresError('ERR_ARGUMENT', `bores-viewer: ${call} has no option '${odd}', only ${known.join(', ')}`,
    { path: odd });
}

/** @param {unknown} value @returns {string}  of a colour map */
export function mapOf(value) {
  return wordOf('colormap', COLOUR_MAPS.map(({ id }) => id), value);
}

/** @param {unknown} value  of the attribute or property `step` @returns {number} */
export function wholeOf(value) {
  const step = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (!Number.isSafeInteger(step)) throw refused('step', 'a whole number', value);
  return /** @type {number} */ (step);
}

/** Of a picture: more than 4K along a side, and less than browsers refuse. */
const MOST_PIXELS = 8192;

/** @param {'width' | 'height'} name @param {unknown} value @returns {number}  pixels of a picture */
export function pixelsOf(name, value) {
  if (Number.isInteger(value) && Number(value) >= 64 && Number(value) <= MOST_PIXELS) return Number(value);
  throw refused(name, `a whole number of pixels from 64 to ${MOST_PIXELS}, with the other side's`, value);
}

/**
 * @param {unknown} value  'all', 'step', '1000,3000' or [1000, 3000]
 * @returns {'all' | 'step' | [number, number]}
 */
export function rangeOf(value) {
  if (value === 'all' || value === 'step') return value;
  const ends = typeof value === 'string' ? value.split(/[\s,]+/).filter((text) => text !== '').map(Number)
    : Array.isArray(value) ? value : [];
  const [lo, hi] = ends;
  const numbers = typeof lo === 'number' && typeof hi === 'number' && Number.isFinite(hi - lo);
  if (ends.length !== 2 || !numbers || !(lo < hi)) {
    throw refused('range', "'all', 'step' or two rising numbers", value);
  }
  return [lo, hi];
}

/**
 * @param {unknown} value  a name, 'azimuth,elevation', 'azimuth,elevation,distance', with ',x,y,z' of the target
 *   behind; or a View's record, as far as it is given
 * @returns {View | null}  null: home
 */
export function viewOf(value) {
  const wanted = "'home', 'top', 'south', 'west' or 'azimuth,elevation,distance'";
  if (value === null) return null;
  if (typeof value === 'string' && Object.hasOwn(NAMED_VIEWS, value)) {
    const named = NAMED_VIEWS[value];
    return named && { ...named };
  }
  const numbers = typeof value === 'string' ? value.split(/[\s,]+/).filter((text) => text !== '').map(Number)
    : recordNumbers(value);
  const [azimuth, elevation, distance = 0, x = 0, y = 0, z = 0] = numbers;
  const fits = numbers.length >= 2 && numbers.length <= 6 && numbers.every(Number.isFinite)
    && Math.abs(elevation) <= 90 && (distance === 0 || (distance > 0.01 && distance < 20));
  if (!fits) throw refused('view', wanted, typeof value === 'object' ? JSON.stringify(value) : value);
  return { azimuth, elevation, distance, target: [x, y, z] };
}

/** @param {unknown} value @returns {number[]} */
function recordNumbers(value) {
  if (typeof value !== 'object' || value === null) return [];
  const { azimuth, elevation, distance = 0, target = [0, 0, 0] } = /** @type {Partial<View>} */ (value);
  return [Number(azimuth), Number(elevation), Number(distance), ...[...target].map(Number)];
}

/** @param {View | null} view @returns {string}  what viewOf() makes the same view of */
export function viewText(view) {
  if (view === null) return 'home';
  const same = Object.entries(NAMED_VIEWS).find(([, named]) =>
    JSON.stringify(named ?? HOME) === JSON.stringify(view));
  if (same) return same[0];
  const numbers = [view.azimuth, view.elevation, view.distance, ...view.target];
  return numbers.map((n) => String(Number(n.toFixed(3)))).join(',');
}

/**
 * A property of a run by its path, the path's end, that end without `_grid`, or the name that people read.
 * @param {Run} run
 * @param {string} wanted
 * @returns {import('../model/properties.js').Drawable}
 * @throws {BoresError} ERR_NOT_FOUND
 */
export function propertyOf(run, wanted) {
  const plain = (/** @type {string} */ text) => text.toLowerCase().replace(/_grid$/, '').replaceAll(/[\s_-]+/g, ' ');
  const found = run.property(wanted)
    ?? run.properties.find(({ id }) => id.endsWith(`.${wanted}`))
    ?? run.properties.find(({ path, name }) => [path.at(-1) ?? '', name].some((text) => plain(text) === plain(wanted)));
  if (found === undefined) {
    throw new BoresError('ERR_NOT_FOUND', `bores-viewer: ${run.name} has no property '${wanted}' with a value a cell; `
      + `it has ${run.properties.slice(0, 6).map(({ id }) => id).join(', ')}`
      + (run.properties.length > 6 ? ', …' : ''),
    { path: wanted });
  }
  return found;
}

/**
 * @param {Run} run
 * @param {number} step  from 0; negative ones count from the end
 * @returns {number} an index in `run.steps`
 * @throws {BoresError} ERR_INDEX_RANGE
 */
export function stepOf(run, step) {
  const count = run.steps.length;
  const index = step < 0 ? step + count : step;
  if (index >= 0 && index < count) return index;
  throw new BoresError('ERR_INDEX_RANGE', `bores-viewer: step ${step} of ${run.name}, which has ${count} steps`,
    { needed: step, limit: count });
}
