// SPDX-License-Identifier: MIT
// Directory handles, here of the origin-private file system; picked folders give the same.

import { openStorage } from '../../js/api/location.js';
import { HandleStorage } from '../../js/stores/handle.js';
import { bytesEqual, deepEqual, equal, failure, fails, isError } from '../contract/assert.js';
import { noise } from '../contract/content.js';
import { storageContract } from '../contract/storage-contract.js';
import { buildZip } from '../contract/zip-writer.js';
import { context, test } from './harness.js';

export const contexts = ['page', 'worker'];

const top = await navigator.storage.getDirectory();

/**
 * @param {string} name
 * @param {Iterable<[string, Uint8Array]>} content
 */
async function writeFolder(name, content) {
  const root = await top.getDirectoryHandle(`${context}-${name}`, { create: true });
  for (const [key, value] of content) {
    const names = key.split('/');
    let folder = root;
    for (const part of names.slice(0, -1))
      folder = await folder.getDirectoryHandle(part, { create: true });
    const file = await folder.getFileHandle(names[names.length - 1], { create: true });
    const stream = await file.createWritable();
    await stream.write(/** @type {Uint8Array<ArrayBuffer>} */ (value));
    await stream.close();
  }
  return root;
}

/** @type {Promise<FileSystemDirectoryHandle> | undefined} */
let sample;
storageContract(
  (name, run) => test(name, run),
  async (content) => {
    sample ??= writeFolder('sample', content);
    return HandleStorage.open(await sample);
  },
  { list: true, sync: false, usage: true },
);

const one = noise(64, 1);

test('a directory where a value is expected is named', async () => {
  const storage = await HandleStorage.open(await writeFolder('kinds', [['a/.zarray/x', one]]));
  await fails(() => storage.get('a/.zarray'), 'ERR_CORRUPT', 'a/.zarray', 'is a directory');
});

test('a folder above the only store is as good as the store', async () => {
  const above = await writeFolder('above', [
    ['results/run.zarr/.zgroup', one],
    ['results/run.zarr/a/0', one],
  ]);
  deepEqual(await (await HandleStorage.open(above)).list(''), ['.zgroup', 'a/']);
  await writeFolder('above', [['other.zarr/zarr.json', one]]);
  deepEqual(await (await HandleStorage.open(above)).list(''), ['other.zarr/', 'results/']);
});

test('a handle without permission says what to do', async () => {
  const folder = await writeFolder('locked', [['a', one]]);
  for (const [state, text] of [
    ['prompt', 'requestPermission'],
    ['denied', 'not allowed'],
  ]) {
    Object.assign(folder, {
      queryPermission: async () => state,
      requestPermission: async () => {
        throw new DOMException('no click', 'SecurityError');
      },
    });
    await fails(() => HandleStorage.open(folder), 'ERR_PERMISSION', `'${folder.name}'`, text);
  }
});

test('opfs: names a folder or a zip archive, and what is not there', async () => {
  await writeFolder('named', [
    ['.zgroup', one],
    ['run.zip', buildZip([{ name: '.zgroup', data: one }])],
  ]);
  const folder = await openStorage(`opfs:${context}-named`);
  equal(folder.kind, 'handle');
  bytesEqual(await folder.get('.zgroup'), one);
  const archive = await openStorage(`opfs:/${context}-named/run.zip`);
  equal(archive.kind, 'zip');
  bytesEqual(await archive.get('.zgroup'), one);
  await fails(() => openStorage('opfs:nothing/here'), 'ERR_NOT_FOUND', 'opfs:nothing/here');
  isError(await failure(() => openStorage('opfs:../up')), 'ERR_ARGUMENT', '../up');
});
