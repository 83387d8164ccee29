// SPDX-License-Identifier: MIT
// Every value that BORES reads from its HDF5 stores is what we read: from a path, from bytes, from a File,
// over HTTP with ranges and without, from a name in memory.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { HDF5Store, openStore } from '../../../../js/index.js';
import { HDF5_INPUTS, HDF5_RUNS, hdf5Expected, hdf5ExpectedInputs, hdf5File } from '../../../helpers/fixtures.js';
import { allDifferences, compareArray, compareSparse, names } from '../../../helpers/expected.js';
import { serveFiles } from '../../../helpers/file-server.js';
import { using } from '../../../helpers/with-store.js';

/** @param {string[]} differences */
function assertNone(differences) {
  assert.equal(differences.length, 0, `${differences.length} differences:\n${differences.slice(0, 20).join('\n')}`);
}

/** @param {unknown} location @param {string} run @param {object} [options] */
async function compare(location, run, options) {
  await using(openStore(location, { mode: 'r', ...options }), async (store) => {
    assert.ok(store instanceof HDF5Store);
    assertNone(await allDifferences(store, hdf5Expected(run)));
  });
}

for (const run of HDF5_RUNS) {
  test(`${run} from its path`, () => compare(hdf5File(run), run));
  test(`${run} from bytes`, () => compare(new Uint8Array(readFileSync(hdf5File(run))), run));
}

const SOME = ['guide/wf_f64_chunks4_lzf', 'head/wf_f64_wire', 'head/wf_f64', 'wheel/wf_f64'];

for (const run of SOME) {
  test(`${run} from a File, which is fetched piece by piece`, () =>
    compare(new File([readFileSync(hdf5File(run))], 'run.h5'), run));
  test(`${run} in a worker`, () => compare(hdf5File(run), run, { worker: true }));
}

describe('over HTTP', () => {
  /** @type {Awaited<ReturnType<typeof serveFiles>>} */
  let server;
  before(async () => { server = await serveFiles(); });
  after(() => server.close());

  for (const run of SOME) {
    test(`${run} by ranges`, async () => {
      const url = server.addFile(`${run}.h5`, hdf5File(run));
      await compare(url, run);
      assert.ok(server.requests(`${run}.h5`).every(({ range }) => range !== undefined), 'a request without a range');
    });
  }

  for (const worker of [false, true]) {
    const where = worker ? ', in a worker' : '';

    test(`a server without ranges is asked once, and its download is told of${where}`, async () => {
      const [run] = SOME;
      const name = `whole-${worker}.h5`;
      const size = statSync(hdf5File(run)).size;
      /** @type {{ done: number, total?: number }[]} */ const told = [];
      await compare(server.addWhole(name, hdf5File(run)), run,
        { worker, http: { onProgress: (/** @type {any} */ progress) => told.push(progress) } });
      assert.equal(server.requests(name).length, 1);
      assert.deepEqual(told.at(-1), { done: size, total: size });
      assert.ok(told.every(({ done }, i) => done > (told[i - 1]?.done ?? 0)), JSON.stringify(told));
    });

    test(`a download is aborted${where}`, async () => {
      const url = server.addWhole(`stuck-${worker}.h5`, hdf5File(SOME[0]), new Promise(() => {}));
      const abort = new AbortController();
      const reason = new Error('enough');
      await assert.rejects(openStore(url, { worker, signal: abort.signal, http: { onProgress: () => abort.abort(reason) } }),
        (error) => error === reason);
    });
  }
});

for (const run of HDF5_RUNS) {
  test(`${run}: each array read alone, and listed`, () => using(new HDF5Store(hdf5File(run), { mode: 'r' }), async (store) => {
    const { entries } = hdf5Expected(run);
    const expected = entries[entries.length - 1];
    /** @type {string[]} */
    const differences = [];
    const items = new Map((await store.inventory(-1)).map((item) => [item.names.join('/'), item]));
    for (const [path, array] of Object.entries(expected.arrays)) {
      compareArray(path, await store.read(-1, names(path)), array, differences);
      assert.deepEqual(items.get(path)?.shape, array.shape, path);
      assert.equal(items.get(path)?.dtype, array.dtype, path);
    }
    for (const [path, tensor] of Object.entries(expected.sparse ?? {})) {
      compareSparse(path, await store.read(-1, names(path)), tensor, differences);
      assert.equal(items.get(path)?.sparse, tensor.keys.length, path);
    }
    for (const [path, value] of Object.entries(expected.scalars)) {
      if (value !== null && typeof value !== 'object') assert.equal(await store.read(-1, names(path)), value, path);
    }
    assertNone(differences);
  }));

  test(`${run} verifies`, () => using(new HDF5Store(hdf5File(run), { mode: 'r' }), async (store) => {
    const { ok, problems, entries, arrays } = await store.verify();
    assert.deepEqual(problems, []);
    assert.ok(ok);
    const expected = hdf5Expected(run);
    assert.equal(entries, expected.count);
    const listed = expected.entries.flatMap((entry) => Object.keys(entry.arrays)).length;
    assert.ok(arrays >= listed, `${arrays} arrays were checked, there are ${listed}`);
  }));

  test(`${run}: slices and series are parts of the whole`, () => using(new HDF5Store(hdf5File(run), { mode: 'r' }), async (store) => {
    const path = 'model.fluid_properties.pressure_grid';
    const whole = await store.read(0, path);
    const [nx, ny, nz] = whole.shape;
    for (const slice of [[1, [0, ny, 2], -1], [null, null, 1], [[nx, null, -3], 2], [[2, 5]]]) {
      const part = await store.read(0, path, { slice });
      const expected = whole.slice(...slice);
      assert.deepEqual(part.shape ?? [], expected.shape ?? []);
      assert.deepEqual([...(part.data ?? [part])], [...(expected.data ?? [expected])]);
    }
    const { entries } = hdf5Expected(run);
    const { step, time, value } = await store.series(path, [1, 2, nz - 1]);
    assert.deepEqual([...step], entries.map((entry) => entry.step));
    assert.deepEqual([...time], entries.map((entry) => entry.time));
    for (const [i, { index }] of entries.entries()) {
      assert.equal(value[i], (await store.read(run.startsWith('wheel') ? i : index, path)).get(1, 2, nz - 1));
    }
  }));
}

for (const run of HDF5_INPUTS) {
  test(`${run}, a store of one entry`, () => using(openStore(hdf5File(run), { mode: 'r' }), async (store) => {
    assert.equal(await store.count(), 1);
    assert.ok((await store.verify()).ok);
    for await (const tree of store.load({ as: 'raw' })) {
      const inputs = hdf5ExpectedInputs(run);
      const part = run.endsWith('_model') ? [tree, inputs.model] : run.endsWith('_run') ? [tree.config, inputs.config] : [];
      /** @type {string[]} */
      const differences = [];
      for (const [path, array] of Object.entries(part[1]?.arrays ?? {})) {
        compareArray(path, names(path).reduce((node, name) => node[name], part[0]), /** @type {any} */ (array), differences);
      }
      assertNone(differences);
    }
  }));
}
