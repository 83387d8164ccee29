// SPDX-License-Identifier: MIT
// What the states of a neutral model's run have in common.

import { beginHistory, faceTransmissibilities } from '../states/state-builder.js';
import { makeTimer } from '../states/timer-state.js';
import { boresModel } from './bores-model.js';
import { boresWells } from './bores-wells.js';
import { expandCells } from './cells.js';
import { settingsOn, withHappened } from './schedule.js';

/**
 * @import { Template } from '../states/state-builder.js'
 * @import { WellEvent } from '../../simulation/events.js'
 * @import { Tree } from '../bores/trees.js'
 */

/** °F of a model that says none; nothing here depends on it but Z. */
const TEMPERATURE = 200;
const SECONDS_PER_DAY = 86_400;

/**
 * @param {Tree} model
 * @param {readonly WellEvent[]} events
 * @param {Tree} statics   the simulator's
 * @param {number} endDay
 * @param {boolean} newest
 * @returns {Template}
 */
export function neutralTemplate(model, events, statics, endDay, newest) {
  const { grid } = model;
  const shape = [grid.nx, grid.ny, grid.nz];
  const active = Float64Array.from(statics.active.data);
  const zeros = expandCells(0, shape, 0);
  const schedule = model.schedule ?? [];
  return {
    newest, shape, density: model.density,
    model: boresModel(model, { depth: statics.depth, active }, newest),
    fluids: {
      temperature: expandCells(model.temperature, shape, TEMPERATURE), salinity: zeros, zeros,
      density: model.density, gasName: newest ? 'Methane' : 'methane', active,
    },
    wells: (day, happened) => boresWells(model.wells ?? [],
      settingsOn(withHappened(schedule, events, happened), day), model.density, newest),
    timer: makeTimer(endDay * SECONDS_PER_DAY, newest),
    marks: [...(model.report_days ?? []), endDay].map((day) => day * SECONDS_PER_DAY),
    transmissibilities: newest ? faceTransmissibilities(statics, shape) : null,
    history: beginHistory(zeros, zeros, newest),
  };
}
