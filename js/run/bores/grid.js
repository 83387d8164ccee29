// SPDX-License-Identifier: MIT
// A BORES model's grid and rock as the simulator takes them.

import { NdArray } from '../../values/nd-array.js';
import { cellAt, firstOf, needGrid, needNumber, numbersOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

/** psi at which BORES's porosity holds. It stores none; it only scales the pore volume. */
const REFERENCE_PRESSURE = 3000;

/**
 * @param {Tree} model
 * @param {Problems} problems
 * @returns {[number, number, number] | undefined}
 */
export function gridShapeOf(model, problems) {
  const stored = numbersOf(model.grid_shape);
  const shape = stored ? [...stored] : firstOf(model, 'thickness_grid')?.shape;
  if (!Array.isArray(shape) || shape.length !== 3
    || !shape.every((length) => Number.isInteger(length) && length > 0)) {
    problems.invalid('model.grid_shape', `three numbers of cells are needed, got [${shape ?? ''}]`);
    return undefined;
  }
  return /** @type {[number, number, number]} */ (shape);
}

/**
 * @param {Tree} model
 * @param {Tree} config
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 * @returns {Tree}  the simulator's `grid`
 */
export function translateGrid(model, config, shape, problems) {
  const [nx, ny, nz] = shape;
  const dimension = numbersOf(model.cell_dimension) ?? [];
  const dx = needNumber(problems, 'model.cell_dimension.0', dimension[0], { above: 0 });
  const dy = needNumber(problems, 'model.cell_dimension.1', dimension[1], { above: 0 });
  const dz = needGrid(problems, 'model.thickness_grid', model.thickness_grid, shape,
    { finite: false });
  const depth = depthsOf(model, config, { dx, dy, dz }, problems);
  return { nx, ny, nz, dx, dy, dz: activeThickness(dz), depth, active: activeCells(model, dz, shape) };
}

/**
 * Depth of the cells' centres: what lies above, and the slope, which is 0 at column 0.
 *
 * @param {Tree} model
 * @param {Tree} config
 * @param {{ dx: number, dy: number, dz: NdArray }} size
 * @param {Problems} problems
 */
function depthsOf(model, config, { dx, dy, dz }, problems) {
  const [nx, ny, nz] = dz.shape;
  const datum = needNumber(problems, 'model.datum_depth', model.datum_depth ?? 0);
  const angle = needNumber(problems, 'model.dip_angle', model.dip_angle ?? 0, { least: 0, most: 90 });
  const azimuth = needNumber(problems, 'model.dip_azimuth', model.dip_azimuth ?? 0);
  const slope = config.disable_structural_dip === true ? 0 : Math.tan((angle * Math.PI) / 180);
  const turn = (azimuth * Math.PI) / 180;
  const depths = new Float64Array(dz.size);
  for (let i = 0; i < nx; i += 1) {
    for (let j = 0; j < ny; j += 1) {
      let top = datum + (i * dx * Math.sin(turn) + j * dy * Math.cos(turn)) * slope;
      for (let k = 0; k < nz; k += 1) {
        const cell = (i * ny + j) * nz + k;
        const thickness = dz.data[cell] > 0 ? dz.data[cell] : 0;
        depths[cell] = top + thickness / 2;
        top += thickness;
      }
    }
  }
  return new NdArray(depths, dz.shape);
}

/** @param {NdArray} dz  what has none is 0 thick */
function activeThickness(dz) {
  return new NdArray(Float64Array.from(dz.data, (value) => (value > 0 ? value : 0)), dz.shape);
}

/**
 * Cells without thickness or pores take no part. A value that is no number is not taken for that.
 *
 * @param {Tree} model
 * @param {NdArray} dz
 * @param {readonly number[]} shape
 */
function activeCells(model, dz, shape) {
  const porosity = numbersOf(model.rock_properties?.porosity_grid);
  const ntg = numbersOf(netToGross(model));
  return new NdArray(Float64Array.from(dz.data, (thickness, cell) =>
    (thickness > 0 && porosity?.[cell] !== 0 && ntg?.[cell] !== 0 ? 1 : 0)), shape);
}

/** @param {Tree} model */
function netToGross(model) {
  return firstOf(model.rock_properties, 'net_to_gross_grid', 'net_to_gross_ratio_grid');
}

/**
 * @param {Tree} model
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 * @returns {Tree}  the simulator's `rock`
 */
export function translateRock(model, shape, problems) {
  const rock = model.rock_properties ?? {};
  const path = 'model.rock_properties';
  const grid = (/** @type {string} */ name, /** @type {unknown} */ value, options = {}) =>
    checked(problems, `${path}.${name}`, needGrid(problems, `${path}.${name}`, value, shape, options));
  const permeability = rock.absolute_permeability ?? {};
  const x = grid('absolute_permeability.x', permeability.x);
  return {
    porosity: grid('porosity_grid', rock.porosity_grid),
    ntg: grid('net_to_gross_grid', netToGross(model), { fallback: 1 }),
    permx: x,
    permy: permeability.y == null ? x : grid('absolute_permeability.y', permeability.y),
    permz: permeability.z == null ? x : grid('absolute_permeability.z', permeability.z),
    compressibility: needNumber(problems, `${path}.compressibility`, rock.compressibility ?? 0,
      { least: 0 }),
    pref: REFERENCE_PRESSURE,
  };
}

/**
 * @param {Problems} problems
 * @param {string} path
 * @param {NdArray} grid
 */
function checked(problems, path, grid) {
  const bad = grid.data.findIndex((value) => value < 0);
  if (bad >= 0) {
    problems.invalid(path, `${grid.data[bad]} in cell [${cellAt(bad, grid.shape)}], `
      + 'it must not be negative');
  }
  return grid;
}
