// SPDX-License-Identifier: MIT
// zarrita reading and writing a run, as a peer.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { FileSystemStore } from '@zarrita/storage';
import * as zarrita from 'zarrita';
import { NdArray } from '../../../js/values/nd-array.js';

/** Every array of a folder in the flat layout. @param {string} folder */
export async function readWithZarrita(folder) {
  const store = zarrita.root(new FileSystemStore(folder));
  for (const name of arrayPaths(folder)) {
    const array = await zarrita.open.v2(store.resolve(name), { kind: 'array' });
    if (!array.shape.includes(0)) await zarrita.get(array); // it cannot read those
  }
}

/** @param {string} folder */
export function arrayPaths(folder) {
  return readdirSync(folder).filter((name) => name.startsWith('entry_')).flatMap((entry) =>
    readdirSync(path.join(folder, entry)).filter((name) => !name.startsWith('.')).map((name) => `/${entry}/${name}`));
}

/** Names and arrays, as the flat layout has them. */
function arraysOf(tree, prefix = '') {
  return Object.entries(tree).flatMap(([name, value]) => {
    const key = prefix ? `${prefix}→${name}` : name;
    if (value instanceof NdArray) return [{ name: key, array: value }];
    return value && typeof value === 'object' && !Array.isArray(value) ? arraysOf(value, key) : [];
  });
}

const DTYPES = { bool: 'bool' };
const ITEM = { float64: 8, float32: 4, int64: 8, int32: 4, int8: 1, bool: 1 };

/** States as the flat layout has them. @param {string} place @param {any[]} states */
export async function writeWithZarrita(place, states) {
  mkdirSync(place, { recursive: true });
  const root = zarrita.root(new FileSystemStore(place));
  for (const [index, state] of states.entries()) {
    const entry = root.resolve(`entry_${String(index).padStart(10, '0')}`);
    await zarrita.create(entry, { attributes: { step: state.step } });
    for (const { name, array } of arraysOf(state.toTree())) await writeArray(entry.resolve(name), array);
  }
}

async function writeArray(location, { shape, dtype, data, strides }) {
  const created = await zarrita.create(location, {
    shape: [...shape], dtype: DTYPES[dtype] ?? dtype, chunkShape: shape.map((n) => Math.max(1, Math.min(20, n))),
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'blosc', configuration: {
      cname: 'lz4', clevel: 1, shuffle: 'bitshuffle', typesize: ITEM[dtype], blocksize: 0 } }],
  });
  if (data.length === 0) return;
  const values = dtype === 'bool' ? new zarrita.BoolArray(data.buffer) : data;
  await zarrita.set(created, null, { data: values, shape: [...shape], stride: [...strides] });
}
