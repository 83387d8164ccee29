// SPDX-License-Identifier: MIT
// Compares an analyst's answers with expected ones: files of {name, args, value | error, alt, tol, cmp}
// that were computed independently of this project (NumPy and math.fsum over the same arrays).

import { BoresError } from '../../../js/index.js';

/**
 * @typedef {{ name: string, args: any, value?: any, error?: string, alt?: any, cmp?: string,
 *   tol?: { rel?: number, abs?: number, fields?: { [name: string]: number } } }} Expected
 */

const FIT_OPTIONS = ['declineType', 'phase', 'fromStep', 'toStep'];

/**
 * @param {any} analyst
 * @param {Expected} expected
 */
async function ask(analyst, { name, args }) {
  if (name === 'forecastProduction' || name === 'estimateEconomicUltimateRecovery') {
    const entries = Object.entries(args);
    const ofFit = Object.fromEntries(entries.filter(([key]) => FIT_OPTIONS.includes(key)));
    const own = Object.fromEntries(entries.filter(([key]) => !FIT_OPTIONS.includes(key)));
    return analyst[name](await analyst.declineCurveAnalysis(ofFit), own);
  }
  const member = analyst[name];
  if (typeof member !== 'function') return member;
  return Array.isArray(args) ? analyst[name](...args)
    : Object.keys(args).length > 0 ? analyst[name](args) : analyst[name]();
}

/**
 * The code of a refusal, which the expected answers leave open: what is named and not there is not found, a cell
 * outside the grid is out of range, and any other value is a wrong argument.
 * @param {any} args
 */
function codeOf({ cells, step, fromStep, toStep, well }) {
  if ([step, fromStep, toStep].some(Number.isInteger) || typeof (cells?.[0] ?? well) === 'string') return 'ERR_NOT_FOUND';
  return cells === undefined ? 'ERR_ARGUMENT' : 'ERR_INDEX_RANGE';
}

/**
 * What is wrong with an answer; undefined where nothing is.
 * @param {any} analyst
 * @param {Expected} expected
 * @returns {Promise<string | undefined>}
 */
export async function problemOf(analyst, expected) {
  let got;
  try {
    got = await ask(analyst, expected);
  } catch (error) {
    if (!(error instanceof BoresError)) throw error;
    if (!expected.error) return `threw ${error.message}`;
    const due = codeOf(expected.args);
    return error.code === due ? undefined : `threw ${error.code}, not ${due}: ${error.message}`;
  }
  if (expected.error) return `gave ${JSON.stringify(got)?.slice(0, 80)} and threw nothing`;
  const problem = differ(got, expected.value, expected, '', '');
  return problem && expected.alt !== undefined && !differ(got, expected.alt, expected, '', '')
    ? undefined : problem;
}

/**
 * @param {any} got
 * @param {any} want
 * @param {Expected} expected
 * @param {string} path
 * @param {string} field
 * @returns {string | undefined}
 */
function differ(got, want, expected, path, field) {
  const { cmp, name } = expected;
  if (cmp === 'model') return got[0] === want[0] ? undefined : `${got[0]}, not ${want[0]}`;
  if (want === '*') return typeof got === 'string' && got !== '' ? undefined : `${path}: no text`;
  if (want === 'Infinity' || want === '-Infinity') return same(String(got), want, path);
  if (typeof want === 'number') return differNumber(got, want, expected, path, field);
  if (field === 'frontCells' && Array.isArray(want)) {
    const cells = [...got.data].flatMap((hit, cell) => (hit ? [cell] : []));
    return same(cells, want, path);
  }
  if (field === 'saturationDeltaGrid' || field === 'frontCells') return differGrid(got, want, expected, path);
  if (Array.isArray(want)) {
    const list = [...(got ?? [])];
    if (list.length !== want.length) return `${path}: ${list.length} items, not ${want.length}`;
    return first(want.map((item, n) => differ(list[n], item, expected, `${path}[${n}]`, field)));
  }
  if (want === null || typeof want !== 'object') return same(got, want, path);
  return first(Object.keys(want).map((key) => {
    if (cmp === 'fit' && !['declineType', 'phase', 'error', 'rSquared', 'steps'].includes(key)) return undefined;
    if (cmp === 'fit' && key === 'rSquared') {
      return got.rSquared >= want.rSquared - 1e-3 ? undefined
        : `${name}: R2 ${got.rSquared}, not ${want.rSquared}`;
    }
    return differ(got?.[key], want[key], expected, `${path}.${key}`, key);
  }));
}

/**
 * @param {any} got
 * @param {number} want
 * @param {Expected} expected
 * @param {string} path
 * @param {string} field
 */
function differNumber(got, want, { tol = {} }, path, field) {
  const { rel = 1e-9, abs = 1e-12, fields = {} } = tol;
  const allowed = rel * Math.abs(want) + (fields[field] ?? abs);
  return Math.abs(got - want) <= allowed ? undefined
    : `${path}: ${got}, not ${want} (off by ${Math.abs(got - want)}, allowed ${allowed})`;
}

/**
 * @param {any} got
 * @param {any} want
 * @param {Expected} expected
 * @param {string} path
 */
function differGrid(got, want, expected, path) {
  const sum = got.data.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
  return first([
    same([...got.shape], want.shape, `${path}.shape`),
    differNumber(sum, want.sum, { ...expected, tol: { abs: 1e-9 } }, `${path}.sum`, ''),
    differNumber(Math.min(...got.data), want.min, expected, `${path}.min`, ''),
    differNumber(Math.max(...got.data), want.max, expected, `${path}.max`, ''),
    ...want.at.map((/** @type {[number, number]} */ [cell, value]) =>
      differNumber(got.data[cell], value, expected, `${path}[${cell}]`, '')),
  ]);
}

/**
 * @param {unknown} got
 * @param {unknown} want
 * @param {string} path
 */
function same(got, want, path) {
  return JSON.stringify(got) === JSON.stringify(want) ? undefined
    : `${path}: ${JSON.stringify(got)?.slice(0, 200)}, not ${JSON.stringify(want)?.slice(0, 200)}`;
}

/** @param {(string | undefined)[]} problems */
function first(problems) {
  return problems.find((problem) => problem !== undefined);
}
