// SPDX-License-Identifier: MIT
// BORES's relative permeability and capillary pressure, models and tables, as the simulator's.

import { NdArray } from '../../values/nd-array.js';
import { translateCapillary } from './capillary.js';
import { checkLet, checkTable, checkTables } from './table-fields.js';
import { twoPhaseRows } from './two-phase.js';
import { meanOf, needGrid, needNumber, numberOf, numbersOf, taggedOf, textOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

/** BORES's names of rules for oil's permeability among three phases, less `_rule`. */
const MIXING = /** @type {Record<string, string>} */ ({
  eclipse: 'default', stone_I: 'stone_i', stone_II: 'stone_ii', min: 'min', max: 'max',
  arithmetic_mean: 'arithmetic', geometric_mean: 'geometric', harmonic_mean: 'harmonic',
  baker_linear: 'baker', blunt: 'blunt', hustad_hansen: 'hustad_hansen',
  aziz_settari: 'aziz_settari', product_saturation_weighted: 'product',
  saturation_weighted_interpolation: 'baker', linear_interpolation: 'baker',
});

const PATH = 'config.rock_fluid_tables.relative_permeability_table';
const CAPILLARY = 'config.rock_fluid_tables.capillary_pressure_table';

/** The simulator's end points: where a model has null, the rock's grid holds. */
const ENDPOINTS = /** @type {const} */ ([
  ['swir', 'irreducible_water_saturation'], ['sorw', 'residual_oil_saturation_water'],
  ['sorg', 'residual_oil_saturation_gas'], ['sgr', 'residual_gas_saturation'],
]);

/**
 * @param {Tree} model
 * @param {Tree} config
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 * @returns {Tree}  `relperm`, and `capillary` where it is not the tables'
 */
export function translateSaturationFunctions(model, config, shape, problems) {
  const tables = config.rock_fluid_tables ?? {};
  checkTables(tables, problems);
  const found = taggedOf(tables.relative_permeability_table);
  if (!found) {
    problems.invalid(PATH, `a table or a model is needed, got ${textOf(tables.relative_permeability_table)}`);
    return {};
  }
  const { tag, data } = found;
  const relperm = relpermOf(tag, data, model, shape, problems);
  return {
    relperm,
    capillary: translateCapillary(tables.capillary_pressure_table, config, problems,
      (own) => endpointsOf(own, model, shape, problems, CAPILLARY)),
  };
}

/**
 * @param {string} tag
 * @param {Tree} data
 * @param {Tree} model
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 */
function relpermOf(tag, data, model, shape, problems) {
  const mixing = mixingOf(data.mixing_rule, problems);
  checkTable(tag, data, PATH, problems);
  switch (tag) {
    case 'brooks_corey_three_phase_relperm_model':
      wettabilityRemark(data, problems);
      return { ...brooksCorey(data, problems), ...mixing, endpoints: endpointsOf(data, model, shape, problems) };
    case 'let_three_phase_relperm_model':
      wettabilityRemark(data, problems);
      return { ...letModel(data, problems), ...mixing, endpoints: endpointsOf(data, model, shape, problems) };
    case 'three_phase_relperm_table':
      return { ...tablesOf(data, model, problems), ...mixing };
    default:
      problems.unsupported(`${PATH}.${tag}`, tag.startsWith('killough')
        ? 'hysteresis is not simulated' : 'this model is not known');
      return {};
  }
}

/**
 * @param {unknown} rule
 * @param {Problems} problems
 */
function mixingOf(rule, problems) {
  const parameters = taggedOf(rule);
  const name = String(parameters?.tag ?? rule ?? 'eclipse_rule').replace(/_rule$/, '');
  const known = MIXING[name];
  if (known === undefined) {
    problems.unsupported(`${PATH}.mixing_rule`, `there is no '${name}' here, only `
      + Object.keys(MIXING).join(', '));
  }
  const a = numberOf(parameters?.data.a), b = numberOf(parameters?.data.b);
  return { mixing: known, ...(a !== undefined && { mixing_a: a }), ...(b !== undefined && { mixing_b: b }) };
}

/**
 * Of a curve over one phase's normalised saturation it makes no difference.
 * @param {Tree} data
 * @param {Problems} problems
 */
function wettabilityRemark({ wettability = 'water_wet' }, problems) {
  if (wettability !== 'water_wet') {
    problems.remark(`${PATH}.wettability`, `'${wettability}' changes the capillary pressure; each curve `
      + "here is over its own phase's saturation, whatever wets the rock");
  }
}

/**
 * @param {Tree} data
 * @param {Problems} problems
 */
function brooksCorey(data, problems) {
  const exponent = (/** @type {string} */ name) =>
    needNumber(problems, `${PATH}.${name}`, data[name] ?? 2, { above: 0 });
  const { krw, kro, krg } = maximaOf(data, problems);
  return { type: 'brooks_corey', oil: 'corey', nw: exponent('water_exponent'),
    no: exponent('oil_exponent'), ng: exponent('gas_exponent'), krw, krow: kro, krog: kro, krg };
}

/**
 * @param {Tree} data
 * @param {Problems} problems
 */
function maximaOf(data, problems) {
  const most = (/** @type {string} */ phase) => needNumber(problems,
    `${PATH}.maximum_${phase}_relperm`, data[`maximum_${phase}_relperm`] ?? 1, { above: 0, most: 1 });
  return { krw: most('water'), kro: most('oil'), krg: most('gas') };
}

/**
 * @param {Tree} data
 * @param {Problems} problems
 */
function letModel(data, problems) {
  const { krw, kro, krg } = maximaOf(data, problems);
  const curve = (/** @type {string} */ name, /** @type {number} */ max) => {
    const { L = 2, E = 1, T = 2 } = data[name] ?? {};
    checkLet(data[name] ?? {}, `${PATH}.${name}`, problems);
    const number = (/** @type {string} */ letter, /** @type {unknown} */ value) =>
      needNumber(problems, `${PATH}.${name}.${letter}`, value, { above: 0 });
    return { L: number('L', L), E: number('E', E), T: number('T', T), max };
  };
  return { type: 'let', water: curve('water', krw), oil_water: curve('oil_water', kro),
    oil_gas: curve('gas_oil', kro), gas: curve('gas', krg) };
}

/**
 * @param {Tree} data
 * @param {Tree} model
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 * @param {string} [path]
 */
function endpointsOf(data, model, shape, problems, path = PATH) {
  const rock = model.rock_properties ?? {};
  const grid = (/** @type {string} */ name) => simplest(needGrid(problems,
    `model.rock_properties.${name}_grid`, rock[`${name}_grid`], shape, { fallback: 0 }));
  const points = ENDPOINTS.map(([short, name]) => {
    const own = data[name];
    return [short, own === null || own === undefined ? grid(name)
      : needNumber(problems, `${path}.${name}`, own, { least: 0, most: 1 })];
  });
  return { ...Object.fromEntries(points), swc: grid('connate_water_saturation') };
}

/** @param {NdArray} grid  a number where all cells have the same */
function simplest(grid) {
  const [first] = grid.data;
  return grid.data.every((value) => value === first) ? first : grid;
}

/**
 * Two two-phase tables as SWOF and SGOF.
 * @param {Tree} data
 * @param {Tree} model
 * @param {Problems} problems
 */
function tablesOf(data, model, problems) {
  const connate = numbersOf(model.rock_properties?.connate_water_saturation_grid);
  const water = twoPhaseRows(data.oil_water_table, 'water', problems, `${PATH}.oil_water_table`);
  const gas = twoPhaseRows(data.gas_oil_table, 'gas', problems, `${PATH}.gas_oil_table`,
    connate ? meanOf(connate) : 0);
  if (!water || !gas) return {};
  problems.remark(PATH, 'tables are read along straight lines between their rows (BORES draws PCHIP '
    + 'curves through them)');
  return { family: 1, swof: water.map((row) => [...row, 0]), sgof: gas.map((row) => [...row, 0]) };
}

