// SPDX-License-Identifier: MIT
// A neutral model's schedule: how the wells are set on a day.

/**
 * @import { Tree } from '../bores/trees.js'
 * @import { WellChange } from '../../simulation/events.js'
 */

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
      settings[name] = { ...(change.control === undefined ? settings[name] : {}), ...change };
    }
  }
  return settings;
}
