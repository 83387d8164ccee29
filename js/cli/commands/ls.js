// SPDX-License-Identifier: MIT
// bores ls: the states of a store, or what is in one of them.

import { ModelState, NdArray, SparseTensor, propertyLabel } from '../../index.js';
import { CASE_OPTION, findEntry, parseNames, stepOf, withStore } from '../arguments.js';
import {
  formatBytes, formatJson, formatNumber, formatPath, formatShape, formatTable, visible,
} from '../format.js';
import { hierarchyTable, isNoStore, listHierarchy } from '../hierarchy.js';
import { UsageError } from '../usage.js';

/**
 * @import { DataStore } from '../../index.js'
 * @import { EntryMeta, FoundEntry } from '../arguments.js'
 * @import { Command } from '../usage.js'
 */

/** @type {Command} */
export const ls = {
  name: 'ls',
  synopsis: 'LOCATION [STEP [PATH]]',
  operands: [1, 3],
  summary: 'the states of a store, or the arrays of a state',
  description: `Without STEP: every state, with its index, step and time.
With STEP: the arrays of that state, with name, unit, shape, type, size and compression;
with PATH only those below it. Arrays are listed, not read.
Of a Zarr hierarchy or HDF5 file that is no BORES store, all groups and arrays are listed.`,
  options: {
    all: { type: 'boolean', short: 'a', help: 'also numbers and texts, with their values' },
    ...CASE_OPTION,
  },
  examples: [
    ['bores ls results/run.zarr', 'which states there are'],
    ['bores ls results/run.zarr -1', 'what is in the last one'],
    ['bores ls results/run.zarr 0 model.rock_properties', 'only the rock'],
    ['bores ls results/run.zarr step=40 wells --all', 'the wells at step 40, with their controls'],
  ],
  async* run({ operands: [location, step, path], options, signal, place }) {
    try {
      yield* withStore(location, { signal, place }, async function* list(store) {
        if (step === undefined) {
          yield listEntries(await store.entries({ signal }), options.json);
        } else {
          const entry = await findEntry(store, step, signal);
          const names = path === undefined ? [] : parseNames(path);
          yield await listArrays(store, entry, names, { ...options, signal });
        }
      }, { case: options.case });
    } catch (error) {
      if (step !== undefined || !isNoStore(error)) throw error;
      const nodes = await listHierarchy(location, { signal, place }, error);
      yield options.json ? formatJson(nodes) : hierarchyTable(nodes);
    }
  },
};

/**
 * @param {EntryMeta[]} entries
 * @param {boolean} json
 */
function listEntries(entries, json) {
  const rows = entries.map((entry) => ({
    idx: entry.idx, step: stepOf(entry) ?? null, time: entry.time ?? null,
    groupName: entry.groupName, meta: entry.meta,
  }));
  if (json) return formatJson(rows);
  return formatTable(['index', 'step', 'days', 'group'],
    rows.map(({ idx, step, time, groupName }) =>
      [idx, step ?? '', time === null ? '' : time / 86_400, groupName]));
}

/**
 * @param {DataStore} store
 * @param {FoundEntry} entry
 * @param {string[]} below
 * @param {{ json?: boolean, all?: boolean, signal: AbortSignal }} options
 */
async function listArrays(store, entry, below, { json, all, signal }) {
  const inventory = await store.inventory(entry.idx, { signal });
  const arrays = inventory.filter(({ names }) => below.every((name, i) => names[i] === name));
  const values = all ? await listValues(store, entry, below, signal) : [];
  if (arrays.length === 0 && values.length === 0) {
    throw new UsageError(`state ${entry.place} has no array below '${below.join('.')}'`
      + `${all ? '' : '; --all shows numbers and texts too'}`);
  }
  if (json) return formatJson({ arrays, ...(all && { values }) });
  const table = arrays.length === 0 ? '' : formatTable(
    ['path', 'name', 'shape', 'type', 'size', 'chunks', 'codec'],
    arrays.map(({ path, names, shape, dtype, nbytes, chunks, codec, sparse }) => [
      formatPath(path), propertyLabel(names), formatShape(shape), dtype, formatBytes(nbytes),
      chunks ? formatShape(chunks) : '', sparse === undefined ? codec ?? '' : `${sparse} stored`,
    ]),
  );
  return table + (arrays.length > 0 && values.length > 0 ? '\n' : '')
    + values.map(({ path, value }) =>
      `${visible(formatPath(path))} = ${valueText(value)}\n`).join('');
}

/** @param {unknown} value  a number, a text, null or a list of them */
function valueText(value) {
  return typeof value === 'number' ? formatNumber(value) : visible(JSON.stringify(value));
}

/**
 * @param {DataStore} store
 * @param {FoundEntry} entry
 * @param {string[]} below
 * @param {AbortSignal} signal
 */
async function listValues(store, entry, below, signal) {
  const fields = below.length > 0 ? [below] : undefined;
  const values = [];
  for await (const state of store.load({ indices: [entry.idx], fields, signal })) {
    for (const path of /** @type {ModelState} */ (state).paths()) {
      const names = typeof path === 'string' ? path.split('.') : path;
      const value = state.get(path);
      if (value instanceof NdArray || value instanceof SparseTensor) continue;
      if (below.every((name, i) => names[i] === name)) values.push({ path, value });
    }
  }
  return values;
}
