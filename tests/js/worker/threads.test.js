// SPDX-License-Identifier: MIT
// Entries read in threads beside a store's session: the same results in the same order, whatever dies,
// changes or is forbidden meanwhile.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { openStore } from '../../../js/index.js';
import { backendOf } from '../../../js/formats/backends.js';
import { Reads } from '../../../js/store/reads/reads.js';
import { findDifference } from '../../../js/values/same-tree.js';
import { readTree } from '../../../js/values/tree.js';
import { WorkerHost } from '../../../js/worker/host.js';
import { ThreadReader } from '../../../js/worker/thread-reader.js';
import { threads } from '../../../js/worker/threads.js';
import { hdf5File, runFolder, runZip } from '../../helpers/fixtures.js';

const library = new URL('../../../js/index.js', import.meta.url).href;
const AT_ONCE = { startMs: 0, warmMs: 0 };
const temporary = mkdtempSync(path.join(tmpdir(), 'bores-threads-'));
after(() => rmSync(temporary, { recursive: true }));

/** @type {(host: WorkerHost, method: string, args: unknown[]) => void} called before a thread is asked */
let onCall = () => {};
const { call } = WorkerHost.prototype;
WorkerHost.prototype.call = function watched(session, method, args, options) {
  onCall(this, method, args);
  return call.call(this, session, method, args, options);
};

/**
 * Reads entries of a location, over and over, with so many threads beside the session.
 * @param {string} backend @param {string} location @param {number} most
 * @param {(reads: Reads, entries: () => Promise<any[]>) => Promise<void>} use
 */
async function reading(backend, location, most, use) {
  const session = await backendOf(backend).open(location);
  const reader = new ThreadReader(backend, location, {}, most);
  const reads = new Reads({ session: async () => session, reader: async () => reader }, AT_ONCE);
  try {
    await threads.use(async () => {}, { most });
    const { groups } = readTree(await reads.run('open', null));
    await use(reads, async () => {
      const trees = [];
      const list = groups.map((/** @type {string} */ group) => ({ group, fields: null }));
      for await (const tree of reads.inOrder('load', list)) trees.push(readTree(/** @type {any} */ (tree)));
      return trees;
    });
  } finally {
    await reader.close();
    await session.close();
    onCall = () => {};
  }
}

/** @param {any[]} actual @param {any[]} expected */
function assertSame(actual, expected) {
  assert.deepEqual(actual.map(({ group }) => group), expected.map(({ group }) => group));
  for (const [i, { data }] of actual.entries()) assert.equal(findDifference(data, expected[i].data), undefined);
}

/** @param {string} location @returns {Promise<any[]>} what this thread alone reads */
async function readHere(location) {
  const store = await openStore(location, { worker: false });
  const groups = (await store.entries()).map(({ groupName }) => groupName);
  const trees = [];
  for await (const data of store.load({ as: 'raw' })) trees.push({ group: groups[trees.length], data });
  await store.close();
  return trees;
}

const json = path.join(temporary, 'run.json');
before(async () => {
  const source = await openStore(runFolder('guide/wf_f64_chunks4_lzf'), { worker: false });
  const target = await openStore(json, { mode: 'w' });
  await target.dump(source.load({ as: 'raw' }));
  await target.close();
  await source.close();
});

describe('results are those of one thread, in order', () => {
  for (const [backend, location] of /** @type {const} */ ([['zarr', runFolder('head/wf_f64')],
    ['zarr', runZip('head/wf_f64_ckpt')], ['hdf5', hdf5File('guide/wf_f64')], ['json', json],
    ['eclipse', fileURLToPath(new URL('../../data/eclipse/TINY.UNRST', import.meta.url))]])) {
    for (const most of [1, 3]) {
      test(`${backend}, ${path.basename(location)}, ${most} threads`, async () => {
        const expected = await readHere(location);
        let inThreads = 0;
        await reading(backend, location, most, async (_reads, entries) => {
          onCall = (_host, method, args) => { inThreads += Number(method === 'run' && args[0] === 'load'); };
          assertSame(await entries(), expected);
          assertSame(await entries(), expected);
        });
        assert.ok(inThreads > 0, 'threads took part');
      });
    }
  }
});

describe('a thread that has receded behind who makes states', () => {
  const most = 1;
  const hostOf = (/** @type {boolean} */ behind) => threads.use(async (host) => host, { most, behind });

  test('encodes again, and reads no more', async () => {
    const encoder = await hostOf(true);
    assert.equal(await hostOf(true), encoder);
    const reader = await hostOf(false);
    assert.notEqual(reader, encoder);
    assert.equal(encoder.ended, true);
    assert.equal(await hostOf(true), reader, 'whichever is idle encodes');
  });

  test('is waited for while it encodes', async () => {
    let end = () => {};
    /** @type {Promise<any> | undefined} */ let encoding;
    await new Promise((begun) => {
      encoding = threads.use((host) => new Promise((resolve) => {
        end = () => resolve(host);
        begun(undefined);
      }), { most, behind: true });
    });
    const reading = hostOf(false), next = hostOf(true);
    end();
    assert.notEqual(await reading, await encoding);
    await next;
  });
});

