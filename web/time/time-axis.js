// SPDX-License-Identifier: MIT
// Steps along time: where each of them lies, which is nearest, how long it lasts in playback.

import { formatDays, formatNumber } from '../plot/scale.js';

/** @typedef {import('../model/run.js').Run} Run */
/** @typedef {Readonly<import('../model/state.js').ViewerState>} ViewerState */

const DAY = 86_400;
const YEAR = 365.25;

/**
 * Times of all steps, seconds.
 * @param {Run | null} run
 * @returns {number[] | null}  null: they are not all known yet, or do not go forward
 */
export function timesOf(run) {
  const times = (run?.steps ?? []).map(({ time }) => time ?? NaN);
  const forward = times.every((time, n) => !Number.isNaN(time) && (n === 0 || time >= times[n - 1]));
  return forward && times.length > 1 && times[times.length - 1] > times[0] ? times : null;
}

/**
 * 'step 4', and where a run holds some of the simulator's steps, which have numbers of their own, 'state 4'.
 * @param {readonly { step: number | null }[]} steps
 * @param {number} n
 */
export function stepName(steps, n) {
  return `${(steps[n]?.step ?? n) === n ? 'step' : 'state'} ${n}`;
}

/**
 * 'step 4 · 640 days'
 * @param {readonly { step: number | null, time: number | null }[]} steps
 * @param {number} n
 */
export function stepAndDay(steps, n) {
  const time = steps[n]?.time ?? null;
  return stepName(steps, n) + (time === null ? '' : ` · ${formatDays(time)}`);
}

/** Whether time goes by in the slider and in playback now. @param {ViewerState} state */
export function goesByTime({ byTime, run }) {
  return byTime && timesOf(run) !== null;
}

/**
 * Which of them is nearest; of two that are as near the earlier.
 * @param {readonly number[]} times
 * @param {number} time
 */
export function nearest(times, time) {
  let best = 0;
  times.forEach((other, n) => { if (Math.abs(other - time) < Math.abs(times[best] - time)) best = n; });
  return best;
}

/**
 * How long a step stays in playback: all equally long, or as long as it lasts in the run.
 * @param {ViewerState} state
 * @param {number} from  index of the step
 * @param {number} to    of the one after it
 * @returns {number}  ms
 */
export function pauseOf(state, from, to) {
  const usual = 1000 / state.speed;
  const times = state.byTime ? timesOf(state.run) : null;
  if (!times || to <= from) return usual;
  return usual * (times[to] - times[from]) / meanStep(times);
}

/** What a speed means: '5/s', or '13.6 d/s' by time. @param {ViewerState} state @param {number} speed */
export function speedText(state, speed) {
  const times = state.byTime ? timesOf(state.run) : null;
  if (!times) return `${speed}/s`;
  const days = speed * meanStep(times) / DAY;
  return days < YEAR ? `${formatNumber(days, 2)} d/s` : `${formatNumber(days / YEAR, 2)} yr/s`;
}

/** @param {readonly number[]} times */
function meanStep(times) {
  return (times[times.length - 1] - times[0]) / (times.length - 1);
}
