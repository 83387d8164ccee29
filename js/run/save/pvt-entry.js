// SPDX-License-Identifier: MIT
// A neutral model's fluids as a PVT file of BORES: tables over pressure, the same at two temperatures,
// since BORES interpolates between two at least. Its oil runs along one curve: saturated up to the bubble
// point of the dissolved gas that the run begins with, undersaturated above.

import { NdArray } from '../../values/nd-array.js';
import { bracket } from '../bores/pvt-tables.js';

/**
 * @import { Tree } from '../bores/trees.js'
 * @typedef {{ pressures: number[], rs: number[], bo: number[], muo: number[], bg: number[], mug: number[],
 *   bw: number[], muw: number[], bubblePoint: number }} Curves  in the units of the neutral form
 */

const TEMPERATURES = [100, 300];
const CUBIC_FEET_PER_BARREL = 5.614583, SCF_PER_MSCF = 1000;
const AIR_WEIGHT = 28.9644, AIR_DENSITY = 0.0765, WATER_DENSITY = 62.37;
const STANDARD_PRESSURE = 14.696, STANDARD_TEMPERATURE = 518.67, RANKINE = 459.67;

/**
 * @param {Tree} model  neutral
 * @param {number} rs   Mscf/STB, of the oil at the beginning
 * @param {boolean} newest
 * @returns {Tree}
 */
export function pvtEntry(model, rs, newest) {
  const curves = curvesOf(model, rs);
  const tables = tablesOf(curves, model.density);
  return newest ? dataSet(tables, curves) : guideTable(tables, curves);
}

/**
 * @param {Tree} model
 * @param {number} rs
 * @returns {Curves}
 */
function curvesOf({ oil, gas, water }, rs) {
  /** @type {number[][]} */
  const saturated = (oil.pvto ?? []).map((/** @type {Tree} */ { rs: own, branch }) =>
    [branch[0][0], own, ...branch[0].slice(1)]);
  const bubblePoint = saturated.length > 0 ? interpolate(saturated.map(swap), rs)[0] : 0;
  const below = saturated.filter(([p]) => p < bubblePoint);
  /** @type {number[][]} */
  const above = saturated.length > 0 ? undersaturated(oil.pvto, rs, bubblePoint) : oil.pvdo;
  const pressures = refined([...new Set([...below.map(([p]) => p), ...above.map(([p]) => p),
    ...gas.pvdg.map((/** @type {number[]} */ [p]) => p)])].sort((a, b) => a - b));
  const oilAt = (/** @type {number} */ p) => (p < bubblePoint ? reciprocal(saturated, p)
    : [Math.min(rs, saturated.at(-1)?.[1] ?? 0), ...reciprocal(above, p)]);
  const oilRows = pressures.map(oilAt), gasRows = pressures.map((p) => reciprocal(gas.pvdg, p));
  return {
    pressures, bubblePoint, rs: oilRows.map(([value]) => value), bo: oilRows.map((row) => row[1]),
    muo: oilRows.map((row) => row[2]), bg: gasRows.map(([value]) => value), mug: gasRows.map((row) => row[1]),
    ...waterCurves(water, pressures),
  };
}

/** A row over pressure as one over Rs. @param {number[]} row */
const swap = ([p, rs, ...rest]) => [rs, p, ...rest];

/**
 * The branch above the bubble point, in the shape of the nearest one that has more than its first row.
 * @param {Tree[]} pvto
 * @param {number} rs
 * @param {number} bubblePoint
 * @returns {number[][]}
 */
function undersaturated(pvto, rs, bubblePoint) {
  const own = pvto.find((row) => row.rs >= rs - 1e-12 && row.branch.length > 1)
    ?? pvto.findLast(({ branch }) => branch.length > 1);
  const [bo, muo] = interpolate(pvto.map((row) => [row.rs, ...row.branch[0].slice(1)]), rs);
  /** @type {number[][]} */
  const [first, ...more] = own?.branch ?? [[bubblePoint, bo, muo]];
  return [[bubblePoint, bo, muo], ...more.map(([p, b, mu]) =>
    [bubblePoint + p - first[0], (bo * b) / first[1], (muo * mu) / first[2]])];
}

/**
 * @param {Tree} water
 * @param {readonly number[]} pressures
 */
function waterCurves({ pref, bw, cw, muw, viscosibility = 0 }, pressures) {
  const x = pressures.map((p) => cw * (p - pref)), y = pressures.map((p) => (cw - viscosibility) * (p - pref));
  const fvf = x.map((value) => bw / (1 + value + (value * value) / 2));
  return { bw: fvf, muw: fvf.map((value, i) => (muw * bw) / (value * (1 + y[i] + (y[i] * y[i]) / 2))) };
}

/**
 * The simulator has lines in 1/B and 1/(Bμ) between rows, BORES in B and μ: so close that it is the same.
 * @param {readonly number[]} pressures  ascending
 */
function refined(pressures) {
  return pressures.flatMap((p, i) => {
    const next = pressures[i + 1];
    const count = next === undefined ? 1 : Math.ceil(Math.max((next - p) / 250, Math.log(next / p) / 0.2));
    return Array.from({ length: count }, (_, n) => p + ((next ?? p) - p) * (n / count));
  });
}

/**
 * Rows that end in B and μ, at a pressure, as the simulator interpolates them.
 * @param {readonly number[][]} rows
 * @param {number} x
 */
function reciprocal(rows, x) {
  const inverted = rows.map((row) => [...row.slice(0, -2), 1 / row[row.length - 2],
    1 / (row[row.length - 2] * row[row.length - 1])]);
  const found = interpolate(inverted, x);
  const [b, bmu] = found.slice(-2);
  return [...found.slice(0, -2), 1 / b, b / bmu];
}

