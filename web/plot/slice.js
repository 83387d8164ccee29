// SPDX-License-Identifier: MIT
// One layer of the grid as a flat picture: how it is drawn, and what lies where in it.

import { colourOf, cssColour } from './colormaps.js';
import { fillQuads } from './quad-pixels.js';

/**
 * The cells of a slice in the grid's unit of length, x to the right and y down from the picture's top left.
 * @typedef {object} Slice
 * @property {number} width
 * @property {number} height
 * @property {Uint32Array} cells   flat indices in the grid
 * @property {Float64Array} quads  8 a cell: x, y of its upper left, upper right, lower right and lower left corner
 * @property {number} top      of a section: depth of its upper side; of a map 0
 * @property {readonly [number, number]} corner  of a map: drawing x and y of its upper left; of a section zeros
 * @property {boolean} upright  the sides of all of them are
 * @property {number} columns  of a map whose cells are all alike and go up each column in turn; 0 for any other
 */

/** Cells from which on speed matters more than smooth outlines. */
const MANY = 2000;
/** Pixels that are no gap between cells; smooth outlines are as much wider. */
const SEAM = 0.3;
/** How much is seen of a cell that is filtered out. */
const FAINT = 0.12;

/**
 * Where a slice lies in a picture. A map keeps its proportions, a section fills the height.
 * @param {Slice} slice
 * @param {{ width: number, height: number, keepShape: boolean,
 *   room: { left: number, right: number, top: number, bottom: number } }} picture  `room`: what is left free around it
 */
export function placeSlice({ width, height }, picture) {
  const { left, right, top, bottom } = picture.room;
  const room = { x: Math.max(1, picture.width - left - right), y: Math.max(1, picture.height - top - bottom) };
  let scaleX = room.x / width;
  let scaleY = room.y / Math.max(height, 1e-9);
  if (picture.keepShape) scaleX = scaleY = Math.min(scaleX, scaleY);
  return {
    scaleX, scaleY,
    left: left + (room.x - width * scaleX) / 2,
    top: top + (room.y - height * scaleY) / 2,
  };
}

/** @typedef {ReturnType<typeof placeSlice>} Placement */

/**
 * @typedef {object} SliceLook
 * @property {ArrayLike<number> | null} values  null: all cells grey
 * @property {import('./colormaps.js').Colouring} colouring
 * @property {Uint8Array | null} [mask]  cells whose byte is 0 are filtered out, and faint
 * @property {string} line    colour of the lines between cells
 * @property {boolean} edges  whether there are any
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Slice} slice
 * @param {Placement} place
 * @param {SliceLook} look
 */
export function drawSlice(context, slice, place, look) {
  if (slice.columns > 0) drawMap(context, slice, place, look);
  else if (slice.cells.length > MANY && (slice.upright || !look.edges)) drawMany(context, slice, place, look);
  else drawSection(context, slice, place, look);
}

/** One pixel a cell, enlarged. @type {typeof drawSlice} */
function drawMap(context, slice, place, { values, colouring, mask, line, edges }) {
  const { columns, cells } = slice;
  const rows = cells.length / columns;
  const picture = new ImageData(columns, rows);
  for (let n = 0; n < cells.length; n += 1) {
    const pixel = (rows - 1 - n % rows) * columns + Math.floor(n / rows);
    picture.data.set(colourOf(values ? values[cells[n]] : NaN, colouring), 4 * pixel);
    picture.data[4 * pixel + 3] = mask && mask[cells[n]] === 0 ? FAINT * 255 : 255;
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext('2d')?.putImageData(picture, 0, 0);
  const width = slice.width * place.scaleX;
  const height = slice.height * place.scaleY;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, place.left, place.top, width, height);
  if (!edges) return;
  context.beginPath();
  for (let n = 0; n <= columns; n += 1) {
    context.moveTo(place.left + n * width / columns, place.top);
    context.lineTo(place.left + n * width / columns, place.top + height);
  }
  for (let n = 0; n <= rows; n += 1) {
    context.moveTo(place.left, place.top + n * height / rows);
    context.lineTo(place.left + width, place.top + n * height / rows);
  }
  context.lineWidth = 0.6;
  context.strokeStyle = line;
  context.stroke();
}

