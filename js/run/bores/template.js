// SPDX-License-Identifier: MIT
// What the states of a BORES run have in common: the model as it was given, in its own version's names.

import { NdArray } from '../../values/nd-array.js';
import { isMap } from '../../values/paths.js';
import { beginHistory, faceTransmissibilities } from '../states/state-builder.js';
import { expandCells } from '../neutral/cells.js';
import { firstOf, numbersOf } from './trees.js';

/**
 * @import { Template } from '../states/state-builder.js'
 * @import { Translation } from './translate.js'
 * @import { Tree } from './trees.js'
 */

/**
 * Whether a model is of the newest BORES rather than of the guide's.
 * @param {Tree} model
 */
export function isNewest(model) {
  return isMap(model.hysteresis_state)
    || firstOf(model.rock_properties, 'net_to_gross_grid') !== undefined;
}

/**
 * @param {{ model: Tree, config: Tree }} input
 * @param {Translation} translation
 * @param {Tree} statics  the simulator's
 * @param {(happened: readonly string[], wells: readonly Tree[]) => Tree} wells
 * @returns {Template}
 */
export function boresTemplate({ model, config }, { model: problem, clock, events }, statics, wells) {
  const { grid, initial } = problem;
  const shape = [grid.nx, grid.ny, grid.nz];
  const newest = isNewest(model);
  const { fluid_properties: fluids = {}, saturation_history: _, hysteresis_state: __, ...rest } = model;
  const gridOf = (/** @type {string} */ name, /** @type {number} */ fallback) => {
    const data = numbersOf(fluids[name]);
    return data && data.length === statics.active.size ? new NdArray(data, shape)
      : expandCells(undefined, shape, fallback);
  };
  return {
    newest, shape,
    model: { ...rest, grid_shape: shape, cell_dimension: [...(numbersOf(model.cell_dimension) ?? [])] },
    fluids: {
      temperature: gridOf('temperature_grid', 60), salinity: gridOf('water_salinity_grid', 0),
      zeros: expandCells(0, shape, 0), density: problem.density,
      gasName: String(fluids.reservoir_gas ?? (newest ? 'Methane' : 'methane')),
      active: Float64Array.from(statics.active.data),
    },
    density: problem.density,
    wells: (day, happened, current) => wells(happened, current),
    timer: config.timer,
    marks: [clock.end ?? 0, ...events.flatMap(({ when }) => marksOf(when))],
    transmissibilities: newest ? faceTransmissibilities(statics, shape) : null,
    history: historyOf(model) ?? beginHistory(initial.sw, initial.sg, newest),
  };
}

/** @param {Tree} model */
function historyOf(model) {
  const history = model.saturation_history ?? model.hysteresis_state;
  return isMap(history) && history.max_water_saturation_grid && history.max_gas_saturation_grid
    ? { ...history } : undefined;
}

/**
 * @param {import('../../simulation/events.js').Predicate} predicate
 * @returns {number[]}
 */
function marksOf({ time, any = [], all = [], not }) {
  return [...(time === undefined ? [] : [time]), ...[...any, ...all, ...(not ? [not] : [])].flatMap(marksOf)];
}

/**
 * The configured wells, as the events that have happened have left them.
 *
 * @param {Tree | null | undefined} wells  of the configuration
 * @param {readonly { id: string, well: string, update: Tree }[]} updates
 * @param {readonly string[]} happened  ids, in order
 * @returns {Tree}
 */
export function wellsAfter(wells, updates, happened) {
  const base = wells ?? { injection_wells: {}, production_wells: {} };
  if (happened.length === 0) return base;
  const byId = new Map(updates.map((update) => [update.id, update]));
  const changes = /** @type {Map<string, Tree>} */ (new Map());
  for (const id of happened) {
    const found = byId.get(id);
    if (found) changes.set(found.well, { ...changes.get(found.well), ...found.update });
  }
  const group = (/** @type {Tree} */ members = {}, /** @type {string} */ tag) =>
    Object.fromEntries(Object.entries(members).map(([key, item]) => {
      const data = item[tag] ?? item;
      const change = changes.get(String(data.name ?? key));
      return [key, change ? { [tag]: { ...data, ...change } } : item];
    }));
  return { ...base, injection_wells: group(base.injection_wells, 'injection_well'),
    production_wells: group(base.production_wells, 'production_well') };
}
