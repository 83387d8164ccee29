// SPDX-License-Identifier: MIT
// Runs in the browser's own IndexedDB: the contract, imports whole or not at all, connections
// that are lost.

import { openStorage } from '../../js/storage/location.js';
import { IndexedDbStorage, deleteRun, importRun, listRuns } from '../../js/storage/indexeddb/indexeddb.js';
import { Connection } from '../../js/storage/indexeddb/idb-connection.js';
import { MemoryStorage } from '../../js/storage/memory/memory.js';
import { bytesEqual, deepEqual, equal, failure, fails, isError, ok } from '../helpers/storage/assert.js';
import { noise, sampleContent } from '../helpers/storage/content.js';
import { storageContract } from '../js/storage/storage-contract.js';
import { context, note, test } from './harness.js';

/** @import { ImportProgress } from '../../js/storage/indexeddb/idb-import.js' */

export const contexts = ['page', 'worker'];

const MIB = 1024 * 1024;
const content = sampleContent();
/** @param {string} name */
const run = (name) => `${context} ${name}`;
/** @param {string} name @param {Iterable<[string, Uint8Array]>} values */
const keep = (name, values) => importRun(new MemoryStorage(values), run(name));
/** @param {string} name */
const open = (name) => IndexedDbStorage.open(run(name));
/** @returns {Promise<string[]>} */
const databases = async () => (await indexedDB.databases()).map(({ name = '' }) => name);
/** @param {string} [only]  name of a run @returns {Promise<any[]>} */
const runs = async (only) =>
  (await listRuns()).filter(({ name }) => (only ? name === run(only) : name.startsWith(context)));

/** @type {Promise<unknown> | undefined} */
let sample;
storageContract(
  (name, body) => test(name, body),
  async (values) => {
    sample ??= keep('sample', values);
    await sample;
    return open('sample');
  },
  { list: true, sync: false, usage: true },
);

test('an import says how far it is, and the run is listed', async () => {
  /** @type {ImportProgress[]} */
  const seen = [];
  const { keys, bytes } = await importRun(new MemoryStorage(content), run('progress'), {
    onProgress: (progress) => seen.push(progress),
  });
  equal(keys, content.size);
  deepEqual(seen.at(-1), { done: keys, total: keys, bytes });
  ok(seen.length > 10, `${seen.length} reports`);
  seen.reduce((before, now) => {
    ok(now.done > before.done && now.bytes >= before.bytes, 'progress goes forward');
    return now;
  });
  const [info] = await runs('progress');
  deepEqual(
    { ...info, created: typeof info.created },
    { name: run('progress'), complete: true, keys, bytes, created: 'object' },
  );
  await deleteRun(run('progress'));
  deepEqual(await runs('progress'), []);
});

test('an import replaces the run of that name, and an open reader notices', async () => {
  await keep('replaced', [
    ['a', noise(10, 1)],
    ['gone', noise(10, 2)],
  ]);
  const before = await open('replaced');
  await keep('replaced', [['a', noise(20, 3)]]);
  await fails(() => before.get('a'), 'ERR_STORAGE', run('replaced'), 'open it again');
  await before.close();
  const after = await open('replaced');
  bytesEqual(await after.get('a'), noise(20, 3));
  equal(await after.get('gone'), undefined);
  await after.close();
});

for (const old of [false, true]) {
  const left = old ? 'the run before' : 'nothing';
  test(`an import that fails or is called off leaves ${left}`, async () => {
    const name = `broken ${old}`;
    if (old) await keep(name, [['a', noise(10, 1)]]);
    const source = new MemoryStorage(content);
    const cause = new Error('the disk is gone');
    const get = source.get.bind(source);
    source.get = (key, options) => (key === 'order/a' ? Promise.reject(cause) : get(key, options));
    equal(await failure(() => importRun(source, run(name))), cause);
    source.get = async (key) => (key === 'order/a' ? undefined : get(key));
    await fails(() => importRun(source, run(name)), 'ERR_STORAGE', 'order/a', 'went away');
    const controller = new AbortController();
    const reason = new Error('enough');
    equal(
      await failure(() =>
        importRun(new MemoryStorage(content), run(name), {
          signal: controller.signal,
          onProgress: ({ done }) => done > 600 && controller.abort(reason),
        }),
      ),
      reason,
    );
    if (old) bytesEqual(await (await open(name)).get('a'), noise(10, 1));
    else await fails(() => open(name), 'ERR_NOT_FOUND', run(name));
    equal((await runs(name)).length, old ? 1 : 0);
  });
}

