// SPDX-License-Identifier: MIT
// Metric values beside those of field units: the one table of how they are converted. Factors follow from the
// international foot (0.3048 m), pound (0.45359237 kg), the US gallon (231 cubic inches, 42 of them a barrel) and
// standard gravity (9.80665 m/s²), as NIST SP 811 has them.

import { formatNumber } from './scale.js';

const FOOT = 0.3048;
const POUND = 0.45359237;
const BARREL = 42 * 231 * (FOOT / 12) ** 3; // m³
const PSI = POUND * 9.80665 / (FOOT / 12) ** 2 / 1e5; // bar

/** @typedef {{ unit: string, factor: number, offset?: number }} Metric  value × factor + offset */

/** @type {Readonly<Record<string, Metric>>}  by the unit that a run is in */
export const METRIC = Object.freeze({
  psi: { unit: 'bar', factor: PSI },
  '1/psi': { unit: '1/bar', factor: 1 / PSI },
  'psi/ft': { unit: 'bar/m', factor: PSI / FOOT },
  '°F': { unit: '°C', factor: 5 / 9, offset: -160 / 9 },
  ft: { unit: 'm', factor: FOOT },
  'mD·ft': { unit: 'mD·m', factor: FOOT },
  'ft³': { unit: 'm³', factor: FOOT ** 3 },
  'ft³/day': { unit: 'm³/day', factor: FOOT ** 3 },
  lbm: { unit: 'kg', factor: POUND },
  'lbm/day': { unit: 'kg/day', factor: POUND },
  'lbm/ft³': { unit: 'kg/m³', factor: POUND / FOOT ** 3 },
  'SCF/STB': { unit: 'm³/m³', factor: FOOT ** 3 / BARREL },
  'bbl/STB': { unit: 'm³/m³', factor: 1 },
  'ft³/SCF': { unit: 'm³/m³', factor: 1 },
  bbl: { unit: 'm³', factor: BARREL },
  STB: { unit: 'm³', factor: BARREL },
  'STB/day': { unit: 'm³/day', factor: BARREL },
  'bbl/day': { unit: 'm³/day', factor: BARREL },
  'SCF/day': { unit: 'm³/day', factor: FOOT ** 3 },
  // As curves have them; thousands of gas stay thousands, so that liquids have an axis of their own beside them.
  psia: { unit: 'bar', factor: PSI },
  'STB/d': { unit: 'm³/d', factor: BARREL },
  'rb/d': { unit: 'm³/d', factor: BARREL },
  rb: { unit: 'm³', factor: BARREL },
  stb: { unit: 'm³', factor: BARREL },
  'stb/day': { unit: 'm³/day', factor: BARREL },
  'rb/day': { unit: 'm³/day', factor: BARREL },
  'rb/stb': { unit: 'm³/m³', factor: 1 },
  SCF: { unit: 'm³', factor: FOOT ** 3 },
  'SCF/d': { unit: 'm³/d', factor: FOOT ** 3 },
  Mscf: { unit: '10³ m³', factor: FOOT ** 3 },
  'Mscf/d': { unit: '10³ m³/d', factor: FOOT ** 3 },
  'Mscf/day': { unit: '10³ m³/day', factor: FOOT ** 3 },
  'Mscf/stb': { unit: 'm³/m³', factor: 1000 * FOOT ** 3 / BARREL },
  'rb/Mscf': { unit: 'm³/m³', factor: BARREL / (1000 * FOOT ** 3) },
  // As vectors of a summary have them.
  PSIA: { unit: 'BARSA', factor: PSI },
  PSI: { unit: 'BARS', factor: PSI },
  FEET: { unit: 'METRES', factor: FOOT },
  RB: { unit: 'RM3', factor: BARREL },
  'STB/DAY': { unit: 'SM3/DAY', factor: BARREL },
  'RB/DAY': { unit: 'RM3/DAY', factor: BARREL },
  MSCF: { unit: 'kSM3', factor: FOOT ** 3 },
  'MSCF/DAY': { unit: 'kSM3/DAY', factor: FOOT ** 3 },
  'MSCF/STB': { unit: 'SM3/SM3', factor: 1000 * FOOT ** 3 / BARREL },
  'STB/MSCF': { unit: 'SM3/SM3', factor: BARREL / (1000 * FOOT ** 3) },
  'STB/DAY/PSI': { unit: 'SM3/DAY/BARS', factor: BARREL / PSI },
  'MSCF/DAY/PSI': { unit: 'SM3/DAY/BARS', factor: 1000 * FOOT ** 3 / PSI },
});

/**
 * What a value is in metric units, as text.
 * @param {number} value
 * @param {string} unit    that it is in
 * @param {number} digits  significant ones
 * @param {boolean} [apart]  it is how far two values are apart: the scale's zero does not count
 * @returns {string}  '' where the unit has no metric counterpart, or there is no value
 */
export function metricText(value, unit, digits, apart = false) {
  const metric = METRIC[unit];
  if (!metric || !Number.isFinite(value)) return '';
  const offset = apart ? 0 : metric.offset ?? 0;
  return `${formatNumber(value * metric.factor + offset, digits)} ${metric.unit}`;
}

/**
 * Text with the metric value behind it: '3000 psi (206.84 bar)'.
 * @param {string} text
 * @param {number} value
 * @param {string} unit
 * @param {number} digits
 * @param {boolean} [apart]  as metricText() takes it
 */
export function withMetric(text, value, unit, digits, apart = false) {
  const metric = metricText(value, unit, digits, apart);
  return metric === '' ? text : `${text} (${metric})`;
}

/**
 * How numbers of a unit are told: as the run has them, or in metric units where those are wanted.
 * @param {string} unit    of the run
 * @param {boolean} metric
 * @param {boolean} [apart]  how far two values are apart: the scale's zero does not count
 * @returns {{ unit: string, inUnit: (value: number) => number, fromUnit: (told: number) => number }}
 */
export function unitsOf(unit, metric, apart = false) {
  const { unit: told, factor, offset = 0 } = (metric ? METRIC[unit] : undefined) ?? { unit, factor: 1 };
  const zero = apart ? 0 : offset;
  return { unit: told, inUnit: (value) => value * factor + zero, fromUnit: (value) => (value - zero) / factor };
}

/**
 * A curve as it is told.
 * @template {{ unit: string, values: ArrayLike<number> }} T
 * @param {T} curve
 * @param {boolean} metric
 * @returns {T}
 */
export function curveIn(curve, metric) {
  const { unit, inUnit } = unitsOf(curve.unit, metric);
  return unit === curve.unit ? curve : { ...curve, unit, values: Float64Array.from(curve.values, inUnit) };
}
