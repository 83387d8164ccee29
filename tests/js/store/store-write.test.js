// SPDX-License-Identifier: MIT
// Writing entries: append, dump, clear, modes, one writer at a time; in memory, in a folder or a file, and
// in those through a worker. What is read afterwards is read through another store.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { HDF5Store, ModelState, NdArray, ZarrStore, openStore } from '../../../js/index.js';
import { runFolder, runZip } from '../../helpers/fixtures.js';
import { serveFiles } from '../../helpers/file-server.js';
import { sampleTree } from '../../helpers/states.js';
import { using } from '../../helpers/with-store.js';

/** @import { DataStore } from '../../../js/store/data-store.js'
 * @import { OpenOptions } from '../../../js/store/store-types.js' */

const work = mkdtempSync(path.join(tmpdir(), 'bores-write-'));
after(() => rmSync(work, { recursive: true, force: true }));
let places = 0;

const PLACES = /** @type {[string, () => [unknown, OpenOptions]][]} */ ([
  ['memory', () => [`memory:write-${places += 1}`, {}]],
  ['folder', () => [path.join(work, `${places += 1}.zarr`), { worker: false }]],
  ['folder, in a worker', () => [path.join(work, `${places += 1}.zarr`), { worker: true }]],
  ['HDF5 in memory', () => [`memory:write-${places += 1}.h5`, {}]],
  ['HDF5 file', () => [path.join(work, `${places += 1}.h5`), { worker: false }]],
  ['HDF5 file, in a worker', () => [path.join(work, `${places += 1}.h5`), { worker: true }]],
]);

/** @param {number} step */
const item = (step) => ({ step, time: step * 1.5, values: new Float64Array(50).fill(step), name: `s${step}` });

/** @param {unknown} location */
async function stored(location) {
  return using(openStore(location, { mode: 'r' }), async (store) => {
    const items = [];
    for await (const tree of store.load({ as: 'raw' })) items.push(tree);
    assert.equal((await store.verify()).ok, true);
    return items;
  });
}

/** @param {unknown} location */
const steps = async (location) => (await stored(location)).map(({ step }) => step);

