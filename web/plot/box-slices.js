// SPDX-License-Identifier: MIT
// Slices of a grid of boxes: a map for k, a section for i and j.

/** @typedef {import('../model/grid.js').Grid} Grid */
/** @typedef {import('../model/grid.js').Cell} Cell */
/** @typedef {import('./slice.js').Slice} Slice */

/**
 * @param {Grid} grid
 * @param {0 | 1 | 2} axis  0: the section at one i, 1: at one j, 2: the map of one k
 * @param {number} index
 * @returns {Slice}
 */
export function boxSlice(grid, axis, index) {
  return axis === 2 ? mapOf(grid, index) : sectionOf(grid, axis, index);
}

/** North is up. @param {Grid} grid @param {number} k @returns {Slice} */
function mapOf(grid, k) {
  const [nx, ny] = grid.shape;
  const [dx, dy] = grid.cellDimension;
  const cells = new Uint32Array(nx * ny);
  const quads = new Float64Array(8 * nx * ny);
  for (let i = 0, n = 0; i < nx; i += 1) {
    for (let j = 0; j < ny; j += 1, n += 1) {
      cells[n] = grid.indexOf([i, j, k]);
      putBox(quads, n, [i * dx, (i + 1) * dx], [(ny - 1 - j) * dy, (ny - 1 - j) * dy], dy);
    }
  }
  return { width: nx * dx, height: ny * dy, cells, quads, top: 0, upright: true, columns: nx,
    corner: [-nx * dx / 2, ny * dy / 2] };
}

/** @param {Grid} grid @param {0 | 1} axis @param {number} index @returns {Slice} */
function sectionOf(grid, axis, index) {
  const along = axis === 0 ? 1 : 0;
  const count = grid.shape[along];
  const nz = grid.shape[2];
  const step = grid.cellDimension[along];
  const tilt = grid.slope[along] / 2;
  const cells = new Uint32Array(count * nz);
  const quads = new Float64Array(8 * count * nz);
  let least = Infinity;
  let most = -Infinity;
  for (let a = 0, n = 0; a < count; a += 1) {
    const column = axis === 0 ? [index, a] : [a, index];
    const first = grid.indexOf(/** @type {Cell} */ ([...column, 0]));
    let top = grid.topOf(/** @type {Cell} */ ([...column, 0]));
    least = Math.min(least, top - Math.abs(tilt));
    for (let k = 0; k < nz; k += 1, n += 1) {
      const thick = grid.thickness[first + k];
      const height = thick > 0 && thick < Infinity ? thick : 0;
      cells[n] = first + k;
      putBox(quads, n, [a * step, (a + 1) * step], [top - tilt, top + tilt], height);
      top += height;
    }
    most = Math.max(most, top + Math.abs(tilt));
  }
  for (let n = 1; n < quads.length; n += 2) quads[n] -= least;
  return { width: count * step, height: most - least, cells, quads, top: least, upright: true, columns: 0,
    corner: [0, 0] };
}

/**
 * A quadrilateral with upright sides.
 * @param {Float64Array} quads
 * @param {number} n
 * @param {readonly [number, number]} x  of its sides
 * @param {readonly [number, number]} top  at them
 * @param {number} height
 */
function putBox(quads, n, [x0, x1], [left, right], height) {
  quads.set([x0, left, x1, right, x1, right + height, x0, left + height], 8 * n);
}
