// SPDX-License-Identifier: MIT
// A corner-point grid as its file has it: pillars and depths of corners. Cells are i, j, k from 0.

import { BoresError } from '../../core/errors.js';
import { mapAxesOf } from './map-axes.js';

/** @typedef {{ a: number, b: number, direction: 'i' | 'j' | 'k' | 'nnc', area: number }} Connection  g of two cells */

const DIRECTIONS = /** @type {const} */ (['i', 'j', 'k']);

/** Gauss's points of [0, 1], two an axis: exact for the Jacobian of a trilinear map. */
const POINTS = [0.5 - Math.sqrt(1 / 12), 0.5 + Math.sqrt(1 / 12)];

/**
 * @param {readonly number[]} x  eight corners
 * @param {number} axis
 * @param {readonly number[]} at
 * @returns {number[]}
 */
function derivative(x, axis, at) {
  const step = 1 << axis, out = [0, 0, 0];
  for (let n = 0; n < 8; n++) {
    if (n & step) continue;
    let weight = 1;
    for (let other = 0; other < 3; other++) {
      if (other !== axis) weight *= (n >> other) & 1 ? at[other] : 1 - at[other];
    }
    for (let d = 0; d < 3; d++) out[d] += weight * (x[3 * (n + step) + d] - x[3 * n + d]);
  }
  return out;
}

/** The integral of the Jacobian's determinant. @param {readonly number[]} corners */
function volumeOf(corners) {
  let sum = 0;
  for (let n = 0; n < 8; n++) {
    const at = [POINTS[n & 1], POINTS[(n >> 1) & 1], POINTS[n >> 2]];
    const [u, v, w] = [0, 1, 2].map((axis) => derivative(corners, axis, at));
    sum += u[0] * (v[1] * w[2] - v[2] * w[1]) + u[1] * (v[2] * w[0] - v[0] * w[2]) + u[2] * (v[0] * w[1] - v[1] * w[0]);
  }
  return Math.abs(sum / 8);
}

export class CornerGeometry {
  #coord;
  #zcorn;
  #axes;
  #touching;
  #pairs;

  /**
   * @param {any} grid  of the operation `ecl.geometry`
   * @param {any} connections  of `ecl.connections`, null where nobody asked for them
   */
  constructor({ dims, coord, zcorn, active, mapaxes, mapunits, gridunit, nnc1, nnc2, arrays }, connections) {
    /** @type {[number, number, number]} */ this.dims = dims;
    /** A byte a cell by g = i + nx (j + ny k). @type {Uint8Array} */ this.active = active.data;
    /** 'METRES', 'FEET', 'CM', as the file has it. @type {string | null} */
    this.gridUnit = gridunit?.[0] ?? null;
    /** @type {string | null} */ this.mapUnits = mapunits?.[0] ?? null;
    /** Numbers of a GRDECL by keyword, of all cells. @type {Record<string, any>} */ this.arrays = arrays ?? {};
    this.#coord = coord.data;
    this.#zcorn = zcorn.data;
    this.#axes = mapAxesOf({ mapaxes, mapunits, gridunit });
    this.#touching = connections;
    this.#pairs = [nnc1?.data ?? [], nnc2?.data ?? []];
  }

  /**
   * Eight corners, x y depth each: right fastest, then back, then bottom.
   * @param {number} i
   * @param {number} j
   * @param {number} k
   * @returns {number[]}
   */
  corners(i, j, k) {
    const [nx, ny, nz] = this.dims;
    if (![i, j, k].every((n, d) => Number.isInteger(n) && n >= 0 && n < this.dims[d])) {
      throw new BoresError('ERR_INDEX_RANGE', `there is no cell [${i}, ${j}, ${k}] in ${nx} x ${ny} x ${nz} cells`);
    }
    const corners = [];
    for (let n = 0; n < 8; n++) {
      const a = n & 1, b = (n >> 1) & 1, c = n >> 2;
      const at = 6 * (i + a + (nx + 1) * (j + b));
      const [x0, y0, z0, x1, y1, z1] = this.#coord.subarray(at, at + 6);
      const z = this.#zcorn[2 * i + a + 2 * nx * (2 * j + b + 2 * ny * (2 * k + c))];
      const t = z1 === z0 ? 0 : (z - z0) / (z1 - z0);
      corners.push(x0 + t * (x1 - x0), y0 + t * (y1 - y0), z);
    }
    return corners;
  }

  /** Mean of the corners. @param {number} i @param {number} j @param {number} k */
  center(i, j, k) {
    const corners = this.corners(i, j, k);
    return [0, 1, 2].map((d) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, n) => sum + corners[3 * n + d], 0) / 8);
  }

  /** Of the trilinear cell, cubed length units. @param {number} i @param {number} j @param {number} k */
  volume(i, j, k) {
    return volumeOf(this.corners(i, j, k));
  }

  /**
   * Pairs of active cells that touch, across faults too, and those that the file lists ('nnc', area 0).
   * @returns {Connection[]}
   * @throws {BoresError} ERR_ARGUMENT where the geometry was asked for without them
   */
  connections() {
    if (!this.#touching) {
      throw new BoresError('ERR_ARGUMENT', 'geometry({ connections: false }) left the connections out');
    }
    const { a, b, directions, areas } = this.#touching;
    const found = Array.from(a.data, (/** @type {number} */ cell, /** @type {number} */ n) => ({
      a: Number(cell), b: Number(b.data[n]), direction: DIRECTIONS[directions.data[n]], area: areas.data[n] }));
    const [first, second] = this.#pairs;
    return [...found, ...Array.from(first, (cell, n) =>
      ({ a: Number(cell) - 1, b: Number(second[n]) - 1, direction: /** @type {const} */ ('nnc'), area: 0 }))];
  }

  /**
   * Coordinates on the map, by MAPAXES; the same where the file has none, or says that they are the map's already.
   * x and y are in the unit of the map where MAPUNITS and GRIDUNIT name two, z stays what it is.
   * @param {number} x
   * @param {number} y
   * @param {number} z
   * @returns {[number, number, number]}
   */
  world(x, y, z) {
    if (!this.#axes) return [x, y, z];
    const { origin, x: ex, y: ey, scale } = this.#axes;
    return [origin[0] + scale * (x * ex[0] + y * ey[0]), origin[1] + scale * (x * ex[1] + y * ey[1]), z];
  }
}
