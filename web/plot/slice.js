// SPDX-License-Identifier: MIT
// One layer of the grid as a flat picture: a map for k, a section for i and j.

import { colourOf, cssColour } from './colormaps.js';

/** @typedef {import('../model/grid.js').Grid} Grid */
/** @typedef {import('../model/grid.js').Cell} Cell */

/**
 * The cells of a slice, in ft, x to the right and y down from the picture's top left. A cell is
 * a quadrilateral with upright sides: `x0 … x1`, its top from `left` to `right`, `height`.
 * @typedef {object} Slice
 * @property {number} width
 * @property {number} height
 * @property {Uint32Array} cells   flat indices in the grid
 * @property {Float64Array} boxes  5 a cell: x0, x1, left, right, height
 * @property {number} columns  of a map, whose cells are all alike and go up each column in turn;
 *   0 for a section
 */

/** Cells from which on speed matters more than slanted tops. */
const MANY = 2000;

/**
 * @param {Grid} grid
 * @param {0 | 1 | 2} axis  0: the section at one i, 1: at one j, 2: the map of one k
 * @param {number} index
 * @returns {Slice}
 */
export function sliceOf(grid, axis, index) {
  return axis === 2 ? mapOf(grid, index) : sectionOf(grid, axis, index);
}

/** North is up. @param {Grid} grid @param {number} k @returns {Slice} */
function mapOf(grid, k) {
  const [nx, ny] = grid.shape;
  const [dx, dy] = grid.cellDimension;
  const cells = new Uint32Array(nx * ny);
  const boxes = new Float64Array(5 * nx * ny);
  for (let i = 0, n = 0; i < nx; i += 1) {
    for (let j = 0; j < ny; j += 1, n += 1) {
      cells[n] = grid.indexOf([i, j, k]);
      const top = (ny - 1 - j) * dy;
      boxes.set([i * dx, (i + 1) * dx, top, top, dy], 5 * n);
    }
  }
  return { width: nx * dx, height: ny * dy, cells, boxes, columns: nx };
}

/** @param {Grid} grid @param {0 | 1} axis @param {number} index @returns {Slice} */
function sectionOf(grid, axis, index) {
  const along = axis === 0 ? 1 : 0;
  const count = grid.shape[along];
  const nz = grid.shape[2];
  const step = grid.cellDimension[along];
  const tilt = grid.slope[along] / 2;
  const cells = new Uint32Array(count * nz);
  const boxes = new Float64Array(5 * count * nz);
  let least = Infinity;
  let most = -Infinity;
  for (let a = 0, n = 0; a < count; a += 1) {
    const column = axis === 0 ? [index, a] : [a, index];
    const first = grid.indexOf(/** @type {Cell} */ ([...column, 0]));
    let top = grid.topOf(/** @type {Cell} */ ([...column, 0]));
    least = Math.min(least, top - Math.abs(tilt));
    for (let k = 0; k < nz; k += 1, n += 1) {
      const thick = grid.thickness[first + k];
      const height = thick > 0 && thick < Infinity ? thick : 0;
      cells[n] = first + k;
      boxes.set([a * step, (a + 1) * step, top - tilt, top + tilt, height], 5 * n);
      top += height;
    }
    most = Math.max(most, top + Math.abs(tilt));
  }
  for (let n = 0; n < cells.length; n += 1) {
    boxes[5 * n + 2] -= least;
    boxes[5 * n + 3] -= least;
  }
  return { width: count * step, height: most - least, cells, boxes, columns: 0 };
}

/**
 * Where a slice lies in a picture. A map keeps its proportions, a section fills the height.
 * @param {Slice} slice
 * @param {{ width: number, height: number, keepShape: boolean, margin: number }} picture
 */
export function placeSlice({ width, height }, picture) {
  const room = { x: picture.width - 2 * picture.margin, y: picture.height - 2 * picture.margin };
  let scaleX = room.x / width;
  let scaleY = room.y / Math.max(height, 1e-9);
  if (picture.keepShape) scaleX = scaleY = Math.min(scaleX, scaleY);
  return {
    scaleX, scaleY,
    left: (picture.width - width * scaleX) / 2,
    top: (picture.height - height * scaleY) / 2,
  };
}

/** @typedef {ReturnType<typeof placeSlice>} Placement */

/**
 * @typedef {object} SliceLook
 * @property {ArrayLike<number> | null} values  null: all cells grey
 * @property {import('./colormaps.js').Colouring} colouring
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
  else drawSection(context, slice, place, look);
}

/** One pixel a cell, enlarged. @type {typeof drawSlice} */
function drawMap(context, slice, place, { values, colouring, line, edges }) {
  const { columns, cells } = slice;
  const rows = cells.length / columns;
  const picture = new ImageData(columns, rows);
  for (let n = 0; n < cells.length; n += 1) {
    const pixel = (rows - 1 - n % rows) * columns + Math.floor(n / rows);
    picture.data.set(colourOf(values ? values[cells[n]] : NaN, colouring), 4 * pixel);
    picture.data[4 * pixel + 3] = 255;
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
function drawSection(context, slice, place, { values, colouring, line, edges }) {
  const flat = slice.cells.length > MANY;
  context.lineWidth = 0.6;
  context.strokeStyle = line;
  for (let n = 0; n < slice.cells.length; n += 1) {
    context.fillStyle = cssColour(colourOf(values ? values[slice.cells[n]] : NaN, colouring));
    if (flat) {
      const [x, y, width, height] = pixelBox(slice, place, n);
      context.fillRect(x, y, width, height);
    } else {
      cellPath(context, slice, place, n);
      context.fill();
      if (edges) context.stroke();
    }
  }
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
export function cellAt({ cells, boxes }, { left, top, scaleX, scaleY }, x, y) {
  const across = (x - left) / scaleX;
  const down = (y - top) / scaleY;
  for (let n = 0, at = 0; n < cells.length; n += 1, at += 5) {
    if (across < boxes[at] || across >= boxes[at + 1]) continue;
    const part = (across - boxes[at]) / (boxes[at + 1] - boxes[at]);
    const upper = boxes[at + 2] + part * (boxes[at + 3] - boxes[at + 2]);
    if (down >= upper && down < upper + boxes[at + 4]) return cells[n];
  }
  return -1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Slice} slice
 * @param {Placement} place
 * @param {number} n
 */
function cellPath(context, { boxes }, { left, top, scaleX, scaleY }, n) {
  const [x0, x1, upperLeft, upperRight, height] = boxes.subarray(5 * n, 5 * n + 5);
  const x = /** @param {number} ft */ (ft) => left + ft * scaleX;
  const y = /** @param {number} ft */ (ft) => top + ft * scaleY;
  context.beginPath();
  context.moveTo(x(x0), y(upperLeft));
  context.lineTo(x(x1), y(upperRight));
  context.lineTo(x(x1), y(upperRight + height));
  context.lineTo(x(x0), y(upperLeft + height));
  context.closePath();
}

/** Whole pixels without gaps. @param {Slice} slice @param {Placement} place @param {number} n */
function pixelBox({ boxes }, { left, top, scaleX, scaleY }, n) {
  const at = 5 * n;
  const x = Math.floor(left + boxes[at] * scaleX);
  const y = Math.floor(top + (boxes[at + 2] + boxes[at + 3]) / 2 * scaleY);
  const right = Math.ceil(left + boxes[at + 1] * scaleX);
  const bottom = Math.ceil(top + ((boxes[at + 2] + boxes[at + 3]) / 2 + boxes[at + 4]) * scaleY);
  return [x, y, right - x, bottom - y];
}
