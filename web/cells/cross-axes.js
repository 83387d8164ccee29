// SPDX-License-Identifier: MIT
// The two axes of a cross-plot: where a value lies along each, logarithmic where the property usually is, and which
// round numbers stand there.

import { h } from '../base/dom.js';
import { unitsOf } from '../plot/metric.js';
import { tickLabels, ticks } from '../plot/scale.js';

/** @typedef {import('../model/state.js').ViewerState} ViewerState */
/** @typedef {import('../model/run.js').Values} Values */

/** Part of the axis that is left beyond the extremes, so that no cell lies on the edge. */
const ROOM = 0.03;

/**
 * @typedef {object} Axis
 * @property {Values} values
 * @property {boolean} log
 * @property {number} first  where it begins, a logarithm where it is logarithmic
 * @property {number} last
 * @property {(value: number) => number} part  where it lies, 0 to 1; NaN: nowhere
 * @property {(part: number) => number} value  what lies there
 * @property {{ at: number, text: string }[]} ticks
 * @property {string} unit  of the ticks
 * @property {(value: number) => number} inUnit
 */

/**
 * @param {Values} values
 * @param {import('../model/properties.js').Drawable | undefined} property
 * @param {boolean} metric
 * @param {number} count  of ticks, about
 * @returns {Axis | null}  null: no cell has a value
 */
function axisOf(values, property, metric, count) {
  const { lo, hi } = values;
  if (!Number.isFinite(lo)) return null;
  const log = property?.log === true && lo > 0 && hi > lo;
  const to = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  const half = hi > lo ? 0 : Math.abs(lo) * 0.1 || 0.5;
  const room = hi > lo ? (to(hi) - to(lo)) * ROOM : 0;
  const first = to(lo) - half - room, last = to(hi) + half + room;
  const value = (/** @type {number} */ part) => {
    const at = first + part * (last - first);
    return log ? 10 ** at : at;
  };
  const part = (/** @type {number} */ wanted) => (to(wanted) - first) / (last - first);
  const { unit, inUnit, fromUnit } = unitsOf(property?.unit ?? '', metric);
  const ends = [inUnit(value(0)), inUnit(value(1))];
  const marks = ticks(Math.min(...ends), Math.max(...ends), { count, log });
  const texts = tickLabels(marks);
  return { values, log, first, last, part, value, unit, inUnit,
    ticks: marks.map((mark, n) => ({ at: part(fromUnit(mark)), text: texts[n] })) };
}

/**
 * @param {Readonly<ViewerState>} state
 * @returns {{ x: Axis, y: Axis, mask: Uint8Array } | null}  null: nothing is plotted
 */
export function crossAxes({ cells, ask: { cross }, run, metric }) {
  const told = cells?.cross;
  if (!told || !cross) return null;
  const x = axisOf(told.x, run?.property(cross.x), metric, 4), y = axisOf(told.y, run?.property(cross.y), metric, 5);
  return x && y && { x, y, mask: told.mask };
}

/**
 * @param {{ x: HTMLElement, y: HTMLElement }} places
 * @param {{ x: Axis, y: Axis } | null} axes
 */
export function drawTicks(places, axes) {
  for (const axis of /** @type {const} */ (['x', 'y'])) {
    places[axis].replaceChildren(...(axes?.[axis].ticks ?? []).map(({ at, text }) => {
      const tick = h('span', {}, text);
      tick.style[axis === 'x' ? 'left' : 'bottom'] = `${100 * at}%`;
      return tick;
    }));
  }
}
