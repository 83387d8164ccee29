// SPDX-License-Identifier: MIT
// The curtain as a flat picture: distance to the right, depth downwards; how it is drawn, and what lies where in it.

import { colourOf, cssColour } from '../plot/colormaps.js';
import { depthRoom, depthTicks } from '../plot/depth-axis.js';
import { formatNumber, ticks } from '../plot/scale.js';

/** @typedef {import('./fence-keeper.js').Curtain} Curtain */
/** Distances and depths to CSS pixels. @typedef {{ left: number, top: number, scaleX: number, scaleY: number,
 *   right: number, bottom: number, upper: number, axis: number }} Frame  `upper`: depth of the upper side; `axis`:
 *   room of the depths to its left */

/** Room that the axes take, CSS pixels; above are the names of wells. */
const ROOM = Object.freeze({ left: 58, right: 12, top: 24, bottom: 34 });
/** Pieces from which on pixels are filled, not outlines. */
const MANY = 6000;
/** How much is seen of a cell that is filtered out. */
const FAINT = 0.12;
const TICK = 4;

/** The depths between which all pieces lie. @param {Curtain} curtain */
export function depthsOf({ stations }) {
  let [upper, lower] = [Infinity, -Infinity];
  for (let n = 0; n < stations.length; n += 3) {
    upper = Math.min(upper, stations[n + 1]);
    lower = Math.max(lower, stations[n + 2]);
  }
  return upper < lower ? { upper, lower } : { upper: 0, lower: 1 };
}

/**
 * Where the curtain lies in its picture.
 * @param {{ length: number, upper: number, lower: number }} of
 * @param {{ width: number, height: number, stretch: number, inUnit: (length: number) => number }} picture  `stretch`:
 *   how much higher than long things are; 0: as there is room; `inUnit`: as depths are told
 * @returns {Frame}
 */
export function frameOf({ length, upper, lower }, { width, height, stretch, inUnit }) {
  const axis = depthRoom(inUnit(upper), inUnit(lower), height - ROOM.top - ROOM.bottom, ROOM.left);
  const room = { x: Math.max(1, width - axis - ROOM.right), y: Math.max(1, height - ROOM.top - ROOM.bottom) };
  let scaleX = room.x / length;
  let scaleY = room.y / (lower - upper);
  if (stretch > 0) {
    scaleX = Math.min(scaleX, scaleY / stretch);
    scaleY = scaleX * stretch;
  }
  const left = axis + (room.x - length * scaleX) / 2;
  const top = ROOM.top + (room.y - (lower - upper) * scaleY) / 2;
  return { left, top, scaleX, scaleY, right: left + length * scaleX, bottom: top + (lower - upper) * scaleY, upper,
    axis };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Curtain} curtain
 * @param {Frame} frame
 * @param {import('../plot/slice.js').SliceLook} look
 */
