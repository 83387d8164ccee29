// SPDX-License-Identifier: MIT
// Colour maps: value → colour. One table serves the legend, the slice and the shader, so
// that a value has the same colour wherever it is drawn.

import { CIVIDIS, COOLWARM, PLASMA, TURBO, VIRIDIS } from './colormap-data.js';

/**
 * @typedef {object} ColourMap
 * @property {string} id
 * @property {string} name     for people
 * @property {string} hint     when to choose it
 * @property {Uint8Array} table  256 × (red, green, blue, 255), sRGB
 */

/** @typedef {readonly [number, number, number]} Rgb  0…255 each, sRGB */

/** Cells without a value: NaN, or absent from a sparse tensor. */
export const MISSING = /** @type {Rgb} */ ([158, 164, 172]);
/** Values outside a typed range: in none of the tables, told apart by lightness too. */
export const BELOW = /** @type {Rgb} */ ([0, 209, 255]);
export const ABOVE = /** @type {Rgb} */ ([255, 41, 135]);
/** false and true: blue and orange, told apart by every kind of colour vision. */
export const FALSE = /** @type {Rgb} */ ([122, 146, 176]);
export const TRUE = /** @type {Rgb} */ ([240, 150, 40]);

/** @param {string} base64  256 × RGB @returns {Uint8Array} 256 × RGBA */
function decode(base64) {
  const rgb = atob(base64);
  const table = new Uint8Array(1024);
  for (let n = 0; n < 256; n += 1) {
    for (let c = 0; c < 3; c += 1) table[4 * n + c] = rgb.charCodeAt(3 * n + c);
    table[4 * n + 3] = 255;
  }
  return table;
}

/** @type {readonly ColourMap[]} */
export const COLOUR_MAPS = [
  { id: 'viridis', name: 'Viridis', hint: 'even steps, readable in grey', table: decode(VIRIDIS) },
  { id: 'cividis', name: 'Cividis', hint: 'the same to colour-blind eyes', table: decode(CIVIDIS) },
  { id: 'plasma', name: 'Plasma', hint: 'even steps, bright end', table: decode(PLASMA) },
  { id: 'turbo', name: 'Turbo', hint: 'rainbow: shows detail, distorts steps',
    table: decode(TURBO) },
  { id: 'coolwarm', name: 'Cool–warm', hint: 'around a middle value', table: decode(COOLWARM) },
];

/** @param {string} id @returns {ColourMap}  viridis if there is none of that name */
export function colourMap(id) {
  return COLOUR_MAPS.find((map) => map.id === id) ?? COLOUR_MAPS[0];
}

/**
 * How values become colours, for everything that draws.
 * @typedef {object} Colouring
 * @property {Uint8Array} table  RGBA of as many equal parts of the range as it has colours
 * @property {number} lo         value of the table's first colour
 * @property {number} hi         value of its last
 * @property {boolean} log       equal ratios, not equal differences, are equal steps
 * @property {boolean} flags     0 and 1 mean false and true; the table is not used
 * @property {boolean} [direct]  a value is its colour, red × 65536 + green × 256 + blue; below 0 it is none
 */

/**
 * Where a value lies in the range: 0 at `lo`, 1 at `hi`; NaN for a value that has no place
 * (NaN itself), −1 and 2 outside the range.
 *
 * @param {number} value
 * @param {Colouring} colouring
 */
export function position(value, { lo, hi, log }) {
  if (Number.isNaN(value)) return NaN;
  if (value < lo || (log && value <= 0)) return -1;
  if (value > hi) return 2;
  if (hi === lo) return 0.5;
  return log ? Math.log(value / lo) / Math.log(hi / lo) : (value - lo) / (hi - lo);
}

/**
 * @param {number} value
 * @param {Colouring} colouring
 * @returns {Rgb}
 */
export function colourOf(value, colouring) {
  if (colouring.direct && !Number.isNaN(value)) {
    return value < 0 ? ABOVE : [value >> 16, (value >> 8) & 255, value & 255];
  }
  const at = position(value, colouring);
  if (Number.isNaN(at)) return MISSING;
  if (colouring.flags) return value === 0 ? FALSE : TRUE;
  if (at < 0) return BELOW;
  if (at > 1) return ABOVE;
  const count = colouring.table.length / 4;
  const n = 4 * Math.min(count - 1, Math.floor(at * count));
  return [colouring.table[n], colouring.table[n + 1], colouring.table[n + 2]];
}

/** @param {Rgb} rgb */
export function cssColour([r, g, b]) {
  return `rgb(${r} ${g} ${b})`;
}

/**
 * A map in so many colours, its ends among them (matplotlib's `resampled`).
 * @param {Uint8Array} table
 * @param {number} levels  at least 2
 */
export function levelTable(table, levels) {
  const found = new Uint8Array(4 * levels);
  for (let n = 0; n < levels; n += 1) {
    const at = 4 * Math.min(255, Math.floor(n / (levels - 1) * 256));
    found.set(table.subarray(at, at + 4), 4 * n);
  }
  return found;
}

/**
 * Colours of categories: K. L. Kelly, "Twenty-two colors of maximum contrast", 1965, less white, black and
 * grey, which are other things here.
 */
const KELLY = ('F3C300875692F38400A1CAF1BE0032C2B280008856E68FAC0067A5F99379604E97F6A600B3446CDCD300882D17'
  + '8DB600654522E258222B3D26').match(/../g)?.map((hex) => parseInt(hex, 16)) ?? [];

/**
 * A colour for each whole number from `lo` to `hi`: the same one whatever the ends are.
 * @param {number} lo
 * @param {number} hi
 */
export function categoryTable(lo, hi) {
  const table = new Uint8Array(4 * (hi - lo + 1)).fill(255);
  const count = KELLY.length / 3;
  for (let value = lo; value <= hi; value += 1) {
    const n = 3 * (((value % count) + count) % count);
    table.set(KELLY.slice(n, n + 3), 4 * (value - lo));
  }
  return table;
}
