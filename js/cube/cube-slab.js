// SPDX-License-Identifier: MIT
// The grids of some steps of a run, one after the other as a cube has them, and whether they have come into it.

import { BoresError } from '../core/errors.js';
import { sameBytes } from '../formats/zarr/same-bytes.js';
import { NdArray } from '../values/nd-array.js';
import { isSparseRecord } from '../values/sparse-record.js';
import { SparseTensor } from '../values/sparse-tensor.js';
import { formatPath } from '../values/paths.js';

/**
 * @import { CubeProperty } from './cube-layout.js'
 * @import { DataStore } from '../store/data-store.js'
 * @import { EntryMeta } from '../store/store-types.js'
 * @import { Change } from '../store/arrays/writable-array.js'
 * @import { Storage } from '../storage/base/storage.js'
 */

/** Bytes of grids that are read in one pass over the states, as many as a shard has: one property at least. */
const TOGETHER_BYTES = 64 * 2 ** 20;

/**
 * Properties whose grids are held at a time.
 * @param {readonly CubeProperty[]} properties
 * @param {number} elements  of each
 */
export function* togetherInMemory(properties, elements) {
  /** @type {CubeProperty[]} */ let group = [];
  let bytes = 0;
  for (const property of properties) {
    const more = elements * Number(property.dtype.at(-1));
    if (group.length > 0 && bytes + more > TOGETHER_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(property);
    bytes += more;
  }
  if (group.length > 0) yield group;
}

/**
 * @param {DataStore} source
 * @param {readonly EntryMeta[]} entries
 * @param {readonly CubeProperty[]} properties
 * @param {readonly number[]} shape  of a grid
 * @param {AbortSignal} [signal]
 * @returns {Promise<any[]>}  of each property the elements, step after step
 * @throws {BoresError} ERR_NOT_FOUND, ERR_VALIDATION naming the entry and the path
 */
export async function readSlab(source, entries, properties, shape, signal) {
  const cells = shape.reduce((product, n) => product * n, 1);
  /** @type {any[]} */ const slabs = properties.map(() => undefined);
  let at = 0;
  for await (const state of source.load({ as: 'raw', indices: entries.map(({ idx }) => idx),
    fields: properties.map(({ names }) => formatPath(names)), signal })) {
    for (const [n, property] of properties.entries()) {
      /** @type {any} */ const { data } = await gridOf(source, entries[at].idx, state, property, shape, signal);
      slabs[n] ??= new data.constructor(cells * entries.length);
      slabs[n].set(data, at * cells);
    }
    at += 1;
  }
  return slabs;
}

/**
 * @param {DataStore} source
 * @param {number} idx
 * @param {any} state
 * @param {CubeProperty} property
 * @param {readonly number[]} shape
 * @param {AbortSignal} [signal]
 * @returns {Promise<NdArray<any>>}
 */
async function gridOf(source, idx, state, { names, dtype, isSparse }, shape, signal) {
  let values = names.reduce((place, name) => place?.[name], state);
  if (isSparse) values = isSparseRecord(values) ? new SparseTensor(values).toDense() : nothing(dtype, shape);
  values ??= await source.read(idx, names, { signal }); // which says why it is not there
  if (values instanceof NdArray && String(values.shape) === String(shape)) return values;
  throw new BoresError('ERR_VALIDATION', `entry ${idx}: ${names.join('.')} is no array of [${shape.join(', ')}]`,
    { entry: idx, path: names.join('.') });
}

/** Of a state without such a tensor. @param {string} dtype @param {readonly number[]} shape */
function nothing(dtype, shape) {
  const Values = dtype === '<f4' ? Float32Array : Float64Array;
  return new NdArray(new Values(shape.reduce((product, n) => product * n, 1)).fill(NaN), shape);
}

/**
 * Whether what has been encoded, and was compared then, is in the storage as it was put there.
 * @param {Storage} storage
 * @param {Change} change
 * @param {string} name  of the array
 * @param {AbortSignal} [signal]
 * @throws {BoresError} ERR_CORRUPT naming the array
 */
export async function assertStored(storage, { puts }, name, signal) {
  for (const [key, bytes] of puts) {
    const stored = await storage.get(key, { signal });
    if (stored && sameBytes(stored, bytes)) continue;
    throw new BoresError('ERR_CORRUPT', `${name}: ${key} is not what was written`, { path: name });
  }
}
