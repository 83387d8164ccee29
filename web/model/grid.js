// SPDX-License-Identifier: MIT
// The grid in numbers that the page itself needs: how big it is, where a cell is. The skin
// is the core's work; this mirrors its conventions (src/include/bores/geometry.h).

import { Cells, edgesBetween } from '../grid/cell-grid.js';
import { formatNumber } from '../plot/scale.js';
import { boxSlice } from '../plot/box-slices.js';

/** @typedef {import('../grid/cell-grid.js').Cell} Cell */
/** @typedef {import('../scene/renderer.js').Vector} Vector */

const RADIANS = Math.PI / 180;

/** Boxes in straight columns, as BORES has them. */
export class Grid extends Cells {
  /**
   * @param {object} geometry
   * @param {readonly number[]} geometry.shape          [nx, ny, nz]
   * @param {readonly number[]} geometry.cellDimension  [dx, dy], ft
   * @param {Float32Array | Float64Array} geometry.thickness  ft, one a cell, C order
   * @param {number} [geometry.datumDepth]              ft
   * @param {number} [geometry.dipAngle]                degrees
   * @param {number} [geometry.dipAzimuth]              degrees from +y towards +x
   * @param {{ stored?: readonly number[], every?: number }} [coarse]  as Cells has it
   */
  constructor({ shape, cellDimension, thickness, datumDepth = 0, dipAngle = 0, dipAzimuth = 0 }, coarse) {
    super(shape, 'ft', coarse);
    this.cellDimension = /** @type {[number, number]} */ ([...cellDimension]);
    this.thickness = thickness;
    this.datumDepth = datumDepth;
    this.dipAngle = dipAngle;
    this.dipAzimuth = dipAzimuth;
    const slope = Math.tan(dipAngle * RADIANS);
    /** ft of depth per column along i and along j */
    this.slope = [this.cellDimension[0] * Math.sin(dipAzimuth * RADIANS) * slope,
      this.cellDimension[1] * Math.cos(dipAzimuth * RADIANS) * slope];
    /** Depth of the drawing's z = 0: the middle of the middle column. */
    this.middleDepth = this.#middleDepth();
  }

  /** As the core takes it, and as it can be sent to a worker. */
  plain() {
    const { shape, cellDimension, thickness, datumDepth, dipAngle, dipAzimuth } = this;
    return { shape, cellDimension, thickness, datumDepth, dipAngle, dipAzimuth };
  }

  /**
   * @param {import('../../js/index.js').DataStore} store
   * @param {import('../grid/cell-grid.js').Filter} filter
   * @returns {Promise<import('../grid/cell-grid.js').CoreFaces>}
   */
  faces(store, filter) {
    return store.compute('gridFaces', [this.plain(), filter]);
  }

  /**
   * @param {import('../../js/index.js').DataStore} store
   * @param {readonly (readonly [number, number])[]} points
   * @returns {Promise<import('../../js/core/fence.js').Fence>}
   */
  fence(store, points) {
    return store.compute('gridFence', [this.plain(), points]);
  }

