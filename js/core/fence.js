// SPDX-License-Identifier: MIT
// What a curtain along a line cuts out of a grid of boxes, over the analysis module (bores/fence.h). Copies in and out.

import { BoresError } from './errors.js';
import { run, withBlock, withGrid } from './geometry-rows.js';

/**
 * @import { Core } from './core.js'
 * @import { GridGeometry } from './geometry.js'
 *
 * Pieces of cells, each from station to station by distance along the line; between two stations top and
 * bottom are straight.
 * @typedef {object} Fence
 * @property {number} count  pieces
 * @property {Uint32Array<ArrayBuffer>} cells      flat index of each piece's cell
 * @property {Uint32Array<ArrayBuffer>} firsts     of each piece the first of its stations, and how many there are
 * @property {Float64Array<ArrayBuffer>} stations  3 each: distance along the line, depth of the top, of the bottom
 * @property {number} length                       of the line
 */

/**
 * @param {Core} core  of the analysis module
 * @param {GridGeometry} grid
 * @param {readonly (readonly number[])[]} points  [x, y] each, ft; zero is in the middle of the grid, as
 *   gridOrigin() has it
 * @returns {Fence}  distances and depths in ft
 * @throws {BoresError} `ERR_ARGUMENT` for fewer than two points, one that is no two finite numbers, or a line without
 *   length; `ERR_LIMIT`; and as the functions of geometry.js
 */
export function gridFence(core, grid, points) {
  const row = pointsRow(points);
  return withGrid(core, grid, (gridRow) => {
    const result = run(core, 7, [gridRow, row], (gridPointer, pointer, out) =>
      core.call('grid_fence', gridPointer, pointer, points.length, out));
    return withBlock(core, result, ([, cells, firsts, stations, count, of, length]) => ({
      count, length,
      cells: new Uint32Array(core.copyOut(cells, 4 * count)),
      firsts: new Uint32Array(core.copyOut(firsts, 4 * (count + 1))),
      stations: new Float64Array(core.copyOut(stations, 24 * of)),
    }));
  });
}

/** @param {readonly (readonly number[])[]} points @returns {Float64Array}  not empty: an address is wanted */
function pointsRow(points) {
  points.forEach((point, n) => {
    if (point.length !== 2 || !point.every(Number.isFinite)) {
      throw new BoresError('ERR_ARGUMENT', `point ${n} of the line is [${point.join(', ')}], not two finite numbers`);
    }
  });
  return Float64Array.from(points.length > 0 ? points.flat() : [0, 0]);
}
