// SPDX-License-Identifier: MIT
// One cell through time.

import { BoresError } from '../core/errors.js';
import { NdArray } from './nd-array.js';

/**
 * @import { EntryMeta } from './data-store.js'
 * @typedef {{ step: Float64Array, time: Float64Array, value: Float64Array }} Series
 */

/** Entries read at a time. */
const CONCURRENCY = 8;

/**
 * @param {readonly EntryMeta[]} entries
 * @param {(entry: EntryMeta) => Promise<any>} readCell
 * @returns {Promise<Series | undefined>}  undefined when no entry has it
 */
export async function readSeries(entries, readCell) {
  const value = new Float64Array(entries.length).fill(NaN);
  let found = 0, next = 0;
  const work = async () => {
    while (next < entries.length) {
      const at = next++;
      try {
        const cell = await readCell(entries[at]);
        value[at] = Number(cell instanceof NdArray ? cell.data[0] : cell);
        found++;
      } catch (error) {
        if (!(error instanceof BoresError && error.code === 'ERR_NOT_FOUND')) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  if (found === 0 && entries.length > 0) return undefined;
  return {
    step: Float64Array.from(entries, ({ step, meta }) => Number(step ?? meta.step ?? NaN)),
    time: Float64Array.from(entries, ({ time }) => time ?? NaN),
    value,
  };
}
