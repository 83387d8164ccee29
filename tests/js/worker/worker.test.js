// SPDX-License-Identifier: MIT
// A store whose session runs in a worker thread: the same results, errors and aborts, buffers
// that move, and a process that ends when nothing is left to do.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { BoresError, StateStream, ZarrStore, openStore } from '../../../js/index.js';
import { badCases, caseFile, runConsolidated, runExpected, runFolder, runZip } from '../../helpers/fixtures.js';
import { allDifferences } from '../../helpers/expected.js';
import { serveFiles } from '../../helpers/file-server.js';
import { PRESSURE, makeStore } from '../../helpers/synthetic-store.js';
import { using } from '../../helpers/with-store.js';

const execute = promisify(execFile);
const library = new URL('../../../js/index.js', import.meta.url).href;

/** @import { RunName } from '../../helpers/fixtures.js' */

/** @param {unknown} location */
const inWorker = (location) => openStore(location, { worker: true });

describe('results', () => {
  for (const run of /** @type {RunName[]} */ (['guide/wf_f64_ckpt', 'guide/wf_f64_chunks4_lzf',
    'head/wf_f64_ckpt', 'head/wf_f32', 'head/wf_f64_wire_ckpt', 'wheel/wf_f64'])) {
    test(`${run}: every value`, () => using(inWorker(runFolder(run)), async (store) => {
      assert.deepEqual(await allDifferences(store, runExpected(run)), []);
    }));
  }

  test('from a zip and over HTTP', async () => {
    const run = 'head/wf_f64_ckpt';
    await using(inWorker(runZip(run)), async (store) => {
      assert.deepEqual(await allDifferences(store, runExpected(run)), []);
    });
    const server = await serveFiles();
    try {
      const url = server.addFolder(run, runFolder(run),
        new Map([['.zmetadata', runConsolidated(run)]]));
      await using(inWorker(url), async (store) => {
        assert.deepEqual(await allDifferences(store, runExpected(run)), []);
      });
    } finally {
      await server.close();
    }
  });

  test('reads, series, inventories, verification and replay are the same', async () => {
    const folder = runFolder('guide/wf_f64_chunks4_lzf');
    const results = await Promise.all([true, false].map((worker) =>
      using(new ZarrStore(folder, { worker }), async (store) => ({
        part: (await store.read(2, PRESSURE, { slice: [[1, 8, 3], -1] })).toNested(),
        series: Object.values(await store.series(PRESSURE, [4, 4, 2])).map((values) => [...values]),
        inventory: await store.inventory(3),
        verified: await store.verify({ indices: [0, 5] }),
        last: (await new StateStream({ store }).last())?.step,
        usage: await store.usage(),
      }))));
    assert.deepEqual(results[0], results[1]);
    assert.ok(results[0].part.length === 3 && results[0].verified.ok);
  });

  test('arrays own their memory: nothing is shared, nothing is lost', () => using(
    inWorker(runFolder('guide/wf_f64_ckpt')), async (store) => {
      const [first, second] = await Promise.all([store.read(0, PRESSURE), store.read(0, PRESSURE)]);
      assert.ok(first.equals(second));
      assert.equal(first.data.byteOffset, 0);
      assert.equal(first.data.buffer.byteLength, first.nbytes);
      first.data.fill(0);
      assert.notEqual(second.max(), 0);
    }));
});

describe('errors', () => {
  test('keep class, code, key and numbers', () => using(
    inWorker(runFolder('guide/wf_f64_ckpt')), async (store) => {
      await assert.rejects(store.read(0, 'model.nothing'), (/** @type {any} */ error) => {
        assert.ok(error instanceof BoresError);
        assert.equal(error.code, 'ERR_NOT_FOUND');
        assert.equal(error.key, 'entry_0000000000/model/nothing');
        return true;
      });
      await assert.rejects(store.read(9, PRESSURE), { code: 'ERR_INDEX_RANGE', entry: 9 });
      assert.equal((await store.read(0, PRESSURE)).size, 252, 'and the store goes on working');
    }));

  test('of opening', async () => {
    const bad = caseFile(badCases(), 'bad/zarr_truncated_zarray.zarr');
    await assert.rejects(inWorker(bad), { name: 'BoresError' });
    await assert.rejects(openStore('no-such-run.zarr', { worker: true, mode: 'r' }),
      { name: 'BoresError', code: 'ERR_NOT_FOUND' });
    const count = await using(inWorker(runFolder('guide/wf_f64_ckpt')), (store) => store.count());
    assert.equal(count, 2);
  });

  test('every call after close() is ERR_CLOSED', async () => {
    const store = await inWorker(runFolder('guide/wf_f64_ckpt'));
    await store.close();
    await store.close();
    await assert.rejects(store.count(), { name: 'BoresError', code: 'ERR_CLOSED' });
    await assert.rejects(store.read(0, PRESSURE), { code: 'ERR_CLOSED' });
  });
});

