// SPDX-License-Identifier: MIT
// Directory handles, here of the origin-private file system; picked folders give the same.

import { openStorage } from '../../js/storage/location.js';
import { HandleStorage } from '../../js/storage/handle/handle.js';
import { bytesEqual, deepEqual, equal, failure, fails, isError } from '../helpers/storage/assert.js';
import { noise, sampleContent } from '../helpers/storage/content.js';
import { storageContract } from '../js/storage/storage-contract.js';
import { buildZip } from '../helpers/storage/zip-writer.js';
import { context, test } from './harness.js';

export const contexts = ['page', 'worker'];

const top = await navigator.storage.getDirectory();

/**
 * @param {string} name
 * @param {Iterable<[string, Uint8Array]>} content
 */
async function writeFolder(name, content) {
  const root = await top.getDirectoryHandle(`${context}-${name}`, { create: true });
  const pending = [...content];
  const writeAll = async () => {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      await writeFile(root, ...next);
    }
  };
  await Promise.all(Array.from({ length: 16 }, writeAll)); // a file takes some ms
  return root;
}

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {string} key
 * @param {Uint8Array} value
 */
async function writeFile(root, key, value) {
  const names = key.split('/');
  const last = /** @type {string} */ (names.pop());
  let folder = root;
  for (const name of names) folder = await folder.getDirectoryHandle(name, { create: true });
  const stream = await (await folder.getFileHandle(last, { create: true })).createWritable();
  await stream.write(/** @type {Uint8Array<ArrayBuffer>} */ (value));
  await stream.close();
}

/** @type {FileSystemDirectoryHandle} */
let sample;
test('a folder is written', async () => {
  // The worker comes after the page and reads the same one: in Firefox it takes half a minute to write.
  sample = context === 'worker' ? await top.getDirectoryHandle('page-sample')
    : await writeFolder('sample', sampleContent());
});
storageContract(
  (name, run) => test(name, run),
  () => HandleStorage.open(sample),
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
