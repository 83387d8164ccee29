// SPDX-License-Identifier: MIT
// Which arrays a cube has, and in which pieces they are stored.

import { BoresError } from '../core/errors.js';
import { describeProperty } from '../state/properties.js';

/**
 * @import { DataStore } from '../store/data-store.js'
 * @import { EntryMeta, InventoryItem } from '../store/store-types.js'
 * isSparse: of a sparse tensor, which a state may lack
 * @typedef {{ name: string, names: string[], dtype: string, attributes: Record<string, any>,
 *   isSparse: boolean }} CubeProperty
 * @typedef {{ chunks: number[], shards: number[] }} Pieces
 */

/** What a shard may take in memory. */
const SHARD_BYTES = 64 * 2 ** 20;
/** What is fetched and decoded for one cell, by the format's version: chunks of version 2 are files of their own. */
const CHUNK_BYTES = { 2: 256 * 2 ** 10, 3: 128 * 2 ** 10 };
/** Steps that a chunk holds: a column of so many comes with one request. */
const CHUNK_STEPS = 64;

/**
 * The arrays of a state that are grids: numbers of the shape that most arrays of three axes have.
 * @param {readonly InventoryItem[]} items
 * @param {readonly string[]} [fields]  ends of paths; nothing else
 * @param {boolean} [rates]  sparse tensors of rates, too
 * @returns {{ shape: number[], properties: CubeProperty[] }}
 */
export function cubeProperties(items, fields, rates = false) {
  const grids = items.filter(({ shape, dtype, sparse, names }) => shape.length === 3
    && (sparse === undefined || (rates && names[0] === 'rates')) && /^[<>|][biuf]\d$/.test(dtype));
  const counts = new Map(grids.map(({ shape }) => [String(shape), 0]));
  for (const { shape } of grids) counts.set(String(shape), (counts.get(String(shape)) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (!most) throw new BoresError('ERR_NOT_FOUND', 'the states have no arrays of three axes: there is no cube');
  const chosen = grids.filter(({ shape, names }) => String(shape) === most[0]
    && (!fields || fields.some((field) => `.${names.join('.')}`.endsWith(`.${field}`))));
  if (chosen.length === 0) {
    throw new BoresError('ERR_NOT_FOUND', `none of ${grids.length} grids is one of ${fields?.join(', ')}`);
  }
  const properties = chosen.map(({ names, dtype, sparse }) => ({ names, dtype: dtype.replace('>', '<'),
    name: shortName(names, chosen), attributes: attributesOf(names), isSparse: sparse !== undefined }));
  return { shape: chosen[0].shape, properties };
}

/**
 * What flows may be absent in the first state, and in the last.
 * @param {DataStore} source
 * @param {EntryMeta[]} entries
 * @param {InventoryItem[]} items  of the first
 * @param {AbortSignal} [signal]
 */
export async function moreRates(source, entries, items, signal) {
  const known = new Set(items.map(({ path }) => path));
  const more = [];
  for (const { idx } of entries.slice(1)) {
    for (const item of await source.inventory(idx, { signal })) {
      if (item.sparse === undefined || item.names[0] !== 'rates' || known.has(item.path)) continue;
      known.add(item.path);
      more.push(item);
    }
  }
  return more;
}

/** Names of coordinates, which no property may have. */
const TAKEN = ['step', 'time', 'step_size', 'depth', 'x', 'y', 'z'];

/**
 * The end of a path that no other property has: 'pressure_grid', 'absolute_permeability_x'.
 * @param {string[]} names
 * @param {readonly { names: string[] }[]} all
 */
function shortName(names, all) {
  for (let count = 1; count < names.length; count++) {
    const end = (/** @type {string[]} */ path) => path.slice(-count).join('_');
    if (!TAKEN.includes(end(names)) && all.filter((one) => end(one.names) === end(names)).length === 1) {
      return end(names);
    }
  }
  return names.join('_');
}

/** @param {string[]} names */
function attributesOf(names) {
  const { name, unit } = describeProperty(names);
  return { long_name: name, ...(unit && { units: unit }), bores_path: names.join('.') };
}

/**
 * Shards of whole steps, as many as memory allows, in chunks that are a column of cells through time:
 * one cell's history is a chunk of each shard, one step a part of one shard.
 * @param {readonly number[]} shape  of a step
 * @param {number} itemsize
 * @param {number} steps
 * @param {2 | 3} format
 * @returns {Pieces}
 */
export function cubePieces(shape, itemsize, steps, format) {
  const cells = shape.reduce((product, n) => product * n, 1);
  const most = Math.max(1, Math.floor(SHARD_BYTES / (cells * itemsize)));
  const deep = Math.max(1, Math.min(CHUNK_STEPS, most, steps));
  const cut = [...shape];
  while (cut.reduce((product, n) => product * n, deep * itemsize) > CHUNK_BYTES[format] && cut.some((n) => n > 1)) {
    const longest = longestAxis(cut);
    cut[longest] = Math.ceil(cut[longest] / 2);
  }
  const shard = deep * Math.max(1, Math.min(Math.floor(most / deep), Math.ceil(steps / deep)));
  return { chunks: [deep, ...cut], shards: [shard, ...shape.map((n, d) => Math.ceil(n / cut[d]) * cut[d])] };
}

/**
 * Which axis is cut next. Elements lie side by side along the last, and come in longer pieces while that is whole.
 * @param {readonly number[]} lengths  one is more than 1
 */
function longestAxis(lengths) {
  const last = lengths.length - 1;
  const weights = lengths.map((n, d) => (n === 1 ? 0 : d === last ? n / 4 : n));
  return weights.indexOf(Math.max(...weights));
}
