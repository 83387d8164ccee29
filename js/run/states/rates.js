// SPDX-License-Identifier: MIT
// What flows through the perforations, as BORES has it: dense grids in the guide's version, sparse ones
// with masses, formation volume factors and pressures in the newest. All positive, ft³/day at reservoir
// conditions.

import { NdArray } from '../../values/nd-array.js';
import { SparseTensor } from '../../values/sparse-tensor.js';
import { CUBIC_FEET_PER_BARREL } from '../bores/trees.js';

/**
 * @import { Tree } from '../bores/trees.js'
 *
 * @typedef {object} Flow  of one perforation
 * @property {[number, number, number]} cell
 * @property {boolean} injects  its well does
 * @property {boolean} open     its well is
 * @property {number} pressure  psi, of the well at its reference depth
 * @property {Record<Phase, number>} surface    STB/d, gas free and dissolved Mscf/d; positive
 * @property {Record<Phase, number>} reservoir  rb/d; positive
 * @typedef {'oil' | 'water' | 'gas'} Phase
 */

const PHASES = /** @type {const} */ (['oil', 'water', 'gas']);
const KINDS = /** @type {const} */ (['injection', 'production']);
/** Surface volumes to ft³: barrels, and thousands of ft³. */
const SURFACE = { oil: CUBIC_FEET_PER_BARREL, water: CUBIC_FEET_PER_BARREL, gas: 1000 };

/**
 * @param {Tree} state  the simulator's
 * @returns {Flow[]}
 */
export function flowsOf({ perforations, wells }) {
  const { well: indices, cell, pressure, ...rates } = perforations;
  return Array.from(indices.data ?? indices, (/** @type {number} */ index, /** @type {number} */ n) => {
    const { type, status, bhp } = wells[Number(index)];
    const injects = type === 'injector';
    const of = (/** @type {string} */ name) => /** @type {Record<Phase, number>} */ (
      Object.fromEntries(PHASES.map((phase) => {
        const value = rates[`${name}${phase}`].data[n];
        return [phase, Math.max(0, injects ? -value : value)];
      })));
    return {
      cell: /** @type {[number, number, number]} */ (
        [0, 1, 2].map((axis) => Number(cell.data[3 * n + axis]))), injects,
      open: status !== 'shut', pressure: bhp, surface: of(''), reservoir: of('reservoir_'),
    };
  });
}

/**
 * The guide's `injection` and `production`.
 * @param {readonly Flow[]} flows
 * @param {readonly number[]} shape
 */
export function denseRates(flows, shape) {
  const [, ny, nz] = shape;
  const size = shape.reduce((product, length) => product * length, 1);
  return Object.fromEntries(KINDS.map((kind) => {
    const grids = Object.fromEntries(PHASES.map((phase) => [phase, new Float64Array(size)]));
    for (const { cell: [i, j, k], injects, reservoir } of flows) {
      if (injects !== (kind === 'injection')) continue;
      for (const phase of PHASES) {
        grids[phase][(i * ny + j) * nz + k] += reservoir[phase] * CUBIC_FEET_PER_BARREL;
      }
    }
    return [kind, Object.fromEntries(PHASES.map((phase) => [phase, new NdArray(grids[phase], shape)]))];
  }));
}

/**
 * The newest version's `rates`.
 * @param {readonly Flow[]} flows
 * @param {readonly number[]} shape
 * @param {Tree} fluids     `fluid_properties` of the state
 * @param {{ oil: number, water: number, gas: number }} density  lb/ft³ at the surface
 */
export function sparseRates(flows, shape, fluids, density) {
  const [, ny, nz] = shape;
  const fvf = (/** @type {Phase} */ phase, /** @type {Flow} */ { cell: [i, j, k] }) =>
    fluids[`${phase}_formation_volume_factor_grid`].data[(i * ny + j) * nz + k];
  /** @type {Record<string, [number, (phase: Phase, flow: Flow) => number]>} */
  const members = {
    rates: [0, (phase, { reservoir }) => reservoir[phase] * CUBIC_FEET_PER_BARREL],
    mass_rates: [0, (phase, { surface }) => surface[phase] * SURFACE[phase] * density[phase]],
    fvfs: [NaN, fvf],
    bhps: [NaN, (_, { pressure }) => pressure],
  };
  return Object.fromEntries(Object.entries(members).flatMap(([name, [absent, valueOf]]) =>
    KINDS.map((kind) => {
      const own = flows.filter((flow) => flow.open && flow.injects === (kind === 'injection'));
      return [`${kind}_${name}`, Object.fromEntries(PHASES.map((phase) => {
        const flowing = kind === 'production' ? own : own.filter(({ reservoir }) => reservoir[phase] > 0);
        return [phase, sparse(flowing.map((flow) => [flow.cell, valueOf(phase, flow)]), shape, absent)];
      }))];
    })));
}

/**
 * Perforations of one cell count together, as far as they flow; of pressures the last stands.
 * @param {(readonly [readonly number[], number])[]} values
 * @param {readonly number[]} shape
 * @param {number} absent
 */
function sparse(values, shape, absent) {
  /** @type {Map<string, [readonly number[], number]>} */
  const cells = new Map();
  for (const [cell, value] of values) {
    if (absent === 0 && value === 0) continue;
    const before = absent === 0 ? cells.get(String(cell))?.[1] ?? 0 : 0;
    cells.set(String(cell), [cell, before + value]);
  }
  return SparseTensor.of({ shape, entries: cells.values(), default: absent });
}