for (const old of [false, true]) {
  test(`what a killed import left is removed${old ? ', the run before stays' : ''}`, async () => {
    const name = `killed ${old}`;
    if (old) await keep(name, [['a', noise(10, 1)]]);
    await killImport(run(name), 8 * MIB);
    ok((await segmentsOf(run(name))).length > 2, 'the import had begun');
    deepEqual(
      (await runs(name)).map(({ complete }) => complete),
      [old],
    );
    if (old) {
      const storage = await open(name);
      bytesEqual(await storage.get('a'), noise(10, 1));
      await storage.close();
      deepEqual(await segmentsOf(run(name)), [0]);
    } else {
      await fails(() => open(name), 'ERR_NOT_FOUND', run(name));
      ok(!(await databases()).includes(`bores/${run(name)}`), 'the database is gone');
    }
  });

  test(`an import after a killed one ${old ? 'replaces the run before' : 'is whole'}`, async () => {
    const name = `again ${old}`;
    if (old) await keep(name, [['a', noise(10, 1)]]);
    await killImport(run(name), 8 * MIB);
    await keep(name, [['b', noise(20, 2)]]);
    const storage = await open(name);
    deepEqual(await storage.list(''), ['b']);
    bytesEqual(await storage.get('b'), noise(20, 2));
    await storage.close();
    equal((await segmentsOf(run(name))).length, 1, 'segments');
  });
}

/**
 * A source that gives no values until it is told to.
 * @param {Iterable<[string, Uint8Array]>} values
 */
function gated(values) {
  const source = new MemoryStorage(values);
  const get = source.get.bind(source);
  let open = () => {};
  let ask = () => {};
  const opened = new Promise((resolve) => { open = () => resolve(undefined); });
  const asked = new Promise((resolve) => { ask = () => resolve(undefined); });
  source.get = async (key, options) => {
    ask();
    await opened;
    return get(key, options);
  };
  return { source, open, asked };
}

test('a run whose import is under way is not there yet, and is left alone', async () => {
  const { source, open: goOn, asked } = gated(content);
  const importing = importRun(source, run('under way'));
  await asked;
  await fails(() => open('under way'), 'ERR_NOT_FOUND', run('under way'));
  goOn();
  await importing;
  bytesEqual(await (await open('under way')).get('order/a'), noise(2, 7));
});

test('two imports of one name do not mix', async () => {
  const { source, open: goOn, asked } = gated([['a', noise(MIB, 1)], ['b', noise(MIB, 2)]]);
  const first = importRun(source, run('twice'));
  await asked;
  await fails(() => keep('twice', [['a', noise(10, 3)]]), 'ERR_STORAGE', run('twice'), 'already');
  goOn();
  await first;
  bytesEqual(await (await open('twice')).get('a'), noise(MIB, 1));
});

