// SPDX-License-Identifier: MIT
// BORES's wells as the simulator's wells and what they do on the first day.

import { isMap } from '../../values/paths.js';
import { translateControl } from './controls.js';
import { checkFluid, checkWell } from './nested-fields.js';
import { needNumber, numbersOf, taggedOf, textOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 * @typedef {[number, number, number]} Cell
 */

/**
 * @param {Tree} config
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 * @returns {{ wells: Tree[], start: Record<string, Tree> }}  and the schedule's entry of day 0
 */
export function translateWells(config, shape, problems) {
  /** @type {Tree[]} */
  const wells = [];
  /** @type {Record<string, Tree>} */
  const start = Object.create(null);
  let produces = false;
  for (const { name, path, data, isInjector } of eachWell(config, problems)) {
    if (start[name]) {
      problems.invalid(path, `there are two wells called '${name}'`);
      continue;
    }
    checkWell(data, path, problems);
    const fluid = isInjector ? fluidOf(data.injected_fluid, `${path}.injected_fluid`, problems) : undefined;
    wells.push({
      name, type: isInjector ? 'injector' : 'producer', ...(fluid && { fluid }),
      radius: needNumber(problems, `${path}.radius`, data.radius, { above: 0 }),
      skin: needNumber(problems, `${path}.skin_factor`, data.skin_factor ?? 0),
      perforations: perforationsOf(data, path, shape, problems),
    });
    const control = translateControl(data.control, { path: `${path}.control`, isInjector, fluid, problems });
    start[name] = { status: data.is_active === false ? 'shut' : 'open', ...control };
    produces ||= data.produced_fluids != null;
  }
  if (produces) problems.remark('config.wells', 'produced_fluids: what a well produces is what is in its cells');
  refuseShared(wells, problems);
  return { wells, start };
}

/**
 * @param {Tree} config
 * @param {Problems} problems
 * @returns {Generator<{ name: string, path: string, data: Tree, isInjector: boolean }>}
 */
export function* eachWell({ wells }, problems) {
  if (wells === null || wells === undefined) return;
  for (const [group, tag] of [['injection_wells', 'injection_well'], ['production_wells', 'production_well']]) {
    const members = isMap(wells[group]) ? Object.entries(wells[group])
      : Array.isArray(wells[group]) ? wells[group].map((item, i) => [String(i), item]) : [];
    for (const [key, value] of members) {
      const path = `config.wells.${group}.${key}`;
      const data = taggedOf(value)?.tag === tag ? value[tag] : value;
      if (!isMap(data)) {
        problems.invalid(path, `a well is needed, got ${textOf(data)}`);
        continue;
      }
      yield { name: String(data.name ?? key), path, data, isInjector: tag === 'injection_well' };
    }
  }
}

/**
 * @param {unknown} fluid
 * @param {string} path
 * @param {Problems} problems
 */
export function fluidOf(fluid, path, problems) {
  const data = isMap(fluid) ? untagged(fluid) : {};
  checkFluid(data, path, problems);
  if (data.is_miscible === true) {
    problems.unsupported(`${path}.is_miscible`, 'miscible injection is not simulated');
  }
  if (data.phase === 'water' || data.phase === 'gas') return data.phase;
  problems.invalid(`${path}.phase`, `water or gas can be injected, got ${textOf(data.phase)}`);
  return undefined;
}

/** @param {Tree} fluid */
const untagged = (fluid) => (taggedOf(fluid)?.tag === 'injected_fluid' ? fluid.injected_fluid : fluid);

/**
 * What a well injects before anything happens to it; its problems are told with the wells.
 * @param {Tree} well
 * @returns {string | undefined}
 */
export function firstFluid({ injected_fluid: fluid }) {
  const phase = isMap(fluid) ? untagged(fluid).phase : undefined;
  return phase === 'water' || phase === 'gas' ? phase : undefined;
}

/**
 * The cells of all intervals, each once, in the order of the intervals.
 *
 * @param {Tree} well
 * @param {string} path
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 */
function perforationsOf(well, path, shape, problems) {
  const numbers = numbersOf(well.perforating_intervals);
  if (!numbers || numbers.length === 0 || numbers.length % 6 !== 0) {
    problems.invalid(`${path}.perforating_intervals`, 'pairs of [i, j, k] are needed, got '
      + textOf(well.perforating_intervals));
    return [];
  }
  const intervals = Array.from({ length: numbers.length / 6 }, (_, n) => /** @type {[Cell, Cell]} */ (
    [[...numbers.subarray(6 * n, 6 * n + 3)], [...numbers.subarray(6 * n + 3, 6 * n + 6)]]));
  for (const cell of intervals.flat()) {
    if (!cell.every((index, axis) => Number.isInteger(index) && index >= 0 && index < shape[axis])) {
      problems.invalid(`${path}.perforating_intervals`, `[${cell}] is not in the grid of [${shape}]`);
      return [];
    }
  }
  const dir = directionOf(well.orientation, intervals);
  const cells = new Map(intervals.flatMap(cellsBetween).map((cell) => [String(cell), cell]));
  return Array.from(cells.values(), ([i, j, k]) => ({ i, j, k, dir }));
}

/** @param {[Cell, Cell]} interval  ends included */
function cellsBetween([from, to]) {
  /** @type {Cell[]} */
  const cells = [];
  const [i, j, k] = from.map((start, axis) => Array.from(
    { length: Math.abs(to[axis] - start) + 1 }, (_, n) => start + Math.sign(to[axis] - start) * n));
  for (const a of i) for (const b of j) for (const c of k) cells.push([a, b, c]);
  return cells;
}

/**
 * Along which axis a well lies: as said, else the one along which its intervals are longest.
 * @param {unknown} orientation
 * @param {readonly [Cell, Cell][]} intervals
 */
function directionOf(orientation, intervals) {
  if (orientation === 'x' || orientation === 'y' || orientation === 'z') return orientation;
  const lengths = [0, 1, 2].map((axis) =>
    Math.max(...intervals.map(([from, to]) => Math.abs(to[axis] - from[axis]))));
  const longest = Math.max(...lengths);
  return longest === 0 ? 'z' : /** @type {const} */ (['x', 'y', 'z'])[lengths.lastIndexOf(longest)];
}

/**
 * @param {readonly Tree[]} wells
 * @param {Problems} problems
 */
function refuseShared(wells, problems) {
  /** @type {Map<string, Tree>} */
  const taken = new Map();
  for (const well of wells) {
    for (const { i, j, k } of well.perforations) {
      const other = taken.get(`${i},${j},${k}`);
      if (other && other.type !== well.type) {
        problems.invalid(`config.wells.${well.name}`,
          `cell [${i},${j},${k}] is perforated by '${other.name}' too, and one of them injects`);
      }
      taken.set(`${i},${j},${k}`, well);
    }
  }
}
