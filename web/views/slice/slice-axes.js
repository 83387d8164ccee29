// SPDX-License-Identifier: MIT
// What stands around a slice: indices along its sides, depths of a section, and which way it looks.

import { depthRoom, depthTicks } from '../../plot/depth-axis.js';
import { unitsOf } from '../../plot/metric.js';
import { formatNumber, ticks } from '../../plot/scale.js';

/** @typedef {import('../../plot/slice.js').Slice} Slice */
/** @typedef {import('../../plot/slice.js').Placement} Placement */

/** Room that the axes take, CSS pixels. */
const AXIS_ROOM = Object.freeze({ left: 46, right: 8, top: 8, bottom: 30 });
const TICK = 4;

/**
 * Room that the axes of a slice take in a picture of this height, CSS pixels.
 * @param {Slice} slice @param {0 | 1 | 2} axis @param {number} height
 * @param {(length: number) => number} inUnit  as depths are told
 */
export function axisRoom({ top, height: length }, axis, height, inUnit) {
  if (axis === 2) return AXIS_ROOM;
  return { ...AXIS_ROOM, left: depthRoom(inUnit(top), inUnit(top + length), height - AXIS_ROOM.top - AXIS_ROOM.bottom,
    AXIS_ROOM.left) };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ slice: Slice, place: Placement, axis: 0 | 1 | 2,
 *   grid: { shape: readonly number[], lengthUnit: string, every: number }, metric: boolean }} what
 * @param {{ ink: string, line: string, font: string }} look
 */
export function drawAxes(context, { slice, place, axis, grid: { shape, lengthUnit: own, every: each }, metric },
  { ink, line, font }) {
  const { unit: lengthUnit, inUnit, fromUnit } = unitsOf(own, metric);
  const right = place.left + slice.width * place.scaleX;
  const bottom = place.top + slice.height * place.scaleY;
  context.font = `11px ${font}`;
  context.fillStyle = ink;
  context.strokeStyle = line;
  context.lineWidth = 1;
  const [across, ends] = axis === 0 ? [1, ['S', 'N']] : [0, ['W', 'E']];
  // Cells that are not in straight rows have no place along an axis of indices: there it is a length.
  const even = slice.upright;
  const side = { from: place.left, to: right, at: bottom, upright: false };
  if (even) indices(context, { ...side, count: shape[across], each });
  else lengths(context, { ...side, length: inUnit(slice.width) });
  context.textBaseline = 'top';
  context.textAlign = 'center';
  context.fillText(even ? 'ijk'[across] : lengthUnit, (place.left + right) / 2, bottom + 17);
  if (even) {
    context.textAlign = 'left';
    context.fillText(ends[0], place.left, bottom + 17);
    context.textAlign = 'right';
    context.fillText(ends[1], right, bottom + 17);
  }
  if (axis === 2) {
    // j goes up: north is up.
    const up = { from: bottom, to: place.top, at: place.left, upright: true };
    if (even) indices(context, { ...up, count: shape[1], each });
    else lengths(context, { ...up, length: inUnit(slice.height) });
    upright(context, even ? 'j' : lengthUnit, (place.top + bottom) / 2);
    return;
  }
  const { top } = slice;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const depth of depthTicks(inUnit(top), inUnit(top + slice.height), bottom - place.top)) {
    const y = place.top + (fromUnit(depth) - top) * place.scaleY;
    stroke(context, place.left - TICK, y, place.left, y);
    context.fillText(formatNumber(depth), place.left - TICK - 2, y);
  }
  upright(context, `depth, ${lengthUnit}`, (place.top + bottom) / 2);
}

/** A word along the left side. @param {CanvasRenderingContext2D} context @param {string} text @param {number} y */
function upright(context, text, y) {
  context.save();
  context.translate(8, y);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, 0, 0);
  context.restore();
}

/**
 * Some of the indices, each at the middle of its cells.
 * @param {CanvasRenderingContext2D} context
 * @param {{ from: number, to: number, count: number, each: number, at: number, upright: boolean }} side
 *   `from`: where the first cell begins, along the side; `at`: across it; `each`: cells of the file that one stands for
 */
function indices(context, { from, to, count, each, at, upright: up }) {
  const room = up ? 18 : 30;
  const most = Math.max(1, Math.abs(to - from) / room);
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((n) => count / n <= most) ?? count;
  context.textAlign = up ? 'right' : 'center';
  context.textBaseline = up ? 'middle' : 'top';
  for (let n = 0; n < count; n += every) {
    const along = from + (n + 0.5) / count * (to - from);
    if (up) stroke(context, at - TICK, along, at, along);
    else stroke(context, along, at, along, at + TICK);
    context.fillText(String(n * each), up ? at - TICK - 2 : along, up ? along : at + TICK + 1);
  }
}

/**
 * Lengths from where the picture begins.
 * @param {CanvasRenderingContext2D} context
 * @param {{ from: number, to: number, length: number, at: number, upright: boolean }} side
 */
function lengths(context, { from, to, length, at, upright: up }) {
  context.textAlign = up ? 'right' : 'center';
  context.textBaseline = up ? 'middle' : 'top';
  for (const value of ticks(0, length, { count: Math.max(2, Math.round(Math.abs(to - from) / 60)) })) {
    const along = from + value / length * (to - from);
    if (up) stroke(context, at - TICK, along, at, along);
    else stroke(context, along, at, along, at + TICK);
    const text = formatNumber(value);
    // The last one ends where the picture does.
    const middle = Math.min(along, to + AXIS_ROOM.right - context.measureText(text).width / 2);
    context.fillText(text, up ? at - TICK - 2 : middle, up ? along : at + TICK + 1);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} toX @param {number} toY
 */
function stroke(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}