test('a full disk is ERR_QUOTA with both numbers', async () => {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function full(value, key) {
    if (this.name === 'segments') throw new DOMException('full', 'QuotaExceededError');
    return put.call(this, value, key);
  };
  try {
    const error = await failure(() => keep('full', [['a', noise(1000, 1)]]));
    isError(error, 'ERR_QUOTA', run('full'), '1000 bytes');
    equal(error.needed, 1000);
    ok(!(error.limit >= error.needed), `room for ${error.limit}, which would do`);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  deepEqual(await runs('full'), []);
});

test('a lost connection is opened again, once', async () => {
  await keep('lost', [
    ['a', noise(3 * MIB, 1)],
    ['b', noise(3 * MIB, 2)],
    ['c', noise(3 * MIB, 3)],
  ]);
  const storage = await open('lost');
  const { transaction } = IDBDatabase.prototype;
  /** @type {IDBDatabase[]} */
  const used = [];
  IDBDatabase.prototype.transaction = function lost(...args) {
    used.push(this);
    if (used.length === 1) throw new DOMException('The connection was lost', 'InvalidStateError');
    return transaction.apply(this, args);
  };
  try {
    bytesEqual(await storage.get('a'), noise(3 * MIB, 1));
    equal(used.length, 2);
    used[1].dispatchEvent(new Event('close')); // what the browser does when it drops one
    bytesEqual(await storage.get('b'), noise(3 * MIB, 2));
    ok(used[2] !== used[1], 'another connection');
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('The connection was lost', 'InvalidStateError');
    };
    await fails(() => storage.get('c'), 'ERR_STORAGE', run('lost'), 'InvalidStateError');
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
  bytesEqual(await storage.get('c'), noise(3 * MIB, 3));
  await storage.close();
});

test('a run that is deleted while it is open is gone for its reader', async () => {
  await keep('deleted', [['a', noise(10, 1)]]);
  const storage = await open('deleted');
  await deleteRun(run('deleted'));
  await fails(() => storage.get('a'), 'ERR_NOT_FOUND', run('deleted'));
  ok(!(await databases()).includes(`bores/${run('deleted')}`), 'reading did not make it again');
});

test('opening what is not there is an error and makes nothing', async () => {
  await fails(() => openStorage(`idb:${run('none')}`), 'ERR_NOT_FOUND', run('none'));
  ok(!(await databases()).includes(`bores/${run('none')}`), 'no database');
  await deleteRun(run('none'));
});

test('a source that cannot be listed, or a run without a name, is refused', async () => {
  const source = new MemoryStorage(content);
  Object.assign(source, { list: undefined });
  await fails(() => importRun(source, run('x')), 'ERR_UNSUPPORTED', 'memory', 'listed');
  await fails(() => importRun(new MemoryStorage(), ''), 'ERR_ARGUMENT', 'name');
});

test('a run of the size of a real one', async () => {
  // As the 21 states of a 32×38×15 run: 9,562 keys, 34 MB, two thirds of them small documents.
  /** @type {Map<string, Uint8Array>} */
  const values = new Map();
  for (let entry = 0; entry < 21; entry += 1) {
    for (let array = 0; array < 152; array += 1) {
      const folder = `entry_${entry}/array ${array}`;
      values.set(
        `${folder}/.zarray`,
        new TextEncoder().encode(`{"shape": [32, 38, ${array % 20}]}`.padEnd(300)),
      );
      values.set(`${folder}/.zattrs`, new TextEncoder().encode('{}'));
      values.set(`${folder}/0.0.0`, noise(10_400, entry * 152 + array));
    }
  }
  const source = new MemoryStorage(values);
  const { bytes } = await source.usage();
  let started = performance.now();
  await importRun(source, run('real'));
  const imported = performance.now() - started;
  started = performance.now();
  const storage = await open('real');
  const opened = performance.now() - started;
  started = performance.now();
  const documents = [...values.keys()].filter((key) => key.endsWith('.zarray'));
  await Promise.all(documents.map((key) => storage.get(key)));
  const documented = performance.now() - started;
  started = performance.now();
  for (const key of values.keys()) await storage.get(key);
  const read = performance.now() - started;
  const rate = (/** @type {number} */ ms) =>
    `${ms.toFixed(0)} ms (${(bytes / 1000 / ms).toFixed(0)} MB/s)`;
  note(
    `${values.size} keys, ${(bytes / 1e6).toFixed(1)} MB: import ${rate(imported)}, ` +
      `open ${opened.toFixed(1)} ms, ` +
      `${documents.length} documents ${documented.toFixed(1)} ms, all ${rate(read)}`,
  );
  await storage.close();
  await deleteRun(run('real'));
});

/**
 * An import in a worker that is terminated in the midst of it, like a tab that is closed.
 * @param {string} name
 * @param {number} bytes  copied before that, at least
 */
async function killImport(name, bytes) {
  const worker = new Worker('import-worker.js', { type: 'module' });
  await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => data > bytes && resolve(undefined);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(name);
  });
  worker.terminate();
  await navigator.locks.request(`bores/${name}`, () => undefined); // its lock goes last
}

/** @param {string} name */
async function segmentsOf(name) {
  const connection = new Connection(name);
  const keys = await connection.run(
    'readonly',
    (transaction) =>
      new Promise((resolve) => {
        const request = transaction.objectStore('segments').getAllKeys();
        request.onsuccess = () => resolve(request.result);
      }),
  );
  connection.close();
  return keys;
}
