// SPDX-License-Identifier: MIT
// The summary of an ECLIPSE run on the command line: every time step, in the units of its file.

import { BoresError, EclipseStore } from '../index.js';
import { formatJson, formatTable } from './format.js';
import { UsageError } from './usage.js';
import { field } from './vectors.js';

/**
 * @import { DataStore } from '../index.js'
 * @import { CubeStates } from '../cube/read-cube.js'
 * @typedef {{ json?: boolean, csv?: boolean }} Form
 */

/**
 * Whether curves can come from a summary alone.
 * @param {DataStore | CubeStates} store
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>}
 */
export const isSummaryAlone = async (store, signal) =>
  store instanceof EclipseStore && (await store.entries({ signal })).length === 0;

/**
 * Vectors by their keys, or without keys the list of them.
 * @param {DataStore | CubeStates} store
 * @param {readonly string[]} keys
 * @param {Form} form
 * @param {AbortSignal} signal
 */
export async function summaryText(store, keys, form, signal) {
  if (!(store instanceof EclipseStore)) throw new UsageError('--summary is for runs of ECLIPSE, which have one');
  if (keys.length === 0) return listText(await store.vectorNames({ signal }), form);
  const vectors = await store.vectors(keys, { signal });
  const [{ days, steps }] = vectors;
  if (form.json) {
    return formatJson(vectors.map(({ key, unit, values }) => ({ name: key, unit, steps: [...steps], days: [...days],
      values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)) })));
  }
  const headings = vectors.map(({ key, unit }) => (unit ? `${key} [${unit}]` : key));
  const rows = Array.from(steps, (step, n) => [step, days[n], ...vectors.map(({ values }) => values[n])]);
  if (!form.csv) return formatTable(['step', 'days', ...headings], rows);
  return [['step', 'days', ...headings].map(field), ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** @param {readonly { key: string, unit: string }[]} names @param {Form} form */
function listText(names, { json, csv }) {
  const rows = names.map(({ key, unit }) => [key, unit]);
  if (json) return formatJson(names.map(({ key, unit }) => ({ name: key, unit })));
  return csv ? [['name', 'unit'], ...rows].map((row) => `${row.map(field).join(',')}\n`).join('')
    : formatTable(['vector', 'unit'], rows);
}

/**
 * What there is to say of the summary in a line; null: there is none.
 * @param {EclipseStore} store
 * @param {AbortSignal} signal
 * @returns {Promise<{ vectors: number | null, summary: string } | null>}  vectors: null where it cannot be read
 */
export async function summaryLine(store, signal) {
  try {
    const { length } = await store.vectorNames({ signal });
    return { vectors: length, summary: `${length} vectors ('bores series --summary')` };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof BoresError)) throw error;
    return error.code === 'ERR_NOT_FOUND' ? null : { vectors: null, summary: `cannot be read: ${error.message}` };
  }
}
