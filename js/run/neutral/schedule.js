// SPDX-License-Identifier: MIT
// A neutral model's schedule: how the wells are set on a day.

import { settingAfter } from '../../simulation/events.js';

/**
 * @import { Tree } from '../bores/trees.js'
 * @import { WellChange, WellEvent } from '../../simulation/events.js'
 */

const SECONDS_PER_DAY = 86_400;

/**
 * @param {readonly { day: number, wells: { [name: string]: WellChange } }[]} schedule
 * @param {number} day
 * @returns {{ [well: string]: WellChange }}  what has been said of each by then; wells that are not
 *   named are shut
 */
export function settingsOn(schedule, day) {
  /** @type {{ [well: string]: WellChange }} */
  const settings = Object.create(null);
  for (const entry of [...schedule].sort((a, b) => a.day - b.day)) {
    if (entry.day > day * (1 + 1e-12) + 1e-12) break;
    for (const [name, change] of Object.entries(entry.wells ?? {})) {
      settings[name] = settingAfter(settings[name], change);
    }
  }
  return settings;
}

/**
 * A schedule with changes that have happened: those of a day come after its entries.
 * @param {readonly { day: number, wells: { [name: string]: WellChange } }[]} schedule
 * @param {readonly WellEvent[]} events
 * @param {readonly string[]} happened  ids
 */
export function withHappened(schedule, events, happened) {
  const changes = events.filter(({ id }) => happened.includes(id)).map(({ well, when, change }) =>
    ({ day: (when.time ?? 0) / SECONDS_PER_DAY, wells: { [well]: change } }));
  return [...schedule, ...changes];
}
