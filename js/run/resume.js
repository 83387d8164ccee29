// SPDX-License-Identifier: MIT
// A run from a state of another.

import { ModelState } from '../state/model-state.js';
import { BoresError } from '../core/errors.js';
import { boresInput, treeOf } from './input-files.js';
import { boresCase, isNeutral, neutralCase } from './run-case.js';
import { readSolverState } from './solver-state.js';

/**
 * @import { RunCase } from './run-case.js'
 * @import { RunOptions } from './run-options.js'
 * @import { Resumed } from './run.js'
 * @import { Tree } from './bores/trees.js'
 */

const SECONDS_PER_DAY = 86_400;

/**
 * @param {ModelState | Tree} given
 * @param {any} config   BORES's, with or without its tables; a neutral model; a run's case
 * @param {RunOptions} [options]
 * @returns {{ runCase: RunCase, resumed: Resumed }}
 */
export function resumeFrom(given, config, options) {
  const state = given instanceof ModelState ? given.toTree() : treeOf(given, 'state');
  const { fluids } = readSolverState(state?.solver_state);
  const resumed = { day: Number(state.time) / SECONDS_PER_DAY, solverState: state.solver_state,
    history: state.model?.saturation_history ?? state.model?.hysteresis_state };
  return { runCase: caseOf(state, config, options, fluids), resumed };
}

/**
 * @param {Tree} state
 * @param {any} config
 * @param {RunOptions} [options]
 * @param {Tree} [fluids]
 * @returns {RunCase}
 */
function caseOf(state, config, options, fluids) {
  if (typeof config !== 'object' || config === null) {
    throw new BoresError('ERR_ARGUMENT', 'Run.fromState(state, config) needs the configuration too: BORES\'s, '
      + `{ config, pvtTable }, the neutral model or the Run, not ${String(config)}`);
  }
  if (config.clock !== undefined && config.template !== undefined) return config; // a run's own
  if (isNeutral(config)) return neutralCase(config, options ?? {});
  const { pvtTable, pvtTables, pvtData, config: inner } = config;
  const input = boresInput({ model: state.model, config: inner ?? config, pvtTable, pvtTables, pvtData });
  return boresCase(input, options ?? {}, [], fluids);
}
