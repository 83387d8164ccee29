// SPDX-License-Identifier: MIT
// The thirty grids of `fluid_properties`, in BORES's units and order, of one moment.

import { NdArray } from '../../values/nd-array.js';
import { CUBIC_FEET_PER_BARREL } from '../bores/trees.js';

/**
 * @import { Tree } from '../bores/trees.js'
 *
 * What does not change of the fluids.
 * @typedef {object} FluidStatics
 * @property {NdArray} temperature  °F
 * @property {NdArray} salinity     ppm
 * @property {NdArray} zeros
 * @property {{ oil: number, gas: number }} density  lb/ft³ at the surface
 * @property {string} gasName
 * @property {Float64Array} active  0 where a cell takes no part
 */

const WATER_DENSITY = 62.37, AIR_DENSITY = 0.0765, AIR_WEIGHT = 28.9644;
/** Of an ideal gas at standard conditions: Z = Bg·P·(519.67 − 1)/(14.696·T), T in °R. */
const STANDARD_TEMPERATURE = 518.67, STANDARD_PRESSURE = 14.696, RANKINE = 459.67;
const SCF_PER_MSCF = 1000;

/**
 * Grids that are the same in all states, made once a run.
 * @param {FluidStatics} statics
 * @returns {Tree}
 */
export function constantGrids({ density, zeros }) {
  const constant = (/** @type {number} */ value) => new NdArray(new Float64Array(zeros.size).fill(value), zeros.shape);
  const oilGravity = density.oil / WATER_DENSITY, gasGravity = density.gas / AIR_DENSITY;
  return {
    oil_specific_gravity_grid: constant(oilGravity), oil_api_gravity_grid: constant(141.5 / oilGravity - 131.5),
    gas_gravity_grid: constant(gasGravity), gas_molecular_weight_grid: constant(gasGravity * AIR_WEIGHT),
  };
}

/**
 * @param {Tree} cells    the simulator's grids of a state
 * @param {FluidStatics} statics
 * @param {Tree} constants  those of constantGrids()
 * @returns {Tree}
 */
export function fluidGrids(cells, statics, constants) {
  const { active, temperature, density, zeros } = statics;
  const grid = (/** @type {NdArray} */ source, /** @type {number} */ idle, unit = 1) =>
    scaled(source, active, idle, unit);
  const pressure = grid(cells.pressure, activeMean(cells.pressure, active));
  const gasFvf = grid(cells.bg, 1, CUBIC_FEET_PER_BARREL / SCF_PER_MSCF);
  const oilViscosity = grid(cells.muo, 1), oilDensity = grid(cells.rhoo, density.oil);
  return {
    pressure_grid: pressure,
    temperature_grid: temperature,
    oil_bubble_point_pressure_grid: grid(cells.bubble_point, 0),
    oil_saturation_grid: grid(cells.so, 0),
    oil_viscosity_grid: oilViscosity,
    oil_compressibility_grid: grid(cells.co, 0),
    oil_specific_gravity_grid: constants.oil_specific_gravity_grid,
    oil_api_gravity_grid: constants.oil_api_gravity_grid,
    oil_density_grid: oilDensity,
    water_bubble_point_pressure_grid: pressure, // no gas dissolves in water here
    water_saturation_grid: grid(cells.sw, 1),
    water_viscosity_grid: grid(cells.muw, 1),
    water_compressibility_grid: grid(cells.cw, 0),
    water_density_grid: grid(cells.rhow, WATER_DENSITY),
    gas_saturation_grid: grid(cells.sg, 0),
    gas_viscosity_grid: grid(cells.mug, 1),
    gas_compressibility_grid: grid(cells.cg, 0),
    gas_compressibility_factor_grid: compressibilityFactors(gasFvf, pressure, temperature),
    gas_gravity_grid: constants.gas_gravity_grid,
    gas_molecular_weight_grid: constants.gas_molecular_weight_grid,
    gas_density_grid: grid(cells.rhog, density.gas),
    solution_gas_to_oil_ratio_grid: grid(cells.rs, 0, SCF_PER_MSCF),
    gas_solubility_in_water_grid: zeros,
    oil_formation_volume_factor_grid: grid(cells.bo, 1),
    gas_formation_volume_factor_grid: gasFvf,
    water_formation_volume_factor_grid: grid(cells.bw, 1),
    water_salinity_grid: statics.salinity,
    solvent_concentration_grid: zeros,
    oil_effective_viscosity_grid: oilViscosity,
    oil_effective_density_grid: oilDensity,
    reservoir_gas: statics.gasName,
  };
}

/**
 * @param {NdArray} grid
 * @param {Float64Array} active
 * @param {number} idle  value of cells that take no part
 * @param {number} unit
 */
function scaled(grid, active, idle, unit) {
  if (unit === 1 && !active.includes(0)) return grid;
  return mapped(grid, (value, cell) => (active[cell] === 0 ? idle : value * unit));
}

/**
 * In a loop: Float64Array.from() asks an iterator for each value, which takes ten times as long.
 * @param {NdArray} grid
 * @param {(value: number, cell: number) => number} valueOf
 */
export function mapped({ data, shape }, valueOf) {
  const out = new Float64Array(data.length);
  for (let cell = 0; cell < out.length; cell += 1) out[cell] = valueOf(Number(data[cell]), cell);
  return new NdArray(out, shape);
}

/**
 * @param {NdArray} grid
 * @param {Float64Array} active
 */
function activeMean(grid, active) {
  let sum = 0, count = 0;
  for (let cell = 0; cell < active.length; cell += 1) {
    if (active[cell] === 0) continue;
    sum += grid.data[cell];
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

/**
 * @param {NdArray} fvf  ft³/SCF
 * @param {NdArray} pressure
 * @param {NdArray} temperature
 */
function compressibilityFactors(fvf, pressure, temperature) {
  const p = pressure.data, t = temperature.data;
  return mapped(fvf, (value, cell) =>
    (value * p[cell] * STANDARD_TEMPERATURE) / (STANDARD_PRESSURE * (t[cell] + RANKINE)));
}
