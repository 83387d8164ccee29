// SPDX-License-Identifier: MIT
// Vectors on the command line: their names, and how they are printed.

import { formatTable } from './format.js';

/** @import { ModelAnalyst } from '../index.js' */

const NAME = /^(?:TIME|YEARS|[FWCR][A-Z]{2,5}(?::[^]*)?)$/;

/** Whether an argument is a vector's name and no path. @param {string} text */
export const isVectorName = (text) => NAME.test(text);

/**
 * Names in one argument, separated by commas; the commas of a connection's cell separate nothing.
 * @param {string} text
 */
export const splitNames = (text) =>
  text.split(/,(?=\s*(?:TIME|YEARS|[FWCR][A-Z]{2,5})(?:[:,]|\s*$))/).map((name) => name.trim());

/**
 * A field for CSV, quoted where it must be (RFC 4180).
 * @param {string} text
 */
export const field = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * @param {ModelAnalyst} analyst
 * @param {readonly string[]} names
 */
function columnsOf(analyst, names) {
  const vectors = analyst.vectors(names);
  const columns = names.map((name) => vectors[name]);
  return { columns, headings: columns.map(({ name, unit }) => (unit ? `${name} [${unit}]` : name)) };
}

/** @param {ModelAnalyst} analyst @param {readonly string[]} names  one column a vector with its unit */
export function vectorsCsv(analyst, names) {
  const { columns, headings } = columnsOf(analyst, names);
  const rows = analyst.availableSteps.map((step, n) =>
    [step, analyst.days[n], ...columns.map(({ values }) => values[n])]);
  return [['step', 'TIME [DAYS]', ...headings].map(field), ...rows]
    .map((row) => `${row.join(',')}\n`).join('');
}

/** @param {ModelAnalyst} analyst @param {readonly string[]} names */
export function vectorsText(analyst, names) {
  const { columns, headings } = columnsOf(analyst, names);
  return formatTable(['step', 'days', ...headings], analyst.availableSteps.map((step, n) =>
    [step, analyst.days[n], ...columns.map(({ values }) => values[n])]));
}

/** @param {ModelAnalyst} analyst @param {readonly string[]} names  what is no number is null */
export function vectorsData(analyst, names) {
  return Object.values(analyst.vectors(names)).map(({ name, title, unit, steps, days, values }) =>
    ({ name, title, unit, steps: [...steps], days: [...days],
      values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)) }));
}
