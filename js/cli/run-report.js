// SPDX-License-Identifier: MIT
// What `bores run` says: how far it is, what came of it, and curves as CSV.

import { BoresError } from '../index.js';
import { formatBytes } from './format.js';

/**
 * @import { Run } from '../index.js'
 * @typedef {Parameters<NonNullable<Parameters<Run['states']>[0]>['onProgress'] & {}>[0]} RunProgress
 *
 * @typedef {object} Outcome
 * @property {string} [output]   where the states are
 * @property {number} states     that were made now
 * @property {number} [resumedAt]  day
 * @property {number} day        that it reached
 * @property {number} days       that were asked for
 * @property {number} steps
 * @property {number} cuts
 * @property {number} seconds
 * @property {{ bytes: number, keys: number }} [usage]  of the store
 */

/**
 * The line beside the bar.
 * @param {RunProgress} progress
 * @param {number} startDay
 * @param {number} elapsed  s
 */
export function progressText({ day, days, step, stepSize, newtonIterations, cuts }, startDay, elapsed) {
  const left = day > startDay ? (elapsed * (days - day)) / (day - startDay) : undefined;
  const cut = cuts > 0 ? `, ${cuts} cut` : '';
  const end = left === undefined ? '' : `, ${left < 1 ? 'less than 1' : Math.ceil(left)} s to go`;
  return `step ${step}: ${short(stepSize)} d in ${newtonIterations} iterations${cut}${end}, day`;
}

/** @param {number} value */
const short = (value) => String(Number(value.toPrecision(3)));

/**
 * @param {Outcome} outcome
 * @param {Run} run
 */
export function outcomeText(outcome, run) {
  const { states, day, steps, cuts, seconds, output, usage, resumedAt } = outcome;
  const from = resumedAt === undefined ? '' : ` (from day ${short(resumedAt)} on)`;
  const cut = cuts > 0 ? `, ${cuts} cut` : '';
  const lines = [`${days(day)} in ${steps} steps${cut}, ${seconds.toFixed(1)} s${from}`,
    ...volumeLines(run), balanceLine(run.materialBalance)];
  if (output !== undefined) {
    const size = usage ? `, ${formatBytes(usage.bytes)} in all` : '';
    lines.push(`${states} states written to ${output}${size}`);
  }
  return `${lines.join('\n')}\n`;
}

/** @param {number} count */
const days = (count) => `${short(count)} days`;

/** Totals that a run may have, with what a reader calls them. */
const TOTALS = /** @type {const} */ ([
  ['FOPT', 'oil produced', 'STB'], ['FGPT', 'gas produced', 'Mscf'], ['FWPT', 'water produced', 'STB'],
  ['FWIT', 'water injected', 'STB'], ['FGIT', 'gas injected', 'Mscf'],
]);

/** @param {Run} run */
function volumeLines({ summary: { curves } }) {
  const last = (/** @type {string} */ name) => curves[name]?.at(-1);
  const pressure = last('FPR');
  const lines = TOTALS.flatMap(([name, text, unit]) => {
    const value = last(name);
    return value ? [`  ${text.padEnd(15)} ${withCommas(value).padStart(16)} ${unit}`] : [];
  });
  return pressure === undefined ? lines
    : [`  ${'field pressure'.padEnd(15)} ${pressure.toFixed(1).padStart(16)} psi`, ...lines];
}

/** @param {number} value */
const withCommas = (value) => Math.round(value).toLocaleString('en-US');

/** @param {Run['materialBalance']} balance */
function balanceLine(balance) {
  const parts = Object.entries(balance).map(([name, value]) => `${name} ${value.toExponential(1)}`);
  return `  ${'balance error'.padEnd(15)} ${parts.join(', ')}`;
}

/**
 * Curves by their names: FOPR of the field, WBHP:PROD-1 of a well.
 * @param {Run} run
 * @param {readonly string[]} names
 * @returns {string}  CSV
 */
export function curvesCsv({ summary }, names) {
  const columns = names.map((name) => columnOf(summary, name));
  const header = ['DAYS', ...names.map((name) => (/[",\n]/.test(name) ? JSON.stringify(name) : name))];
  const rows = summary.days.map((day, i) => [day, ...columns.map((column) => column[i])].join(','));
  return `${[header.join(','), ...rows].join('\n')}\n`;
}

/**
 * @param {Run['summary']} summary
 * @param {string} name
 */
function columnOf({ curves, wells }, name) {
  const [vector, ...rest] = name.split(':');
  const well = rest.join(':');
  const found = well === '' ? curves[vector] : wells[well]?.[vector];
  if (found) return found;
  const known = well === '' ? Object.keys(curves)
    : wells[well] ? Object.keys(wells[well]).map((item) => `${item}:${well}`)
      : Object.keys(wells).map((item) => `…:${item}`);
  throw new BoresError('ERR_NOT_FOUND', `this run has no curve '${name}', only ${known.join(', ') || 'none'}`);
}
