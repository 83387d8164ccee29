// SPDX-License-Identifier: MIT
// A BORES run (model, configuration, PVT tables) as the problem that the simulator solves.

import { translateBoundaries } from './boundaries.js';
import { checkConfig } from './config.js';
import { translateFluids } from './fluids.js';
import { gridShapeOf, translateGrid, translateRock } from './grid.js';
import { translateInitial } from './initial.js';
import { translateSaturationFunctions } from './saturation.js';
import { translateSchedules } from './schedules.js';
import { translateTimer } from './timer.js';
import { needNumber } from './trees.js';
import { translateWells } from './wells.js';

/**
 * @import { Clock } from '../../simulation/clock.js'
 * @import { WellEvent } from '../../simulation/events.js'
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 *
 * @typedef {object} Translation
 * @property {Tree} model          the simulator's input
 * @property {Clock} clock         when states are due, and when it ends
 * @property {(WellEvent & { update: Tree })[]} events
 */

/**
 * @param {{ model: Tree, config: Tree, pvt?: Tree | null }} input
 * @param {Problems} problems  gets what is wrong and what is left out
 * @returns {Translation | undefined}  undefined where there is no grid to speak of
 */
export function translateBores({ model, config, pvt }, problems) {
  checkConfig(config, problems);
  const shape = gridShapeOf(model, problems);
  if (!shape) return undefined;
  const { end, maximumSteps, options } = translateTimer(config, problems);
  const { wells, start } = translateWells(config, shape, problems);
  const every = needNumber(problems, 'config.output_frequency', config.output_frequency ?? 1, { least: 1 });
  return {
    model: {
      format: 'bores-sim-model/1',
      grid: translateGrid(model, config, shape, problems),
      rock: translateRock(model, shape, problems),
      ...translateFluids(model, pvt, problems),
      ...translateSaturationFunctions(model, config, shape, problems),
      initial: translateInitial(model, shape, problems),
      options: { ...options, drsdt: null },
      ...(wells.length > 0 && { wells, schedule: [{ day: 0, wells: start }] }),
      boundaries: translateBoundaries(config, shape, problems),
    },
    clock: { end, every, ...(maximumSteps !== undefined && { maximumSteps }) },
    events: translateSchedules(config, problems),
  };
}
