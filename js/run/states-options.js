// SPDX-License-Identifier: MIT
// The options of Run.states(), complete and checked.

import { BoresError } from '../core/errors.js';
import { checkOptions } from '../core/options.js';

/**
 * @import { ModelState } from '../state/model-state.js'
 * @import { Progress } from '../simulation/simulation.js'
 *
 * @typedef {object} StatesOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress]  while it computes, and with each state
 * @property {boolean} [worker]  default true: in a worker, where there can be one
 * @property {number | ((state: ModelState) => boolean)} [until]  the last state is the first of that day or
 *   later, or the first for which it is true
 */

const KNOWN = { signal: 'signal', onProgress: 'function', worker: 'boolean', until: 'number|function' };

/**
 * @param {StatesOptions} options
 * @returns {StatesOptions & { worker: boolean }}
 * @throws {BoresError} ERR_ARGUMENT
 */
export function checkStatesOptions(options) {
  checkOptions('states()', options, KNOWN);
  const { until, worker = true } = options;
  if (typeof until === 'number' && !(until >= 0)) {
    throw new BoresError('ERR_ARGUMENT', `until is a day or a function, not ${until}`);
  }
  return { ...options, worker };
}

/**
 * @param {StatesOptions['until']} until
 * @param {ModelState} state
 */
export function isEnough(until, state) {
  if (until === undefined) return false;
  return typeof until === 'function' ? until(state) : state.timeInDays >= until * (1 - 1e-12);
}
