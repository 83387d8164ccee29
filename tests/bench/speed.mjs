// SPDX-License-Identifier: MIT
// How far we are from what the machine can do: each measure beside its peers and beside a floor, all of them
// in turns (lib.mjs). `npm run bench -- --check PATH` puts another build in the peers' place.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as h5wasm from 'h5wasm/node';
import { hdf5File, runFolder } from '../helpers/fixtures.js';
import { buildFor, gatherChunks, rateOf } from './blosc-decode.mjs';
import { inTurns, made, newPlace, python, root, show } from './lib.mjs';
import { readWithFizarrita } from './peers/fizarrita.mjs';
import { readWithZarrita, writeWithZarrita } from './peers/zarrita.mjs';

export const title = 'Speed (a run of 21 states, 32 × 38 × 15 cells, 167 MB of arrays in 9,562 files)';

/** Bytes of arrays of the medium run and of one of its states. */
const RUN_BYTES = 167e6, STATES = 8;

/** The stores that are measured. */
function stores() {
  const folder = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  return {
    folder,
    zip: made('medium.zarr.zip', (out) => python('zip-folder.py', folder, out)),
    hdf5: made('medium.h5', (out) => python('medium-hdf5.py', hdf5File('head/wf_f64'), out)),
    many: made('medium-300.zarr', (out) => python('repeat-entries.py', folder, out, '300')),
  };
}

/**
 * What is measured of a build: `bytes` that go through it, or none where a time is what counts, and the names
 * of peers below. Each runs with a build's library.
 */
const MEASURES = [
  { name: 'load a folder', bytes: RUN_BYTES, peers: ['BORES', 'zarrita', 'fizarrita'], floor: 'one thread that reads and decodes',
    run: ({ openStore }, { folder }) => load(openStore, folder) },
  { name: 'load a folder in one thread', bytes: RUN_BYTES, floor: 'one thread that reads and decodes',
    run: ({ openStore }, { folder }) => load(openStore, folder, { worker: false }) },
  { name: 'load one zip', bytes: RUN_BYTES, floor: 'one thread that reads and decodes',
    run: ({ openStore }, { zip }) => load(openStore, zip) },
  { name: 'load an HDF5 file', bytes: RUN_BYTES, peers: ['h5wasm'],
    run: ({ openStore }, { hdf5 }) => load(openStore, hdf5) },
  { name: 'verify a folder', bytes: RUN_BYTES,
    run: ({ openStore }, { folder }) => withStore(openStore, folder, {}, (store) => store.verify()) },
  { name: 'append, relaxed', bytes: STATES * RUN_BYTES / 21, peers: ['zarrita writes'],
    run: (library, data) => append(library, data, { durability: 'relaxed' }) },
  { name: 'append in workers, relaxed', bytes: STATES * RUN_BYTES / 21, peers: ['zarrita writes'],
    run: (library, data) => append(library, data, { durability: 'relaxed', worker: true }) },
  { name: 'append, on disk before it resolves', byClock: true, bytes: STATES * RUN_BYTES / 21, peers: ['zarrita writes'],
    run: (library, data) => append(library, data, { durability: 'strict' }) },
  { name: 'open a folder, one property of one state', run: ({ openStore }, { folder }) =>
    withStore(openStore, folder, {}, (store) => store.read(20, 'model.fluid_properties.pressure_grid')) },
  { name: 'one cell through 300 states', run: ({ openStore }, { many }) =>
    withStore(openStore, many, {}, (store) => store.series('model.fluid_properties.pressure_grid', [3, 4, 5])) },
  { name: 'analyse 21 states', peers: ['NumPy'], run: (library, data) => analyse(library, data) },
];

/** Peers and floors, by name. Each runs once; what it returns, if it is a number, are the seconds that it took. */
const OTHERS = {
  zarrita: ({ folder }) => readWithZarrita(folder),
  fizarrita: ({ folder }) => readWithFizarrita(folder),
  BORES: ({ folder, bores }) => secondsOf(bores, 'load-bores.py', folder),
  h5wasm: ({ hdf5 }) => readWithH5wasm(hdf5),
  'zarrita writes': ({ states }) => writeWithZarrita(newPlace(), states),
  NumPy: ({ folder }) => secondsOf('/usr/bin/python3', 'analyse-numpy.py', folder),
  'one thread that reads and decodes': ({ folder, decodeRate }) => readFiles(folder) + RUN_BYTES / decodeRate,
};

