// SPDX-License-Identifier: MIT
// One cell through time.

import { BoresError } from '../../core/errors.js';
import { NdArray } from '../../values/nd-array.js';

/**
 * @import { EntryMeta } from '../store-types.js'
 * @typedef {{ step: Float64Array, time: Float64Array, value: Float64Array }} Series
 */

/** Entries read beside the next. */
export const SERIES_AHEAD = 7;

/**
 * @param {readonly number[]} cell
 * @throws {BoresError} ERR_ARGUMENT for what is no list of integers
 */
export function checkCell(cell) {
  if (!Array.isArray(cell) || !cell.every((index) => Number.isSafeInteger(index))) {
    throw new BoresError('ERR_ARGUMENT', `a cell is a list of integers, `
      + `not ${JSON.stringify(cell)}`);
  }
  return cell;
}

/**
 * @param {readonly EntryMeta[]} entries
 * @param {readonly number[]} cell
 * @param {AsyncIterable<any>} cells  what was read of each entry, undefined where it has none
 * @returns {Promise<Series | undefined>}  undefined when no entry has it
 */
export async function makeSeries(entries, cell, cells) {
  const value = new Float64Array(entries.length).fill(NaN);
  let found = 0, at = 0;
  for await (const read of cells) {
    if (read !== undefined) {
      value[at] = toNumber(read, cell);
      found++;
    }
    at++;
  }
  if (found === 0 && entries.length > 0) return undefined;
  return {
    step: Float64Array.from(entries, ({ step, meta }) => Number(step ?? meta.step ?? NaN)),
    time: Float64Array.from(entries, ({ time }) => time ?? NaN),
    value,
  };
}

/**
 * @param {any} read
 * @param {readonly number[]} cell
 */
function toNumber(read, cell) {
  if (read instanceof NdArray && read.size !== 1) {
    throw new BoresError('ERR_ARGUMENT', `a cell of ${cell.length} indices, `
      + `[${cell.join(', ')}], leaves [${read.shape.join(', ')}] elements of the array`);
  }
  return Number(read instanceof NdArray ? read.data[0] : read);
}