for (const [name, place] of PLACES) {
  describe(name, () => {
    const isHdf5 = name.startsWith('HDF5');
    /** @param {(store: DataStore, location: unknown) => Promise<unknown>} use @param {OpenOptions} [more] */
    const withStore = async (use, more) => {
      const [location, options] = place();
      await using(openStore(location, { ...options, ...more }), (store) => use(store, location));
      return location;
    };

    test('an entry is there when append() resolves, with all that it returned', () => withStore(
      async (store, location) => {
        assert.deepEqual([await store.count(), await store.maxIndex()], [0, -1]);
        const first = await store.append(item(7), { meta: { run: 'a', n: 2 } });
        const expected = { idx: 0, groupName: 'entry_0000000000', meta: { run: 'a', n: 2 }, step: 7, time: 10.5 };
        assert.deepEqual(JSON.parse(JSON.stringify(first)), expected);
        await using(openStore(location, { mode: 'r' }), async (reader) => {
          assert.deepEqual(await reader.entries(), [first]);
          const { data } = await reader.read(0, 'values');
          assert.deepEqual([...data], Array(50).fill(7));
          const second = await store.append({ text: 'no state' });
          assert.deepEqual(await reader.entries(), [first, second]);
          assert.deepEqual(Object.keys(second), ['idx', 'groupName', 'meta']);
        });
        assert.equal(await store.count(), 2);
      }));

    test('states of all versions of BORES come back as they were', () => withStore(async (store, location) => {
      const states = /** @type {const} */ (['guide', 'head', 'wheel']).map((version) =>
        ModelState.from(sampleTree(version)));
      await store.appendAll(states, { meta: ({ step }) => ({ step }) });
      const back = await stored(location);
      for (const [i, state] of states.entries()) {
        for (const leaf of state.paths()) {
          const value = state.get(leaf), read = ModelState.from(back[i]).get(leaf);
          assert.deepEqual(plain(read), plain(value), String(leaf));
          if (value instanceof NdArray) assert.deepEqual([read.dtype, read.shape], [value.dtype, value.shape]);
        }
      }
    }));

    test('calls that are not waited for are committed in their order', async () => {
      const location = await withStore(async (store) => {
        const metas = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((step) => store.append(item(step))));
        assert.deepEqual(metas.map(({ idx }) => idx), [0, 1, 2, 3, 4, 5, 6, 7]);
        void store.append(item(8)); // close() waits for it
      });
      assert.deepEqual(await steps(location), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test('a validator changes what is written, and meta sees that', () => withStore(async (store, location) => {
      const validator = async (/** @type {any} */ tree) => (tree.step === 1 ? { ...tree, step: 10 } : undefined);
      await store.appendAll([item(0), item(1)], { validator, meta: ({ step }) => ({ was: step }) });
      assert.deepEqual(await steps(location), [0, 10]);
      assert.deepEqual((await store.entries()).map(({ meta }) => meta.was), [0, 10]);
    }));

    test('one item that cannot be stored, and none of the call is', () => withStore(async (store, location) => {
      await store.append(item(0));
      const bad = /** @type {[unknown, object][]} */ ([
        [{ step: 1, wrong: { deep: () => 1 } }, { code: 'ERR_ARGUMENT', path: 'wrong.deep' }],
        [{ texts: new NdArray(['a'], [1], 'str') }, { code: 'ERR_UNSUPPORTED' }],
        [[1, 2], { code: 'ERR_ARGUMENT' }],
        [null, { code: 'ERR_ARGUMENT' }],
      ]);
      for (const [data, error] of bad) {
        await assert.rejects(store.appendAll([item(1), data, item(2)]), error);
        await assert.rejects(store.dump([item(1), data, item(2)]), error);
      }
      const failing = store.append({ f: () => 1 });
      const next = store.append(item(3)); // gets the number that the one before did not use
      await assert.rejects(failing, { code: 'ERR_ARGUMENT' });
      assert.equal((await next).idx, 1);
      assert.deepEqual(await steps(location), [0, 3]);
      assert.deepEqual(await store.appendAll([]), []);
    }));

    test('dump() replaces everything, clear() leaves an empty store', () => withStore(async (store, location) => {
      await store.appendAll([item(0), item(1), item(2)]);
      /** @type {number[]} */ const progress = [];
      const later = async function* later() {
        yield item(7);
        yield item(8);
      };
      const metas = await store.dump(later(), { meta: ({ step }) => ({ step }), onProgress: ({ done }) => progress.push(done) });
      assert.deepEqual(metas.map(({ idx, step, meta }) => [idx, step, meta.step]), [[0, 7, 7], [1, 8, 8]]);
      assert.equal(progress.at(-1), 2);
      assert.deepEqual(await steps(location), [7, 8]);
      assert.equal((await store.append(item(9))).idx, 2);
      await store.clear();
      assert.deepEqual([await steps(location), await store.count()], [[], 0]);
      assert.equal((await store.append(item(1))).idx, 0);
      assert.deepEqual(await steps(location), [1]);
    }));

    test('a dump that fails or is aborted leaves what was there', () => withStore(async (store, location) => {
      await store.appendAll([item(0), item(1)]);
      const failing = function* failing() {
        yield item(5);
        throw new RangeError('no more');
      };
      await assert.rejects(store.dump(failing()), RangeError);
      const aborting = new AbortController();
      const aborted = function* aborted() {
        yield item(5);
        aborting.abort(new RangeError('enough'));
        yield item(6);
      };
      await assert.rejects(store.dump(aborted(), { signal: aborting.signal }), /enough/);
      assert.deepEqual(await steps(location), [0, 1]);
      assert.equal((await store.append(item(2))).idx, 2);
    }));

    test('a store can be dumped into itself', () => withStore(async (store, location) => {
      await store.appendAll([item(0), item(1), item(2), item(3)]);
      await store.dump(store.load({ as: 'raw', predicate: ({ step }) => Number(step) % 2 === 1 }));
      assert.deepEqual(await steps(location), [1, 3]);
    }));

    test('an abort before its turn writes nothing, and holds up nobody', () => withStore(async (store, location) => {
      const aborting = new AbortController();
      const first = store.append(item(0));
      const second = store.append(item(1), { signal: aborting.signal });
      const third = store.append(item(2));
      aborting.abort(new RangeError('enough'));
      await assert.rejects(second, /enough/);
      assert.deepEqual([(await first).idx, (await third).idx], [0, 1]);
      assert.deepEqual(await steps(location), [0, 2]);
    }));

    test('what depends on a call that fails is not written', () => withStore(async (store, location) => {
      const failing = store.append({ f: () => 1 });
      failing.catch(() => {});
      await assert.rejects(store.append(item(1), { after: failing }), { code: 'ERR_ARGUMENT' });
      const well = store.append(item(2));
      await store.append(item(3), { after: well });
      assert.deepEqual(await steps(location), [2, 3]);
    }));

    if (isHdf5) {
      test('chunks and compression', async () => {
        for (const [compression, level, codec] of /** @type {const} */ ([
          [undefined, undefined, 'gzip'], ['gzip', 9, 'gzip'], ['lzf', undefined, 'lzf'], [null, undefined, undefined]])) {
          const file = await withStore((store) => store.append(item(0)), { compression, compressionLevel: level, chunks: [20] });
          await using(openStore(file, { mode: 'r' }), async (reader) => {
            const [values] = (await reader.inventory(0)).filter(({ path: p }) => p === 'values');
            assert.deepEqual(values.chunks, [20]);
            assert.equal(values.codec, codec);
          });
        }
        for (const options of [{ compression: 'zip' }, { compressionLevel: 10 }, { layout: 'flat' }]) {
          await withStore((store) => assert.rejects(store.append(item(0)), { code: 'ERR_ARGUMENT' }), /** @type {any} */ (options));
        }
      });
    } else test('layouts, chunks and compressors', async () => {
      const flat = await withStore((store) => store.append(item(0)), { layout: 'flat', compressor: null, chunks: [20] });
      await using(openStore(flat, { mode: 'r' }), async (reader) => {
        const [{ chunks, codec }] = (await reader.inventory(0)).filter(({ path: p }) => p === 'values');
        assert.deepEqual([chunks, (await reader.describe()).layout], [[20], 'nested']); // one name deep
        assert.equal(codec, undefined);
      });
    });

    test('what a closed store is asked for', async () => {
      const [location, options] = place();
      const store = await openStore(location, options);
      await store.append(item(0));
      await store.close();
      await assert.rejects(store.append(item(1)), { code: 'ERR_CLOSED' });
      await assert.rejects(store.dump([]), { code: 'ERR_CLOSED' });
      await store.close();
      assert.deepEqual(await steps(location), [0]);
    });

    test('modes', async () => {
      const [location, options] = place();
      const Store = isHdf5 ? HDF5Store : ZarrStore;
      const open = (/** @type {'r' | 'r+' | 'a' | 'w'} */ mode) => new Store(location, { ...options, mode });
      await using(open('r+'), (store) => assert.rejects(store.append(item(0)), { code: 'ERR_NOT_FOUND' }));
      await using(open('a'), (store) => store.appendAll([item(0), item(1)]));
      await using(open('r+'), (store) => store.append(item(2)));
      await using(open('r'), async (store) => {
        await assert.rejects(store.append(item(3)), { code: 'ERR_READ_ONLY', message: /mode 'r'/ });
        await assert.rejects(store.clear(), { code: 'ERR_READ_ONLY' });
      });
      await using(open('w'), (store) => store.count()); // nothing is written, nothing emptied
      assert.deepEqual(await steps(location), [0, 1, 2]);
      await using(open('w'), async (store) => {
        await assert.rejects(store.append({ f: () => 1 }));
        assert.deepEqual(await steps(location), [0, 1, 2]); // nor by what fails
        await Promise.all([store.append(item(5)), store.append(item(6))]);
      });
      assert.deepEqual(await steps(location), [5, 6]);
    });

    test('a second writer is refused until the first is closed', async () => {
      const [location, options] = place();
      const [first, second] = await Promise.all([openStore(location, options), openStore(location, options)]);
      await first.append(item(0));
      await assert.rejects(second.append(item(1)), { code: 'ERR_LOCKED', message: /is being written by .* since/ });
      assert.equal(await second.count(), 1); // it may read
      await first.close();
      assert.equal((await second.append(item(2))).idx, 1);
      await second.close();
      assert.deepEqual(await steps(location), [0, 2]);
    });
  });
}

/** A list of numbers comes back as an array, as it does in BORES. @param {any} value */
function plain(value) {
  return JSON.parse(JSON.stringify(value instanceof NdArray ? value.toNested() : value,
    (_, item) => (typeof item === 'bigint' ? Number(item) : item)));
}

describe('a folder', () => {
  test('is made by the first write, not by looking', async () => {
    const folder = path.join(work, 'deep', 'er', 'run.zarr');
    await using(openStore(folder), async (store) => {
      assert.deepEqual(await store.entries(), []);
      assert.equal(existsSync(folder), false);
      await store.append(item(0));
    });
    assert.deepEqual(readdirSync(folder).sort(), ['.zattrs', '.zgroup', 'entry_0000000000']);
    assert.deepEqual(JSON.parse(readFileSync(path.join(folder, '.zattrs'), 'utf8')), { count: 1 });
    for (const mode of /** @type {const} */ (['r', 'r+'])) {
      await assert.rejects(openStore(path.join(work, 'none.zarr'), { mode }), { code: 'ERR_NOT_FOUND' });
    }
  });

  test('that is something else is not written to', async () => {
    for (const mode of /** @type {const} */ (['a', 'w'])) {
      const store = new ZarrStore(path.dirname(work), { mode });
      await assert.rejects(store.append(item(0)), { code: 'ERR_NOT_FOUND' });
      await assert.rejects(store.dump([item(0)]), { code: 'ERR_NOT_FOUND' });
      await store.close();
    }
  });

  test('keeps its layout; another one is refused', async () => {
    const folder = path.join(work, 'flat.zarr');
    await using(openStore(folder, { layout: 'flat' }), (store) => store.append({ a: { b: new Float64Array(3) } }));
    await using(openStore(folder), (store) => store.append({ a: { b: new Float64Array(3) } }));
    assert.deepEqual(readdirSync(path.join(folder, 'entry_0000000001')).sort(), ['.zattrs', '.zgroup', 'a→b']);
    await using(openStore(folder, { layout: 'nested' }), async (store) => {
      await assert.rejects(store.append(item(0)), { code: 'ERR_ARGUMENT', message: /layout 'flat', 'nested'/ });
      await store.dump([item(0)]); // is another store
    });
    assert.deepEqual(await steps(folder), [0]);
  });
});

describe('what cannot be written', () => {
  test('an archive without a path, a web server, the oldest layout', async () => {
    await using(openStore(new Blob([readFileSync(runZip('guide/wf_f64_ckpt'))])), (store) =>
      assert.rejects(store.append(item(0)), { code: 'ERR_READ_ONLY', message: /'zip'/ }));
    const server = await serveFiles();
    try {
      const url = server.addFolder('run', runFolder('guide/wf_f64_ckpt'));
      await using(new ZarrStore(url), (store) =>
        assert.rejects(store.append(item(0)), { code: 'ERR_READ_ONLY', message: /'http'/ }));
    } finally {
      await server.close();
    }
    const steps6 = new Map([['.zgroup', '{"zarr_format": 2}'], ['step_000000/.zgroup', '{"zarr_format": 2}']]
      .map(([key, text]) => /** @type {const} */ ([key, new TextEncoder().encode(text)])));
    await using(new ZarrStore(steps6), (store) =>
      assert.rejects(store.append(item(0)), { code: 'ERR_APPEND_UNSUPPORTED', message: /'steps'/ }));
  });

  test('a path below a file', async () => {
    const zip = runZip('guide/wf_f64_ckpt');
    await assert.rejects(openStore(path.join(zip, 'deeper.zarr')).then((store) => store.append(item(0))),
      { name: 'BoresError' });
  });
});
