// SPDX-License-Identifier: MIT
// HDF5 files in a browser: every value that BORES reads, from a File, from IndexedDB, from the
// origin-private file system and over HTTP, in a worker and in the page; appending, dumping, a worker
// that is terminated while it writes.

import { HDF5Store, StateStream, importRun, openNode, openStorage, openStore } from '../../js/index.js';
import { deepEqual, equal, fails, ok } from '../helpers/storage/assert.js';
import { allDifferences } from '../helpers/expected.js';
import { host, note, test } from './harness.js';

const RUNS = ['guide/wf_f64_chunks4_lzf', 'head/wf_f64', 'head/wf_f64_wire', 'wheel/wf_f64'];
const PRESSURE = 'model.fluid_properties.pressure_grid';

/** @param {string} run */
async function fetchRun(run) {
  const { file, expected } = await host('hdf5', run);
  const url = new URL(file, location.href).href;
  return { url, expected: await (await fetch(expected)).json(),
    file: new File([await (await fetch(url)).blob()], `${run.replace('/', '-')}.h5`) };
}

/** @param {unknown} from @param {any} expected @param {object} [options] */
async function compare(from, expected, options) {
  const store = await openStore(from, { mode: 'r', ...options });
  try {
    ok(store instanceof HDF5Store, 'the backend');
    const differences = await allDifferences(store, expected);
    ok(differences.length === 0, `${differences.length} differences:\n${differences.slice(0, 10).join('\n')}`);
  } finally {
    await store.close();
  }
}

for (const run of RUNS) {
  test(`${run}: every value from a file, from IndexedDB and over HTTP`, async () => {
    const { file, url, expected } = await fetchRun(run);
    await compare(file, expected);
    await compare(url, expected);
    const source = await openStorage(file, { files: true });
    await importRun(source, run);
    await source.close();
    const started = performance.now();
    await compare(`idb:${run}`, expected); // the name does not tell what it is
    note(`${expected.count} entries from IndexedDB in ${(performance.now() - started).toFixed(0)} ms`);
  });
}

test('a file is known by its first bytes, whatever it is called', async () => {
  const { file, expected } = await fetchRun(RUNS[0]);
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (const from of [bytes, new Blob([bytes]), new File([bytes], 'run')]) {
    await compare(from, expected);
  }
});

test('the page reads the same itself, piece by piece', async () => {
  const { file, url, expected } = await fetchRun(RUNS[0]);
  await compare(file, expected, { worker: false });
  await compare(url, expected, { worker: false });
  await compare(`idb:${RUNS[0]}`, expected, { worker: false });
});

/** @param {number} step */
const item = (step) => ({ step, time: step * 2.5, values: new Float64Array(5000).fill(step), text: `→ ${step}` });

/** @param {string} location @param {object} [options] */
async function stepsOf(location, options) {
  const store = new HDF5Store(location, { mode: 'r', ...options });
  try {
    const steps = [];
    for await (const tree of store.load({ as: 'raw' })) {
      ok(tree.values.data.every((/** @type {number} */ value) => value === tree.step), 'the values');
      steps.push(tree.step);
    }
    ok((await store.verify()).ok, 'it verifies');
    return steps;
  } finally {
    await store.close();
  }
}

for (const place of ['opfs:runs/written.h5', 'idb:written.h5']) {
  test(`${place}: append, dump, clear, another writer`, async () => {
    const store = new HDF5Store(place);
    equal(await store.count(), 0);
    await Promise.all([0, 1, 2].map((step) => store.append(item(step))));
    deepEqual(await stepsOf(place), [0, 1, 2]);
    const other = new HDF5Store(place);
    await fails(() => other.append(item(9)), 'ERR_LOCKED', 'since');
    await store.dump([item(5), item(6)]);
    deepEqual(await stepsOf(place), [5, 6]);
    await store.append(item(7));
    await store.close();
    await other.append(item(8));
    deepEqual(await stepsOf(place), [5, 6, 7, 8]);
    await other.clear();
    deepEqual(await stepsOf(place), []);
    await other.close();
  });
}

test('opfs: a copy of a run, streamed into a file, is the run', async () => {
  const { file, expected } = await fetchRun('head/wf_f64');
  const from = new HDF5Store(file, { mode: 'r' });
  const to = new HDF5Store('opfs:streamed.h5');
  const stream = new StateStream({ store: to, states: from.load(), batchSize: 2 });
  let count = 0;
  for await (const state of stream) count += Number(state.step >= 0);
  await stream.close();
  equal(count, expected.count);
  await to.close();
  const back = new HDF5Store('opfs:streamed.h5', { mode: 'r' });
  equal(await back.count(), expected.count);
  const [array] = [await back.read(-1, PRESSURE)];
  ok(array.equals(await from.read(-1, PRESSURE)), 'the last pressure');
  await back.close();
  await from.close();
});

test('opfs: a page without a worker reads, and says why it does not write', async () => {
  const writing = new HDF5Store('opfs:page.h5');
  await writing.append(item(1));
  await writing.close();
  deepEqual(await stepsOf('opfs:page.h5', { worker: false }), [1]);
  const store = new HDF5Store('opfs:page.h5', { worker: false });
  await fails(() => store.append(item(2)), 'ERR_UNSUPPORTED', 'worker: true');
  await store.close();
});

test('any node, in a worker', async () => {
  const { file } = await fetchRun(RUNS[0]);
  const root = await openNode(file, '', { worker: true });
  const array = await root.open(`entry_0000000000/${PRESSURE.replaceAll('.', '/')}`);
  deepEqual(array.shape, [9, 7, 4]);
  equal((await array.readBytes()).bytes.length, 9 * 7 * 4 * 8);
  await fails(() => root.open('nothing'), 'ERR_NOT_FOUND', 'nothing');
  await root.close();
});

test('what is no HDF5 file is an error that says so', async () => {
  await fails(() => openStore(new File([new Uint8Array(5000)], 'bad.h5')), 'ERR_CORRUPT');
  await fails(() => openStore(new File([], 'empty.h5')), 'ERR_CORRUPT');
});