/** @type {typeof drawSlice} */
function drawSection(context, slice, place, { values, colouring, mask, line, edges }) {
  context.lineWidth = 0.6;
  context.strokeStyle = line;
  for (let n = 0; n < slice.cells.length; n += 1) {
    context.fillStyle = cssColour(colourOf(values ? values[slice.cells[n]] : NaN, colouring));
    context.globalAlpha = mask && mask[slice.cells[n]] === 0 ? FAINT : 1;
    cellPath(context, slice, place, n);
    context.fill();
    // Without lines between them, cells are drawn over the seams that smoothing leaves.
    if (!edges) context.strokeStyle = context.fillStyle;
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Without lines between them. @type {typeof drawSlice} */
function drawMany(context, slice, place, { values, colouring, mask }) {
  const { a, d, e, f } = context.getTransform();
  const { width, height } = context.canvas;
  const left = Math.max(0, Math.floor(a * place.left + e)), top = Math.max(0, Math.floor(d * place.top + f));
  const right = Math.min(width, Math.ceil(a * (place.left + slice.width * place.scaleX) + e));
  const bottom = Math.min(height, Math.ceil(d * (place.top + slice.height * place.scaleY) + f));
  if (right <= left || bottom <= top) return;
  const picture = new ImageData(right - left, bottom - top);
  const inPicture = { left: a * place.left + e - left, top: d * place.top + f - top,
    scaleX: a * place.scaleX, scaleY: d * place.scaleY };
  fillQuads(picture, slice.quads, inPicture, (n) => {
    const [red, green, blue] = colourOf(values ? values[slice.cells[n]] : NaN, colouring);
    const alpha = mask && mask[slice.cells[n]] === 0 ? FAINT * 255 : 255;
    return (red | green << 8 | blue << 16 | alpha << 24) >>> 0;
  }, SEAM);
  const pixels = new OffscreenCanvas(picture.width, picture.height);
  pixels.getContext('2d')?.putImageData(picture, 0, 0);
  context.save();
  context.resetTransform();
  context.drawImage(pixels, left, top);
  context.restore();
}

/**
 * Draws the outline of one cell, if the slice has it.
 * @param {CanvasRenderingContext2D} context
 * @param {Slice} slice
 * @param {Placement} place
 * @param {number} cell  flat index
 */
export function outlineCell(context, slice, place, cell) {
  const n = slice.cells.indexOf(cell);
  if (n < 0) return;
  cellPath(context, slice, place, n);
  context.stroke();
}

/**
 * @param {Slice} slice
 * @param {Placement} place
 * @param {number} x  CSS pixels
 * @param {number} y
 * @returns {number}  flat index of the cell there, −1 for none
 */
export function cellAt({ cells, quads }, { left, top, scaleX, scaleY }, x, y) {
  const across = (x - left) / scaleX;
  const down = (y - top) / scaleY;
  for (let n = 0; n < cells.length; n += 1) {
    if (isInside(quads, 8 * n, across, down)) return cells[n];
  }
  return -1;
}

/** By how often a ray to the right crosses the sides. @param {Float64Array} quads @param {number} at
 * @param {number} x @param {number} y */
function isInside(quads, at, x, y) {
  let inside = false;
  for (let n = 0, last = 3; n < 4; last = n, n += 1) {
    const [x0, y0, x1, y1] = [quads[at + 2 * n], quads[at + 2 * n + 1], quads[at + 2 * last], quads[at + 2 * last + 1]];
    if ((y0 > y) !== (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)) inside = !inside;
  }
  return inside;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Slice} slice
 * @param {Placement} place
 * @param {number} n
 */
function cellPath(context, { quads }, { left, top, scaleX, scaleY }, n) {
  context.beginPath();
  for (let at = 8 * n; at < 8 * n + 8; at += 2) {
    context.lineTo(left + quads[at] * scaleX, top + quads[at + 1] * scaleY);
  }
  context.closePath();
}