describe('abort', () => {
  test('before and in a call', () => using(inWorker(runFolder('head/wf_f64')), async (store) => {
    const reason = new Error('changed my mind');
    await assert.rejects(store.verify({ signal: AbortSignal.abort(reason) }),
      (error) => error === reason);
    const abort = new AbortController();
    const verifying = store.verify({ signal: abort.signal, onProgress: () => abort.abort(reason) });
    await assert.rejects(verifying, (error) => error === reason);
    assert.equal((await store.read(0, PRESSURE)).size, 240);
  }));
});

describe('one worker for all stores', () => {
  test('opened and closed in any order, over and over', async () => {
    const folders = [runFolder('guide/wf_f64_ckpt'), runFolder('head/wf_f64_ckpt')];
    for (let round = 0; round < 3; round++) {
      const [a, b] = await Promise.all(folders.map(inWorker));
      const closing = a.close();
      const c = await inWorker(folders[0]);
      await closing;
      assert.equal(await b.count(), 3);
      await b.close();
      assert.equal((await c.read(1, PRESSURE)).size, 252);
      await c.close();
    }
  });

  test('opening while the last one closes', async () => {
    const folder = runFolder('guide/wf_f64_ckpt');
    for (let round = 0; round < 5; round++) {
      const first = await inWorker(folder);
      const [, second] = await Promise.all([first.close(), inWorker(folder)]);
      assert.equal(await second.count(), 2);
      await second.close();
    }
  });
});

describe('a process ends by itself', () => {
  const folder = JSON.stringify(runFolder('guide/wf_f64_ckpt'));
  const script = (/** @type {string} */ rest) => `
    import { openStore } from ${JSON.stringify(library)};
    const store = await openStore(${folder}, { worker: true });
    ${rest}`;

  for (const [name, rest] of /** @type {const} */ ([
    ['with an idle store left open', 'console.log(await store.count());'],
    ['with a closed store', 'console.log(await store.count()); await store.close();'],
    ['in the middle of a load', `for await (const state of store.load()) { void state; break; }
      console.log(2);`],
  ])) {
    test(name, async () => {
      const { stdout } = await execute(process.execPath,
        ['--input-type=module', '-e', script(rest)], { timeout: 120_000 });
      assert.equal(stdout.trim(), '2');
    });
  }

  test('but not before an answer that is awaited', async () => {
    const { stdout } = await execute(process.execPath, ['--input-type=module', '-e',
      script('store.verify().then(({ ok }) => console.log(ok));')], { timeout: 120_000 });
    assert.equal(stdout.trim(), 'true');
  });
});

/** Of each thread of this process, as Linux tells it. @returns {number[]} */
const nicenesses = () => readdirSync('/proc/self/task').map((id) =>
  Number(readFileSync(`/proc/self/task/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[16]));

test('threads that encode and write for a stream let the one that computes go first', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'behind-'));
  const own = getPriority();
  try {
    const source = new ZarrStore(makeStore(3));
    const store = new ZarrStore(path.join(folder, 'run.zarr'));
    const stream = new StateStream({ states: source.load(), store, backgroundIO: true });
    for await (const _ of stream) continue;
    // Only Linux has priorities of threads: the caller's own stays what it was.
    const count = () => (process.platform === 'linux' ? nicenesses().filter((nice) => nice > own).length : 2);
    let behind = count();
    for (const end = Date.now() + 60_000; behind < 2 && Date.now() < end; behind = count()) await sleep(5);
    await stream.close();
    assert.ok(behind >= 2, `${behind} threads are behind: one encodes, one writes`);
    assert.equal(getPriority(), own);
    await store.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what belongs to this thread stays in it', async () => {
  const content = makeStore(1);
  for (const location of [content, { get: (/** @type {string} */ key) => content.get(key) }]) {
    await using(new ZarrStore(location, { worker: true }), async (store) => {
      assert.equal((await store.read(0, PRESSURE)).size, 24);
    });
  }
});
