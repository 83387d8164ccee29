// SPDX-License-Identifier: MIT
import { describe, test } from 'node:test';

import { CustomStorage } from '../../../../js/storage/base/custom.js';
import { MemoryStorage } from '../../../../js/storage/memory/memory.js';
import { bytesEqual, deepEqual, equal, failure, fails } from '../../../helpers/storage/assert.js';
import { storageContract } from '../storage-contract.js';

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
