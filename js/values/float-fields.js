// SPDX-License-Identifier: MIT
// Which fields of a BORES state are floats. JavaScript has one kind of number, files and Python
// have two. What was read from a store remembers (FLOATS in js/core/pack.js); for maps made in
// JavaScript these names decide: `time: 3` is stored as 3.0, as BORES stores it.

import { FLOATS } from '../core/pack.js';

/**
 * By name, wherever it stands: states, their wells, fluids and controls, timer states, material
 * balance errors, of all versions of BORES. A list of that name holds floats.
 */
const FLOAT_FIELDS = new Set([
  'step_size', 'time',
  'cell_dimension', 'dip_angle', 'dip_azimuth', 'datum_depth', 'compressibility',
  'radius', 'skin_factor', 'bhp', 'bhp_limit', 'rate', 'target_rate', 'value',
  'specific_gravity', 'molecular_weight', 'salinity', 'todd_longstaff_omega',
  'minimum_miscibility_pressure', 'miscibility_transition_width', 'concentration', 'density',
  'viscosity',
  'absolute_oil_mbe', 'absolute_water_mbe', 'absolute_gas_mbe', 'total_absolute_mbe',
  'relative_oil_mbe', 'relative_water_mbe', 'relative_gas_mbe', 'total_relative_mbe',
  'initial_step_size', 'maximum_step_size', 'minimum_step_size', 'max_step_size', 'min_step_size',
  'simulation_time', 'maximum_cfl', 'max_cfl_number', 'cfl_safety_margin', 'ramp_up_factor',
  'backoff_factor', 'aggressive_backoff_factor', 'maximum_absolute_oil_mbe',
  'maximum_absolute_water_mbe', 'maximum_absolute_gas_mbe', 'maximum_total_absolute_mbe',
  'maximum_relative_oil_mbe', 'maximum_relative_water_mbe', 'maximum_relative_gas_mbe',
  'maximum_total_relative_mbe', 'maximum_growth_per_step', 'max_growth_per_step',
  'step_size_smoothing', 'elapsed_time', 'next_step_size', 'ema_step_size',
  'last_successful_step_size', 'failed_step_sizes', 'cfl',
]);

/** @param {string} name */
export const isFloatField = (name) => FLOAT_FIELDS.has(name);

/**
 * The keys whose numbers are floats, as far as the map itself knows: undefined for one that was
 * made in JavaScript.
 * @param {object} container  a map or a list
 * @returns {ReadonlySet<string | number> | undefined}
 */
export const floatsOf = (container) => /** @type {any} */ (container)[FLOATS];

/**
 * The same for a copy of a map in which one value is another: a number keeps the kind that it had.
 * @param {object} map
 * @param {string} name
 * @returns {ReadonlySet<string | number> | undefined}
 */
export function floatsWith(map, name) {
  const floats = floatsOf(map);
  if (!floats || floats.has(name)) return floats;
  const before = /** @type {any} */ (map)[name];
  const isFloat = typeof before === 'number' ? !Number.isSafeInteger(before)
    : typeof before !== 'bigint' && isFloatField(name);
  return isFloat ? new Set([...floats, name]) : floats;
}
