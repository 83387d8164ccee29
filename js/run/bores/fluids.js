// SPDX-License-Identifier: MIT
// BORES's fluids as the simulator's, from the PVT tables. A phase without tables is made from the means
// of the model's grids (grid-fluids.js).

import { NdArray } from '../../values/nd-array.js';
import { GAS_FVF, SCF_PER_MSCF, oilOfGrids, gasOfGrids, waterOfGrids } from './grid-fluids.js';
import { bracket, readPvtTables } from './pvt-tables.js';
import { CUBIC_FEET_PER_BARREL, meanOf, numbersOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Means } from './grid-fluids.js'
 * @import { PhaseTables, PvtTables } from './pvt-tables.js'
 * @import { Tree } from './trees.js'
 */

/** lb/ft³ of water and of air at standard conditions. */
const WATER_DENSITY = 62.37, AIR_DENSITY = 0.0765;

/**
 * @param {Tree} model
 * @param {Tree | null | undefined} pvt  the entry of a PVT file
 * @param {Problems} problems
 * @returns {Tree}  `oil`, `gas`, `water`, `density` and `temperature` of the simulator
 */
export function translateFluids(model, pvt, problems) {
  const grids = model.fluid_properties ?? {};
  /** @type {Means} */
  const mean = (name, fallback) => {
    const data = numbersOf(grids[`${name}_grid`]);
    return data && data.length > 0 ? meanOf(data) : fallback;
  };
  const before = problems.list.length;
  const tables = readPvtTables(pvt, mean('water_salinity', 0), problems);
  if (problems.list.length > before) return {}; // what is missing for that reason is no other problem
  for (const phase of /** @type {const} */ (['oil', 'gas', 'water'])) {
    if (!tables[phase]) {
      problems.remark(`pvt.${phase}`, `there are no tables of ${phase}: its properties come from the `
        + "means of the model's grids");
    }
  }
  return {
    oil: tables.oil ? oilOfTables(tables.oil, mean('temperature', NaN)) : oilOfGrids(mean),
    gas: tables.gas ? { ...tableOf(tables.gas, GAS_FVF) } : gasOfGrids(mean),
    water: tables.water ? tableOf(tables.water) : waterOfGrids(mean),
    density: surfaceDensities(tables, mean),
    ...temperatureOf(grids, tables),
  };
}

/**
 * @param {PhaseTables} tables
 * @param {number} [unit]  of the formation volume factor
 */
function tableOf({ pressures, temperatures, fvf, viscosity }, unit = 1) {
  const shape = [pressures.length, temperatures.length];
  return {
    type: 'table', pressures: new NdArray(pressures), temperatures: new NdArray(temperatures),
    fvf: new NdArray(fvf.map((value) => value * unit), shape),
    viscosity: new NdArray(viscosity, shape),
  };
}

/**
 * Oil whose tables dissolve nothing is dead. That has one curve: with a temperature that varies, the one
 * of its mean.
 *
 * @param {PhaseTables} tables
 * @param {number} temperature  °F
 */
function oilOfTables(tables, temperature) {
  const { pressures, fvf, viscosity, rs, bubblePoints } = tables;
  if (!rs || rs.every((value) => value === 0)) {
    const fvfs = column(tables, fvf, temperature), viscosities = column(tables, viscosity, temperature);
    return { type: 'dead', pvdo: Array.from(pressures, (p, i) => [p, fvfs[i], viscosities[i]]) };
  }
  const table = tableOf(tables);
  return {
    ...table, rs: new NdArray(rs.map((value) => value / SCF_PER_MSCF), table.fvf.shape),
    bubble_points: bubblePoints ? new NdArray(bubblePoints) : null,
  };
}

/**
 * A table's column at a temperature.
 * @param {PhaseTables} tables
 * @param {Float64Array} table
 * @param {number} temperature
 */
function column({ pressures, temperatures }, table, temperature) {
  const { low, weight } = bracket(temperatures, temperature);
  return Float64Array.from(pressures, (_, p) => {
    const left = table[p * temperatures.length + low];
    return weight === 0 ? left : left + weight * (table[p * temperatures.length + low + 1] - left);
  });
}

/**
 * Only tables over temperature need it.
 * @param {Tree} grids
 * @param {PvtTables} tables
 */
function temperatureOf(grids, tables) {
  const data = numbersOf(grids.temperature_grid);
  const needed = Object.values(tables).some(({ temperatures }) => temperatures.length > 1);
  return needed && data ? { temperature: new NdArray(data, grids.temperature_grid.shape) } : {};
}

/**
 * Of the phases at the surface, lb/ft³. A density table says it, and wins over the specific gravity,
 * which the newest files contradict: ρ·B is what one surface volume and the gas in it weigh.
 *
 * @param {PvtTables} tables
 * @param {Means} mean
 */
function surfaceDensities({ oil, gas, water }, mean) {
  const gasDensity = weightOf(gas)
    ?? (gas?.specificGravity ?? mean('gas_gravity', 0.65)) * AIR_DENSITY;
  const dissolved = oil?.rs?.map((rs) => (rs * gasDensity) / CUBIC_FEET_PER_BARREL);
  return {
    gas: gasDensity,
    oil: weightOf(oil && lowestPressure(oil), dissolved)
      ?? (oil?.specificGravity ?? mean('oil_specific_gravity', 0.85)) * WATER_DENSITY,
    water: weightOf(water) ?? waterWeight(mean),
  };
}

/**
 * Oil holds least gas there, whose weight is the less certain one.
 * @param {PhaseTables} tables
 */
function lowestPressure(tables) {
  const cut = (/** @type {Float64Array | undefined} */ table) =>
    table?.subarray(0, tables.temperatures.length);
  return { ...tables, density: cut(tables.density), fvf: tables.fvf.subarray(0, tables.temperatures.length) };
}

/**
 * @param {PhaseTables} [tables]
 * @param {Float64Array} [dissolved]  lb/ft³ of it that are another phase's
 */
function weightOf(tables, dissolved) {
  if (!tables?.density) return undefined;
  const { density, fvf } = tables;
  return meanOf(density.map((value, i) => value * fvf[i] - (dissolved?.[i] ?? 0)));
}

/** @param {Means} mean */
function waterWeight(mean) {
  return mean('water_density', WATER_DENSITY) * mean('water_formation_volume_factor', 1);
}
