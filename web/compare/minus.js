// SPDX-License-Identifier: MIT
// One array less another, in parts between which the page breathes: to hand both to another thread would copy
// them here first, which takes longer than to subtract them.

/** @typedef {import('../model/run.js').Values} Values */

/** Cells of one part: some milliseconds. */
const PART = 1 << 19;

/**
 * @param {Values['data']} a
 * @param {Values['data']} b  as long
 * @returns {Promise<Values>}  a − b; NaN where one of them has no finite value
 */
export async function minus(a, b) {
  const single = a instanceof Float32Array && b instanceof Float32Array;
  const data = single ? new Float32Array(a.length) : new Float64Array(a.length);
  const found = { lo: Infinity, hi: -Infinity, loPositive: Infinity, missing: 0 };
  for (let from = 0; from < data.length; from += PART) {
    if (from > 0) await new Promise((resolve) => { setTimeout(resolve); });
    subtract(a, b, data, found, from, Math.min(from + PART, data.length));
  }
  const orNaN = (/** @type {number} */ value) => (Number.isFinite(value) ? value : NaN);
  const { lo, hi, loPositive, missing } = found;
  return { data, lo: orNaN(lo), hi: orNaN(hi), loPositive: orNaN(loPositive), missing };
}

/**
 * @param {Values['data']} a
 * @param {Values['data']} b
 * @param {Float32Array | Float64Array} data
 * @param {{ lo: number, hi: number, loPositive: number, missing: number }} found
 * @param {number} from
 * @param {number} to
 */
function subtract(a, b, data, found, from, to) {
  let { lo, hi, loPositive, missing } = found;
  for (let n = from; n < to; n += 1) {
    const value = a[n] - b[n];
    data[n] = value;
    if (!Number.isFinite(value)) {
      data[n] = NaN; // also where both are infinite, or one is
      missing += 1;
      continue;
    }
    if (value < lo) lo = value;
    if (value > hi) hi = value;
    if (value > 0 && value < loPositive) loPositive = value;
  }
  Object.assign(found, { lo, hi, loPositive, missing });
}
