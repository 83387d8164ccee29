// SPDX-License-Identifier: MIT
// BORES's capillary pressure, models and tables, as the simulator's.

import { checkTable } from './table-fields.js';
import { capillaryRows } from './two-phase.js';
import { needNumber, taggedOf, textOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

const PATH = 'config.rock_fluid_tables.capillary_pressure_table';

/** Wetting saturation below which a model's curve is held: BORES's own 1e-6 gives thousands of psi. */
const LEAST_SATURATION = 0.01;

/**
 * @param {unknown} table
 * @param {Tree} config
 * @param {Problems} problems
 * @param {(data: Tree) => Tree} endpointsOf  a model's own end points, or the rock's
 * @returns {Tree}
 */
export function translateCapillary(table, config, problems, endpointsOf) {
  const strength = needNumber(problems, 'config.capillary_strength_factor',
    config.capillary_strength_factor ?? 1, { least: 0 });
  if (table === null || table === undefined || config.disable_capillary_effects === true
    || strength === 0) return { type: 'none' };
  const found = taggedOf(table);
  if (!found) {
    problems.invalid(PATH, `a table or a model is needed, got ${textOf(table)}`);
    return { type: 'none' };
  }
  checkTable(found.tag, found.data, PATH, problems);
  const model = modelOf(found.tag, found.data, problems);
  const isModel = found.tag.endsWith('_model') && model.type !== 'none';
  return { ...model, ...(isModel && { endpoints: endpointsOf(found.data) }), strength };
}

/**
 * @param {string} tag
 * @param {Tree} data
 * @param {Problems} problems
 * @returns {Tree}
 */
function modelOf(tag, data, problems) {
  const number = (/** @type {string} */ name, /** @type {number} */ fallback, limits = {}) =>
    needNumber(problems, `${PATH}.${name}`, data[name] ?? fallback, limits);
  const positive = (/** @type {string} */ name, /** @type {number} */ fallback) =>
    number(name, fallback, { above: 0 });
  const wetting = {
    wettability: data.wettability ?? 'water_wet',
    ...(data.wettability === 'mixed_wet' && {
      mixed_wet_water_fraction: number('mixed_wet_water_fraction', 0.5, { least: 0, most: 1 }) }),
  };
  switch (tag) {
    case 'brooks_corey_capillary_pressure_model': {
      const curve = (/** @type {string} */ wet) => ({
        pd: number(`oil_water_entry_pressure_${wet}`, 5, { least: 0 }),
        lambda: positive(`oil_water_pore_size_distribution_index_${wet}`, 2) });
      return { type: 'brooks_corey', ow: curve('water_wet'), ow_oil_wet: curve('oil_wet'),
        go: { pd: number('gas_oil_entry_pressure', 1, { least: 0 }),
          lambda: positive('gas_oil_pore_size_distribution_index', 2) },
        min_se: LEAST_SATURATION, ...wetting };
    }
    case 'van_genuchten_capillary_pressure_model': {
      const curve = (/** @type {string} */ wet) => ({ alpha: positive(`oil_water_alpha_${wet}`, 0.01),
        n: number(`oil_water_n_${wet}`, 2, { above: 1 }) });
      return { type: 'van_genuchten', ow: curve('water_wet'), ow_oil_wet: curve('oil_wet'),
        go: { alpha: positive('gas_oil_alpha', 0.01), n: number('gas_oil_n', 2, { above: 1 }) },
        min_se: LEAST_SATURATION, ...wetting };
    }
    case 'leverett_j_capillary_pressure_model': {
      const curve = (/** @type {string} */ pair, /** @type {number} */ tension) => ({
        sigma: number(`${pair}_interfacial_tension`, tension, { least: 0 }),
        theta: number(`${pair}_contact_angle`, 0),
        a: number('j_function_coefficient', 0.5), b: number('j_function_exponent', 0.5) });
      return { type: 'leverett_j', ow: curve('oil_water', 30), go: curve('gas_oil', 20),
        permeability: positive('permeability', 100), porosity: positive('porosity', 0.2),
        min_se: LEAST_SATURATION, ...wetting };
    }
    case 'three_phase_capillary_pressure_table':
      return { type: 'table',
        pcow: capillaryRows(data.oil_water_table, 'water', problems, `${PATH}.oil_water_table`),
        pcgo: capillaryRows(data.gas_oil_table, 'gas', problems, `${PATH}.gas_oil_table`) };
    default:
      problems.unsupported(`${PATH}.${tag}`, tag.startsWith('killough')
        ? 'hysteresis is not simulated' : 'this model is not known');
      return { type: 'none' };
  }
}
