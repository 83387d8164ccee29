// SPDX-License-Identifier: MIT
// Volumes in place that the summary of an ECLIPSE run knows, for runs whose restarts have no formation volume factors.

import { BoresError } from '../core/errors.js';

/**
 * @import { EclipseSummary } from './eclipse-summary.js'
 * Vectors, and STB or SCF a unit of theirs.
 * @typedef {{ now: string, produced: string, injected: string, per: number }} InPlace
 */

/** @type {Record<string, InPlace>} */
const VOLUMES = {
  oil: { now: 'FOIP', produced: 'FOPT', injected: 'FOIT', per: 1 },
  gas: { now: 'FGIP', produced: 'FGPT', injected: 'FGIT', per: 1000 },
  freeGas: { now: 'FGIPG', produced: '', injected: '', per: 1000 },
  water: { now: 'FWIP', produced: '', injected: '', per: 1 }, // what an aquifer brought is not known
};
/** @type {Record<string, [volume: string, what: 'now' | 'first' | 'history' | 'recovery']>} */
const QUESTIONS = {
  oilInPlace: ['oil', 'now'], gasInPlace: ['gas', 'now'],
  freeGasInPlace: ['freeGas', 'now'], waterInPlace: ['water', 'now'],
  stockTankOilInitiallyInPlace: ['oil', 'first'], stockTankGasInitiallyInPlace: ['gas', 'first'],
  freeGasInitiallyInPlace: ['freeGas', 'first'], stockTankWaterInitiallyInPlace: ['water', 'first'],
  oilInPlaceHistory: ['oil', 'history'], gasInPlaceHistory: ['gas', 'history'],
  freeGasInPlaceHistory: ['freeGas', 'history'], waterInPlaceHistory: ['water', 'history'],
  oilRecoveryFactor: ['oil', 'recovery'], gasRecoveryFactor: ['gas', 'recovery'],
  totalGasRecoveryFactor: ['gas', 'recovery'],
};

/**
 * @param {EclipseSummary} summary
 * @param {string} name  of a question
 * @param {any} options
 * @param {{ steps: number[], days: number[] }} states
 * @param {(name: string, options: any) => any} ask
 * @param {unknown} error  why the states have no answer
 * @returns {any}
 * @throws what the error is, where the summary has none either
 */
export function askSummary(summary, name, options, { steps, days }, ask, error) {
  const question = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : undefined;
  if (!question || !(error instanceof BoresError) || options?.method === 'balance') throw error;
  const [volume, what] = question;
  const { now, produced, injected, per } = VOLUMES[volume];
  const read = (/** @type {string} */ key) => summary.vector(key, steps, days)?.values;
  const values = read(now);
  if (!values) throw error;
  if (what === 'history') {
    /** @type {number[]} */ const range = ask('stepsOfRange', rangeOf(options ?? {}));
    return steps.flatMap((step, n) =>
      (range.includes(step) && Number.isFinite(values[n]) ? [[step, values[n] * per]] : []));
  }
  if (what === 'now') {
    const step = options?.step ?? -1;
    const value = values[step < 0 ? steps.length + step : steps.indexOf(step)];
    if (value === undefined || Number.isNaN(value)) throw error;
    return value * per;
  }
  const first = firstOf(values, read(produced), read(injected));
  if (first === undefined) throw error;
  if (what === 'first') return first * per;
  return ask(volume === 'oil' ? 'cumulativeOilProduced' : 'cumulativeGasProduced', {}) / (first * per);
}

/** @param {any} options @returns {any}  those of a range alone */
const rangeOf = (options) => Object.fromEntries(['fromStep', 'toStep', 'interval']
  .filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));

/**
 * What was there at first: a summary has no row of the beginning, but what is there at its first one, and what has been
 * produced of it by then.
 * @param {Float64Array} values
 * @param {Float64Array | undefined} produced
 * @param {Float64Array | undefined} injected
 */
function firstOf(values, produced, injected) {
  const at = values.findIndex((value) => Number.isFinite(value));
  if (at === 0) return values[0];
  return at > 0 && produced ? values[at] + produced[at] - (injected?.[at] ?? 0) : undefined;
}
