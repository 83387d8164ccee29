// SPDX-License-Identifier: MIT
// Arrays as CSV and JSON, in pieces, so that a large one needs no string of its whole size.

import { NdArray } from '../index.js';
import { formatJson } from './format.js';

/**
 * @import { SparseTensor } from '../index.js'
 * @import { SliceItem } from './arguments.js'
 */

const AXES = ['i', 'j', 'k'];
const ROWS_A_PIECE = 4096;

/**
 * One row a cell: its indices in the whole array, and its value in full precision.
 *
 * @param {NdArray<any>} array
 * @param {string[]} names  its path
 * @param {SliceItem[]} [slice]  what was taken
 * @param {readonly number[]} [fullShape]  of what it was taken from
 */
export function* arrayToCsv(array, names, slice = [], fullShape = array.shape) {
  const axes = fullShape.map((length, axis) => {
    const all = new NdArray(Float64Array.from({ length }, (_, index) => index));
    const indices = all.slice(slice[axis]);
    return { name: axisName(axis), indices: indices.data, dropped: indices.ndim === 0 };
  });
  const kept = axes.filter(({ dropped }) => !dropped);
  yield* csv([...kept.map(({ name }) => name), names[names.length - 1]], (function* rows() {
    let offset = 0;
    for (const value of array) {
      const cell = kept.map(({ indices }, axis) =>
        indices[Math.floor(offset / array.strides[axis]) % array.shape[axis]]);
      yield [...cell, value];
      offset += 1;
    }
  })());
}

/**
 * One row a stored cell.
 * @param {SparseTensor} tensor
 * @param {string[]} names
 */
export function* sparseToCsv(tensor, names) {
  yield* csv([...tensor.shape.map((_, axis) => axisName(axis)), names[names.length - 1]],
    (function* rows() {
      for (const [cell, value] of tensor.entries()) yield [...cell, value];
    })());
}

/** @param {number} axis */
const axisName = (axis) => AXES[axis] ?? `axis${axis}`;

/**
 * @param {string[]} header
 * @param {Iterable<unknown[]>} rows
 */
function* csv(header, rows) {
  let lines = [csvLine(header)];
  for (const row of rows) {
    lines.push(csvLine(row));
    if (lines.length === ROWS_A_PIECE) {
      yield lines.join('');
      lines = [];
    }
  }
  yield lines.join('');
}

/**
 * RFC 4180, with line feeds.
 * @param {unknown[]} fields
 */
const csvLine = (fields) => `${fields.map((field) => {
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}).join(',')}\n`;

/**
 * An object's fields and the array as `data`; a sparse one as `default` and `entries`.
 *
 * @param {object} about
 * @param {NdArray<any> | SparseTensor} value
 */
export function* arrayToJson(about, value) {
  const head = formatJson(about).trimEnd().slice(0, -2); // less '\n}'
  if (!(value instanceof NdArray)) {
    yield `${head},\n  "default": ${JSON.stringify(value.default)},\n  "entries": `
      + `${JSON.stringify([...value.entries()])}\n}\n`;
  } else if (value.ndim < 2) {
    yield `${head},\n  "data": ${JSON.stringify(value)}\n}\n`;
  } else {
    yield `${head},\n  "data": [`;
    for (let i = 0; i < value.shape[0]; i += 1) {
      yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(value.slice(i))}`;
    }
    yield '\n  ]\n}\n';
  }
}
