// SPDX-License-Identifier: MIT
// What the arguments of commands mean: LOCATION, STEP, PATH, cells and slices.

import { realpathSync } from 'node:fs';
import path from 'node:path';

import { BoresError, EclipseStore, locationRelation, openCube, openStore } from '../index.js';
import { formatPath, visible } from './format.js';
import { similarNames } from './similar-names.js';
import { UsageError } from './usage.js';

/**
 * @import { DataStore, NdArray } from '../index.js'
 * @import { CubeStates } from '../cube/read-cube.js'
 * @import { Context } from './usage.js'
 * @typedef {Awaited<ReturnType<DataStore['entries']>>[number]} EntryMeta
 * @typedef {Awaited<ReturnType<DataStore['inventory']>>[number]} InventoryItem
 * @typedef {Parameters<NdArray['slice']>[number]} SliceItem
 */

/** An option of the commands that read a run. @type {{ case: import('./usage.js').Option }} */
export const CASE_OPTION = {
  case: { type: 'string', value: 'NAME', help: 'of several ECLIPSE runs in one place the one of this name' },
};

/**
 * Opens a store, and closes it when the work is done or failed.
 *
 * @template Piece, Result
 * @param {string} location
 * @param {Pick<Context, 'signal' | 'place'>} context
 * @param {(store: DataStore) => AsyncGenerator<Piece, Result>} work
 * @param {{ mode?: 'r' | 'r+', plain?: boolean, empty?: boolean, units?: 'bores' | 'file', case?: string,
 *   withCube?: (cube: CubeStates, store: DataStore) => AsyncGenerator<Piece, Result> }} [options]
 *   plain: also a Zarr hierarchy without states; empty: also one without anything; withCube: the work where the
 *   hierarchy is a cube; units: of an ECLIPSE run, BORES's where it is left out, since what is printed and written
 *   says that its pressures are psi; case: which of several ECLIPSE runs
 * @returns {AsyncGenerator<Piece, Result>}
 */
export async function* withStore(location, { signal, place }, work, options = {}) {
  const { mode = 'r', plain, empty, withCube, units = 'bores', case: wanted } = options;
  const store = await openStore(location, { mode, units, case: wanted, signal, ...place });
  try {
    const { layout } = await store.describe({ signal });
    if (layout === 'empty' && !empty) {
      throw new BoresError('ERR_NOT_FOUND', `there is nothing in ${location}`);
    }
    const cube = layout === 'plain' && withCube ? await cubeAt(location, { signal, ...place }) : undefined;
    if (cube && withCube) {
      try {
        return yield* withCube(cube, store);
      } finally {
        await cube.close();
      }
    }
    if (layout === 'plain' && !plain && !empty) {
      const what = store.backend === 'hdf5' ? 'an HDF5 file' : 'a Zarr hierarchy';
      throw new BoresError('ERR_NOT_FOUND', `${location} is ${what} without states of BORES; `
        + `'bores ls ${location}' lists its arrays`);
    }
    return yield* work(store);
  } finally {
    await store.close();
  }
}

/**
 * What of an ECLIPSE run no array and no sum has.
 * @param {unknown} store
 * @param {AbortSignal} signal
 * @returns {Promise<string>}  a line, or ''
 */
export async function passedOver(store, signal) {
  const { localGrids } = store instanceof EclipseStore ? await store.info({ signal }) : {};
  return localGrids ? `Passed over: cells of the local grids ${visible(localGrids.join(', '))}.\n` : '';
}

/**
 * @param {string} location  of a hierarchy without states
 * @param {Parameters<typeof openCube>[1]} options
 * @returns {Promise<CubeStates | undefined>}
 */
async function cubeAt(location, options) {
  return openCube(location, options).catch((error) => {
    if (error?.code === 'ERR_NOT_FOUND') return undefined;
    throw error;
  });
}

/**
 * @param {string} from
 * @param {string} to
 * @throws {UsageError} when writing to one would destroy the other
 */
export async function assertSeparate(from, to) {
  const relation = await locationRelation(to, from);
  if (relation === undefined) return;
  const how = { same: 'are the same place', inside: 'cannot be: the target lies inside the source',
    around: 'cannot be: the source lies inside the target',
    part: 'cannot be: the target is another file of the same run' }[relation];
  throw new UsageError(`source '${from}' and target '${to}' ${how}; nothing was touched`);
}

