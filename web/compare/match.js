// SPDX-License-Identifier: MIT
// Which state of one run belongs to a step of another: the nearest in time, by date where both have one. How
// far it is away is always known, and told.

import { formatDays } from '../plot/scale.js';
import { dateIn } from '../time/dates.js';
import { nearest } from '../time/time-axis.js';

/** @typedef {{ readonly time: number | null }} Timed */

/**
 * @typedef {object} Match
 * @property {number} step  index in the other run
 * @property {number} gap   seconds that it is later; NaN: times are not known, and it is the state of that number
 */

/** Of a day: times that were days once are not exact. */
const SLACK = 1;

/**
 * @param {readonly Timed[]} steps   of the run whose steps are gone through
 * @param {readonly Timed[]} others  of the one that is compared
 * @param {number} [shift]           seconds that the other's day 0 is later; 0 where a date is not known
 * @returns {Match[]}  one a step
 */
export function matchSteps(steps, others, shift = 0) {
  const times = others.map(({ time }) => (time === null ? NaN : time + shift));
  const known = times.every((time) => !Number.isNaN(time));
  return steps.map(({ time }, n) => {
    if (!known || time === null) return { step: Math.min(n, others.length - 1), gap: NaN };
    const step = nearest(times, time);
    const gap = times[step] - time;
    return { step, gap: Math.abs(gap) < SLACK ? 0 : gap };
  });
}

/** How much later another run's day 0 was. @param {string} start @param {string} other @returns {number}  seconds */
export function shiftOf(start, other) {
  const shift = (dateIn(other) - dateIn(start)) / 1000;
  return Number.isNaN(shift) ? 0 : shift;
}

/** '1.5 days later', '' where nothing is between them. @param {Match} match */
export function gapText({ gap }) {
  if (Number.isNaN(gap)) return 'by its place in the row: times are not known';
  if (gap === 0) return '';
  return `${formatDays(Math.abs(gap))} ${gap > 0 ? 'later' : 'earlier'}`;
}

/**
 * Why cells of two grids are not the same places.
 * @param {any} a  of model/grid.js, or of another kind of grid with shape and bounds
 * @param {any} b
 * @returns {string}  '' where they are
 */
export function misfitOf(a, b) {
  const sizes = [a, b].map(({ shape }) => shape.join(' × '));
  if (sizes[0] !== sizes[1]) return `its grid has ${sizes[1]} cells, and not ${sizes[0]}`;
  const corners = [a, b].map(({ bounds: { min, max, depthOfZero } }) => [...min, ...max, depthOfZero]);
  const size = Math.max(...corners[0].map(Math.abs), 1);
  const apart = corners[0].findIndex((n, at) => Math.abs(n - corners[1][at]) > TOLERANCE * size);
  if (apart >= 0) return 'its cells are as many, but lie elsewhere or are of another size';
  const heights = [a.thickness, b.thickness];
  if (!heights[0] || !heights[1]) return '';
  for (let n = 0; n < heights[0].length; n += 1) {
    const [one, other] = [heights[0][n], heights[1][n]];
    const same = Math.abs(one - other) <= TOLERANCE * Math.max(one, other) || !(one > 0 && other > 0);
    if (!same) return `cell ${a.cellOf(n).join(', ')} is not as thick there`;
  }
  return '';
}

/** Of lengths: one run may be in single, the other in double precision. */
const TOLERANCE = 1e-5;
