// SPDX-License-Identifier: MIT
// The curtain as faces of the 3-D picture, seen from both sides.

import { placeAt } from './line.js';

/** @typedef {import('./fence-keeper.js').Curtain} Curtain */

/** Full brightness: a cell of the curtain has the legend's colour. */
const UP = 4;

/**
 * @param {Curtain} curtain
 * @param {number} depthOfZero  of the drawing
 * @param {Uint8Array | null} mask  cells whose byte is 0 are left out
 * @returns {import('../scene/renderer.js').Faces}
 */
export function fenceFaces(curtain, depthOfZero, mask) {
  const { cells, firsts, stations, count } = curtain;
  /** @type {[number, number][]} */ const strips = []; // station, cell
  for (let n = 0; n < count; n += 1) {
    if (mask && mask[cells[n]] === 0) continue;
    for (let s = firsts[n]; s + 1 < firsts[n + 1]; s += 1) strips.push([s, cells[n]]);
  }
  const positions = new Float32Array(24 * strips.length);
  const codes = new Uint32Array(2 * strips.length);
  strips.forEach(([s, cell], n) => {
    const [left, right] = [s, s + 1].map((at) => {
      const [x, y] = placeAt(curtain, stations[3 * at]);
      return { x, y, top: depthOfZero - stations[3 * at + 1], bottom: depthOfZero - stations[3 * at + 2] };
    });
    const corners = [[left.x, left.y, left.bottom], [right.x, right.y, right.bottom],
      [right.x, right.y, right.top], [left.x, left.y, left.top]];
    positions.set([...corners, ...[1, 0, 3, 2].map((corner) => corners[corner])].flat(), 24 * n);
    codes.fill(((UP << 29) | cell) >>> 0, 2 * n, 2 * n + 2);
  });
  return { positions, codes, count: codes.length };
}
