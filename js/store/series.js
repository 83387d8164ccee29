// SPDX-License-Identifier: MIT
// One cell through time.

import { BoresError } from '../core/errors.js';
import { Signals } from '../core/signals.js';
import { NdArray } from '../values/nd-array.js';

/**
 * @import { EntryMeta } from './store-types.js'
 * @typedef {{ step: Float64Array, time: Float64Array, value: Float64Array }} Series
 */

/** Entries read at a time. */
const CONCURRENCY = 8;

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
 * @param {AbortSignal | undefined} signal
 * @param {(entry: EntryMeta, options: { signal: AbortSignal }) => Promise<any>} readCell
 * @returns {Promise<Series | undefined>}  undefined when no entry has it
 */
export async function readSeries(entries, cell, signal, readCell) {
  const reads = new Signals(signal);
  const value = new Float64Array(entries.length).fill(NaN);
  let found = 0, next = 0;
  const work = async () => {
    while (next < entries.length) {
      const at = next++;
      const read = reads.open();
      try {
        value[at] = toNumber(await readCell(entries[at], { signal: read.signal }), cell);
        found++;
      } catch (error) {
        if (!(error instanceof BoresError && error.code === 'ERR_NOT_FOUND')) {
          next = entries.length; // the others need not go on
          reads.abort(error);
          throw error;
        }
      } finally {
        reads.close(read);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  } finally {
    reads.abort();
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
