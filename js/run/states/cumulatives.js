// SPDX-License-Identifier: MIT
// `cumulatives`: what each well has produced and injected since the first day, which makes an analysis
// exact however few of the states are kept. And `material_balance_errors` of the newest version.

import { CUBIC_FEET_PER_BARREL } from '../bores/trees.js';

/** @import { Tree } from '../bores/trees.js' */

const SCF_PER_MSCF = 1000;
const PHASES = /** @type {const} */ (['oil', 'water', 'gas']);
/** Surface volumes that the simulator counts in barrels or Mscf, in STB and SCF. */
const UNITS = { oil: 1, water: 1, gas: SCF_PER_MSCF };

/**
 * @param {Tree} state  the simulator's
 * @returns {Tree}  volumes in STB and SCF, `reservoir_…` in ft³, `bhp` in psi
 */
export function cumulativesOf({ wells, boundaries = [] }) {
  const sumOf = (/** @type {string} */ name) => boundaries.reduce(
    (/** @type {number} */ sum, /** @type {Tree} */ boundary) => sum + (boundary[name] ?? 0), 0);
  return {
    wells: Object.fromEntries(wells.map((/** @type {Tree} */ well) => [well.name, ofWell(well)])),
    boundaries: Object.fromEntries(PHASES.map((phase) =>
      [phase, sumOf(`cumulative_${phase}`) * UNITS[phase]])),
  };
}

/** @param {Tree} well */
function ofWell({ cumulative, bhp, control, status }) {
  const volumes = ['produced', 'injected'].flatMap((way) => PHASES.flatMap((phase) => [
    [`${phase}_${way}`, (cumulative[`${way}_${phase}`] ?? 0) * UNITS[phase]],
    [`reservoir_${phase}_${way}`,
      (cumulative[`reservoir_${way}_${phase}`] ?? 0) * CUBIC_FEET_PER_BARREL],
  ]));
  const open = status !== 'shut';
  return {
    ...Object.fromEntries(volumes),
    free_gas_produced: (cumulative.produced_free_gas ?? 0) * SCF_PER_MSCF,
    bhp: open ? bhp : 0, control: open ? control : 'shut',
  };
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
