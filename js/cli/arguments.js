// SPDX-License-Identifier: MIT
// What the arguments of commands mean: LOCATION, STEP, PATH, cells and slices.

import { openStore } from '../index.js';
import { UsageError } from './usage.js';

/**
 * @import { DataStore, NdArray } from '../index.js'
 * @typedef {Awaited<ReturnType<DataStore['entries']>>[number]} EntryMeta
 * @typedef {Awaited<ReturnType<DataStore['inventory']>>[number]} InventoryItem
 * @typedef {Parameters<NdArray['slice']>[number]} SliceItem
 */

/**
 * Opens for reading, and closes when the work is done or failed.
 *
 * @template Piece, Result
 * @param {string} location
 * @param {AbortSignal} signal
 * @param {(store: DataStore) => AsyncGenerator<Piece, Result>} work
 * @returns {AsyncGenerator<Piece, Result>}
 */
export async function* withStore(location, signal, work) {
  const store = await openStore(location, { mode: 'r', signal });
  try {
    return yield* work(store);
  } finally {
    await store.close();
  }
}

/**
 * @param {DataStore} store
 * @param {string} text  '0', '-1', 'step=40'
 * @param {AbortSignal} signal
 * @returns {Promise<EntryMeta>}
 */
export async function findEntry(store, text, signal) {
  const entries = await store.entries({ signal });
  const match = /^(?:(-?\d+)|step=(\d+))$/.exec(text);
  if (!match) throw new UsageError(`STEP must be a number or step=NUMBER, got '${text}'`);
  const [, index, step] = match;
  const entry = index !== undefined ? entries.at(Number(index))
    : entries.findLast((item) => stepOf(item) === Number(step));
  if (!entry) throw new UsageError(`there is no state ${text}: ${rangeOf(entries, step)}`);
  return entry;
}

/**
 * @param {EntryMeta[]} entries
 * @param {string | undefined} step
 */
function rangeOf(entries, step) {
  if (entries.length === 0) return 'the store is empty';
  if (step === undefined) return `the store has ${entries.length}, 0 to ${entries.length - 1}`;
  return `steps go from ${stepOf(entries[0])} to ${stepOf(entries[entries.length - 1])}, `
    + 'but not every one need have been saved';
}

/**
 * @param {EntryMeta} entry
 * @returns {number | undefined}  the simulator's count
 */
export const stepOf = ({ step, meta }) => step ?? meta?.step;

/**
 * @param {string} text  dotted, or a JSON list of names
 * @returns {string[]}
 */
export function parseNames(text) {
  if (!text.startsWith('[')) return text.split('.');
  try {
    const names = JSON.parse(text);
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // reported below, as for a list of something else
  }
  throw new UsageError(`PATH ${text} is not a JSON list of names`);
}

/**
 * The full path of an array that was named by its end, where that is unique.
 *
 * @param {DataStore} store
 * @param {number} idx
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>}  what `text` says where no array is called so
 */
export async function findPath(store, idx, text, signal) {
  const wanted = parseNames(text);
  const inventory = await store.inventory(idx, { signal });
  const found = inventory.filter(({ names }) =>
    wanted.every((name, i) => names[names.length - wanted.length + i] === name));
  const exact = found.find(({ names }) => names.length === wanted.length);
  if (exact || found.length === 0) return wanted;
  if (found.length === 1) return found[0].names;
  throw new UsageError(`'${text}' is the end of ${found.length} paths:\n`
    + found.map(({ names }) => `  ${names.join('.')}`).join('\n'));
}

/**
 * @param {string} text  '3,0,2'; negative numbers count from the end
 * @returns {number[]}
 */
export function parseCell(text) {
  if (!/^-?\d+(,-?\d+)*$/.test(text)) {
    throw new UsageError(`a cell is given as i,j,k, got '${text}'`);
  }
  return text.split(',').map(Number);
}

/**
 * @param {string} text  as in NumPy: '0', ':,:,-1', '2:8:2,:,0'
 * @returns {SliceItem[]}
 */
export function parseSlice(text) {
  return text.split(',').map((item) => {
    const parts = item.trim().split(':');
    if (parts.length > 3 || !parts.every((part) => /^\s*(-?\d+)?\s*$/.test(part))
      || (parts.length === 1 && parts[0] === '')) {
      throw new UsageError(`--slice takes what NumPy takes between brackets, e.g. ':,:,0' or `
        + `'2:8:2,:,-1', got '${text}'`);
    }
    const bounds = parts.map((part) => (part.trim() === '' ? null : Number(part)));
    if (bounds.length === 1) return bounds[0];
    return bounds.every((bound) => bound === null) ? null
      : [bounds[0], bounds[1], bounds[2] ?? null];
  });
}
