// SPDX-License-Identifier: MIT
import { describe, test } from 'node:test';

import { openStore } from '../../../../js/index.js';
import { CustomStorage } from '../../../../js/storage/base/custom.js';
import { MemoryStorage } from '../../../../js/storage/memory/memory.js';
import { bytesEqual, deepEqual, equal, failure, fails } from '../../../helpers/storage/assert.js';
import { storageContract } from '../storage-contract.js';
import { writerContract } from '../writer-contract.js';

/** @import { Content } from '../../../helpers/storage/content.js' */

/**
 * The shape of zarrita's stores: keys with a slash, no listing.
 * @param {Content} content
 */
function zarritaLike(content) {
  const memory = new MemoryStorage(content);
  return {
    /** @param {string} key */
    get: (key) => content.get(key.slice(1)),
    /** @param {string} key @param {any} range */
    getRange: (key, range) => memory.getRange(key.slice(1), range),
  };
}

describe('custom: a store whose keys begin with a slash', () => {
  storageContract(test, (content) => new CustomStorage(zarritaLike(content)), {
    list: false,
    sync: false,
    usage: false,
  });
});

describe('custom: a store with plain keys, a list, and no ranges', () => {
  storageContract(
    test,
    (content) => {
      const memory = new MemoryStorage(content);
      return new CustomStorage({
        get: (key) => content.get(key),
        list: async function* list(prefix) {
          yield* (await memory.list(prefix)).reverse();
        },
      });
    },
    { list: true, sync: false, usage: false },
  );
});

/** A store whose commit() is one transaction. @param {MemoryStorage} memory */
function committing(memory) {
  return {
    get: (/** @type {string} */ key) => (key.startsWith('/') ? undefined : memory.get(key)),
    list: (/** @type {string} */ prefix) => memory.list(prefix),
    async commit(/** @type {any} */ batch, /** @type {any} */ options) {
      const writer = await memory.openWriter();
      try {
        await writer.commit(batch, options);
      } finally {
        await writer.close();
      }
    },
  };
}

describe('custom: writing to a store with commit()', () => {
  writerContract(test, () => {
    const store = committing(new MemoryStorage());
    return { open: () => new CustomStorage(store) };
  }, { many: 200, commits: 20, replaced: 50 });

  test('a run is appended, replaced, read by others; keys have the form that is there', async () => {
    for (const slash of ['', '/']) {
      /** @type {Map<string, Uint8Array>} */ const content = new Map();
      const store = {
        get: async (/** @type {string} */ key) => content.get(key),
        list: async (/** @type {string} */ prefix) => new MemoryStorage(new Map([...content].map(([key, value]) =>
          [key.slice(slash.length), value]))).list(prefix),
        async commit(/** @type {{ puts: [string, Uint8Array][], deletes: string[] }} */ { puts, deletes }) {
          for (const name of deletes) {
            for (const key of [...content.keys()]) {
              if (key === name || (name.endsWith('/') && key.startsWith(name))) content.delete(key);
            }
          }
          for (const [key, value] of puts) content.set(key, value.slice());
        },
      };
      if (slash) content.set('/.zgroup', new TextEncoder().encode('{"zarr_format": 2}'));
      const run = await openStore(store);
      await run.append({ step: 1, grid: new Float64Array([1, 2]) });
      await run.dump([{ step: 2, grid: new Float64Array([3, 4]) }, { step: 3 }]);
      await run.append({ step: 4 });
      await run.close();
      deepEqual([...content.keys()].every((key) => key.startsWith('/')), slash === '/');
      const again = await openStore(store, { mode: 'r' });
      equal(await again.count(), 3);
      deepEqual([...(await again.read(0, 'grid')).data], [3, 4]);
      equal((await again.verify()).ok, true);
      await again.close();
    }
  });

  test('one without commit() is read-only, and says why; one without list() is not replaced', async () => {
    const content = new Map();
    const store = { get: (/** @type {string} */ key) => content.get(key), set() {}, delete() {},
      list: () => [] };
    const run = await openStore(store);
    await fails(() => run.append({ step: 1 }), 'ERR_READ_ONLY', 'no commit(batch)');
    await run.close();
    const storage = new CustomStorage({ get: store.get, commit() {} });
    const writer = await storage.openWriter?.();
    await fails(() => writer?.replace([]), 'ERR_UNSUPPORTED', 'no list()');
    await writer?.close();
  });

  test('what commit() throws is an error of ours, of that key', async () => {
    const commit = () => { throw new Error('the cable is out'); };
    const storage = new CustomStorage({ get: () => undefined, list: () => [], commit });
    const writer = await storage.openWriter?.();
    await fails(() => writer?.commit({ puts: [['a', new Uint8Array(1)]] }), 'ERR_STORAGE', 'the cable is out');
    await writer?.close();
  });
});

describe('custom', () => {
  test('asks for both forms of a key until one of them is there', async () => {
    /** @type {string[]} */
    const asked = [];
    const storage = new CustomStorage({
      get(key) {
        asked.push(key);
        return key === 'here' || key === 'there' ? new ArrayBuffer(2) : null;
      },
    });
    equal(await storage.get('gone'), undefined);
    bytesEqual(await storage.get('here'), new Uint8Array(2));
    bytesEqual(await storage.get('there'), new Uint8Array(2));
    deepEqual(asked, ['/gone', 'gone', '/here', 'here', 'there']);
    await new CustomStorage({ get: (key) => asked.push(key) && undefined }, { slash: true }).get(
      'a',
    );
    deepEqual(asked.slice(5), ['/a']);
  });

  test('names the key when the store fails or answers nonsense', async () => {
    const cause = new Error('out of order');
    const storage = new CustomStorage(
      {
        get: (key) => {
          if (key === '/a') throw cause;
          return 'text';
        },
        getRange: async () => new Uint8Array(9),
        list: () => Promise.reject(cause),
      },
      { location: 'theirs' },
    );
    equal((await failure(() => storage.get('a'))).cause, cause);
    await fails(() => storage.get('a'), 'ERR_STORAGE', 'theirs', "'a'", 'out of order');
    await fails(() => storage.get('b'), 'ERR_STORAGE', "'b'", 'String');
    await fails(
      () => storage.getRange('c', { offset: 0, length: 8 }),
      'ERR_STORAGE',
      "'c'",
      '9 bytes',
    );
    await fails(() => storage.list?.('d'), 'ERR_STORAGE', "'d'", 'out of order');
  });

  test("an abort is the signal's reason, whatever the store throws", async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const storage = new CustomStorage({
      get: (_, /** @type {any} */ { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('its own words')));
        }),
    });
    const pending = storage.get('a', { signal: controller.signal });
    controller.abort(reason);
    equal(await failure(() => pending), reason);
  });
});
