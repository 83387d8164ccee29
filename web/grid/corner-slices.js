// SPDX-License-Identifier: MIT
// Slices of a corner-point grid, drawn from the cells' own corners: where columns do not fit together, one sees it.

/** @typedef {import('./cell-grid.js').Cell} Cell */
/** @typedef {import('./cell-grid.js').Vector} Vector */
/** @typedef {import('../plot/slice.js').Slice} Slice */
/**
 * @typedef {{ shape: Vector, isActive: (cell: Cell) => boolean, indexOf: (cell: Cell) => number,
 *   cornerInto: (cell: Cell, corner: number, out: Vector) => void }} Cornered
 * @typedef {(cell: Cell, quads: Float64Array, at: number) => void} PutCell  eight numbers from `at` on
 */

/** Corners of the top in turn: right is bit 0, back bit 1. */
const AROUND = [2, 3, 1, 0];

/**
 * @param {Cornered} grid
 * @param {0 | 1 | 2} axis  0: the cells of one i, 1: of one j, each cut through its middle; 2: the tops of one layer
 * @param {number} index
 * @returns {Slice}
 */
export function cornerSlice(grid, axis, index) {
  const cells = cellsOf(grid, axis, index);
  const quads = new Float64Array(8 * cells.length);
  const put = axis === 2 ? topOf(grid) : cutOf(grid, axis, index);
  cells.forEach((cell, n) => put(cell, quads, 8 * n));
  const ends = [Infinity, Infinity, -Infinity, -Infinity];
  for (let n = 0; n < quads.length; n += 1) {
    ends[n % 2] = Math.min(ends[n % 2], quads[n]);
    ends[2 + n % 2] = Math.max(ends[2 + n % 2], quads[n]);
  }
  const [left, upper, right, lower] = cells.length > 0 ? ends : [0, 0, 1, 1];
  for (let n = 0; n < quads.length; n += 1) quads[n] -= n % 2 ? upper : left;
  return { width: (right - left) || 1, height: (lower - upper) || 1, quads, top: axis === 2 ? 0 : upper,
    upright: false, columns: 0, corner: axis === 2 ? [left, -upper] : [0, 0],
    cells: Uint32Array.from(cells, (cell) => grid.indexOf(cell)) };
}

/** The active cells of a slice. @param {Cornered} grid @param {number} axis @param {number} index */
function cellsOf(grid, axis, index) {
  /** @type {Cell[]} */ const cells = [];
  const [one, other] = [0, 1, 2].filter((along) => along !== axis);
  for (let a = 0; a < grid.shape[one]; a += 1) {
    for (let b = 0; b < grid.shape[other]; b += 1) {
      const cell = /** @type {Cell} */ ([index, index, index]);
      cell[one] = a;
      cell[other] = b;
      if (grid.isActive(cell)) cells.push(cell);
    }
  }
  return cells;
}

/** y up, as on a map. @param {Cornered} grid @returns {PutCell} */
function topOf(grid) {
  const at = /** @type {Vector} */ ([0, 0, 0]);
  return (cell, quads, from) => AROUND.forEach((corner, n) => {
    grid.cornerInto(cell, corner, at);
    quads[from + 2 * n] = at[0];
    quads[from + 2 * n + 1] = -at[1];
  });
}

/**
 * Half way between the two sides, seen along the line from the first to the last column.
 * @param {Cornered} grid
 * @param {0 | 1} axis
 * @param {number} index
 * @returns {PutCell}
 */
function cutOf(grid, axis, index) {
  const along = axis === 0 ? 1 : 0;
  const across = 1 << axis, step = 1 << along;
  const one = /** @type {Vector} */ ([0, 0, 0]), other = /** @type {Vector} */ ([0, 0, 0]);
  /** Into `one`. @param {Cell} cell @param {number} corner */
  const middle = (cell, corner) => {
    grid.cornerInto(cell, corner, one);
    grid.cornerInto(cell, corner | across, other);
    for (let d = 0; d < 3; d += 1) one[d] = (one[d] + other[d]) / 2;
    return one;
  };
  const at = (/** @type {number} */ n) => {
    const cell = /** @type {Cell} */ ([0, 0, 0]);
    cell[axis] = index;
    cell[along] = n;
    return cell;
  };
  const from = [...middle(at(0), 0)], to = [...middle(at(grid.shape[along] - 1), step)];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [right, back] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  return (cell, quads, first) => [0, step, step | 4, 4].forEach((corner, n) => {
    const [x, y, z] = middle(cell, corner);
    quads[first + 2 * n] = x * right + y * back;
    quads[first + 2 * n + 1] = -z;
  });
}
