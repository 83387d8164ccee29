// SPDX-License-Identifier: MIT
// What BORES's own ModelAnalyst answered, told as expected answers of ours: names in camelCase.

/** @param {string} name */
const camel = (name) => name.replace(/_(\w)/g, (_, /** @type {string} */ letter) => letter.toUpperCase());

/** BORES's records and grids as expected.js has them. @param {any} value @returns {any} */
function translate(value) {
  if (Array.isArray(value)) return value.map(translate);
  if (typeof value !== 'object' || value === null) return value;
  if (value.ndarray) return translateGrid(value.ndarray);
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__type__')
    .map(([name, item]) => [camel(name), translate(item)]));
}

/** @param {any} grid */
function translateGrid({ shape, sum, min, max, at }) {
  const [, ny, nz] = shape;
  return { shape, sum, min, max, at: at.map((/** @type {[number[], number | boolean]} */ [[i, j, k], value]) =>
    [(i * ny + j) * nz + k, Number(value)]) };
}

/**
 * Left out: iterated fits and what is chosen among them, what BORES cannot compute, and for the wheel
 * what is asked of wells, which its stores do not hold.
 *
 * @param {any[]} results
 * @param {string} version
 */
export function compatCases(results, version) {
  return results.filter(({ name, args, error }) => error === undefined
    && !/^recommend_decline|^productivity/.test(name) && args.decline_type !== 'hyperbolic'
    && !(version === 'wheel' && typeof args.cells === 'string'))
    .map(({ name, args, value }) => ({
      name: camel(name),
      args: Object.fromEntries(Object.entries(args).map(([key, item]) => [camel(key), item])),
      value: translate(value),
      tol: { rel: 1e-9, abs: 1e-9 },
    }));
}
