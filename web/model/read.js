// SPDX-License-Identifier: MIT
// From what a store holds to what the viewer needs: the grid, and plain numbers.

import { BoresError } from '../../js/index.js';
import { bytesOf, cellsOf, everyOf, MOST_BYTES, sliceOf } from '../coarse/coarse.js';
import { formatBytes } from '../plot/scale.js';
import { startDateOf } from '../time/dates.js';
import { Grid } from './grid.js';
import { drawables } from './properties.js';

/** @typedef {import('../../js/index.js').DataStore} DataStore */
/** @typedef {import('../../js/index.js').ModelState} ModelState */
/** @typedef {import('../grid/cell-grid.js').CellGrid} CellGrid */
/**
 * @typedef {object} OpenOptions
 * @property {string} name
 * @property {AbortSignal} [signal]
 * @property {(text: string) => void} [onProgress]
 * @property {(text: string) => Promise<void>} [confirm]  asks whether to go on with something large
 * @property {boolean} [keeps]   what is found of it may be kept in the browser
 * @property {number} [every]    of so many columns each way one is shown; absent: all, or, where one can be asked and
 *   they are very many, a few of them
 */
/** @typedef {import('./run.js').Values} Values */

const THICKNESS = 'model.thickness_grid';
const GEOMETRY = ['model.grid_shape', 'model.cell_dimension', 'model.dip_angle', 'model.dip_azimuth',
  'model.datum_depth'];

/**
 * One entry, or some of it.
 * @param {DataStore} store
 * @param {number} entry
 * @param {readonly string[]} [fields]  paths or prefixes; absent: everything
 * @param {AbortSignal} [signal]
 * @returns {Promise<ModelState>}
 */
export async function readState(store, entry, fields, signal) {
  for await (const state of store.load({ indices: [entry], fields, signal })) return state;
  throw new BoresError('ERR_INDEX_RANGE', `the store has no entry ${entry}`, { entry });
}

/**
 * The list of a run's entries, and the grid and the list of arrays of the first.
 * @param {DataStore} store
 * @param {OpenOptions} options
 * @returns {Promise<import('./run.js').Parts>}
 * @throws {BoresError} `ERR_EMPTY` for a store without entries
 */
export async function readParts(store, { name, signal, onProgress, confirm, every: wanted }) {
  const entries = await store.entries({ signal });
  if (entries.length === 0) throw new BoresError('ERR_EMPTY', `${name} is a store without a single saved state`);
  const steps = entries.map(toStep);
  onProgress?.('Reading the grid');
  const { first, arrays } = await firstWhole(store, steps, signal);
  const shape = shapeOf(arrays);
  const every = wanted ?? (confirm ? everyOf(shape) : 1);
  if (wanted === undefined && every === 1) await allow(shape, confirm);
  signal?.throwIfAborted();
  onProgress?.('Reading the grid');
  const { grid, time, step } = await readGrid(store, first.entry, signal, { every, stored: shape });
  first.time ??= time;
  first.step ??= step;
  return { steps, grid, properties: drawables(arrays, grid.stored), startDate: await startDateOf(store, entries),
    check: () => whatIsCut(store, steps, arrays) };
}

/** Codes of an entry that is damaged; others may be whole. */
const DAMAGE = new Set(['ERR_CHECKSUM', 'ERR_CORRUPT', 'ERR_METADATA']);
/** Entries that are looked at for one that is whole: in a network each look takes time. */
const TRIES = 5;

/**
 * The grid is that of the first that can be read: what one damaged entry costs is that entry.
 * @param {DataStore} store
 * @param {import('./run.js').Step[]} steps
 * @param {AbortSignal} [signal]
 */
async function firstWhole(store, steps, signal) {
  /** @type {unknown} */ let problem;
  const whole = steps.filter(({ damaged }) => !damaged).slice(0, TRIES);
  for (const first of whole.length > 0 ? whole : steps.slice(0, 1)) {
    try {
      return { first, arrays: await store.inventory(first.entry, { signal }) };
    } catch (error) {
      if (!(error instanceof BoresError) || !DAMAGE.has(error.code)) throw error;
      problem ??= error;
    }
  }
  throw problem;
}

/** What is at the end of a state of BORES's, whose order is its class's. */
const LAST_PARTS = ['wells', 'rates', 'relative_permeabilities'];

/**
 * A file of YAML that was cut between two lines is YAML still. It is told by its last state, which lacks what the first
 * one has.
 * @param {DataStore} store
 * @param {readonly import('./run.js').Step[]} steps
 * @param {readonly { names: readonly string[] }[]} first  arrays of the first step that can be read
 * @returns {Promise<string>}  '' where nothing is known to lack
 */
async function whatIsCut(store, steps, first) {
  if (store.backend !== 'yaml') return '';
  const last = steps.length - 1;
  try {
    const state = await readState(store, steps[last].entry);
    const lost = LAST_PARTS.filter((part) => !state.has(part));
    if (last === 0) {
      return lost.length === 0 ? ''
        : `The only state of the file has no ${lost.join(', ')}: a file that was cut looks so.`;
    }
    const there = new Set((await store.inventory(steps[last].entry)).map(({ names }) => names.join('.')));
    const missing = first.map(({ names }) => names).filter((names) => !there.has(names.join('.')));
    const parts = [...new Set(missing.map((names) => names.slice(0, 2).join('.')))].slice(0, 4);
    return parts.length === 0 ? '' : `Step ${last} has no ${parts.join(', ')}, which the first one has: the file may `
      + 'have been cut, or is still being written.';
  } catch (error) {
    return `The file ends before its last state does: it was cut, or is still being written. Step ${last}: `
      + `${error instanceof Error ? error.message : error}`;
  }
}

