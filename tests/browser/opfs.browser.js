// SPDX-License-Identifier: MIT
// The log in the browser's own origin-private file system: from a page, whose worker writes, and from
// a worker.

import { openStorage } from '../../js/storage/location.js';
import { bytesEqual, deepEqual, equal, fails } from '../helpers/storage/assert.js';
import { noise } from '../helpers/storage/content.js';
import { storageContract } from '../js/storage/storage-contract.js';
import { contentOf, entry, sameContent, writerContract } from '../js/storage/writer-contract.js';
import { context, test } from './harness.js';

export const contexts = ['page', 'worker'];

let places = 0;
/** @param {string} name */
const open = (name) => openStorage(`opfs:${context}/${name}`, { create: true });

/** @type {Promise<void> | undefined} */
let sample;
storageContract((name, run) => test(name, run), async (content) => {
  sample ??= (async () => {
    const writer = await (await open('sample')).openWriter?.();
    await writer?.commit({ puts: [...content] });
    await writer?.close();
  })();
  await sample;
  return openStorage(`opfs:${context}/sample`);
}, { list: true, sync: false, usage: true });

writerContract((name, run) => test(name, run), () => {
  places += 1;
  const name = `written ${places}`;
  return { open: () => open(name) };
});

test('opening what is absent makes nothing', async () => {
  await fails(() => openStorage(`opfs:${context}/none`), 'ERR_NOT_FOUND', `opfs:${context}/none`);
  const storage = await open('none');
  equal(storage.kind, 'opfs');
  deepEqual(await storage.list?.(''), []);
  await fails(() => openStorage(`opfs:${context}/none`), 'ERR_NOT_FOUND');
});

test('a directory of files is still read as one', async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await (await root.getDirectoryHandle(context, { create: true })).getDirectoryHandle('files', { create: true });
  const file = await folder.getFileHandle('.zgroup', { create: true });
  const stream = await file.createWritable();
  await stream.write(noise(20, 1));
  await stream.close();
  const storage = await openStorage(`opfs:${context}/files`, { create: true });
  equal(storage.kind, 'handle');
  bytesEqual(await storage.get('.zgroup'), noise(20, 1));
});

test('a writer that was open when the next one of its origin comes is named', async () => {
  const writer = await (await open('named')).openWriter?.();
  await fails(async () => (await open('named')).openWriter?.(), 'ERR_LOCKED', context, location.pathname, 'since');
  await writer?.close();
});

test('10 MB a commit, over segments', async () => {
  const writer = await (await open('segments')).openWriter?.({ durability: 'relaxed' });
  for (let i = 0; i < 8; i += 1) {
    await writer?.commit({ puts: [[`big/${i}`, noise(10_000_000, i)], ...entry(i)], deletes: [`entry_${i - 1}/`] });
  }
  const reader = await open('segments');
  for (let i = 0; i < 8; i += 1) bytesEqual(await reader.get(`big/${i}`), noise(10_000_000, i), `big/${i}`);
  await writer?.replace([{ puts: [...entry(9)] }]);
  await reader.refresh?.();
  sameContent(await contentOf(reader), entry(9));
  await writer?.close();
});
