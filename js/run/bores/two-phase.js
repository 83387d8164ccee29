// SPDX-License-Identifier: MIT
// BORES's two-phase tables, which are over either phase's saturation, as rows over the displacing one's.

import { isMap } from '../../values/paths.js';
import { checkTwoPhase } from './table-fields.js';
import { firstOf, numbersOf, taggedOf, textOf } from './trees.js';

/** @import { Problems } from '../problems.js' */

/** A liquid's saturation reaches 1 in a table over all liquids, 1 − Swc in one over oil alone. */
const WHOLE = 1 - 1e-6;

/**
 * @param {unknown} table
 * @param {'water' | 'gas'} phase  whose saturation the rows are over
 * @param {Problems} problems
 * @param {string} path
 * @param {number} [connate]  water beside oil and gas
 * @returns {number[][] | undefined}  [S, kr of the phase, kr of oil], ascending
 */
export function twoPhaseRows(table, phase, problems, path, connate = 0) {
  const curves = curvesOf(table, phase, problems, path, {
    wetting: ['wetting_phase_relative_permeability'],
    other: ['non_wetting_phase_relative_permeability'],
  });
  if (!curves) return undefined;
  const { saturations, wetting, other, wettingPhase, isWettingReference } = curves;
  const ofPhase = wettingPhase === phase ? wetting : other;
  const ofOil = wettingPhase === phase ? other : wetting;
  const isOwn = (wettingPhase === phase) === isWettingReference;
  return rowsOver(saturations, isOwn, connate, (row) => [ofPhase[row], ofOil[row]]);
}

/**
 * @param {unknown} table
 * @param {'water' | 'gas'} phase
 * @param {Problems} problems
 * @param {string} path
 * @param {number} [connate]
 * @returns {number[][] | undefined}  [S, Pc], ascending
 */
export function capillaryRows(table, phase, problems, path, connate = 0) {
  const curves = curvesOf(table, phase, problems, path, {
    wetting: ['capillary_pressure'], other: ['capillary_pressure'] });
  if (!curves) return undefined;
  const { saturations, wetting, wettingPhase, isWettingReference } = curves;
  const isOwn = (wettingPhase === phase) === isWettingReference;
  return rowsOver(saturations, isOwn, connate, (row) => [wetting[row]]);
}

/**
 * @param {unknown} given
 * @param {'water' | 'gas'} phase
 * @param {Problems} problems
 * @param {string} path
 * @param {{ wetting: string[], other: string[] }} names
 */
function curvesOf(given, phase, problems, path, names) {
  const tagged = taggedOf(given);
  const table = tagged?.tag.startsWith('twophase') ? tagged.data : given; // the newest says its class
  if (!isMap(table)) {
    problems.invalid(path, `a table is needed, got ${textOf(table)}`);
    return undefined;
  }
  checkTwoPhase(table, path, problems);
  const wettingPhase = wettingOf(table, phase, problems, path);
  const saturations = numbersOf(firstOf(table, 'reference_saturation', 'wetting_phase_saturation'));
  const wetting = numbersOf(firstOf(table, ...names.wetting));
  const other = numbersOf(firstOf(table, ...names.other));
  if (!wettingPhase) return undefined;
  if (!saturations || !wetting || !other || saturations.length < 2
    || wetting.length !== saturations.length || other.length !== saturations.length) {
    problems.invalid(path, 'its saturations and curves must be lists of the same length, two at least');
    return undefined;
  }
  return {
    saturations, wetting, other, wettingPhase, isWettingReference: table.reference_phase !== 'non_wetting',
  };
}

/**
 * Which of the two phases wets; as BORES has it where a table says nothing: water before oil, oil before gas.
 *
 * @param {Record<string, any>} table
 * @param {'water' | 'gas'} phase
 * @param {Problems} problems
 * @param {string} path
 * @returns {string | undefined}  undefined where there is a problem
 */
function wettingOf({ wetting_phase: wetting, non_wetting_phase: other, reference_phase: reference }, phase, problems,
  path) {
  const pair = [phase, 'oil'];
  const usual = other == null ? (phase === 'water' ? 'water' : 'oil') : pair.find((one) => one !== other);
  const says = String(wetting ?? usual);
  const opposite = String(other ?? pair.find((one) => one !== says));
  if (!pair.includes(says) || !pair.includes(opposite) || says === opposite) {
    problems.invalid(path, `its phases are ${pair.join(' and ')}, got '${says}' that wets and '${opposite}'`);
    return undefined;
  }
  if (reference != null && reference !== 'wetting' && reference !== 'non_wetting') {
    problems.invalid(`${path}.reference_phase`, `it is wetting or non_wetting, got ${textOf(reference)}`);
    return undefined;
  }
  return says;
}

/**
 * @param {Float64Array} saturations
 * @param {boolean} isOwn    they are the phase's, else the other's
 * @param {number} connate
 * @param {(row: number) => number[]} valuesOf
 */
function rowsOver(saturations, isOwn, connate, valuesOf) {
  const held = Math.max(...saturations) >= WHOLE ? 0 : connate;
  const rows = Array.from(saturations, (s, row) => [isOwn ? s : 1 - held - s, ...valuesOf(row)]);
  return rows.filter(([s]) => s >= -1e-12).map(([s, ...rest]) => [Math.max(s, 0), ...rest])
    .sort(([a], [b]) => a - b);
}