/**
 * @param {string} output  a file
 * @param {readonly string[]} locations
 * @param {string} [option]  that the file was named by
 * @throws {UsageError} when the file is, or lies inside, what a command reads or writes
 */
export async function assertOutputApart(output, locations, option = '--output') {
  for (const location of locations) {
    const relation = await locationRelation(physicalPath(output), location).catch(() => undefined);
    if (relation === undefined || relation === 'around') continue;
    const how = { same: 'is', inside: 'lies inside', part: 'is of the same run as' }[relation];
    throw new UsageError(`${option} '${output}' ${how} '${location}': choose another file; nothing was touched`);
  }
}

/**
 * Where the system would write a file: it goes to the end of a link before it goes up by '..'.
 * @param {string} file
 */
function physicalPath(file) {
  try {
    return path.join(realpathSync.native(path.dirname(file)), path.basename(file));
  } catch {
    return path.resolve(file); // there is no such folder: writing says so
  }
}

/**
 * @typedef {object} FoundEntry
 * @property {number} idx    for calls of the store; may be negative
 * @property {number} place  among the states, from 0
 * @property {number} [step]
 * @property {number} [time]  seconds
 */

/**
 * @param {DataStore} store
 * @param {string} text  '0', '-1', 'step=40'
 * @param {AbortSignal} signal
 * @returns {Promise<FoundEntry>}
 */
export async function findEntry(store, text, signal) {
  const match = /^(?:(-?\d+)|step=(\d+))$/.exec(text);
  if (!match) throw new UsageError(`STEP must be a number or step=NUMBER, got '${text}'`);
  if (match[1] !== undefined) return entryAt(store, Number(match[1]), signal);
  const wanted = Number(match[2]);
  const entries = await store.entries({ signal });
  const place = entries.findLastIndex((item) => stepOf(item) === wanted);
  if (place < 0) {
    throw new BoresError('ERR_INDEX_RANGE', `${store.location} has no state of step ${wanted}; `
      + `'bores ls' lists its ${entries.length} states`);
  }
  return { idx: entries[place].idx, place, step: wanted, time: entries[place].time };
}

/**
 * Asks that state only, so that a broken one elsewhere does not matter.
 *
 * @param {DataStore} store
 * @param {number} idx
 * @param {AbortSignal} signal
 * @returns {Promise<FoundEntry>}
 */
async function entryAt(store, idx, signal) {
  const place = idx < 0 ? await store.count() + idx : idx;
  for await (const { step, time } of store.load({ indices: [idx], fields: [], signal })) {
    return { idx, place, step, time };
  }
  return { idx, place };
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
 * @returns {Promise<{ names: string[], item?: InventoryItem }>}  what `text` says, without an
 *   item, where no array is called so
 */
export async function findPath(store, idx, text, signal) {
  const wanted = parseNames(text);
  const inventory = await store.inventory(idx, { signal });
  const found = inventory.filter(({ names }) =>
    wanted.every((name, i) => names[names.length - wanted.length + i] === name));
  const exact = found.find(({ names }) => names.length === wanted.length);
  if (found.length === 0) return { names: wanted };
  if (exact || found.length === 1) {
    const item = exact ?? found[0];
    return { names: item.names, item };
  }
  throw new UsageError(`'${text}' is the end of ${found.length} paths:\n`
    + found.map(({ path }) => `  ${formatPath(path)}`).join('\n'));
}

/**
 * Runs a read, and adds to a "not found" what may have been meant.
 *
 * @template T
 * @param {DataStore} store
 * @param {number} idx
 * @param {string} text  the path as it was given
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
export async function withAdvice(store, idx, text, read) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof BoresError && error.code === 'ERR_NOT_FOUND')) throw error;
    const paths = (await store.inventory(idx)).map(({ path }) => formatPath(path));
    const similar = similarNames(text, paths).map((path) => `\n  ${path}`).join('');
    const advice = similar ? `; there is${similar}`
      : `; 'bores ls LOCATION ${idx}' lists what it has`;
    throw new BoresError(error.code,
      `${idx === -1 ? 'the last state' : `state ${idx}`} has no '${text}'${advice}`,
      { cause: error });
  }
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
