// SPDX-License-Identifier: MIT
// Colours of pinned cells, in turn: the same in the picture, the curves and the lists, on light and on
// dark. After M. Okabe and K. Ito, "Color universal design", 2008.

/** @typedef {readonly [number, number, number]} Rgb  0…255 */

/** @type {readonly Rgb[]} */
const COLOURS = [[230, 120, 0], [0, 130, 200], [0, 150, 110], [204, 90, 160], [150, 130, 0], [190, 60, 60],
  [110, 90, 200], [90, 100, 110]];

/** Cells that can be pinned: so many colours can be told apart. */
export const MOST_PINS = COLOURS.length;

/** @param {number} n  its place in the list @returns {Rgb} */
export function pinColour(n) {
  return COLOURS[n % COLOURS.length];
}
