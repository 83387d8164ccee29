// SPDX-License-Identifier: MIT
// What becomes of the fields of a BORES configuration's `rock_fluid_tables` (docs/simulation.md has them all), by the
// table or model that they are of: read, without effect and named, or not known and named.

import { idleOf, nameOthers } from './nested-fields.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

const TABLES = new Set(['relative_permeability_table', 'capillary_pressure_table']);

/** Null: the model's grids hold. */
const ENDPOINTS = ['irreducible_water_saturation', 'residual_oil_saturation_water', 'residual_oil_saturation_gas',
  'residual_gas_saturation'];

const RELPERM = new Set([...ENDPOINTS, 'maximum_water_relperm', 'maximum_oil_relperm', 'maximum_gas_relperm',
  'wettability', 'mixing_rule']);

/** A mobility needs no floor here, and each curve is over its own phase's saturation. */
const RELPERM_IDLE = new Set(['minimum_water_relperm', 'minimum_oil_relperm', 'minimum_gas_relperm',
  'mixed_wet_water_fraction']);

/** By the tag of a table or model: what of it is read. */
const READ = /** @type {Record<string, Set<string>>} */ ({
  brooks_corey_three_phase_relperm_model: new Set([...RELPERM, 'water_exponent', 'oil_exponent', 'gas_exponent']),
  let_three_phase_relperm_model: new Set([...RELPERM, 'water', 'oil_water', 'gas_oil', 'gas']),
  three_phase_relperm_table: new Set(['oil_water_table', 'gas_oil_table', 'mixing_rule']),
  brooks_corey_capillary_pressure_model: new Set([...ENDPOINTS, 'oil_water_entry_pressure_water_wet',
    'oil_water_entry_pressure_oil_wet', 'oil_water_pore_size_distribution_index_water_wet',
    'oil_water_pore_size_distribution_index_oil_wet', 'gas_oil_entry_pressure',
    'gas_oil_pore_size_distribution_index', 'wettability', 'mixed_wet_water_fraction']),
  van_genuchten_capillary_pressure_model: new Set([...ENDPOINTS, 'oil_water_alpha_water_wet', 'oil_water_alpha_oil_wet',
    'oil_water_n_water_wet', 'oil_water_n_oil_wet', 'gas_oil_alpha', 'gas_oil_n', 'wettability',
    'mixed_wet_water_fraction']),
  leverett_j_capillary_pressure_model: new Set([...ENDPOINTS, 'oil_water_interfacial_tension',
    'oil_water_contact_angle', 'gas_oil_interfacial_tension', 'gas_oil_contact_angle', 'j_function_coefficient',
    'j_function_exponent', 'permeability', 'porosity', 'wettability', 'mixed_wet_water_fraction']),
  three_phase_capillary_pressure_table: new Set(['oil_water_table', 'gas_oil_table']),
});

/** Of a two-phase table, read by two-phase.js. */
const TWO_PHASE = new Set(['wetting_phase', 'non_wetting_phase', 'reference_saturation', 'wetting_phase_saturation',
  'reference_phase', 'wetting_phase_relative_permeability', 'non_wetting_phase_relative_permeability',
  'capillary_pressure']);

const LET = new Set(['L', 'E', 'T']);

/** @param {Tree} tables @param {Problems} problems */
export const checkTables = (tables, problems) => nameOthers(tables, 'config.rock_fluid_tables', [TABLES], problems);

/** @param {Tree} table @param {string} path @param {Problems} problems */
export const checkTwoPhase = (table, path, problems) => nameOthers(table, path, [TWO_PHASE], problems);

/** @param {Tree} curve @param {string} path @param {Problems} problems */
export const checkLet = (curve, path, problems) => nameOthers(curve, path, [LET], problems);

/**
 * @param {string} tag   of what is known
 * @param {Tree} data
 * @param {string} path
 * @param {Problems} problems
 */
export function checkTable(tag, data, path, problems) {
  const floors = tag.endsWith('relperm_model') ? RELPERM_IDLE : new Set();
  const idle = idleOf(data, floors);
  if (idle.length > 0) {
    problems.remark(path, `${idle.join(', ')}: a mobility needs no floor here, and each curve is over its own `
      + "phase's saturation");
  }
  const known = READ[tag];
  if (known) nameOthers(data, path, [known, floors], problems);
}
