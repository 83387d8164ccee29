// SPDX-License-Identifier: MIT
import { describe, test } from 'node:test';

import { MemoryStorage } from '../../../../js/storage/memory/memory.js';
import { bytesEqual, deepEqual, equal, fails } from '../../../helpers/storage/assert.js';
import { storageContract } from '../storage-contract.js';
import { writerContract } from '../writer-contract.js';

describe('memory, from a Map', () => {
  storageContract(test, (content) => new MemoryStorage(content), {
    list: true,
    sync: true,
    usage: true,
  });
});

describe('memory', () => {
  test('takes an object, and pairs', async () => {
    const one = new Uint8Array([1]);
    for (const content of [{ 'a/b': one }, [/** @type {[string, Uint8Array]} */ (['a/b', one])]]) {
      const storage = new MemoryStorage(content);
      deepEqual(await storage.list(''), ['a/']);
      bytesEqual(await storage.get('a/b'), one);
    }
  });

  test('refuses content that is not bytes, naming the key', async () => {
    // @ts-expect-error: what an untyped caller may pass
    await fails(() => new MemoryStorage({ 'a/b': 'text' }), 'ERR_ARGUMENT', 'a/b');
    await fails(() => new MemoryStorage({ '../b': new Uint8Array(0) }), 'ERR_ARGUMENT', '../b');
  });

  test('a name is one storage for the process, until removed', async () => {
    deepEqual(await MemoryStorage.named('run').list(''), []);
    const first = MemoryStorage.named('run', { 'a/b': new Uint8Array(1) });
    await first.close();
    const second = MemoryStorage.named('run');
    equal(second.location, 'memory:run');
    equal(second.closed, false);
    deepEqual(await second.list(''), ['a/']);
    deepEqual(await MemoryStorage.named('other').list(''), []);
    equal(MemoryStorage.remove('run'), true);
    equal(MemoryStorage.remove('run'), false);
  });
});

describe('memory: writing', () => {
  let places = 0;
  writerContract(test, () => {
    places += 1;
    const name = `written ${places}`;
    return { open: () => MemoryStorage.named(name) };
  });
});
