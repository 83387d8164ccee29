// SPDX-License-Identifier: MIT
// What is wanted of a fence: an upright curtain along wells and points of the map, and how it is shown. In a link:
// `fence` the line, wells with '@' before their names and points as x,y; `fo` the panel is open, `fx` the line
// goes on to the grid's ends, `fz` heights, `f3` what the 3-D picture shows of it.

/** A well by its name, or a point of the map in the grid's unit of length.
 * @typedef {string | readonly [number, number]} Post */

/**
 * @typedef {object} FenceWish
 * @property {boolean} open       its panel is shown
 * @property {readonly Post[]} line
 * @property {boolean} extend     it goes on straight until the grid ends
 * @property {number} stretch     how much higher than long things are drawn; 0: as the picture has room
 * @property {'alone' | 'cells' | 'off'} solid  in the 3-D picture: without the cells, with them, not at all
 */

/** @type {FenceWish} */
export const NO_FENCE = Object.freeze({ open: false, line: Object.freeze([]), extend: false, stretch: 0,
  solid: 'alone' });

const SEPARATOR = '~';
/** Of a link that anyone may have written, no more is looked at. */
const MOST = 1000;
/** Beyond this, float32 of a picture knows no place. */
const FARTHEST = 1e9;

/** @param {FenceWish | undefined} fence @returns {[string, string | undefined][]} */
export function fenceToLink(fence) {
  if (!fence) return [];
  const { open, line, extend, stretch, solid } = fence;
  return [
    ['fence', line.length === 0 ? undefined : line.map(postText).join(SEPARATOR)],
    ['fo', open ? '1' : undefined],
    ['fx', extend ? '1' : undefined],
    ['fz', stretch > 0 ? String(stretch) : undefined],
    ['f3', solid === 'alone' ? undefined : solid],
  ];
}

/** @param {Post} post */
function postText(post) {
  return typeof post === 'string' ? `@${post.replace(/[~%]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`
    : post.map((n) => String(Number(n.toFixed(2)))).join(',');
}

/** @param {Map<string, string>} texts @returns {FenceWish | undefined} */
export function fenceFromLink(texts) {
  if (!['fence', 'fo', 'fx', 'fz', 'f3'].some((key) => texts.has(key))) return undefined;
  const stretch = Number(texts.get('fz') ?? 0);
  const line = (texts.get('fence') ?? '').split(SEPARATOR).slice(0, MOST).map(postFrom);
  return {
    open: texts.get('fo') === '1', extend: texts.get('fx') === '1',
    stretch: isStretch(stretch) ? stretch : 0,
    solid: /** @type {const} */ (['alone', 'cells', 'off']).find((one) => one === texts.get('f3')) ?? 'alone',
    line: /** @type {Post[]} */ (line.filter((post) => post !== null)),
  };
}

/** @param {string} text @returns {Post | null} */
function postFrom(text) {
  if (text.startsWith('@')) {
    return text.slice(1).replace(/%(7e|25)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  }
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  return numbers.length === 2 && numbers.every(isPlace)
    ? /** @type {[number, number]} */ (numbers) : null;
}

/** Whether a number is one of a point's two. @param {number} at */
export function isPlace(at) {
  return Math.abs(at) <= FARTHEST;
}

/** @param {number} factor  0: as there is room */
export function isStretch(factor) {
  return factor === 0 || (factor >= 0.1 && factor <= 1000);
}

/** Whether the 3-D picture has nothing but the fence.
 * @param {Readonly<import('../model/state.js').ViewerState>} state */
export function isFenceAlone({ fence, curtain, webgl }) {
  return webgl && fence.open && fence.solid === 'alone' && curtain !== null && curtain.count > 0;
}
