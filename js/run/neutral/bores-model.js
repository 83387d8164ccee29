// SPDX-License-Identifier: MIT
// A neutral model as the model tree that BORES's states have, as far as BORES can say it: one cell size
// along each horizontal axis, and one plane that all columns hang from.

import { NdArray } from '../../values/nd-array.js';
import { expandCells, meanLength } from './cells.js';

/** @import { Tree } from '../bores/trees.js' */

/**
 * @param {Tree} model
 * @param {{ depth: NdArray, active: Float64Array }} statics  the simulator's
 * @param {boolean} newest
 * @returns {Tree}  without `fluid_properties` and what changes
 */
export function boresModel(model, { depth, active }, newest) {
  const { grid, rock } = model;
  const shape = [grid.nx, grid.ny, grid.nz];
  const size = { dx: meanLength(grid.dx), dy: meanLength(grid.dy) };
  const thickness = expandCells(grid.dz, shape, 0);
  const x = expandCells(rock.permx, shape, 0);
  const hidden = hiddenThickness(thickness, active, shape);
  const ntg = expandCells(rock.ntg, shape, 1);
  return {
    grid_shape: shape, cell_dimension: [size.dx, size.dy], thickness_grid: hidden,
    rock_properties: {
      compressibility: rock.compressibility ?? 0,
      absolute_permeability: { x, y: rock.permy === undefined ? x : expandCells(rock.permy, shape, 0),
        z: rock.permz === undefined ? x : expandCells(rock.permz, shape, 0) },
      [newest ? 'net_to_gross_grid' : 'net_to_gross_ratio_grid']: new NdArray(
        ntg.data.map((value, cell) => (active[cell] === 0 ? 0 : value)), shape),
      porosity_grid: expandCells(rock.porosity, shape, 0),
      ...endpointGrids(model.relperm ?? {}, shape),
    },
    ...planeOf(depth, thickness, size),
  };
}

/**
 * Columns that take no part have no thickness, so that nobody draws them.
 * @param {NdArray} thickness
 * @param {Float64Array} active
 * @param {readonly number[]} shape
 */
function hiddenThickness(thickness, active, [nx, ny, nz]) {
  const data = Float64Array.from(thickness.data);
  for (let column = 0; column < nx * ny; column += 1) {
    const cells = active.subarray(column * nz, (column + 1) * nz);
    if (cells.every((value) => value === 0)) data.fill(0, column * nz, (column + 1) * nz);
  }
  return new NdArray(data, thickness.shape);
}

/**
 * Slope and depth of the top of the first column, from the depths of three corner columns.
 * @param {NdArray} depth
 * @param {NdArray} thickness
 * @param {{ dx: number, dy: number }} size
 */
function planeOf(depth, thickness, { dx, dy }) {
  const [nx, ny, nz] = depth.shape;
  const top = (/** @type {number} */ i, /** @type {number} */ j) => {
    const cell = (i * ny + j) * nz;
    return depth.data[cell] - thickness.data[cell] / 2;
  };
  const x = nx > 1 ? (top(nx - 1, 0) - top(0, 0)) / ((nx - 1) * dx) : 0;
  const y = ny > 1 ? (top(0, ny - 1) - top(0, 0)) / ((ny - 1) * dy) : 0;
  const degrees = (/** @type {number} */ angle) => (angle * 180) / Math.PI;
  const slope = Math.hypot(x, y);
  return {
    dip_angle: degrees(Math.atan(slope)),
    dip_azimuth: slope > 0 ? (degrees(Math.atan2(x, y)) + 360) % 360 : 0,
    datum_depth: top(0, 0),
  };
}

/**
 * @param {Tree} relperm
 * @param {readonly number[]} shape
 */
function endpointGrids(relperm, shape) {
  const points = relperm.endpoints ?? endpointsOfTables(relperm);
  const grid = (/** @type {unknown} */ value) => expandCells(value, shape, 0);
  return {
    connate_water_saturation_grid: grid(points.swc ?? points.swir),
    irreducible_water_saturation_grid: grid(points.swir ?? points.swc),
    residual_oil_saturation_water_grid: grid(points.sorw),
    residual_oil_saturation_gas_grid: grid(points.sorg),
    residual_gas_saturation_grid: grid(points.sgr),
  };
}

/** @param {Tree} relperm */
function endpointsOfTables({ swof, sgof, swfn, sgfn, sof3 }) {
  const water = swof ?? swfn ?? [], gas = sgof ?? sgfn ?? [];
  const swc = water[0]?.[0] ?? 0;
  const last = (/** @type {number[][]} */ rows) =>
    rows.reduce((value, row) => (row[1] > 0 ? value : row[0]), rows[0]?.[0] ?? 0);
  const immobile = (/** @type {number[][]} */ rows, /** @type {number} */ column) =>
    rows.find((row) => row[column] <= 0)?.[0];
  const residual = (/** @type {number} */ column) => (sof3 ?? []).reduce(
    (/** @type {number} */ value, /** @type {number[]} */ row) => (row[column] > 0 ? value : row[0]), 0);
  const sw = swof && immobile(swof, 2), sg = sgof && immobile(sgof, 2);
  return {
    swc, swir: last(water), sgr: last(gas),
    sorw: swof ? (sw === undefined ? 0 : 1 - sw) : residual(1),
    sorg: sgof ? (sg === undefined ? 0 : Math.max(0, 1 - swc - sg)) : residual(2),
  };
}
