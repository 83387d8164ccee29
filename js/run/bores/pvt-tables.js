// SPDX-License-Identifier: MIT
// PVT files of BORES's versions as three phases' tables: the guide's one PVTTableData, the newest's
// PVTDataSet, and its PVTTables, which wrap each phase once more.

import { NdArray } from '../../values/nd-array.js';
import { isMap } from '../../values/paths.js';
import { firstOf, numbersOf, shapeOf, textOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 *
 * Tables over pressure and temperature, the latter fastest.
 * @typedef {object} PhaseTables
 * @property {string} path
 * @property {Float64Array} pressures     psi, ascending
 * @property {Float64Array} temperatures  °F
 * @property {Float64Array} fvf           bbl/STB; gas ft³/SCF
 * @property {Float64Array} viscosity     cP
 * @property {Float64Array} [density]     lb/ft³ at reservoir conditions
 * @property {Float64Array} [rs]          SCF/STB
 * @property {Float64Array} [bubblePoints]  psi, one a temperature
 * @property {number} [specificGravity]
 *
 * @typedef {{ oil?: PhaseTables, gas?: PhaseTables, water?: PhaseTables }} PvtTables
 */

/** Names of the same table in the newest version and, with the phase before them, in the guide's. */
const NAMES = /** @type {const} */ ({
  fvf: 'formation_volume_factor_table', viscosity: 'viscosity_table', density: 'density_table',
  gravity: 'specific_gravity_table',
});

/**
 * @param {Tree | null | undefined} tree   the entry of a PVT file
 * @param {number} salinity  ppm, at which water's tables are read
 * @param {Problems} problems
 * @returns {PvtTables}
 */
export function readPvtTables(tree, salinity, problems) {
  if (!isMap(tree)) return {};
  const single = firstOf(tree, 'pressures') !== undefined;
  return Object.fromEntries(['oil', 'gas', 'water'].flatMap((phase) => {
    const source = single ? guidePhase(tree, phase) : newestPhase(tree[phase]);
    if (!source) return [];
    const tables = readPhase(source, `pvt.${single ? '' : `${phase}.`}`, phase, salinity, problems);
    return tables ? [[phase, tables]] : [];
  }));
}

/** @param {unknown} value */
function newestPhase(value) {
  if (!isMap(value)) return undefined;
  return isMap(value.data) ? value.data : value;
}

/**
 * The guide's file names tables by phase.
 * @param {Tree} tree
 * @param {string} phase
 */
function guidePhase(tree, phase) {
  if (firstOf(tree, `${phase}_${NAMES.fvf}`) === undefined) return undefined;
  return {
    pressures: tree.pressures, temperatures: tree.temperatures, salinities: tree.salinities,
    bubble_point_pressures: tree.bubble_point_pressures,
    [NAMES.fvf]: tree[`${phase}_${NAMES.fvf}`],
    [NAMES.viscosity]: tree[`${phase}_${NAMES.viscosity}`],
    [NAMES.density]: tree[`${phase}_${NAMES.density}`],
    [NAMES.gravity]: tree[phase === 'gas' ? 'gas_gravity_table' : `${phase}_${NAMES.gravity}`],
    solution_gor_table: tree.solution_gas_to_oil_ratio_table,
  };
}

/**
 * @param {Tree} source
 * @param {string} path
 * @param {string} phase
 * @param {number} salinity
 * @param {Problems} problems
 * @returns {PhaseTables | undefined}
 */
function readPhase(source, path, phase, salinity, problems) {
  const pressures = axis(source.pressures, `${path}pressures`, problems);
  const temperatures = axis(source.temperatures, `${path}temperatures`, problems);
  if (!pressures || !temperatures) return undefined;
  const size = [pressures.length, temperatures.length];
  const table = (/** @type {string} */ name, /** @type {boolean} */ needed) => {
    const value = source[name];
    if (value === undefined || value === null) {
      if (needed) problems.invalid(`${path}${name}`, `the ${phase} phase needs it`);
      return undefined;
    }
    const flat = atSalinity(value, source.salinities, salinity);
    if (!flat || String(flat.shape) !== String(size)) {
      problems.invalid(`${path}${name}`, `its shape is [${flat?.shape ?? textOf(value)}], the axes' `
        + `[${size}]`);
      return undefined;
    }
    const bad = flat.data.findIndex((item) => !Number.isFinite(item));
    if (bad >= 0) problems.invalid(`${path}${name}`, `${flat.data[bad]} in it`);
    return /** @type {Float64Array} */ (/** @type {unknown} */ (flat.data));
  };
  const fvf = positive(table(NAMES.fvf, true), `${path}${NAMES.fvf}`, problems);
  const viscosity = positive(table(NAMES.viscosity, true), `${path}${NAMES.viscosity}`, problems);
  if (!fvf || !viscosity) return undefined;
  const bubblePoints = numbersOf(source.bubble_point_pressures);
  return {
    path, pressures, temperatures, fvf, viscosity,
    density: table(NAMES.density, false),
    specificGravity: table(NAMES.gravity, false)?.[0],
    ...(phase === 'oil' && {
      rs: table('solution_gor_table', false),
      // by Rs and temperature it is the inverse of the Rs table, which is there too
      ...(bubblePoints?.length === temperatures.length && { bubblePoints }),
    }),
  };
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {Problems} problems
 */
function axis(value, path, problems) {
  const numbers = numbersOf(value);
  if (!numbers || numbers.length === 0) {
    problems.invalid(path, `an ascending list of numbers is needed, got ${textOf(value)}`);
    return undefined;
  }
  const bad = numbers.findIndex((item, i) => !(i === 0 ? item > -Infinity : item > numbers[i - 1]));
  if (bad >= 0) {
    problems.invalid(path, `it must ascend, ${numbers[bad]} follows ${numbers[bad - 1] ?? 'nothing'}`);
    return undefined;
  }
  return numbers;
}

/**
 * A table over pressure and temperature of one over salinity too: linear between, held outside.
 *
 * @param {unknown} value
 * @param {unknown} salinities
 * @param {number} salinity
 * @returns {NdArray | undefined}
 */
function atSalinity(value, salinities, salinity) {
  const data = numbersOf(value);
  const shape = shapeOf(value);
  if (!data || !shape) return undefined;
  if (shape.length < 3) return new NdArray(data, shape);
  const points = numbersOf(salinities) ?? new Float64Array(1);
  const [count] = shape.slice(2);
  if (points.length !== count) return undefined;
  const { low, weight } = bracket(points, salinity);
  const size = shape[0] * shape[1];
  return new NdArray(Float64Array.from({ length: size }, (_, at) => {
    const left = data[at * count + low];
    return weight === 0 ? left : left + weight * (data[at * count + low + 1] - left);
  }), shape.slice(0, 2));
}

/**
 * @param {ArrayLike<number>} points  ascending
 * @param {number} x
 * @returns {{ low: number, weight: number }}  x = (1 − weight)·points[low] + weight·points[low + 1]
 */
export function bracket(points, x) {
  const last = points.length - 1;
  if (last === 0 || !(x > points[0])) return { low: 0, weight: 0 };
  if (x >= points[last]) return { low: last, weight: 0 };
  let low = 0;
  while (points[low + 1] <= x) low += 1;
  return { low, weight: (x - points[low]) / (points[low + 1] - points[low]) };
}

/**
 * @param {Float64Array | undefined} table
 * @param {string} path
 * @param {Problems} problems
 */
function positive(table, path, problems) {
  const bad = table?.findIndex((value) => !(value > 0)) ?? -1;
  if (table && bad >= 0) problems.invalid(path, `${table[bad]} in it, it must be positive`);
  return table;
}
