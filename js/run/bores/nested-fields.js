// SPDX-License-Identifier: MIT
// What becomes of the fields within a BORES configuration's timer, wells, controls and saturation functions
// (docs/simulation.md has them all): some are read, some choose how BORES computes, some say where BORES stands; any
// other is named.

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

/** Read by timer.js. */
const TIMER = new Set(['initial_step_size', 'maximum_step_size', 'max_step_size', 'minimum_step_size', 'min_step_size',
  'simulation_time', 'maximum_steps', 'max_steps', 'maximum_growth_per_step', 'max_growth_per_step',
  'use_constant_step_size', 'elapsed_time']);

/** How BORES's own control finds the length of a step. */
const STEP_CONTROL = new Set(['max_cfl_number', 'maximum_cfl', 'cfl_safety_margin', 'ramp_up_factor', 'backoff_factor',
  'aggressive_backoff_factor', 'maximum_absolute_oil_mbe', 'maximum_absolute_water_mbe', 'maximum_absolute_gas_mbe',
  'maximum_total_absolute_mbe', 'maximum_relative_oil_mbe', 'maximum_relative_water_mbe',
  'maximum_relative_gas_mbe', 'maximum_total_relative_mbe', 'use_mbe_for_step_size', 'maximum_rejections',
  'max_rejects', 'step_size_smoothing', 'growth_cooldown_steps', 'failure_memory_window', 'metrics_history_size']);

/** Where a timer stands: a run begins anew. */
const PROGRESS = new Set(['step', 'step_size', 'next_step_size', 'ema_step_size', 'last_step_failed', 'rejection_count',
  'steps_since_last_failure', 'last_successful_step_size', 'recent_metrics', 'failed_step_sizes']);

/** Read by wells.js. */
const WELL = new Set(['name', 'perforating_intervals', 'radius', 'control', 'skin_factor', 'orientation', 'is_active',
  'injected_fluid']);

/** What a well produces is what is in its cells. */
const WELL_IDLE = new Set(['produced_fluids']);

/** Of an injected fluid, read by wells.js. */
const FLUID = new Set(['name', 'phase', 'is_miscible']);

/** An injected phase is the reservoir's own, with its tables. */
const FLUID_IDLE = new Set(['pvt_table', 'pseudo_pressure_table', 'specific_gravity', 'molecular_weight', 'salinity',
  'todd_longstaff_omega', 'minimum_miscibility_pressure', 'miscibility_transition_width', 'concentration', 'density',
  'viscosity']);

/** Read by controls.js. */
const CONTROL = new Set(['bhp', 'target_rate', 'bhp_limit', 'target_phase', 'clamp', 'control', 'controlling_phase',
  'oil_control', 'gas_control', 'water_control']);

/** Which of them a control of a sort looks at. */
const CONTROL_OF = /** @type {Record<string, string[]>} */ ({
  bhp_control: ['bhp', 'clamp'],
  producer_rate_control: ['control', 'controlling_phase', 'clamp'],
  multi_phase_rate_control: ['oil_control', 'gas_control', 'water_control', 'clamp'],
});
const RATE_CONTROL = ['target_rate', 'bhp_limit', 'target_phase', 'clamp'];

/** Of a clamp, read by controls.js. */
const CLAMP = new Set(['value', 'rate', 'bhp']);

/** @param {Tree} timer @param {Problems} problems */
export function checkTimer(timer, problems) {
  const own = Object.keys(timer).filter((name) => STEP_CONTROL.has(name) && timer[name] !== null);
  if (own.length > 0) {
    problems.remark('config.timer', `${own.join(', ')}: how BORES finds the length of a step, which has no `
      + 'meaning here');
  }
  nameOthers(timer, 'config.timer', [TIMER, STEP_CONTROL, PROGRESS], problems);
}

/** @param {Tree} well @param {string} path @param {Problems} problems */
export const checkWell = (well, path, problems) => nameOthers(well, path, [WELL, WELL_IDLE], problems);

/** @param {Tree} clamp @param {string} path @param {Problems} problems */
export const checkClamp = (clamp, path, problems) => nameOthers(clamp, path, [CLAMP], problems);

/**
 * @param {string} tag
 * @param {Tree} control
 * @param {string} path
 * @param {Problems} problems
 */
export function checkControl(tag, control, path, problems) {
  const looked = CONTROL_OF[tag] ?? RATE_CONTROL;
  for (const name of idleOf(control, CONTROL)) {
    if (!looked.includes(name)) problems.remark(`${path}.${name}`, `it has no effect in a ${tag}`);
  }
  nameOthers(control, path, [CONTROL], problems);
}

/** @param {Tree} fluid @param {string} path @param {Problems} problems */
export function checkFluid(fluid, path, problems) {
  const own = idleOf(fluid, FLUID_IDLE);
  if (own.length > 0) {
    problems.remark(path, `${own.join(', ')}: an injected phase is the reservoir's own, with its tables`);
  }
  nameOthers(fluid, path, [FLUID, FLUID_IDLE], problems);
}

/**
 * Those of a map's fields that say something.
 * @param {Tree} map
 * @param {Set<string>} names
 */
export const idleOf = (map, names) => Object.keys(map).filter((name) => names.has(name) && map[name] != null);

/**
 * @param {Tree} map
 * @param {string} path
 * @param {readonly Set<string>[]} known
 * @param {Problems} problems
 */
export function nameOthers(map, path, known, problems) {
  for (const name of Object.keys(map)) {
    if (!known.some((names) => names.has(name))) problems.remark(`${path}.${name}`, 'this field is not known');
  }
}
