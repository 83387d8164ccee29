// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { bytesEqual, deepEqual, equal, failure, fails, isError } from '../../../helpers/storage/assert.js';
import { storageContract } from '../storage-contract.js';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-directory-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/**
 * @param {Iterable<[string, Uint8Array]>} content
 * @returns {string}  a new directory that holds it
 */
function writeDirectory(content) {
  const root = fs.mkdtempSync(path.join(scratch, 'store-'));
  for (const [key, value] of content) {
    fs.mkdirSync(path.dirname(path.join(root, key)), { recursive: true });
    fs.writeFileSync(path.join(root, key), value);
  }
  return root;
}

describe('directory', () => {
  /** @type {string | undefined} */
  let root;
  storageContract(test, (content) => {
    root ??= writeDirectory(content);
    return DirectoryStorage.open(root);
  }, { list: true, sync: true, usage: true });
});

describe('directory: what a file system can hold', () => {
  const five = new Uint8Array([1, 2, 3, 4, 5]);
  /** More than is read by one call. */
  const long = new Uint8Array(200_000).map((_, i) => i % 251);
  const take = (/** @type {number} */ length) => new Uint8Array(length);

  test('is absent, or is a file', async () => {
    await fails(() => DirectoryStorage.open(path.join(scratch, 'none')), 'ERR_NOT_FOUND', 'none');
    fs.writeFileSync(path.join(scratch, 'file'), five);
    await fails(() => DirectoryStorage.open(path.join(scratch, 'file')), 'ERR_ARGUMENT', 'file');
  });

  test('names a directory, and a FIFO, where a value is expected', async () => {
    const root = writeDirectory([['.zarray/x', five]]);
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    const storage = await DirectoryStorage.open(root);
    for (const read of [() => storage.get('.zarray'), () => storage.getSync('.zarray', take),
      () => storage.getRangeSync('.zarray', { offset: 0, length: 1 }, take)]) {
      await fails(read, 'ERR_CORRUPT', '.zarray', 'is a directory');
    }
    for (const read of [() => storage.get('pipe'), () => storage.getSync('pipe', take)]) {
      await fails(read, 'ERR_CORRUPT', 'pipe', 'neither a file nor a directory');
    }
  });

  test('follows symbolic links; a dangling one is absent, a loop an error', async () => {
    const root = writeDirectory([['a/x', five]]);
    fs.symlinkSync('a', path.join(root, 'folder'));
    fs.symlinkSync('a/x', path.join(root, 'value'));
    fs.symlinkSync('gone', path.join(root, 'dangling'));
    fs.symlinkSync('loop', path.join(root, 'loop'));
    const storage = await DirectoryStorage.open(root);
    bytesEqual(await storage.get('folder/x'), five);
    bytesEqual(await storage.get('value'), five);
    equal(await storage.get('dangling'), undefined);
    equal(storage.getSync('dangling', take), false);
    equal(storage.getRangeSync('dangling', { suffixLength: 1 }, take), false);
    isError(await failure(() => storage.get('loop')), 'ERR_STORAGE', 'loop', 'ELOOP');
    deepEqual(await storage.list(''), ['a/', 'dangling', 'folder/', 'loop', 'value']);
    deepEqual(await storage.usage(), { bytes: 10, keys: 2 });
  });

  test('refuses backslashes', async () => {
    const storage = await DirectoryStorage.open(writeDirectory([['a', five]]));
    for (const key of ['..\\a', 'C:\\a', 'a\\b']) {
      await fails(() => storage.get(key), 'ERR_ARGUMENT', key);
      await fails(() => storage.getSync(key, take), 'ERR_ARGUMENT', key);
      await fails(() => storage.getRangeSync(key, { suffixLength: 1 }, take), 'ERR_ARGUMENT', key);
      await fails(() => storage.list(key), 'ERR_ARGUMENT', key);
    }
  });

  test('passes on why a file cannot be read', async () => {
    const storage = await DirectoryStorage.open(writeDirectory([['a', five]]));
    const key = 'x'.repeat(300); // longer than any file name may be
    const error = await failure(() => storage.getSync(key, take));
    isError(error, 'ERR_STORAGE', key, 'ENAMETOOLONG');
    equal(error.cause.code, 'ENAMETOOLONG');
    equal(error.key, key);
    await fails(() => storage.get(key), 'ERR_STORAGE', 'ENAMETOOLONG');
  });

  for (const [how, change] of /** @type {[string, (file: string) => void][]} */ ([
    ['shrinks', (file) => fs.truncateSync(file, 3)],
    ['grows', (file) => fs.appendFileSync(file, 'more')],
    ['is overwritten in place', (file) => {
      fs.writeFileSync(file, long.map((byte) => byte ^ 1));
      fs.utimesSync(file, 1, 1);
    }],
  ])) {
    test(`a long file, or one of which a part is read, that ${how} meanwhile is an error, not zeros`, async () => {
      for (const read of /** @type {((storage: DirectoryStorage, reserve: typeof take) => boolean)[]} */ ([
        (storage, reserve) => storage.getSync('a', reserve),
        (storage, reserve) => storage.getRangeSync('a', { offset: 2, length: 100 }, reserve),
      ])) {
        const root = writeDirectory([['a', long]]);
        const storage = await DirectoryStorage.open(root);
        const error = await failure(() => read(storage, (length) => {
          change(path.join(root, 'a'));
          return new Uint8Array(length);
        }));
        isError(error, 'ERR_STORAGE', '\'a\'', 'changed while it was read');
      }
    });
  }

  for (const value of [five, long]) {
    test(`replaced while it is read, ${value.length} bytes are the old ones`, async () => {
      const root = writeDirectory([['a', value]]);
      const storage = await DirectoryStorage.open(root);
      const heap = new Uint8Array(value.length);
      storage.getSync('a', () => {
        fs.writeFileSync(path.join(root, 'b'), 'another value');
        fs.renameSync(path.join(root, 'b'), path.join(root, 'a'));
        return heap;
      });
      bytesEqual(heap, value);
    });
  }

  test('replaced while many read, each finds the new one', async () => {
    const root = writeDirectory(new Map([['a', five], ['b', five], ['c', five]]));
    const next = writeDirectory(new Map([['a', long], ['b', long], ['c', long]]));
    const old = path.join(scratch, `.${path.basename(root)}.old`);
    const storage = await DirectoryStorage.open(root);
    fs.renameSync(root, old); // as a writer's exchange does, between its two renames
    const reading = ['a', 'b', 'c'].map((key) => storage.get(key));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); // each finds none, and has not said so
    fs.renameSync(next, root);
    deepEqual((await Promise.all(reading)).map((value) => value?.length), [long.length, long.length, long.length]);
    await storage.close();
  });

  test('leaves no descriptor open', async () => {
    const nextDescriptor = () => { // POSIX: the lowest that is free
      const fd = fs.openSync(scratch, 'r');
      fs.closeSync(fd);
      return fd;
    };
    const storage = await DirectoryStorage.open(writeDirectory([['a', five], ['b/c', five]]));
    const before = nextDescriptor();
    for (let i = 0; i < 50; i += 1) {
      storage.getSync('a', take);
      await storage.get('a');
      await failure(() => storage.getSync('b', take));
      await failure(() => storage.get('b'));
      await failure(() => storage.getSync('a', () => { throw new Error('full'); }));
      storage.getRangeSync('a', { suffixLength: 2 }, take);
    }
    equal(nextDescriptor(), before, 'the next descriptor');
  });
});
