// SPDX-License-Identifier: MIT
// A corner-point grid: cells between pillars, whose corners have depths of their own (D. K. Ponting, "Corner point
// geometry in reservoir simulation", ECMOR I, 1989). The skin is the core's work.

import { formatNumber } from '../plot/scale.js';
import { Cells, edgesBetween } from './cell-grid.js';
import { cornerSlice } from './corner-slices.js';
import { hexahedronVolume } from './hexahedron.js';

/** @typedef {import('./cell-grid.js').Cell} Cell */
/** @typedef {import('./cell-grid.js').Vector} Vector */
/** @typedef {import('./cell-grid.js').CoreFaces} CoreFaces */
/** @typedef {import('../../js/index.js').EclipseStore} EclipseStore */
/** @typedef {Awaited<ReturnType<EclipseStore['cornerPoints']>>} CornerPoints */

/** x and y of the file → those of the map, less their middle: [xx, xy, yx, yy]. @typedef {number[]} Turn */

/** The largest whole number up to which single precision has all. */
const WHOLE = 2 ** 24;

export class CornerGrid extends Cells {
  #points;
  #mapUnit;
  /** @type {Turn} */ #turn;
  /** x, y of the map and depth of the drawing's zero. */
  #middle;
  /** Faces of all cells, which are asked for first and often. @type {CoreFaces} */ #whole;

