// SPDX-License-Identifier: MIT
// A grid of very many cells is shown coarser first: every n-th column, each with all its layers as the file has them.
// Indices in links are those of the file, so that a link means the same cells whichever way it is shown.

import { formatBytes } from '../plot/scale.js';

/** @typedef {import('../grid/cell-grid.js').Cell} Cell */
/** @typedef {import('../model/link.js').LinkState} LinkState */
/** @typedef {import('../model/wells.js').Well} Well */
/**
 * What there is besides what is shown.
 * @typedef {object} Finer
 * @property {number} every      columns, each way, of which one is shown
 * @property {readonly number[]} shape  of the whole grid
 * @property {number} bytes      of memory that all cells take
 * @property {'soon' | 'asked' | 'never'} when  without asking, when it is wanted, or not on this device
 */

/** Cells from which on a coarser grid comes first, and how many that has at most. */
const MANY = 3e6;
const FEW = 400e3;
/** Columns that are left at least, each way. */
const LEAST = 12;
/** Bytes of memory that all cells may take unasked, and at most where a browser does not tell what it has. */
const UNASKED = 1e9;
const MOST = 2e9;
/** Bytes that a cell takes while its first picture is made: thickness and values here and where they are decoded. */
const PER_CELL = 44;
/** Bytes that no page may have: a store decodes in a memory of 4 GB. */
export const MOST_BYTES = 6e9;
/** What is kept of values that were read lately, and faces. */
const BESIDE = 300e6;

/**
 * @param {readonly number[]} shape
 * @returns {number}  1: all cells are shown at once
 */
export function everyOf([nx, ny, nz]) {
  if (nx * ny * nz < MANY) return 1;
  for (let every = 2; Math.min(nx, ny) / every >= LEAST; every += 1) {
    if (Math.ceil(nx / every) * Math.ceil(ny / every) * nz <= FEW) return every;
  }
  return 1;
}

/** @param {number} cells */
export function bytesOf(cells) {
  return PER_CELL * cells + BESIDE;
}

/** @param {readonly number[]} shape @param {number} every @returns {Finer | null}  null: all is shown */
export function finerOf(shape, every) {
  if (!(every > 1)) return null;
  const bytes = bytesOf(cellsOf(shape));
  // Half of what a device has, as far as it tells (in steps, 8 GiB at most).
  const memory = /** @type {{ deviceMemory?: number }} */ (globalThis.navigator ?? {}).deviceMemory;
  const most = memory ? memory * 2 ** 30 / 2 : MOST;
  return { every, shape, bytes, when: bytes > most ? 'never' : bytes > UNASKED ? 'asked' : 'soon' };
}

/** What lies beside each other along i and j, of which `every` are one. @param {number} every */
export function sliceOf(every) {
  const range = /** @type {const} */ ([0, null, every]);
  return every === 1 ? undefined : [range, range];
}

/** @param {readonly number[]} cell  of the file @param {number} every @returns {Cell} */
export function coarseCell([i, j, k], every) {
  return [Math.floor(i / every), Math.floor(j / every), k];
}

/**
 * Wells of the file as they go through the columns that are shown for theirs.
 * @param {{ wells: Well[], lost: string[] }} found @param {number} every
 */
export function coarseWells({ wells, lost }, every) {
  const through = (/** @type {readonly Cell[]} */ cells) => [...new Map(cells.map((cell) => {
    const coarse = coarseCell(cell, every);
    return [coarse.join(), coarse];
  })).values()];
  return { lost, wells: wells.map((well) => ({ ...well, cells: through(well.cells) })) };
}

/**
 * A link of the file's indices for what is shown.
 * @param {LinkState} link @param {number} every @returns {LinkState}
 */
export function coarseLink(link, every) {
  return scaled(link, (at) => Math.floor(at / every), (at) => Math.floor(at / every));
}

/**
 * The other way round: a cell stands for the first of its own, a range for all of them.
 * @param {LinkState} link @param {number} every @param {readonly number[]} shape  of the file @returns {LinkState}
 */
export function fineLink(link, every, shape) {
  return scaled(link, (at) => at * every, (last, axis) => Math.min(shape[axis], (last + 1) * every) - 1);
}

/**
 * @param {LinkState} link
 * @param {(at: number, axis: number) => number} first  of an index along i or j
 * @param {(at: number, axis: number) => number} last   of the last one of a range
 * @returns {LinkState}
 */
function scaled(link, first, last) {
  const cellIn = (/** @type {Cell} */ [i, j, k]) => /** @type {Cell} */ ([first(i, 0), first(j, 1), k]);
  return {
    ...link,
    ...(link.cell && { cell: cellIn(link.cell) }),
    ...(link.slice && link.slice.axis < 2 && { slice: { ...link.slice,
      index: first(link.slice.index, link.slice.axis) } }),
    ...(link.box && { box: link.box.map(([from, to], axis) => (axis < 2
      ? /** @type {const} */ ([first(from, axis), last(to, axis)]) : [from, to])) }),
    ...(link.ask && { ask: { ...link.ask, pins: link.ask.pins.map(cellIn) } }),
  };
}

/** @param {readonly number[]} shape */
export function cellsOf(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

/** 'every 5th column of 215 × 215 × 215 cells' @param {Finer} finer */
export function coarseWords({ every, shape }) {
  const ending = every % 10 === 1 && every !== 11 ? 'st' : every % 10 === 2 && every !== 12 ? 'nd'
    : every % 10 === 3 && every !== 13 ? 'rd' : 'th';
  return `every ${every}${ending} column of ${shape.join(' × ')} cells`;
}

/** 'about 700 MB of memory' @param {Finer} finer */
export function memoryWords({ bytes }) {
  return `about ${formatBytes(bytes)} of memory`;
}
