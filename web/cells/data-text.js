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
  const parts = [`${head.map(field).join(',')}\r\n`];
  let lines = [];
  for (const row of rows) {
    lines.push(`${row.map(field).join(',')}\r\n`);
    if (lines.length === LINES) { parts.push(lines.join('')); lines = []; }
  }
  return [...parts, lines.join('')];
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
 */
export function cellsCsv(run, property, { data, parts }, cells, metric = false) {
  const { grid } = run;
  const length = unitsOf(grid.lengthUnit, metric), value = unitsOf(property.unit, metric, property.difference);
  const columns = parts ?? [data];
  const titles = parts ? ['Oil saturation', 'Gas saturation', 'Water saturation'] : [toldTitle(property, metric)];
  return csvOf(['i', 'j', 'k', `depth [${length.unit}]`, ...titles], (function* rows() {
    for (const n of cells) {
      const cell = grid.cellOf(n);
      yield [...grid.storedCell(cell), length.inUnit(grid.depthOf(cell)),
        ...columns.map((column) => (parts ? column[n] : value.inUnit(column[n])))];
    }
  })());
}

/** The column through a cell, from the top. @param {Run} run @param {Cell} cell @returns {number[]} */
export function columnOf({ grid }, [i, j]) {
  return Array.from({ length: grid.shape[2] }, (_, k) => grid.indexOf([i, j, k]));
}

/** Cells of a slice. @param {Run} run @param {0 | 1 | 2} axis @param {number} index @returns {number[]} */
export function sliceCells({ grid }, axis, index) {
  return Array.from({ length: grid.size }, (_, n) => n).filter((n) => grid.cellOf(n)[axis] === index);
}
