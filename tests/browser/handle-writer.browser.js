// SPDX-License-Identifier: MIT
// Writing into a directory handle, a file for each key; that of the origin-private file system behaves
// as a picked one.

import { HandleStorage } from '../../js/storage/handle/handle.js';
import { deepEqual, fails } from '../helpers/storage/assert.js';
import { entry, writerContract } from '../js/storage/writer-contract.js';
import { context, test } from './harness.js';

export const contexts = ['page', 'worker'];

const top = await navigator.storage.getDirectory();
let places = 0;

async function newFolder() {
  places += 1;
  return top.getDirectoryHandle(`${context}-written ${places}`, { create: true });
}

writerContract((name, run) => test(name, run), async () => {
  const folder = await newFolder();
  return { open: async () => new HandleStorage(folder) };
}, { many: 150, commits: 30, replaced: 40 }); // Firefox takes some 50 ms to write a file

test('leaves nothing of its own behind', async () => {
  const folder = await newFolder();
  const writer = await new HandleStorage(folder).openWriter();
  await writer.commit({ puts: [...entry(0)] });
  await writer.close();
  const names = [];
  for await (const name of folder.keys()) names.push(name);
  deepEqual(names.sort(), ['.zattrs', 'entry_0']);
});

test('writing to a folder that may only be read says what to do', async () => {
  const folder = await newFolder();
  Object.assign(folder, {
    queryPermission: async (/** @type {any} */ { mode }) => (mode === 'read' ? 'granted' : 'prompt'),
    requestPermission: async () => { throw new DOMException('no click', 'SecurityError'); },
  });
  await fails(() => new HandleStorage(folder).openWriter(), 'ERR_PERMISSION', folder.name, 'readwrite');
});