/** @param {readonly { shape: readonly number[] }[]} arrays @returns {readonly number[]}  of the grid */
function shapeOf(arrays) {
  return arrays.map(({ shape }) => shape).filter(({ length }) => length === 3)
    .reduce((most, shape) => (cellsOf(shape) > cellsOf(most) ? shape : most), [0, 0, 0]);
}

/** Cells from which on one is asked first; and a million of them takes about so many seconds. */
const MANY_CELLS = 8e6;
const SECONDS = 0.3;

/**
 * What cannot be shown coarser: what a large grid means for who opens it is asked before it is read.
 * @param {readonly number[]} shape
 * @param {OpenOptions['confirm']} confirm
 */
async function allow(shape, confirm) {
  const cells = cellsOf(shape);
  if (cells < MANY_CELLS) return;
  const bytes = bytesOf(cells);
  if (bytes > MOST_BYTES) {
    throw new BoresError('ERR_LIMIT', `the grid has ${shape.join(' × ')} cells, which take ${formatBytes(bytes)} of `
      + `memory; a page has ${formatBytes(MOST_BYTES)} for them`);
  }
  await confirm?.(`It has ${Math.round(cells / 1e6)} million cells: the first picture takes `
    + `${Math.round(SECONDS * cells / 1e6)} seconds or more, and ${formatBytes(bytes)} of memory`);
}

/** @param {import('../../js/store/store-types.js').EntryMeta} entry @returns {import('./run.js').Step} */
export function toStep({ idx, step, time, meta, error }) {
  return { entry: idx, step: finite(step) ?? finite(meta?.step), time: finite(time), damaged: error !== undefined };
}

/**
 * @param {DataStore} store
 * @param {number} entry
 * @param {AbortSignal} [signal]
 * @param {{ every: number, stored: readonly number[] }} [coarse]  of so many columns each way one
 * @returns {Promise<{ grid: Grid, time: number | null, step: number | null }>}
 * @throws {BoresError} `ERR_NOT_A_RUN` when the entry has no grid
 */
export async function readGrid(store, entry, signal, coarse = { every: 1, stored: [] }) {
  const { every } = coarse;
  const fields = every === 1 ? [...GEOMETRY, THICKNESS] : GEOMETRY;
  const state = await readState(store, entry, ['step', 'time', ...fields], signal);
  const thickness = every > 1 ? await store.read(entry, THICKNESS, { slice: sliceOf(every), signal })
    : state.has(THICKNESS) ? state.get(THICKNESS) : null;
  const cellDimension = listOf(state, 'model.cell_dimension');
  if (thickness?.shape?.length !== 3 || cellDimension.length < 2) {
    throw new BoresError('ERR_NOT_A_RUN', `entry ${entry} has no reservoir grid: `
      + `${thickness === null ? THICKNESS : 'model.cell_dimension'} is missing`,
    { entry });
  }
  const grid = new Grid({
    shape: thickness.shape,
    cellDimension: cellDimension.map((length) => length * every),
    thickness: floats(numbers(thickness)),
    datumDepth: scalarOf(state, 'model.datum_depth'),
    dipAngle: scalarOf(state, 'model.dip_angle'),
    dipAzimuth: scalarOf(state, 'model.dip_azimuth'),
  }, every === 1 ? {} : coarse);
  return { grid, time: finite(state.time), step: finite(state.step) };
}

/**
 * Values as JavaScript numbers. 64-bit integers lose what a double cannot hold, as they would
 * in any picture of them.
 * @param {{ data: any }} array
 * @returns {Values['data']}
 */
export function numbers({ data }) {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Float64Array.from(data, Number);
  }
  return data;
}

/**
 * A sparse tensor as one value a cell: NaN where it holds none.
 * @param {any} tensor
 * @param {CellGrid} grid
 */
export function spread(tensor, grid) {
  const data = new Float64Array(grid.size).fill(NaN);
  for (const [cell, value] of tensor.entries()) data[grid.indexOf(grid.shownCell(cell))] = Number(value);
  return data;
}

/**
 * What a colour scale needs to know. NaN and infinities count as missing.
 * @param {Values['data']} data
 * @returns {Omit<Values, 'data'>}
 */
export function extremes(data) {
  let lo = Infinity;
  let hi = -Infinity;
  let loPositive = Infinity;
  let missing = 0;
  for (let n = 0; n < data.length; n += 1) {
    const value = data[n];
    if (!Number.isFinite(value)) { missing += 1; continue; }
    if (value < lo) lo = value;
    if (value > hi) hi = value;
    if (value > 0 && value < loPositive) loPositive = value;
  }
  const orNaN = /** @param {number} value */ (value) => (Number.isFinite(value) ? value : NaN);
  return { lo: orNaN(lo), hi: orNaN(hi), loPositive: orNaN(loPositive), missing };
}

/** @param {Values['data']} data */
function floats(data) {
  return data instanceof Float32Array || data instanceof Float64Array ? data
    : Float64Array.from(data);
}

/** @param {ModelState} state @param {string} path @returns {number[]} */
function listOf(state, path) {
  const value = state.has(path) ? state.get(path) : [];
  return Array.from(value?.data ?? value ?? [], Number);
}

/** @param {ModelState} state @param {string} path  0 where there is none */
function scalarOf(state, path) {
  const value = state.has(path) ? Number(state.get(path)) : 0;
  return Number.isFinite(value) ? value : 0;
}

/** @param {unknown} value @returns {number | null} */
export function finite(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
