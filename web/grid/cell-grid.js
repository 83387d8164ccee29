// SPDX-License-Identifier: MIT
// What the page asks of a grid, whatever shape its cells have. Drawing coordinates: x and y in the grid's unit of
// length, z upward, zero near the middle.

/** @typedef {[number, number, number]} Cell  i, j, k; k = 0 is the top */
/** @typedef {[number, number, number]} Vector */
/** @typedef {{ lo: Cell, hi: Cell, mask?: Uint8Array | null }} Filter  half-open; only cells whose mask is not 0 */
/** @typedef {{ positions: Float32Array, cells: Uint32Array, directions: Uint8Array, count: number }} CoreFaces */
/** @typedef {{ name: string, text: string, data: string }} Fact  `data`: exact */
/** @typedef {import('../../js/index.js').DataStore} DataStore */

/**
 * @typedef {object} Shape  what kinds of grids have each in its way
 * @property {(store: DataStore, filter: Filter) => Promise<CoreFaces>} faces  the skin of some cells
 * @property {(cell: Cell) => number} topOf    depth of a cell's top
 * @property {(cell: Cell) => number} depthOf  depth of its centre; NaN for an inactive cell
 * @property {(cell: Cell) => Vector} centreOf  in drawing coordinates
 * @property {(cell: Cell) => Float32Array} edgesOf  in drawing coordinates: 12 × 2 × (x, y, z)
 * @property {import('../scene/renderer.js').Bounds} bounds  the block of space that holds every cell
 * @property {readonly [number, number]} mapOrigin  x and y of the map where the drawing has zero
 * @property {(store: DataStore, points: readonly (readonly [number, number])[]) =>
 *   Promise<import('../../js/core/fence.js').Fence>} fence  along a line in drawing coordinates
 * @property {(axis: 0 | 1 | 2, index: number) => import('../plot/slice.js').Slice} slice
 * @property {(axis: 0 | 1 | 2) => string} captionOf  how a slice lies in its picture
 * @property {(cell: Cell) => Fact[]} factsOf  what a cell's panel says of where it is
 */

/** @typedef {Cells & Shape} CellGrid */

/** The cells of a grid by their indices. */
export class Cells {
  /** Cells that no value is expected of. */
  inactive = 0;

  /**
   * @param {readonly number[]} shape  [nx, ny, nz]
   * @param {string} lengthUnit
   * @param {{ stored?: readonly number[], every?: number }} [coarse]  the file's shape, of whose columns every n-th is
   *   one of these
   */
  constructor(shape, lengthUnit, { stored = shape, every = 1 } = {}) {
    this.shape = /** @type {Vector} */ ([...shape]);
    this.stored = /** @type {Vector} */ ([...stored]);
    this.every = every;
    this.size = shape[0] * shape[1] * shape[2];
    this.lengthUnit = lengthUnit;
  }

  /** @param {Cell} cell @returns {number} flat index */
  indexOf([i, j, k]) {
    return (i * this.shape[1] + j) * this.shape[2] + k;
  }

  /** @param {number} index @returns {Cell} */
  cellOf(index) {
    const [, ny, nz] = this.shape;
    return [Math.floor(index / (ny * nz)), Math.floor(index / nz) % ny, index % nz];
  }

  /** The cell of the file that one of these stands for: what people are told. @param {Cell} cell @returns {Cell} */
  storedCell([i, j, k]) {
    return [i * this.every, j * this.every, k];
  }

  /** The one that stands for a cell of the file. @param {readonly number[]} cell @returns {Cell} */
  shownCell([i, j, k]) {
    return [Math.floor(i / this.every), Math.floor(j / this.every), k];
  }

  /** @param {readonly number[]} cell */
  has(cell) {
    return cell.length === 3
      && cell.every((n, axis) => Number.isInteger(n) && n >= 0 && n < this.shape[axis]);
  }

  /**
   * Values as they are drawn: NaN where a cell is none.
   * @param {import('../model/run.js').Values['data']} data  one a cell; may be changed
   * @returns {import('../model/run.js').Values['data']}
   */
  onlyCells(data) {
    return data;
  }
}

/**
 * The twelve edges of a cell with eight corners.
 * @param {(corner: number) => Vector} at  bits: east, north, bottom
 * @returns {Float32Array}
 */
export function edgesBetween(at) {
  const edges = new Float32Array(72);
  let n = 0;
  for (let corner = 0; corner < 8; corner += 1) {
    for (const bit of [1, 2, 4]) {
      if (corner & bit) continue;
      edges.set(at(corner), n);
      edges.set(at(corner | bit), n + 3);
      n += 6;
    }
  }
  return edges;
}
