// SPDX-License-Identifier: MIT
// Fluids of a run without PVT tables: the model's grids have each property at the initial pressure only,
// so their means are continued with the compressibility that the grids have too, and gas as an ideal one.

import { CUBIC_FEET_PER_BARREL } from './trees.js';

/** @typedef {(property: string, fallback: number) => number} Means  of the model's grids */

/** SCF in an Mscf. */
export const SCF_PER_MSCF = 1000;
/** ft³/SCF to rb/Mscf. */
export const GAS_FVF = SCF_PER_MSCF / CUBIC_FEET_PER_BARREL;

const STANDARD_PRESSURE = 14.696, HIGHEST_PRESSURE = 14_700;

/**
 * Live where the grids have dissolved gas: Rs and the swelling rise evenly to the bubble point.
 * @param {Means} mean
 */
export function oilOfGrids(mean) {
  const pressure = mean('pressure', 3000);
  const fvf = mean('oil_formation_volume_factor', 1.1), viscosity = mean('oil_viscosity', 1);
  const compressibility = mean('oil_compressibility', 1e-5);
  const rs = mean('solution_gas_to_oil_ratio', 0) / SCF_PER_MSCF;
  const at = (/** @type {number} */ p) => [p, fvf * Math.exp(-compressibility * (p - pressure)), viscosity];
  const bubblePoint = Math.min(mean('oil_bubble_point_pressure', pressure), HIGHEST_PRESSURE / 2);
  if (!(rs > 0) || !(bubblePoint > 2 * STANDARD_PRESSURE)) {
    return { type: 'dead', pvdo: [at(STANDARD_PRESSURE), at(pressure), at(HIGHEST_PRESSURE)] };
  }
  const [, saturated] = at(bubblePoint);
  const swollen = (/** @type {number} */ share) => 1 + Math.max(saturated - 1, 1e-3) * share;
  return { type: 'live', pvto: [
    { rs: 0, branch: [[STANDARD_PRESSURE, swollen(0), viscosity]] },
    { rs, branch: [[bubblePoint, swollen(1), viscosity],
      [HIGHEST_PRESSURE, swollen(1) * Math.exp(-compressibility * (HIGHEST_PRESSURE - bubblePoint)),
        viscosity]] },
  ] };
}

/**
 * 1/Bg in proportion to the pressure.
 * @param {Means} mean
 */
export function gasOfGrids(mean) {
  const pressure = mean('pressure', 3000);
  const fvf = mean('gas_formation_volume_factor', 0.005) * GAS_FVF;
  const viscosity = mean('gas_viscosity', 0.02);
  return { pvdg: [STANDARD_PRESSURE, pressure, HIGHEST_PRESSURE].map((p) =>
    [p, (fvf * pressure) / p, viscosity]) };
}

/** @param {Means} mean */
export function waterOfGrids(mean) {
  return {
    pref: mean('pressure', 3000), bw: mean('water_formation_volume_factor', 1),
    cw: mean('water_compressibility', 3e-6), muw: mean('water_viscosity', 0.5), viscosibility: 0,
  };
}
