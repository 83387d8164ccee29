// SPDX-License-Identifier: MIT
// Sums and extremes of numeric data. Sums are compensated (Neumaier), in float64: of a million
// cells the last bit is right nearly always, where adding them up plainly loses several digits.
// Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54
// (1974), algorithm IV.

/** @typedef {ArrayLike<number> | BigInt64Array | BigUint64Array} Numbers */

/**
 * @param {Numbers} data
 * @param {boolean} skipNaN
 */
export function sum(data, skipNaN = false) {
  let total = 0;
  let lost = 0; // what rounding has taken from the total
  for (let i = 0; i < data.length; i += 1) {
    const value = Number(data[i]);
    if (skipNaN && value !== value) continue;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? (total - next) + value : (value - next) + total;
    total = next;
  }
  // Of an infinite or undefined total nothing was lost (the difference above is NaN then).
  return Number.isFinite(total) ? total + lost : total;
}

/**
 * Smallest and largest value and how many are not NaN. Without `skipNaN` one NaN makes
 * both NaN. No value at all (an empty array, or only NaN skipped) gives NaN too.
 *
 * @param {Numbers} data
 * @param {boolean} skipNaN
 * @returns {{ min: number, max: number, count: number }}
 */
export function extremes(data, skipNaN = false) {
  let min = Infinity;
  let max = -Infinity;
  let count = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = Number(data[i]);
    if (value !== value) continue;
    count += 1;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const none = count === 0 || (!skipNaN && count < data.length);
  return { min: none ? NaN : min, max: none ? NaN : max, count };
}
