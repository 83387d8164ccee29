// SPDX-License-Identifier: MIT
// Colours of pinned cells, in turn: the same in the picture, the curves and the lists, on light and on
// dark, and none of those that mark the selected cell.

/** @typedef {readonly [number, number, number]} Rgb  0…255 */

/** @type {readonly Rgb[]} */
const COLOURS = [[0, 150, 110], [204, 70, 160], [140, 125, 0], [190, 50, 50], [125, 95, 215], [0, 160, 190],
  [140, 90, 60], [95, 105, 115]];

/** Cells that can be pinned: so many colours can be told apart. */
export const MOST_PINS = COLOURS.length;

/** @param {number} n  its place in the list @returns {Rgb} */
export function pinColour(n) {
  return COLOURS[n % COLOURS.length];
}