  /** The map begins at the south-west corner. */
  get mapOrigin() {
    return /** @type {const} */ ([-this.#x(0), -this.#y(0)]);
  }

  /** @param {0 | 1 | 2} axis @param {number} index */
  slice(axis, index) {
    return boxSlice(this, axis, index);
  }

  /** @param {0 | 1 | 2} axis */
  captionOf(axis) {
    return ['Section from south to north', 'Section from west to east', 'Map, north up'][axis];
  }

  /** @param {Cell} cell */
  factsOf(cell) {
    const depth = this.depthOf(cell);
    return [{ name: 'Depth of centre', data: String(depth),
      text: Number.isNaN(depth) ? 'inactive cell' : `${formatNumber(depth, 6)} ft` }];
  }

  /** Depth of a cell's top at its column's middle, ft. @param {Cell} cell */
  topOf([i, j, k]) {
    const first = this.indexOf([i, j, 0]);
    let depth = this.datumDepth + i * this.slope[0] + j * this.slope[1];
    for (let n = 0; n < k; n += 1) depth += this.#height(first + n);
    return depth;
  }

  /** Depth of a cell's centre, ft; NaN for an inactive cell. @param {Cell} cell */
  depthOf(cell) {
    const height = this.#height(this.indexOf(cell));
    return height > 0 ? this.topOf(cell) + height / 2 : NaN;
  }

  /** A cell's centre in drawing coordinates. @param {Cell} cell @returns {Vector} */
  centreOf(cell) {
    const [i, j] = cell;
    const depth = this.topOf(cell) + this.#height(this.indexOf(cell)) / 2;
    return [this.#x(i + 0.5), this.#y(j + 0.5), this.middleDepth - depth];
  }

  /**
   * The twelve edges of a cell in drawing coordinates.
   * @param {Cell} cell
   * @returns {Float32Array}  12 × 2 × (x, y, z)
   */
  edgesOf(cell) {
    const [i, j] = cell;
    const top = this.topOf(cell);
    const height = this.#height(this.indexOf(cell));
    /** @param {number} corner  bits: east, north, bottom @returns {Vector} */
    const at = (corner) => {
      const east = corner & 1;
      const north = (corner >> 1) & 1;
      const depth = top + (east - 0.5) * this.slope[0] + (north - 0.5) * this.slope[1]
        + (corner & 4 ? height : 0);
      return [this.#x(i + east), this.#y(j + north), this.middleDepth - depth];
    };
    return edgesBetween(at);
  }

  /** The block of space that holds every cell, in drawing coordinates. */
  get bounds() {
    const [nx, ny, nz] = this.shape;
    const tilt = (Math.abs(this.slope[0]) + Math.abs(this.slope[1])) / 2;
    const { thickness } = this;
    let top = Infinity;
    let bottom = -Infinity;
    for (let i = 0; i < nx; i += 1) {
      for (let j = 0; j < ny; j += 1) {
        const depth = this.datumDepth + i * this.slope[0] + j * this.slope[1];
        let height = 0;
        const first = (i * ny + j) * nz;
        for (let k = 0; k < nz; k += 1) {
          const thick = thickness[first + k];
          if (thick > 0 && thick < Infinity) height += thick;
        }
        top = Math.min(top, depth - tilt);
        bottom = Math.max(bottom, depth + height + tilt);
      }
    }
    return {
      min: /** @type {Vector} */ ([this.#x(0), this.#y(0), this.middleDepth - bottom]),
      max: /** @type {Vector} */ ([this.#x(nx), this.#y(ny), this.middleDepth - top]),
      depthOfZero: this.middleDepth, unit: this.lengthUnit, names: /** @type {const} */ (['i', 'j']),
    };
  }

  /** @param {number} i  in cells from the west side */
  #x(i) {
    return (i - this.shape[0] / 2) * this.cellDimension[0];
  }

  /** @param {number} j  in cells from the south side */
  #y(j) {
    return (j - this.shape[1] / 2) * this.cellDimension[1];
  }

  /** Thickness of an active cell; an inactive one takes no room. @param {number} index */
  #height(index) {
    const h = this.thickness[index];
    return h > 0 && h < Infinity ? h : 0;
  }

  #middleDepth() {
    const [nx, ny, nz] = this.shape;
    const column = /** @type {const} */ ([Math.floor(nx / 2), Math.floor(ny / 2)]);
    return (this.topOf([...column, 0]) + this.topOf([...column, nz])) / 2;
  }
}

/**
 * A vertical exaggeration that makes a flat reservoir readable: its height at least a
 * quarter of its width.
 * @param {import('../scene/renderer.js').Bounds} bounds
 */
export function readableExaggeration({ min, max }) {
  const width = Math.max(max[0] - min[0], max[1] - min[1]);
  const wanted = 0.25 * width / Math.max(max[2] - min[2], 1e-9);
  return [1, 2, 3, 5, 10, 20].find((factor) => factor >= wanted) ?? 20;
}