/**
 * @param {{ bores?: string, other?: string, only?: string }} options  bores: a Python that has it; other: a tree with
 *   another build, which is compared with this one; only: a part of measures' names
 */
export async function run({ bores, other, only } = {}) {
  const library = await libraryOf(root);
  const against = other && await libraryOf(path.resolve(other));
  const data = { ...stores(), bores };
  data.states = await loadStates(library, data.folder);
  if (!against) data.decodeRate = nativeDecodeRate(data.folder);
  for (const measure of MEASURES.filter(({ name }) => !only || name.includes(only))) {
    const rivals = against ? { 'the other build': () => measure.run(against, data) }
      : Object.fromEntries([...measure.peers ?? [], ...measure.floor ? [measure.floor] : []]
        .filter((name) => name !== 'BORES' || bores).map((name) => [name, () => OTHERS[name](data)]));
    show(measure, await inTurns({ ours: () => measure.run(library, data), ...rivals }, measure.byClock));
  }
}

/** The processor time that a script says it took. @param {string} interpreter @param {string[]} script */
function secondsOf(interpreter, name, ...args) {
  const said = execFileSync(interpreter, [path.join(root, 'tests', 'bench', name), ...args], { encoding: 'utf8' });
  return Number(JSON.parse(said.trim().split('\n').at(-1)).seconds);
}

async function libraryOf(tree) {
  return import(path.join(tree, 'js', 'index.js'));
}

async function withStore(openStore, location, options, use) {
  const store = await openStore(location, options);
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

const load = (openStore, location, options = {}) => withStore(openStore, location, { mode: 'r', ...options },
  async (store) => { for await (const tree of store.load({ as: 'raw' })) void tree; });

async function append({ openStore, ModelState }, { states }, options) {
  const own = states.map((state) => state instanceof ModelState ? state : ModelState.from(state.toTree()));
  await withStore(openStore, newPlace(), { layout: 'flat', ...options },
    async (store) => { for (const state of own) await store.append(state); });
}

const analyse = ({ openStore, ModelAnalyst }, { folder }) => withStore(openStore, folder, { mode: 'r' }, async (store) => {
  const analyst = await ModelAnalyst.from(store);
  analyst.report();
  analyst.close();
});

async function loadStates({ openStore }, folder) {
  const states = [];
  await withStore(openStore, folder, { mode: 'r' }, async (store) => {
    for await (const state of store.load({ indices: [...Array(STATES).keys()] })) states.push(state);
  });
  return states;
}

function readWithH5wasm(file) {
  const opened = new h5wasm.File(file, 'r');
  const walk = (group) => {
    for (const attribute of Object.values(group.attrs)) void attribute.value;
    for (const key of group.keys()) {
      const item = group.get(key);
      if (item instanceof h5wasm.Group) walk(item);
      else void item.value;
    }
  };
  walk(opened);
  opened.close();
}

/** Seconds of this thread that reading every file takes, one after the other into the same memory. */
function readFiles(folder) {
  const target = new Uint8Array(4 << 20);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((item) => item.isFile()).map((item) => path.join(item.parentPath ?? item.path, item.name));
  const begun = process.cpuUsage();
  for (const file of files) {
    const descriptor = openSync(file, 'r');
    readSync(descriptor, target, 0, target.length, 0);
    closeSync(descriptor);
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

/** Bytes a second. */
function nativeDecodeRate(folder) {
  return rateOf([buildFor('release'), made('medium.chunks', (out) => gatherChunks(folder, out))]);
}

/** Puts the table into docs/performance.md. @param {string} machine @param {string} table */
export function write(machine, table) {
  const file = path.join(root, 'docs', 'performance.md');
  const text = readFileSync(file, 'utf8');
  const [begin, end] = ['<!-- table: npm run bench -- --write -->', '<!-- end of the table -->'];
  const at = text.indexOf(begin) + begin.length;
  writeFileSync(file, `${text.slice(0, at)}\n${machine}\n\n${table}\n${text.slice(text.indexOf(end))}`);
}
