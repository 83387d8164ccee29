// SPDX-License-Identifier: MIT
// A change of wells at a day, for a run that branches off another.

import { BoresError } from '../core/errors.js';
import { checkOptions } from '../core/options.js';

/**
 * @import { WellChange, WellEvent } from '../simulation/events.js'
 * @import { RunCase } from './run-case.js'
 *
 * @typedef {object} Branch
 * @property {number} day
 * @property {{ [well: string]: WellChange }} wells  as in a neutral model's schedule: `status`, `control`,
 *   limits; what is not said stays, but a control opens the well and replaces its limits
 */

const SECONDS_PER_DAY = 86_400;

/**
 * @param {Branch} change
 * @param {RunCase} runCase
 * @returns {WellEvent[]}
 * @throws {BoresError} ERR_ARGUMENT naming the wells that there are
 */
export function branchEvents(change, { model, events }) {
  checkOptions('withChange()', change, { day: 'number', wells: 'object' });
  const { day, wells } = change ?? {};
  if (typeof day !== 'number' || !(day >= 0)) {
    throw new BoresError('ERR_ARGUMENT', `a change has a day, not ${String(day)}`);
  }
  if (Object.keys(wells ?? {}).length === 0) {
    throw new BoresError('ERR_ARGUMENT', 'a change has wells: { NAME: { … } }');
  }
  const names = (model.wells ?? []).map((/** @type {any} */ { name }) => name);
  return Object.entries(wells).map(([well, what], i) => {
    if (!names.includes(well)) {
      throw new BoresError('ERR_ARGUMENT', `there is no well '${well}', only ${names.join(', ') || 'none'}`);
    }
    return { id: `change/${events.length + i}`, well, when: { time: day * SECONDS_PER_DAY }, change: what };
  });
}
