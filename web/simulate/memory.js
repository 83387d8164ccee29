// SPDX-License-Identifier: MIT
// What the runs that this browser simulated were made of, so that they can go on.

/**
 * @typedef {object} Remembered
 * @property {string} scenario
 * @property {Record<string, number>} values
 * @property {readonly { day: number, wells: Record<string, any> }[]} changes
 * @property {string | null} from   the run that it branches off
 * @property {boolean} finished
 */

const KEY = 'bores-simulations';
/** Older ones are forgotten; their stores stay. */
const MOST = 50;

/** @returns {Record<string, Remembered>} */
export function allRemembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return {}; // a page that may store nothing, or what someone else has written
  }
}

/** @param {string} name @returns {Remembered | undefined} */
export function recall(name) {
  const all = allRemembered();
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

/** @param {string} name @param {Remembered} made */
export function remember(name, made) {
  const { [name]: _, ...others } = allRemembered();
  keep(Object.fromEntries([...Object.entries(others), [name, made]].slice(-MOST)));
}

/** @param {string} name */
export function forget(name) {
  const { [name]: _, ...others } = allRemembered();
  keep(others);
}

/** @param {Record<string, unknown>} all */
function keep(all) {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch { /* then it cannot go on after a reload */ }
}
