// SPDX-License-Identifier: MIT
// When a run's states are due. A model of its own has report days; a BORES run has every n-th step and
// an end, in seconds.

const SECONDS_PER_DAY = 86_400;
/** Days are sums of steps: less than this much of one is no time at all. */
const ROUNDING = 1e-9;

/**
 * @typedef {object} Clock
 * @property {number} [end]    s; absent: the model's last report day
 * @property {number} [every]  states are due each so many steps, and the first; absent: on report days
 * @property {number} [maximumSteps]
 *
 * @typedef {{ step: number, day: number, isReport: boolean }} Moment
 */

/**
 * @param {Clock} clock
 * @param {number} lastDay  of the model's reports
 */
export function endDay({ end }, lastDay) {
  return end === undefined ? lastDay : end / SECONDS_PER_DAY;
}

/**
 * @param {Clock} clock
 * @param {number} lastDay
 * @param {Moment} moment
 */
export function isOver(clock, lastDay, { step, day }) {
  const last = endDay(clock, lastDay);
  return step >= (clock.maximumSteps ?? Infinity)
    || day >= last - ROUNDING * Math.max(1, Math.abs(last));
}

/**
 * @param {Clock} clock
 * @param {number} lastDay
 * @param {Moment} moment
 */
export function isDue(clock, lastDay, moment) {
  const { step, isReport } = moment;
  if (step === 0 || isOver(clock, lastDay, moment)) return true;
  return clock.every === undefined ? isReport : step === 1 || step % clock.every === 0;
}

/**
 * Seconds of a day, as the user wrote them where that is what rounding changed.
 * @param {number} day
 * @param {readonly number[]} marks  s
 */
export function secondsOf(day, marks) {
  const seconds = day * SECONDS_PER_DAY;
  return marks.find((mark) => Math.abs(mark - seconds) <= ROUNDING * Math.max(1, mark)) ?? seconds;
}
