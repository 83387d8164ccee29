// SPDX-License-Identifier: MIT
// Oil, gas and water saturation in one colour: green, red and blue, each as bright as its saturation. A
// value is that colour as a number, red × 65536 + green × 256 + blue, which single precision holds exactly.
// Where the three do not add up to one, the value is −1. Fetched when it is first shown.

/** @typedef {import('../model/properties.js').Drawable} Drawable */
/** @typedef {import('../model/run.js').Run} Run */
/** @typedef {import('../model/run.js').Values} Values */

/** How far a sum may be from one: single precision, and simulators' tolerances, stay below it. */
const SLACK = 1e-3;

/**
 * @param {ArrayLike<number>} oil
 * @param {ArrayLike<number>} gas
 * @param {ArrayLike<number>} water
 */
export function ternaryColours(oil, gas, water) {
  const data = new Float32Array(oil.length);
  let missing = 0, flagged = 0;
  const part = (/** @type {number} */ saturation) => Math.round(255 * Math.max(0, Math.min(1, saturation)));
  for (let n = 0; n < data.length; n += 1) {
    const sum = oil[n] + gas[n] + water[n];
    if (!Number.isFinite(sum)) {
      data[n] = NaN;
      missing += 1;
    } else if (Math.abs(sum - 1) > SLACK) {
      data[n] = -1;
      flagged += 1;
    } else {
      data[n] = part(gas[n]) * 65536 + part(oil[n]) * 256 + part(water[n]);
    }
  }
  return { data, missing, flagged };
}

/** @param {Run} run @param {number} step @param {Drawable} property @returns {Promise<Values>} */
export async function ternaryValues(run, step, property) {
  const parts = await Promise.all((property.parts ?? []).map((id) =>
    run.values(step, /** @type {Drawable} */ (run.property(id)))));
  const [oil, gas, water] = parts.map(({ data }) => data);
  return { ...ternaryColours(oil, gas, water), lo: 0, hi: 1, loPositive: 1, parts: [oil, gas, water] };
}
