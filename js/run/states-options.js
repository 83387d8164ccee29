// SPDX-License-Identifier: MIT
// The options of Run.states(), complete and checked.

import { BoresError } from '../core/errors.js';
import { checkName } from './run-options.js';

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

const NAMES = ['signal', 'onProgress', 'worker', 'until'];

/**
 * @param {StatesOptions} options
 * @returns {StatesOptions & { worker: boolean }}
 * @throws {BoresError} ERR_ARGUMENT
 */
export function checkStatesOptions(options) {
  for (const name of Object.keys(options)) checkName(name, NAMES, 'states()');
  const { until, onProgress, worker = true } = options;
  if (until !== undefined && typeof until !== 'function' && !(typeof until === 'number' && until >= 0)) {
    throw new BoresError('ERR_ARGUMENT', `until is a day or a function, not ${String(until)}`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new BoresError('ERR_ARGUMENT', `onProgress is a function, not ${String(onProgress)}`);
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