export function drawCurtain(context, curtain, frame, { values, colouring, mask, line, edges }) {
  const { cells, count } = curtain;
  const colours = (/** @type {number} */ n) => colourOf(values ? values[cells[n]] : NaN, colouring);
  const isFaint = (/** @type {number} */ n) => mask !== null && mask !== undefined && mask[cells[n]] === 0;
  if (count > MANY) {
    drawPixels(context, curtain, frame, colours, isFaint);
    return;
  }
  context.lineWidth = 0.6;
  for (let n = 0; n < count; n += 1) {
    context.fillStyle = cssColour(colours(n));
    context.globalAlpha = isFaint(n) ? FAINT : 1;
    piecePath(context, curtain, frame, n);
    context.fill();
    // Without lines between them, cells are drawn over the seams that smoothing leaves.
    context.strokeStyle = edges ? line : context.fillStyle;
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * Column of pixels after column: thousands of outlines would take longer than one waits.
 * @param {CanvasRenderingContext2D} context @param {Curtain} curtain @param {Frame} frame
 * @param {(n: number) => ArrayLike<number>} colours @param {(n: number) => boolean} isFaint
 */
function drawPixels(context, { count, firsts, stations }, frame, colours, isFaint) {
  const ratio = context.getTransform().a;
  const [width, height] = [frame.right - frame.left, frame.bottom - frame.top].map((n) => Math.ceil(n * ratio));
  const picture = new ImageData(width, height);
  const [sx, sy] = [frame.scaleX * ratio, frame.scaleY * ratio];
  for (let n = 0; n < count; n += 1) {
    const { 0: r, 1: g, 2: b } = colours(n);
    const pixel = [r, g, b, isFaint(n) ? FAINT * 255 : 255];
    for (let s = 3 * firsts[n]; s + 3 < 3 * firsts[n + 1]; s += 3) {
      const [from, to] = [stations[s] * sx, stations[s + 3] * sx];
      const last = Math.min(width, Math.max(Math.ceil(to - 0.5), Math.floor(from) + 1));
      for (let x = Math.max(0, Math.ceil(from - 0.5)); x < last; x += 1) {
        const part = Math.max(0, Math.min(1, (x + 0.5 - from) / (to - from)));
        const [top, bottom] = [1, 2].map((m) =>
          (stations[s + m] + part * (stations[s + 3 + m] - stations[s + m]) - frame.upper) * sy);
        const end = Math.min(height, Math.max(Math.ceil(bottom - 0.5), Math.floor(top) + 1));
        for (let y = Math.max(0, Math.ceil(top - 0.5)); y < end; y += 1) picture.data.set(pixel, 4 * (y * width + x));
      }
    }
  }
  const small = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
  small.getContext('2d')?.putImageData(picture, 0, 0);
  context.drawImage(small, frame.left, frame.top, width / ratio, height / ratio);
}

/** @param {CanvasRenderingContext2D} context @param {Curtain} curtain @param {Frame} frame @param {number} n */
function piecePath(context, { firsts, stations }, { left, top, scaleX, scaleY, upper }, n) {
  const put = (/** @type {number} */ s, /** @type {1 | 2} */ which) =>
    context.lineTo(left + stations[3 * s] * scaleX, top + (stations[3 * s + which] - upper) * scaleY);
  context.beginPath();
  for (let s = firsts[n]; s < firsts[n + 1]; s += 1) put(s, 1);
  for (let s = firsts[n + 1] - 1; s >= firsts[n]; s -= 1) put(s, 2);
  context.closePath();
}

/** All pieces of a cell. @param {CanvasRenderingContext2D} context @param {Curtain} curtain @param {Frame} frame
 * @param {number} cell  flat index */
export function outlineCell(context, curtain, frame, cell) {
  for (let n = curtain.cells.indexOf(cell); n >= 0; n = curtain.cells.indexOf(cell, n + 1)) {
    piecePath(context, curtain, frame, n);
    context.stroke();
  }
}

/**
 * @param {Curtain} curtain @param {Frame} frame
 * @param {number} x  CSS pixels @param {number} y
 * @returns {number}  the piece there; −1: none
 */
export function pieceAt({ count, firsts, stations }, { left, top, scaleX, scaleY, upper }, x, y) {
  const [at, depth] = [(x - left) / scaleX, (y - top) / scaleY + upper];
  for (let n = 0; n < count; n += 1) {
    const last = 3 * (firsts[n + 1] - 1);
    if (at < stations[3 * firsts[n]] || at > stations[last]) continue;
    let s = 3 * firsts[n];
    while (s + 3 < last && stations[s + 3] < at) s += 3;
    const part = (at - stations[s]) / (stations[s + 3] - stations[s]);
    const [upside, downside] = [1, 2].map((m) => stations[s + m] + part * (stations[s + 3 + m] - stations[s + m]));
    if (depth >= upside && depth <= downside) return n;
  }
  return -1;
}

/**
 * Distances, depths, bends and wells around the curtain.
 * @param {CanvasRenderingContext2D} context
 * @param {Curtain} curtain
 * @param {Frame} frame
 * @param {{ unit: string, inUnit: (length: number) => number, fromUnit: (length: number) => number }} units
 *   of lengths: as the axes tell them
 * @param {{ ink: string, line: string, font: string }} look
 */
export function drawFrame(context, curtain, frame, { unit, inUnit, fromUnit }, { ink, line, font }) {
  const { left, right, top, bottom, scaleX, scaleY, upper } = frame;
  const { length, starts, wells } = curtain;
  context.font = `11px ${font}`;
  context.lineWidth = 1;
  context.strokeStyle = line;
  context.fillStyle = ink;
  context.setLineDash([3, 3]);
  for (const at of starts.slice(1, -1)) stroke(context, left + at * scaleX, top, left + at * scaleX, bottom);
  context.setLineDash([]);
  context.textBaseline = 'top';
  context.textAlign = 'center';
  const across = ticks(0, inUnit(length), { count: Math.max(2, Math.round((right - left) / 80)) });
  for (const value of across) {
    const x = left + fromUnit(value) * scaleX;
    stroke(context, x, bottom, x, bottom + TICK);
    context.fillText(formatNumber(value), x, bottom + TICK + 1);
  }
  context.fillText(`distance along the line, ${unit}`, (left + right) / 2, bottom + 19);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const lower = upper + (bottom - top) / scaleY;
  for (const value of depthTicks(inUnit(upper), inUnit(lower), bottom - top)) {
    const y = top + (fromUnit(value) - upper) * scaleY;
    stroke(context, left - TICK, y, left, y);
    context.fillText(formatNumber(value), left - TICK - 2, y);
  }
  context.save();
  context.translate(left - frame.axis + 8, (top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.fillText(`depth, ${unit}`, 0, 0);
  context.restore();
  context.font = `600 11px ${font}`;
  context.textBaseline = 'bottom';
  let free = -Infinity;
  for (const { name, at } of [...wells].sort((a, b) => a.at - b.at)) {
    const x = left + at * scaleX;
    stroke(context, x, top - TICK, x, bottom);
    const half = context.measureText(name).width / 2;
    const middle = Math.max(half + 2, free + half + 6, Math.min(x, right - half));
    context.textAlign = 'center';
    context.fillText(name, middle, top - TICK - 1);
    free = middle + half;
  }
}

/** @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} toX @param {number} toY */
function stroke(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}
