// SPDX-License-Identifier: MIT
// Appending states of a medium store to a folder, beside zarrita writing the same arrays with the same
// codec, one after the other, to the same disk. zarrita makes no promise about a crash, so what is
// compared is `durability: 'relaxed'`; 'strict' is shown beside it. All take turns, and each ratio is of
// one turn: what else the disk does changes from second to second.
import { mkdirSync } from 'node:fs';
import { FileSystemStore } from '@zarrita/storage';
import * as zarrita from 'zarrita';
import { openStore } from '../../js/index.js';
import { NdArray } from '../../js/values/nd-array.js';
import { runFolder } from '../helpers/fixtures.js';
import { best, line, made, median, newPlace, python, rate } from './lib.mjs';

export const title = 'Appending to a folder (medium states of 8 MB, Blosc lz4 1 with bit shuffle)';

const STATES = 8, TURNS = 3;

export async function run() {
  const folder = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const states = await loadStates(folder);
  const arrays = arraysOf(states[0].toTree());
  const bytes = STATES * arrays.reduce((sum, { array }) => sum + array.data.byteLength, 0);
  /** @type {Record<string, (place: string) => Promise<void>>} */
  const peers = {
    zarrita: (place) => writeWithZarrita(place, states),
    relaxed: (place) => append(place, states, { durability: 'relaxed' }),
    workers: (place) => append(place, states, { durability: 'relaxed', worker: true }),
    strict: (place) => append(place, states, { durability: 'strict' }),
  };
  /** @type {Record<string, number>[]} */ const turns = [];
  for (let turn = 0; turn <= TURNS; turn += 1) {
    /** @type {Record<string, number>} */ const seconds = {};
    for (const [name, write] of Object.entries(peers)) {
      seconds[name] = await best(1, () => write(newPlace()));
    }
    if (turn > 0) turns.push(seconds); // the first one warms up
  }
  const of = (/** @type {string} */ name) => rate(bytes, median(turns.map((turn) => turn[name])));
  const over = (/** @type {string} */ name) => median(turns.map((turn) => turn.zarrita / turn[name]));
  line('bores-wasm, over zarrita', of('relaxed'), over('relaxed'), 3);
  line('bores-wasm in workers, over zarrita', of('workers'), over('workers'));
  line('bores-wasm, on disk before it resolves, over zarrita', of('strict'), over('strict'));
  line('zarrita', of('zarrita'));
}

async function loadStates(folder) {
  const store = await openStore(folder, { mode: 'r' });
  const states = [];
  for await (const state of store.load({ indices: [...Array(STATES).keys()] })) states.push(state);
  await store.close();
  return states;
}

/**
 * @param {string} place
 * @param {any[]} states
 * @param {object} options
 */
async function append(place, states, options) {
  const store = await openStore(place, { layout: 'flat', ...options });
  for (const state of states) await store.append(state);
  await store.close();
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

/** @param {string} place @param {any[]} states */
async function writeWithZarrita(place, states) {
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
