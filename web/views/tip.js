// SPDX-License-Identifier: MIT
// The value under the pointer, or under the finger, beside it.

import { cellText } from '../model/properties.js';
import { withMetric } from '../plot/metric.js';
import { h } from '../base/dom.js';

/** Pixels from the pointer. */
const AWAY = 14;

/**
 * @param {HTMLElement} tip
 * @param {Readonly<Pick<import('../model/state.js').ViewerState, 'run' | 'shown' | 'metric'>>} state
 * @param {number} index  of a cell; −1: none, and the tip goes
 * @param {{ x: number, y: number }} at  CSS pixels in `box`
 * @param {HTMLElement} box  what the tip stands in, and stays in
 */
export function fillTip(tip, { run, shown, metric }, index, { x, y }, box) {
  tip.hidden = index < 0 || !run || !shown;
  if (tip.hidden || !run || !shown) return;
  const { property, values } = shown;
  const text = cellText(values, index, property, 5);
  tip.replaceChildren(
    h('b', {}, metric ? withMetric(text, values.data[index], property.unit, 5, property.difference === true) : text),
    h('span', {}, `[${run.grid.storedCell(run.grid.cellOf(index)).join(', ')}]`));
  // On the other side of the pointer where there is no room.
  const left = x + AWAY + tip.offsetWidth > box.clientWidth ? Math.max(0, x - AWAY - tip.offsetWidth) : x + AWAY;
  const top = y + AWAY + tip.offsetHeight > box.clientHeight ? Math.max(0, y - AWAY - tip.offsetHeight) : y + AWAY;
  tip.style.transform = `translate(${left}px, ${top}px)`;
}
