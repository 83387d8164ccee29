// SPDX-License-Identifier: MIT
// The options of a run, complete and checked.

import { BoresError } from '../core/errors.js';
import { checkOptions } from '../core/options.js';

/**
 * @typedef {object} RunOptions
 * @property {'adaptive' | 'report'} [steps]  'report': one implicit step from report to report, where it
 *   converges
 * @property {number} [maximumStep]  days
 * @property {'guide' | 'head'} [layout]  which BORES's states a neutral model gives; default 'guide'
 * @property {string} [scheme]       BORES's name of one; all are solved fully implicitly
 * @property {number} [newton_tolerance]
 * @property {number} [maximum_newton_iterations]
 * @property {number} [maximum_solver_iterations]
 * @property {number} [pressure_convergence_tolerance]
 * @property {number} [transport_convergence_tolerance]
 * @property {number} [initialStep]  days
 * @property {number} [minimumStep]  days
 * @property {number} [materialBalanceTolerance]
 * @property {number} [targetSaturationChange]  of a step
 * @property {number} [targetPressureChange]    psi
 * @property {number} [maximumCuts]  of one step
 */

/** The simulator's names of them. */
const NUMBERS = /** @type {Record<string, string>} */ ({
  maximumStep: 'maximum_step', initialStep: 'initial_step', minimumStep: 'minimum_step',
  newton_tolerance: 'cnv_tolerance', maximum_newton_iterations: 'maximum_newton_iterations',
  maximum_solver_iterations: 'maximum_linear_iterations',
  pressure_convergence_tolerance: 'linear_tolerance', transport_convergence_tolerance: 'linear_tolerance',
  materialBalanceTolerance: 'mb_tolerance', targetSaturationChange: 'target_saturation_change',
  targetPressureChange: 'target_pressure_change', maximumCuts: 'maximum_cuts',
});

const CHOICES = /** @type {Record<string, readonly string[]>} */ ({
  steps: ['adaptive', 'report'], layout: ['guide', 'head'],
  scheme: ['impes', 'explicit', 'implicit', 'sequential-implicit', 'si', 'full-sequential-implicit',
    'full-si', 'fully-implicit', 'fim'],
});

/** @type {import('../core/options.js').Known} */
const KNOWN = {
  ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, 'number'])),
  ...Object.fromEntries(Object.entries(CHOICES).map(([name, words]) => [name, `'${words.join("'|'")}'`])),
  signal: 'signal',
};

/**
 * @param {unknown} options
 * @returns {RunOptions & { signal?: AbortSignal }}
 * @throws {BoresError} ERR_ARGUMENT
 */
export function checkRunOptions(options) {
  checkOptions('a run', options, KNOWN);
  const given = /** @type {Record<string, unknown>} */ (options ?? {});
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && NUMBERS[name] && !(Number(value) > 0)) {
      throw new BoresError('ERR_ARGUMENT', `${name} is a positive number, not ${String(value)}`);
    }
  }
  return { ...given };
}

/**
 * @param {RunOptions} options
 * @returns {Record<string, unknown>}
 */
export function simulatorOptions(options) {
  const numbers = Object.entries(options).filter(([name, value]) => NUMBERS[name] && value !== undefined)
    .map(([name, value]) => [NUMBERS[name], value]);
  return { ...Object.fromEntries(numbers), ...(options.steps && { steps: options.steps }) };
}
