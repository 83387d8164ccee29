// SPDX-License-Identifier: MIT
// BORES's timer: how long a run is, and its steps.

import { checkTimer } from './nested-fields.js';
import { SECONDS_PER_DAY, firstOf, needNumber } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 *
 * @typedef {object} Timer
 * @property {number} end           s
 * @property {number} [maximumSteps]
 * @property {Tree} options         of the simulator
 */

/** Steps no longer than this growth allows; BORES's own default. */
const GROWTH = 1.3;
/** How fast a constant step is regained after one that had to be cut. */
const RECOVERY = 2;

/**
 * An implicit step is bounded neither by a CFL number nor by what BORES's control makes of it: only
 * the first, the shortest and the longest step and the growth are taken over.
 *
 * @param {Tree} config
 * @param {Problems} problems
 * @returns {Timer}
 */
export function translateTimer(config, problems) {
  const timer = config.timer ?? {};
  if (config.timer == null) problems.invalid('config.timer', 'a run needs one');
  checkTimer(timer, problems);
  const step = (/** @type {string} */ name, /** @type {...string} */ ...names) =>
    needNumber(problems, `config.timer.${name}`, firstOf(timer, name, ...names), { above: 0 });
  const end = step('simulation_time');
  const first = step('initial_step_size');
  const longest = step('maximum_step_size', 'max_step_size');
  const shortest = step('minimum_step_size', 'min_step_size');
  if (shortest > longest) {
    problems.invalid('config.timer.minimum_step_size',
      `${shortest} s is more than the maximum, ${longest} s`);
  }
  const constant = timer.use_constant_step_size === true || shortest === longest;
  const growth = constant ? RECOVERY : needNumber(problems, 'config.timer.maximum_growth_per_step',
    firstOf(timer, 'maximum_growth_per_step', 'max_growth_per_step') ?? GROWTH, { least: 1 });
  if (Number(timer.elapsed_time ?? 0) > 0) {
    problems.remark('config.timer.elapsed_time', 'a run begins at 0; Run.fromState() continues one');
  }
  const most = firstOf(timer, 'maximum_steps', 'max_steps');
  return {
    end,
    ...(most !== undefined && {
      maximumSteps: needNumber(problems, 'config.timer.maximum_steps', most, { least: 1 }) }),
    options: {
      initial_step: first / SECONDS_PER_DAY,
      maximum_step: (constant ? first : longest) / SECONDS_PER_DAY,
      minimum_step: Math.min(shortest, first) / SECONDS_PER_DAY,
      maximum_growth: growth,
      days: end / SECONDS_PER_DAY,
    },
  };
}
