// SPDX-License-Identifier: MIT
// The state that a BORES run begins with: pressure and saturations as stored, everything else from the
// tables, since the stored properties of the fluids contradict them.

import { NdArray } from '../../values/nd-array.js';
import { cellAt, needGrid } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

/** How far the saturations' sum may be from 1: what single precision makes of it, and more. */
const SUM_TOLERANCE = 1e-3;

/**
 * @param {Tree} model
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 * @returns {Tree}  the simulator's `initial`; without Rs: saturated, but where `translateFluids` knows it
 */
export function translateInitial(model, shape, problems) {
  const fluids = model.fluid_properties ?? {};
  const grid = (/** @type {string} */ name) =>
    needGrid(problems, `model.fluid_properties.${name}`, fluids[name], shape);
  const pressure = grid('pressure_grid');
  const water = grid('water_saturation_grid'), gas = grid('gas_saturation_grid');
  const oil = grid('oil_saturation_grid');
  checkPressure(pressure, problems);
  checkSaturations(oil, water, gas, problems);
  return { type: 'explicit', pressure, sw: water, sg: gas };
}

/**
 * @param {NdArray} pressure
 * @param {Problems} problems
 */
function checkPressure(pressure, problems) {
  const bad = pressure.data.findIndex((value) => value <= 0);
  if (bad >= 0) {
    problems.invalid('model.fluid_properties.pressure_grid',
      `${pressure.data[bad]} psi in cell [${cellAt(bad, pressure.shape)}]`);
  }
}

/**
 * @param {NdArray} oil
 * @param {NdArray} water
 * @param {NdArray} gas
 * @param {Problems} problems
 */
function checkSaturations(oil, water, gas, problems) {
  const path = 'model.fluid_properties';
  for (const [name, grid] of Object.entries({ oil, water, gas })) {
    const bad = grid.data.findIndex((value) => value < -SUM_TOLERANCE || value > 1 + SUM_TOLERANCE);
    if (bad >= 0) {
      problems.invalid(`${path}.${name}_saturation_grid`,
        `${grid.data[bad]} in cell [${cellAt(bad, grid.shape)}] is not from 0 to 1`);
    }
  }
  const bad = oil.data.findIndex((value, cell) =>
    Math.abs(value + water.data[cell] + gas.data[cell] - 1) > SUM_TOLERANCE);
  if (bad >= 0) {
    problems.invalid(path, `the saturations of cell [${cellAt(bad, oil.shape)}] add up to `
      + `${oil.data[bad] + water.data[bad] + gas.data[bad]}, not to 1`);
  }
}
