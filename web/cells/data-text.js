// SPDX-License-Identifier: MIT
// Values as text and as NumPy's files: exact numbers, a line a cell or a step, as RFC 4180 has CSV.

import { toldTitle } from '../model/properties.js';
import { unitsOf } from '../plot/metric.js';

/** @typedef {import('../grid/cell-grid.js').Cell} Cell */
/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {import('../model/run.js').Run} Run */

/** Lines that are put together at a time: strings have a longest length. */
const LINES = 20_000;

/** @param {unknown} value  a number exactly, a text in quotes where it needs them */
function field(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {readonly string[]} head
 * @param {Iterable<readonly unknown[]>} rows
 * @returns {string[]}  parts of the file
 */
export function csvOf(head, rows) {
  return [...csvParts(head, rows)];
}

/** The same, part by part. @param {readonly string[]} head @param {Iterable<readonly unknown[]>} rows */
function* csvParts(head, rows) {
  yield `${head.map(field).join(',')}\r\n`;
  let lines = [];
  for (const row of rows) {
    lines.push(`${row.map(field).join(',')}\r\n`);
    if (lines.length === LINES) { yield lines.join(''); lines = []; }
  }
  yield lines.join('');
}

/**
 * Curves of cells: a line a step; a column that is not whole says so.
 * @param {Run} run
 * @param {Drawable} property
 * @param {readonly { cell: Cell, values: readonly number[], problem: string }[]} curves
 * @param {boolean} [metric]
 */
export function curvesCsv(run, property, curves, metric = false) {
  const { inUnit } = unitsOf(property.unit, metric, property.difference);
  const title = toldTitle(property, metric);
  return csvOf(['step', 'days', ...curves.map(({ cell, problem }) => `${title} of cell ${cell.join(' ')}`
    + (problem && ` (some of it cannot be read: ${problem})`))],
    run.steps.map(({ step, time }, n) => [step ?? n, time === null ? '' : time / 86400,
      ...curves.map(({ values }) => (values[n] === undefined ? '' : inUnit(values[n])))]));
}

/**
 * Values of some cells: a line each; of three saturations all three.
 * @param {Run} run
 * @param {Drawable} property
 * @param {Pick<import('../model/run.js').Values, 'data' | 'parts'>} values
 * @param {Iterable<number>} cells  flat indices
 * @param {boolean} [metric]
 * @returns {Promise<string[]>}  the page has its turn between parts: there may be millions of lines
 */
export async function cellsCsv(run, property, { data, parts }, cells, metric = false) {
  const { grid } = run;
  const length = unitsOf(grid.lengthUnit, metric), value = unitsOf(property.unit, metric, property.difference);
  const columns = parts ?? [data];
  const titles = parts ? ['Oil saturation', 'Gas saturation', 'Water saturation'] : [toldTitle(property, metric)];
  const all = csvParts(['i', 'j', 'k', `depth [${length.unit}]`, ...titles], (function* rows() {
    for (const n of cells) {
      const cell = grid.cellOf(n);
      yield [...grid.storedCell(cell), length.inUnit(grid.depthOf(cell)),
        ...columns.map((column) => (parts ? column[n] : value.inUnit(column[n])))];
    }
  })());
  const made = [];
  for (const part of all) {
    made.push(part);
    await new Promise((resolve) => { setTimeout(resolve); });
  }
  return made;
}

/** The column through a cell, from the top. @param {Run} run @param {Cell} cell @returns {number[]} */
export function columnOf({ grid }, [i, j]) {
  return Array.from({ length: grid.shape[2] }, (_, k) => grid.indexOf([i, j, k]));
}

/** Cells of a slice. @param {Run} run @param {0 | 1 | 2} axis @param {number} index @returns {number[]} */
export function sliceCells({ grid }, axis, index) {
  const lo = [0, 0, 0], hi = [...grid.shape];
  lo[axis] = index;
  hi[axis] = index + 1;
  return boxCells(grid, { lo, hi });
}

/**
 * Cells of a box, in the order in which they are stored.
 * @param {Run['grid']} grid
 * @param {{ lo: readonly number[], hi: readonly number[] }} box  half-open
 * @returns {number[]}
 */
export function boxCells(grid, { lo, hi }) {
  /** @type {number[]} */ const found = [];
  for (let i = lo[0]; i < hi[0]; i += 1) {
    for (let j = lo[1]; j < hi[1]; j += 1) {
      const first = grid.indexOf([i, j, lo[2]]);
      for (let k = lo[2]; k < hi[2]; k += 1) found.push(first + k - lo[2]);
    }
  }
  return found;
}
