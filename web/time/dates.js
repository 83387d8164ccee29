// SPDX-License-Identifier: MIT
// Days as dates: when day 0 of a run was, and what day that makes of a time. All in UTC, so that a day is
// the same one everywhere.

import { EclipseStore } from '../../js/index.js';

/** @typedef {import('../../js/index.js').EntryMeta} EntryMeta */

/** Milliseconds of a day. */
const DAY = 86_400_000;
/** A date as people and other programs write it, the hour only where it is known. */
const WRITTEN = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|\+00:00)?$/;

/** Under which names a run's metadata tell of its first day, and of an entry's own. */
const STARTS = ['start_date', 'startDate', 'start'];
const DATES = ['date', 'datetime'];

/**
 * @param {unknown} text  '2015-01-31', '2015-01-31T06:00:00Z'
 * @returns {number}  milliseconds of 1970; NaN for what is no date
 */
export function dateIn(text) {
  if (typeof text !== 'string' || !WRITTEN.test(text)) return NaN;
  const ms = Date.parse(`${text.replace(' ', 'T').replace(/(Z|\+00:00)$/, '')}${/[T ]/.test(text) ? 'Z' : ''}`);
  // Some browsers take the 31st of February for the 3rd of March.
  return new Date(ms || 0).toISOString().startsWith(text.slice(0, 10)) ? ms : NaN;
}

/** @param {number} ms @returns {string}  '2015-01-31', with the hour where it is not midnight; '' for none */
export function writtenDate(ms) {
  if (!Number.isFinite(ms)) return '';
  return new Date(ms).toISOString().replace(/T00:00:00\.000Z$/, '').replace(/\.000Z$/, 'Z');
}

/**
 * When day 0 of a run was: an ECLIPSE run says it, of BORES's those whose metadata do.
 * @param {unknown} store
 * @param {readonly EntryMeta[]} entries
 * @returns {Promise<string>}  as writtenDate() writes it; '' where it is not known
 */
export async function startDateOf(store, entries) {
  if (store instanceof EclipseStore) return writtenDate(dateIn((await store.info()).startDate));
  const [{ meta, time }] = entries;
  const found = (/** @type {readonly string[]} */ names) =>
    names.map((name) => dateIn(meta?.[name])).find((ms) => !Number.isNaN(ms)) ?? NaN;
  const start = found(STARTS);
  const own = found(DATES) - Number(time ?? meta?.time ?? NaN) * 1000;
  return writtenDate(Number.isNaN(start) ? own : start);
}

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const HOUR = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/**
 * @param {string} start  of the run; '' is not known
 * @param {readonly { time: number | null }[]} steps  of the run, their times in seconds since then
 * @param {number} step   index of the one that is meant
 * @returns {string}  '31 Jan 2015', with the hour where a step beside it has the same day; '' where it is not known
 */
export function dateText(start, steps, step) {
  const first = dateIn(start);
  /** To the minute: what days are counted in is not exact. @param {number} n */
  const at = (n) => Math.round((first + Number(steps[n]?.time ?? NaN) * 1000) / 60_000) * 60_000;
  const ms = at(step);
  if (!(Math.abs(ms) < 8e15)) return '';
  const crowded = [step - 1, step + 1].some((n) => Math.floor(at(n) / DAY) === Math.floor(ms / DAY));
  return (crowded ? HOUR : DATE).format(ms);
}
