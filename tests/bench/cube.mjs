// SPDX-License-Identifier: MIT
// Runs as cubes: all of one is read, a column of one is read, one is written; and what a part of a large shard costs
// over HTTP, which is counted.
import { readdirSync, rmSync } from 'node:fs';
import { FileSystemStore } from '@zarrita/storage';
import * as zarrita from 'zarrita';
import { copyStore, createArray, cubeSeries, exportCube, openNode, openStore } from '../../js/index.js';
import { serveFiles } from '../helpers/file-server.js';
import { runFolder } from '../helpers/fixtures.js';
import { inTurns, line, made, newPlace, python, show } from './lib.mjs';

export const title = 'Cubes (32 × 38 × 15 cells): 21 states as arrays (step, x, y, z); one cell of 1,000 states';

const PRESSURE = 'model.fluid_properties.pressure_grid', CELL = [3, 4, 5];
const STEPS = 1000;

export async function run() {
  const folder = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const cube = await whole('medium-cube.zarr', (out) => withStore(folder, (store) => exportCube(store, out)));
  const arrays = await readWithUs(cube);
  const bytes = arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
  show({ name: 'read all arrays of a cube in shards', bytes },
    await inTurns({ ours: () => readWithUs(cube), zarrita: () => readWithZarrita(cube) }));
  show({ name: 'write a cube from a run, compared at the end; zarrita: the same arrays from memory', bytes },
    await inTurns({ ours: () => withStore(folder, (store) => exportCube(store, newPlace())),
      zarrita: () => writeWithZarrita(newPlace(), arrays) }));
  await columns(folder);
  await partOfShard();
}

/** One cell through all steps: of a cube's column, and of the entries. @param {string} folder */
async function columns(folder) {
  const slim = await whole('medium-pressure.zarr', (out) => withStore(folder, async (store) => {
    const target = await openStore(out, { mode: 'a', layout: 'flat' });
    await copyStore(store, target, { fields: [PRESSURE] });
    await target.close();
  }));
  const many = made(`medium-pressure-${STEPS}.zarr`, (out) => python('repeat-entries.py', slim, out, String(STEPS)));
  const cube = await whole(`medium-pressure-${STEPS}-cube.zarr`, (out) =>
    withStore(many, (store) => exportCube(store, out)));
  show({ name: `one cell through ${STEPS} states, of a cube` }, await inTurns({
    ours: () => cubeSeries(cube, 'pressure_grid', CELL),
    'of the entries': () => withStore(many, (store) => store.series(PRESSURE, CELL)) }));
}

/** Requests and bytes for one inner chunk of a shard of 100 MB. */
async function partOfShard() {
  const [side, inner] = [3584, 256];
  const place = newPlace();
  const array = await createArray(place, '', { shape: [side, side], dtype: '<f8', chunks: [inner, inner],
    shards: [side, side], compressor: { id: 'zstd', level: 1 } });
  await array.write(Float64Array.from({ length: side * side }, Math.random));
  await array.close();
  const server = await serveFiles();
  const node = await openNode(server.addFolder('shard.zarr', place));
  const before = server.requests('shard.zarr').length;
  await node.read({ slice: [[inner, 2 * inner], [inner, 2 * inner]] });
  const parts = server.requests('shard.zarr').slice(before);
  const sent = parts.reduce((sum, part) => sum + part.sent, 0);
  line('requests for one inner chunk of a shard of 100 MB over HTTP', `${parts.length}`, undefined, 3);
  line('bytes that came, over those of the chunk', `${sent}`, sent / (inner * inner * 8), 1.1);
  await node.close();
  await server.close();
}

/**
 * Makes a store of build/bench unless it is there, whole or not at all.
 * @param {string} name
 * @param {(out: string) => Promise<unknown>} make
 */
async function whole(name, make) {
  let doing;
  const out = made(name, (file) => {
    doing = make(file).catch((error) => {
      rmSync(file, { recursive: true, force: true });
      throw error;
    });
  });
  await doing;
  return out;
}

/** @param {string} location @param {(store: any) => Promise<unknown>} use */
async function withStore(location, use) {
  const store = await openStore(location, { mode: 'r' });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

/** @param {string} cube */
async function readWithUs(cube) {
  const root = await openNode(cube);
  const arrays = [];
  for await (const node of root.children()) {
    const { data, shape, strides, dtype } = await node.read();
    arrays.push({ name: node.name, data, shape, strides, dtype, chunks: node.chunks });
  }
  await root.close();
  return arrays;
}

/** @param {string} cube */
async function readWithZarrita(cube) {
  const store = zarrita.root(new FileSystemStore(cube));
  const names = readdirSync(cube, { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => name);
  for (const name of names.filter((one) => !one.startsWith('.'))) {
    await zarrita.get(await zarrita.open.v3(store.resolve(`/${name}`), { kind: 'array' }));
  }
}

/**
 * In chunks as long as ours; it writes no shards, and no arrays of int64, which the numbers of steps and cells are.
 * @param {string} place
 * @param {Awaited<ReturnType<typeof readWithUs>>} arrays
 */
async function writeWithZarrita(place, arrays) {
  const root = zarrita.root(new FileSystemStore(place));
  for (const { name, data, shape, strides, dtype, chunks } of arrays.filter((array) => array.dtype !== 'int64')) {
    const fillValue = dtype === 'bool' ? false : 0;
    const created = await zarrita.create(root.resolve(`/${name}`), { shape: [...shape], dtype, chunkShape: chunks, fillValue,
      codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'blosc', configuration: {
        cname: 'zstd', clevel: 3, shuffle: 'shuffle', typesize: data.BYTES_PER_ELEMENT, blocksize: 0 } }] });
    const values = dtype === 'bool' ? new zarrita.BoolArray(data.buffer) : data;
    await zarrita.set(created, null, { data: values, shape: [...shape], stride: [...strides] });
  }
}