describe('a thread that dies', () => {
  const folder = runFolder('head/wf_f64');

  test('is replaced, and its work done again', async () => {
    const expected = await readHere(folder);
    await reading('zarr', folder, 2, async (_reads, entries) => {
      let killed = 0;
      onCall = (host, method, args) => {
        if (method !== 'run' || args[0] !== 'load' || killed > 0) return;
        killed++;
        setImmediate(() => host.end());
      };
      assertSame(await entries(), expected);
      assert.equal(killed, 1);
    });
  });

  test('twice of the same work is an error, and others go on', async () => {
    const reader = new ThreadReader('zarr', folder, {}, 1);
    const session = await backendOf('zarr').open(folder);
    const root = await session.run('open', null);
    const params = { group: readTree(root).groups[0], fields: null };
    const run = () => reader.run('load', params, { version: undefined, root, number: 1 });
    onCall = (host, method, args) => { if (args[0] === 'load') setImmediate(() => host.end()); };
    await assert.rejects(run(), { name: 'BoresError', code: 'ERR_WORKER' });
    onCall = () => {};
    assert.equal(readTree(await run()).group, params.group);
    await reader.close();
    await session.close();
  });
});

test('reads that are asked for at the same time are spread, and each gets its own answer', async () => {
  await reading('zarr', runFolder('head/wf_f64'), 2, async (reads) => {
    const { groups, layout } = readTree(await reads.run('open', null));
    const path = ['model', 'fluid_properties', 'pressure_grid'];
    const read = (/** @type {string} */ group) => reads.run('read', { group, layout, path, slice: null });
    const alone = [];
    for (const group of groups) alone.push(readTree(await read(group)));
    let inThreads = 0;
    onCall = (_host, method, args) => { inThreads += Number(method === 'run' && args[0] === 'read'); };
    for (let round = 0; round < 3; round++) {
      const together = (await Promise.all(groups.map(read))).map(readTree);
      assert.equal(findDifference(together, alone), undefined);
    }
    assert.ok(inThreads > 0 && inThreads < 3 * groups.length, `${inThreads} in threads, the others in the session`);
  });
});

test('an abort ends what is under way and what waits, with its reason', async () => {
  await reading('zarr', runFolder('head/wf_f64'), 1, async (reads, entries) => {
    const expected = await entries();
    const abort = new AbortController();
    const reason = new Error('enough');
    const list = Array.from({ length: 50 }, () => ({ group: expected[0].group, fields: null }));
    await assert.rejects(async () => {
      for await (const tree of reads.inOrder('load', list, { signal: abort.signal })) {
        void tree;
        abort.abort(reason);
      }
    }, (error) => error === reason);
    assertSame(await entries(), expected);
  });
});

test('entries of a file that is replaced meanwhile are all of the one that was opened', async () => {
  const file = path.join(temporary, 'run.zip');
  copyFileSync(runZip('head/wf_f64_ckpt'), file);
  const expected = await readHere(file);
  /** @type {string[]} */ const calls = [];
  onCall = (_host, method) => { calls.push(method); };
  await reading('zarr', file, 2, async (_reads, entries) => {
    copyFileSync(runZip('head/wf_f64'), `${file}.new`); // entries of the same names, and more
    renameSync(`${file}.new`, file);
    assertSame(await entries(), expected);
  });
  assert.ok(calls.filter((method) => method === 'open').length > 0);
  assert.equal(calls.filter((method) => method === 'close').length, calls.filter((method) => method === 'open').length,
    'what a thread has opened is closed, though it found another file');
});

test('what a browser throws in a thread is left to the session', async () => {
  const folder = runFolder('head/wf_f64');
  const expected = await readHere(folder);
  await reading('zarr', folder, 2, async (_reads, entries) => {
    let thrown = 0;
    onCall = (_host, method, args) => {
      if (method !== 'run' || args[0] !== 'load') return;
      thrown++;
      throw new DOMException('gone', 'NotFoundError');
    };
    assertSame(await entries(), expected);
    assert.ok(thrown > 0);
  });
});

test('where no thread may be started, this one does it all', async () => {
  const folder = runFolder('head/wf_f64');
  const script = `
    globalThis.Worker = class { constructor() { throw new Error('the page forbids it'); } };
    const { Reads } = await import(${JSON.stringify(new URL('../../../js/store/reads/reads.js', import.meta.url).href)});
    const { ThreadReader } = await import(${JSON.stringify(new URL('../../../js/worker/thread-reader.js', import.meta.url).href)});
    const { backendOf } = await import(${JSON.stringify(new URL('../../../js/formats/backends.js', import.meta.url).href)});
    const { readTree } = await import(${JSON.stringify(new URL('../../../js/values/tree.js', import.meta.url).href)});
    const session = await backendOf('zarr').open(${JSON.stringify(folder)});
    const reader = new ThreadReader('zarr', ${JSON.stringify(folder)}, {}, 2);
    const reads = new Reads({ session: async () => session, reader: async () => reader }, { startMs: 0, warmMs: 0 });
    const { groups } = readTree(await reads.run('open', null));
    let count = 0;
    for await (const tree of reads.inOrder('load', groups.map((group) => ({ group, fields: null })))) count++;
    console.log(count === groups.length, reader.running);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(stdout.trim(), 'true 0');
});

test('threads keep no process alive', async () => {
  const script = `
    import { openStore } from ${JSON.stringify(library)};
    import { threads } from ${JSON.stringify(new URL('../../../js/worker/threads.js', import.meta.url).href)};
    await threads.use(async () => {}, { most: 2 });
    const store = await openStore(${JSON.stringify(runFolder('head/wf_f64'))});
    let count = 0;
    for await (const state of store.load()) { void state; count++; }
    console.log(count, threads.running);`;
  const begun = Date.now();
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  assert.match(stdout, /^\d+ 1/);
  assert.ok(Date.now() - begun < 60_000);
});
