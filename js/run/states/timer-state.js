// SPDX-License-Identifier: MIT
// BORES's `timer_state`: the configured timer, and where it is.

import { SECONDS_PER_DAY } from '../bores/trees.js';

/** @import { Tree } from '../bores/trees.js' */

/**
 * The timer of a model that has none of BORES's, with BORES's defaults.
 * @param {number} end  s
 * @param {boolean} newest
 * @returns {Tree}
 */
export function makeTimer(end, newest) {
  const short = newest ? 'minimum' : 'min', long = newest ? 'maximum' : 'max';
  return {
    initial_step_size: SECONDS_PER_DAY, [`${long}_step_size`]: end, [`${short}_step_size`]: 1,
    simulation_time: end, [newest ? 'maximum_cfl' : 'max_cfl_number']: 0.9,
    cfl_safety_margin: newest ? 0.95 : 0.85, ramp_up_factor: null, backoff_factor: 0.5,
    aggressive_backoff_factor: 0.25, [newest ? 'maximum_steps' : 'max_steps']: null,
    [newest ? 'maximum_rejections' : 'max_rejects']: 10,
    [newest ? 'maximum_growth_per_step' : 'max_growth_per_step']: 1.3,
    step_size_smoothing: 0.2, growth_cooldown_steps: 5, failure_memory_window: 5,
    metrics_history_size: 10, use_constant_step_size: false,
  };
}

/**
 * @param {Tree} timer   of the configuration
 * @param {Tree} record  the simulator's
 * @param {number} time  s
 * @param {boolean} newest
 */
export function timerState(timer, record, time, newest) {
  const size = record.step_size * SECONDS_PER_DAY || timer.initial_step_size;
  const next = record.next_step_size * SECONDS_PER_DAY;
  return {
    ...timer,
    elapsed_time: time, step: record.step, step_size: size, next_step_size: next, ema_step_size: next,
    last_step_failed: false, rejection_count: 0,
    steps_since_last_failure: record.step, ...(newest && { last_successful_step_size: size }),
    recent_metrics: [], failed_step_sizes: [],
  };
}
