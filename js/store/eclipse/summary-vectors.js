// SPDX-License-Identifier: MIT
// What the vectors of a summary are called: the keyword, and of whom it is (OPM Flow Reference Manual, appendix F).

import { BoresError } from '../../core/errors.js';

/**
 * `lgr`, `cell`: of a local grid, i, j, k from 1
 * @typedef {{ keyword: string, name: string, number: number, unit: string, lgr?: string, cell?: number[] }} Specified
 * @typedef {Specified & { key: string, column: number }} VectorName  `number`: a cell (from 1), a region, a segment
 * @typedef {{ key: string, unit: string, days: Float64Array, steps: Int32Array, values: Float32Array }} SummaryVector
 */

/** Words about time and the run, whatever their first letter says. */
const OF_NOBODY = /^(TIME|YEARS?|DAY|MONTH|STEPTYPE|MSUM|NEWTON|NLINEARS|MLINEARS|MSUM.*|TCPU.*|TIMESTEP|ELAPSED)/;

/**
 * @param {readonly Specified[]} vectors
 * @param {any} dims  DIMENS: NLIST, nx, ny, nz …
 * @returns {VectorName[]}
 */
export function keysOf(vectors, dims) {
  const [, nx = 0, ny = 0] = dims?.data ?? [];
  const known = new Set();
  return vectors.map((vector, column) => {
    const plain = keyOf(vector, nx, ny);
    const key = known.has(plain) ? `${plain}#${column}` : plain; // never two of one key
    known.add(key);
    return { ...vector, key, column };
  });
}

/** @param {Specified} vector @param {number} nx @param {number} ny */
function keyOf({ keyword, name, number, lgr, cell: local = [] }, nx, ny) {
  const named = name !== '' && name !== ':+:+:+:+';
  const cell = nx > 0 && ny > 0 && number > 0
    ? [(number - 1) % nx, Math.floor((number - 1) / nx) % ny, Math.floor((number - 1) / nx / ny)]
      .map((n) => n + 1).join(',')
    : String(number);
  if (OF_NOBODY.test(keyword)) return keyword;
  if (keyword[0] === 'L' && lgr) {
    return [keyword, lgr, ...('WC'.includes(keyword[1]) && named ? [name] : []),
      ...('BC'.includes(keyword[1]) ? [local.join(',')] : [])].join(':');
  }
  switch (keyword[0]) {
    case 'W': case 'G': return named ? `${keyword}:${name}` : keyword;
    case 'C': return named ? `${keyword}:${name}:${cell}` : keyword;
    case 'S': return named ? `${keyword}:${name}:${number}` : keyword;
    case 'B': return `${keyword}:${cell}`;
    case 'R': return number >= 32768 * 10 ? `${keyword}:${number % 32768}-${Math.floor(number / 32768) - 10}`
      : `${keyword}:${number}`;
    case 'A': return number > 0 ? `${keyword}:${number}` : keyword;
    default: return keyword;
  }
}

/**
 * @param {readonly VectorName[]} all
 * @param {readonly string[]} keys
 * @param {string} location
 */
export function chooseVectors(all, keys, location) {
  const byKey = new Map(all.map((vector) => [vector.key, vector]));
  return keys.map((key) => {
    const found = byKey.get(key);
    if (found) return found;
    throw new BoresError('ERR_NOT_FOUND', `${location}: the summary has no vector '${key}'`, { key });
  });
}