  /**
   * @param {CornerPoints} points
   * @param {Faces} skin  of all cells, in the file's coordinates
   * @param {string} lengthUnit
   * @param {string} [mapUnit]  of the map, where it has another
   */
  constructor(points, skin, lengthUnit, mapUnit = lengthUnit) {
    super(points.dims, lengthUnit);
    this.#points = points;
    this.#mapUnit = mapUnit;
    this.origin = /** @type {Vector} */ ([...skin.origin]);
    this.#turn = turnOf(points.mapAxes);
    this.#middle = [...toMap(points.mapAxes, this.#turn, this.origin[0], this.origin[1]), this.origin[2]];
    this.inactive = points.active.reduce((count, active) => count + (active ? 0 : 1), 0);
    this.#whole = turned(skin, this.#turn);
    this.bounds = { ...boundsOf(this.#whole.positions), depthOfZero: this.origin[2], unit: lengthUnit,
      names: /** @type {const} */ (['x', 'y']) };
  }

  /** @param {Cell} cell */
  isActive(cell) {
    return this.#points.active[this.indexOf(cell)] !== 0;
  }

  /**
   * @override
   * @param {import('../model/run.js').Values['data']} data
   * @returns {import('../model/run.js').Values['data']}
   */
  onlyCells(data) {
    const { active } = this.#points;
    if (this.inactive === 0) return data;
    // Whole numbers have no NaN.
    const own = data instanceof Float32Array || data instanceof Float64Array ? data
      : data.some((value) => Math.abs(value) > WHOLE) ? Float64Array.from(data) : Float32Array.from(data);
    for (let n = 0; n < own.length; n += 1) if (!active[n]) own[n] = NaN;
    return own;
  }

  /**
   * @param {import('../../js/index.js').DataStore} store
   * @param {import('./cell-grid.js').Filter} filter
   * @returns {Promise<CoreFaces>}
   */
  async faces(store, { lo, hi, mask }) {
    const whole = !mask && lo.every((n) => n === 0) && hi.every((n, axis) => n === this.shape[axis]);
    // A copy: who asks may change it.
    if (whole) return { ...this.#whole, cells: this.#whole.cells.slice() };
    const faces = await /** @type {EclipseStore} */ (store).cornerFaces({ lo, hi, mask, origin: this.origin });
    return turned(faces, this.#turn);
  }

  /**
   * @param {import('../../js/index.js').DataStore} store
   * @param {readonly (readonly [number, number])[]} points
   * @returns {Promise<import('../../js/core/fence.js').Fence>}
   */
  fence(store, points) {
    const [xx, xy, yx, yy] = this.#turn;
    const area = xx * yy - xy * yx;
    return /** @type {EclipseStore} */ (store).cornerFence(points.map(([x, y]) =>
      [this.origin[0] + (yy * x - xy * y) / area, this.origin[1] + (xx * y - yx * x) / area]));
  }

  get mapOrigin() {
    return /** @type {const} */ ([this.#middle[0], this.#middle[1]]);
  }

  /**
   * A corner in drawing coordinates.
   * @param {Cell} cell
   * @param {number} corner  bits: right, back, bottom
   * @returns {Vector}
   */
  cornerOf(cell, corner) {
    const at = /** @type {Vector} */ ([0, 0, 0]);
    this.cornerInto(cell, corner, at);
    return at;
  }

  /** The same without a list for each. @param {Cell} cell @param {number} corner @param {Vector} out */
  cornerInto([i, j, k], corner, out) {
    const { coord, zcorn } = this.#points;
    const [nx, ny] = this.shape;
    const right = corner & 1, back = (corner >> 1) & 1;
    const at = 6 * (i + right + (nx + 1) * (j + back));
    const depth = zcorn[2 * i + right + 2 * nx * (2 * j + back + 2 * ny * (2 * k + (corner >> 2)))];
    const height = coord[at + 5] - coord[at + 2];
    const part = height === 0 ? 0 : (depth - coord[at + 2]) / height;
    const x = coord[at] + part * (coord[at + 3] - coord[at]) - this.origin[0];
    const y = coord[at + 1] + part * (coord[at + 4] - coord[at + 1]) - this.origin[1];
    const [xx, xy, yx, yy] = this.#turn;
    out[0] = xx * x + xy * y;
    out[1] = yx * x + yy * y;
    out[2] = this.origin[2] - depth;
  }

  /** Depth of the highest corner. @param {Cell} cell */
  topOf(cell) {
    return this.origin[2] - Math.max(...EIGHT.map((corner) => this.cornerOf(cell, corner)[2]));
  }

  /** @param {Cell} cell  NaN for an inactive one */
  depthOf(cell) {
    return this.isActive(cell) ? this.origin[2] - this.centreOf(cell)[2] : NaN;
  }

  /** @param {Cell} cell @returns {Vector} */
  centreOf(cell) {
    const corners = EIGHT.map((corner) => this.cornerOf(cell, corner));
    return /** @type {Vector} */ ([0, 1, 2].map((axis) =>
      corners.reduce((sum, at) => sum + at[axis], 0) / 8));
  }

  /** In cubed units of length. @param {Cell} cell */
  volumeOf(cell) {
    return hexahedronVolume(EIGHT.map((corner) => this.cornerOf(cell, corner)));
  }

  /** @param {Cell} cell */
  edgesOf(cell) {
    return edgesBetween((corner) => this.cornerOf(cell, corner));
  }

  /** @param {0 | 1 | 2} axis @param {number} index */
  slice(axis, index) {
    const slice = cornerSlice(this, axis, index);
    return axis === 2 ? slice : { ...slice, top: slice.top + this.bounds.depthOfZero };
  }

  /** @param {0 | 1 | 2} axis */
  captionOf(axis) {
    return ['Section through cells of one i, along j, depth down',
      'Section through cells of one j, along i, depth down', 'Map of one layer, y up'][axis];
  }

  /** @param {Cell} cell */
  factsOf(cell) {
    const first = { name: 'Numbered from 1', text: cell.map((n) => n + 1).join(', '),
      data: cell.map((n) => n + 1).join(',') };
    if (!this.isActive(cell)) return [first, { name: 'Depth of centre', text: 'inactive cell', data: 'NaN' }];
    const unit = this.lengthUnit;
    const { scale = 1 } = this.#points.mapAxes ?? {};
    const [x, y] = this.centreOf(cell).map((n, axis) => (n + this.#middle[axis]) * scale);
    const depth = this.depthOf(cell), volume = this.volumeOf(cell);
    return [first,
      { name: 'Depth of centre', text: `${formatNumber(depth, 6)} ${unit}`, data: String(depth) },
      { name: 'Centre x, y', text: `${formatNumber(x, 8)}, ${formatNumber(y, 8)} ${this.#mapUnit}`, data: `${x},${y}` },
      { name: 'Volume', text: `${formatNumber(volume, 6)} ${unit}³`, data: String(volume) }];
  }
}

/** @typedef {Awaited<ReturnType<EclipseStore['cornerFaces']>>} Faces */

const EIGHT = /** @type {const} */ ([0, 1, 2, 3, 4, 5, 6, 7]);

/** @typedef {CornerPoints['mapAxes']} MapAxes */

/** @param {MapAxes} axes @returns {Turn}  the same where there are none */
function turnOf(axes) {
  return axes ? [axes.x[0], axes.y[0], axes.x[1], axes.y[1]] : [1, 0, 0, 1];
}

/** In the grid's unit, as the picture. @param {MapAxes} axes @param {Turn} turn @param {number} x @param {number} y */
function toMap(axes, [xx, xy, yx, yy], x, y) {
  const [left, low] = axes ? axes.origin.map((n) => n / axes.scale) : [0, 0];
  return [left + xx * x + xy * y, low + yx * x + yy * y];
}

/**
 * Faces as the map has them, still looking outward.
 * @param {CoreFaces} faces  whose positions are changed
 * @param {Turn} turn
 * @returns {CoreFaces}
 */
function turned({ positions, cells, directions, count }, [xx, xy, yx, yy]) {
  if (xx !== 1 || xy !== 0 || yx !== 0 || yy !== 1) {
    for (let n = 0; n < positions.length; n += 3) {
      const [x, y] = [positions[n], positions[n + 1]];
      positions[n] = xx * x + xy * y;
      positions[n + 1] = yx * x + yy * y;
    }
  }
  if (xx * yy < xy * yx) { // a mirror turns faces inside out: their second and fourth corner change places
    for (let n = 0; n < positions.length; n += 12) {
      const second = positions.slice(n + 3, n + 6);
      positions.copyWithin(n + 3, n + 9, n + 12);
      positions.set(second, n + 9);
    }
  }
  return { positions, cells, directions, count };
}

/** @param {Float32Array} positions */
function boundsOf(positions) {
  const min = /** @type {Vector} */ ([Infinity, Infinity, Infinity]);
  const max = /** @type {Vector} */ ([-Infinity, -Infinity, -Infinity]);
  for (let n = 0; n < positions.length; n += 3) {
    for (let axis = 0; axis < 3; axis += 1) {
      const value = positions[n + axis];
      if (value < min[axis]) min[axis] = value;
      if (value > max[axis]) max[axis] = value;
    }
  }
  return min[0] <= max[0] ? { min, max }
    : { min: /** @type {Vector} */ ([-1, -1, -1]), max: /** @type {Vector} */ ([1, 1, 1]) };
}
