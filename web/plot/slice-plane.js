// SPDX-License-Identifier: MIT
// Where a slice lies in space: its outline, as segments for the 3-D picture.

/** @typedef {import('../model/grid.js').Cell} Cell */
/** @typedef {import('../scene/renderer.js').Vector} Vector */
/** @typedef {{ shape: Vector, edgesOf: (cell: Cell) => Float32Array }} Cells  of a grid */

/** Columns from which on an outline is drawn with fewer points than it has. */
const MANY = 400;

/**
 * @param {Cells} grid
 * @param {0 | 1 | 2} axis   as `sliceOf` takes it
 * @param {number} index
 * @returns {Float32Array}  2 × (x, y, z) a segment, drawing coordinates
 */
export function planeLines(grid, axis, index) {
  const [nx, ny, nz] = grid.shape;
  if (axis === 2) {
    const at = /** @param {number} i @param {number} j */ (i, j) => /** @type {Cell} */ ([i, j, index]);
    const middle = /** @param {Cell} cell @param {number} corner */ (cell, corner) =>
      between(grid, cell, corner, corner | 4);
    return segments([
      along(nx, (i) => [middle(at(i, 0), 0), middle(at(i, 0), 1)]),
      along(ny, (j) => [middle(at(nx - 1, j), 1), middle(at(nx - 1, j), 3)]),
      along(nx, (i) => [middle(at(i, ny - 1), 2), middle(at(i, ny - 1), 3)]),
      along(ny, (j) => [middle(at(0, j), 0), middle(at(0, j), 2)])]);
  }
  const count = axis === 0 ? ny : nx;
  // The bit of a corner that lies across the section, and the one that goes along it.
  const [across, onward] = axis === 0 ? [1, 2] : [2, 1];
  const edge = /** @param {number} k @param {number} bottom */ (k, bottom) => along(count, (n) => {
    const cell = /** @type {Cell} */ (axis === 0 ? [index, n, k] : [n, index, k]);
    return [between(grid, cell, bottom, bottom | across), between(grid, cell, bottom | onward,
      bottom | onward | across)];
  });
  const [top, bottom] = [edge(0, 0), edge(nz - 1, 4)];
  return segments([top, bottom, [top[0], bottom[0]],
    [/** @type {Vector} */ (top.at(-1)), /** @type {Vector} */ (bottom.at(-1))]]);
}

/**
 * The points of one side, two a cell.
 * @param {number} count
 * @param {(n: number) => Vector[]} pointsOf
 */
function along(count, pointsOf) {
  const every = Math.ceil(count / MANY);
  /** @type {Vector[]} */ const points = [];
  for (let n = 0; n < count; n += every) points.push(...pointsOf(n));
  if ((count - 1) % every !== 0) points.push(...pointsOf(count - 1));
  return points;
}

/** The middle of two corners of a cell. @param {Cells} grid @param {Cell} cell @param {number} a @param {number} b */
function between(grid, cell, a, b) {
  const edges = grid.edgesOf(cell);
  const [one, other] = [cornerOf(edges, a), cornerOf(edges, b)];
  return /** @type {Vector} */ (one.map((x, n) => (x + other[n]) / 2));
}

/** Of each corner (bits: east, north, bottom) where in a cell's twelve edges it stands. */
const PLACES = [0, 3, 9, 21, 15, 27, 39, 45];

/** @param {Float32Array} edges  as `Grid.edgesOf` gives them @param {number} corner */
function cornerOf(edges, corner) {
  const at = PLACES[corner];
  return [edges[at], edges[at + 1], edges[at + 2]];
}

/** @param {Vector[][]} lines  points of each @returns {Float32Array} */
function segments(lines) {
  return new Float32Array(lines.flatMap((points) =>
    points.slice(1).flatMap((point, n) => [...points[n], ...point])));
}
