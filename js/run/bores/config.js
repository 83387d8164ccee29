// SPDX-License-Identifier: MIT
// What of a BORES configuration is simulated, what does not matter, and what is refused. Every field that
// has no effect here is named when it is met with another value than BORES's own.

import { firstOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

/** Read by the files beside this one. */
const HONOURED = new Set([
  'timer', 'rock_fluid_tables', 'wells', 'well_schedules', 'boundary_conditions', 'output_frequency',
  'capillary_strength_factor', 'disable_capillary_effects', 'disable_structural_dip', 'miscibility_model',
  'enable_hysteresis', 'freeze_saturation_pressure', 'minimum_injector_gas_saturation',
  'minimum_injector_water_saturation', 'pvt_tables', 'scheme',
]);

/** Choices of how BORES solves its equations, or what it logs. */
const NUMERICAL = new Set([
  'pressure_convergence_tolerance', 'saturation_convergence_tolerance', 'transport_convergence_tolerance',
  'convergence_tolerance', 'max_iterations', 'maximum_solver_iterations', 'relative_mobility_range',
  'total_compressibility_range', 'saturation_cfl_threshold', 'pressure_cfl_threshold', 'cfl_threshold',
  'warn_well_anomalies', 'log_interval', 'pressure_solver', 'saturation_solver', 'transport_solver',
  'pressure_preconditioner', 'saturation_preconditioner', 'transport_preconditioner', 'iterative_solver',
  'preconditioner', 'phase_appearance_tolerance', 'max_oil_saturation_change',
  'max_water_saturation_change', 'max_gas_saturation_change', 'max_pressure_change',
  'maximum_oil_saturation_change', 'maximum_water_saturation_change', 'maximum_gas_saturation_change',
  'maximum_pressure_change', 'use_nonlinear_pressure_solve', 'maximum_newton_iterations', 'newton_tolerance',
  'maximum_line_search_cuts', 'saturation_jacobian_assembly_method', 'maximum_newton_saturation_change',
  'newton_stagnation_patience', 'newton_stagnation_improvement_threshold',
  'newton_weak_problem_saturation_threshold', 'maximum_picard_iterations', 'picard_tolerance',
  'saturation_change_violation_tolerance', 'normalize_saturations', 'capture_timer_state',
  'impes_cfl_threshold', 'constants', 'use_pseudo_pressure',
]);

/** Only with hysteresis. */
const HYSTERESIS = new Set(['residual_oil_drainage_ratio_water_flood',
  'residual_oil_drainage_ratio_gas_flood', 'residual_gas_drainage_ratio']);

const SCHEMES = new Set(['impes', 'explicit', 'implicit', 'sequential-implicit', 'si',
  'full-sequential-implicit', 'full-si', 'fully-implicit', 'fim']);

/**
 * @param {Tree} config
 * @param {Problems} problems
 */
export function checkConfig(config, problems) {
  refuse(config, problems);
  const scheme = firstOf(config, 'scheme') ?? 'impes';
  if (!SCHEMES.has(String(scheme))) {
    problems.invalid('config.scheme', `there is no scheme '${scheme}'`);
  }
  problems.remark('config.scheme', `'${scheme}' is solved fully implicitly: no CFL number bounds a step`);
  const numerical = Object.keys(config).filter((name) => NUMERICAL.has(name));
  if (numerical.length > 0) {
    problems.remark('config', `${numerical.join(', ')}: how BORES solves its equations, which has no `
      + 'meaning here');
  }
  const drainage = Object.keys(config).filter((name) => HYSTERESIS.has(name));
  if (drainage.length > 0) {
    problems.remark('config', `${drainage.join(', ')}: residual saturations stay as the model has them, `
      + 'there is no hysteresis');
  }
  for (const name of Object.keys(config)) {
    if (!HONOURED.has(name) && !NUMERICAL.has(name) && !HYSTERESIS.has(name)) {
      problems.remark(`config.${name}`, 'this field is not known');
    }
  }
}

/**
 * @param {Tree} config
 * @param {Problems} problems
 */
function refuse(config, problems) {
  const { miscibility_model: miscibility = 'immiscible', enable_hysteresis: hysteresis } = config;
  if (miscibility !== 'immiscible') {
    problems.unsupported('config.miscibility_model', `'${miscibility}' is not simulated, only 'immiscible'`);
  }
  if (hysteresis === true) {
    problems.unsupported('config.enable_hysteresis', 'hysteresis is not simulated');
  }
  if (config.freeze_saturation_pressure === true) {
    problems.unsupported('config.freeze_saturation_pressure',
      'a bubble point that does not change with the dissolved gas is not simulated');
  }
  for (const phase of ['gas', 'water']) {
    const name = `minimum_injector_${phase}_saturation`;
    if (firstOf(config, name) !== undefined) {
      problems.remark(`config.${name}`, "an injector's mobility is its cell's total one, which needs no floor");
    }
  }
}