/**
 * Rows over their first column, at x; held outside.
 * @param {readonly number[][]} rows
 * @param {number} x
 * @returns {number[]}  the other columns
 */
function interpolate(rows, x) {
  const { low, weight } = bracket(rows.map(([key]) => key), x);
  return rows[low].slice(1).map((left, column) =>
    (weight === 0 ? left : left + weight * (rows[low + 1][column + 1] - left)));
}

/**
 * BORES's tables, each as one value a pressure, in its units.
 * @param {Curves} curves
 * @param {{ oil: number, water: number, gas: number }} density
 */
function tablesOf({ pressures, rs, bo, muo, bg, mug, bw, muw }, density) {
  const fixed = (/** @type {number} */ value) => pressures.map(() => value);
  const gravity = density.oil / WATER_DENSITY, gasGravity = density.gas / AIR_DENSITY;
  const bgFeet = bg.map((value) => (value * CUBIC_FEET_PER_BARREL) / SCF_PER_MSCF);
  const slope = (/** @type {number[]} */ fvf) => pressures.map((_, i) => {
    const a = Math.max(0, i - 1), b = Math.min(pressures.length - 1, i + 1);
    return a === b ? 0 : Math.max(0, -Math.log(fvf[b] / fvf[a]) / (pressures[b] - pressures[a]));
  });
  return {
    oil: { viscosity: muo, compressibility: slope(bo).map((value) => Math.max(value, 1e-8)),
      specific_gravity: fixed(gravity), api_gravity: fixed(141.5 / gravity - 131.5),
      density: bo.map((value, i) => (density.oil
        + (rs[i] * SCF_PER_MSCF * density.gas) / CUBIC_FEET_PER_BARREL) / value),
      formation_volume_factor: bo, gor: rs.map((value) => value * SCF_PER_MSCF) },
    gas: { viscosity: mug, compressibility: slope(bg), gravity: fixed(gasGravity),
      molecular_weight: fixed(gasGravity * AIR_WEIGHT), density: bgFeet.map((value) => density.gas / value),
      formation_volume_factor: bgFeet,
      compressibility_factor: bgFeet.map((value, i) => (value * pressures[i] * STANDARD_TEMPERATURE)
        / (STANDARD_PRESSURE * (TEMPERATURES[0] + RANKINE))) },
    water: { bubble_point_pressure: pressures, viscosity: muw, compressibility: slope(bw),
      density: bw.map((value) => density.water / value), formation_volume_factor: bw },
  };
}

/** @param {readonly number[]} values  one a pressure @param {number} [salinities] */
function grid(values, salinities) {
  const repeat = TEMPERATURES.length * (salinities ?? 1);
  return new NdArray(Float64Array.from({ length: values.length * repeat }, (_, i) =>
    values[Math.floor(i / repeat)]), [values.length, TEMPERATURES.length, ...(salinities ? [salinities] : [])]);
}

/**
 * @param {ReturnType<typeof tablesOf>} tables
 * @param {Curves} curves
 * @returns {Tree}
 */
function guideTable({ oil, gas, water }, { pressures, bubblePoint }) {
  const named = (/** @type {string} */ phase, /** @type {Record<string, number[]>} */ values,
    /** @type {number} */ salinities = 0) => Object.fromEntries(Object.entries(values).map(([name, value]) =>
    [`${phase}_${name}_table`, salinities > 0 ? grid(value, salinities) : grid(value)]));
  const { gor, ...rest } = oil;
  return {
    pressures: new NdArray(Float64Array.from(pressures)),
    temperatures: new NdArray(Float64Array.from(TEMPERATURES)),
    salinities: new NdArray(Float64Array.of(0, 1)), solution_gas_oil_ratios: null,
    bubble_point_pressures: new NdArray(Float64Array.from(TEMPERATURES, () => bubblePoint)),
    ...named('oil', rest), solution_gas_to_oil_ratio_table: grid(gor), ...named('gas', gas),
    ...named('water', water, 2), gas_solubility_in_water_table: grid(pressures.map(() => 0), 2),
  };
}

/**
 * @param {ReturnType<typeof tablesOf>} tables
 * @param {Curves} curves
 * @returns {Tree}
 */
function dataSet({ oil, gas, water }, { pressures, bubblePoint }) {
  const axes = {
    pressures: new NdArray(Float64Array.from(pressures)),
    temperatures: new NdArray(Float64Array.from(TEMPERATURES)),
  };
  const none = { salinities: null, bubble_point_pressures: null, solution_gas_to_oil_ratios: null,
    specific_gravity_table: null, molecular_weight_table: null, solution_gor_table: null,
    compressibility_factor_table: null, solubility_in_water_table: null, bubble_point_pressure_table: null,
    gas_free_fvf_table: null };
  const common = (/** @type {string} */ phase, /** @type {Record<string, number[]>} */ values, salinities = 0) => ({
    phase, ...axes, ...none, ...Object.fromEntries(
      ['viscosity', 'density', 'formation_volume_factor', 'compressibility'].map((name) =>
        [`${name}_table`, salinities > 0 ? grid(values[name], salinities) : grid(values[name])])) });
  return {
    oil: { ...common('oil', oil), solution_gor_table: grid(oil.gor), specific_gravity_table: grid(oil.specific_gravity),
      bubble_point_pressures: new NdArray(Float64Array.from(TEMPERATURES, () => bubblePoint)) },
    gas: { ...common('gas', gas), specific_gravity_table: grid(gas.gravity),
      molecular_weight_table: grid(gas.molecular_weight),
      compressibility_factor_table: grid(gas.compressibility_factor) },
    water: { ...common('water', water, 1), salinities: new NdArray(Float64Array.of(0)),
      bubble_point_pressure_table: grid(pressures, 1) },
  };
}
