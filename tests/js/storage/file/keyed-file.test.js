// SPDX-License-Identifier: MIT
// A file as the values of a storage, in memory here; in IndexedDB in tests/browser/file-places.browser.js.

import { describe, test } from 'node:test';

import { BytesSource } from '../../../../js/storage/base/byte-source.js';
import { KeyedFilePlace, asKeyedFile } from '../../../../js/storage/file/keyed-file.js';
import { MemoryStorage } from '../../../../js/storage/memory/memory.js';
import { bytesEqual, deepEqual, equal, fails } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { contentOf, fileContract } from '../file-contract.js';
import { contentOf as keysOf } from '../writer-contract.js';

/** A storage that does not answer at once. */
class LaterStorage extends MemoryStorage {
  // @ts-expect-error it has no such method
  get getSync() {
    return undefined;
  }
}

describe('keyed file', () => {
  let places = 0;
  fileContract(test, () => {
    places += 1;
    const name = `file ${places}`;
    return { open: () => new KeyedFilePlace(MemoryStorage.named(name), { create: true }) };
  });

  test('from a storage that answers later', async () => {
    const bytes = noise(1_000_000, 1);
    const content = await keysOf(/** @type {any} */ (asKeyedFile(new BytesSource(bytes))));
    equal(content.size, 17, 'keys: 16 pages and the record');
    bytesEqual(await contentOf(new KeyedFilePlace(new LaterStorage(content))), bytes);
    bytesEqual(await contentOf(new KeyedFilePlace(new MemoryStorage(content))), bytes);
  });

  test('a record that is none is an error that names it', async () => {
    const text = new TextEncoder();
    for (const record of ['', '{}', '{"format":1,"size":-0.5,"pageBytes":65536}', '[1']) {
      const place = new KeyedFilePlace(new MemoryStorage({ 'hdf5/file': text.encode(record) }));
      await fails(() => place.snapshot(), 'ERR_CORRUPT', 'hdf5/file');
    }
    await fails(() => new KeyedFilePlace(new MemoryStorage()).snapshot(), 'ERR_NOT_FOUND', 'memory');
  });

  test('what it is made of is listed as keys', async () => {
    const storage = asKeyedFile(new BytesSource(noise(70_000, 2)));
    deepEqual(await storage.list?.(''), ['hdf5/']);
    deepEqual(await storage.list?.('hdf5/pages'), ['0', '1']);
    equal((await storage.get('hdf5/pages/1'))?.length, 70_000 - 65_536);
    equal(await storage.get('hdf5/pages/2'), undefined);
    equal(await storage.get('other'), undefined);
  });
});
