// SPDX-License-Identifier: MIT
// `cumulatives`: what each well has produced and injected since the first day, which makes an analysis
// exact however few of the states are kept. And `material_balance_errors` of the newest version.

import { CUBIC_FEET_PER_BARREL } from '../bores/trees.js';

/**
 * @import { Tree } from '../bores/trees.js'
 * @typedef {'oil' | 'water' | 'gas'} Phase
 */

const SCF_PER_MSCF = 1000;
const PHASES = /** @type {const} */ (['oil', 'water', 'gas']);
/** Surface volumes that the simulator counts in barrels or Mscf, in STB and SCF. */
const UNITS = { oil: 1, water: 1, gas: SCF_PER_MSCF, free_gas: SCF_PER_MSCF };

/**
 * @param {Tree} state  the simulator's
 * @returns {Tree}  volumes in STB and SCF, `reservoir_…` in ft³, `bhp` in psi
 */
export function cumulativesOf({ wells, boundaries = [] }) {
  const sumOf = (/** @type {Phase} */ phase) => boundaries.reduce(
    (/** @type {number} */ sum, /** @type {Tree} */ { totals }) => sum + (totals?.[phase] ?? 0), 0);
  return {
    wells: Object.fromEntries(wells.map((/** @type {Tree} */ well) => [well.name, ofWell(well)])),
    boundaries: Object.fromEntries(PHASES.map((phase) => [phase, sumOf(phase) * UNITS[phase]])),
  };
}

/** @param {Tree} well */
function ofWell({ produced, injected, bhp, control, status }) {
  const volumes = Object.entries({ produced, injected }).flatMap(([way, amounts]) =>
    Object.entries(amounts).map(([name, value]) => (name.startsWith('reservoir_')
      ? [`${name}_${way}`, value * CUBIC_FEET_PER_BARREL]
      : [`${name}_${way}`, value * UNITS[/** @type {Phase} */ (name)]])));
  const open = status !== 'shut';
  return { ...Object.fromEntries(volumes), bhp: open ? bhp : 0, control: open ? control : 'shut' };
}

/**
 * @param {Tree} summary  the simulator's
 * @param {{ oil: number, water: number, gas: number }} density  lb/ft³ at the surface
 */
export function balanceErrors({ material_balance: relative, in_place_initial: inPlace }, density) {
  const lengths = { oil: CUBIC_FEET_PER_BARREL, water: CUBIC_FEET_PER_BARREL, gas: SCF_PER_MSCF };
  const masses = PHASES.map((phase) => (inPlace?.[phase] ?? 0) * lengths[phase] * density[phase]);
  const absolute = PHASES.map((phase, i) => (relative?.[phase] ?? 0) * masses[i]);
  const total = absolute.reduce((sum, value) => sum + value, 0);
  const mass = masses.reduce((sum, value) => sum + value, 0);
  return {
    ...Object.fromEntries(PHASES.map((phase, i) => [`absolute_${phase}_mbe`, absolute[i]])),
    total_absolute_mbe: total,
    ...Object.fromEntries(PHASES.map((phase) => [`relative_${phase}_mbe`, relative?.[phase] ?? 0])),
    total_relative_mbe: mass > 0 ? total / mass : 0,
  };
}
