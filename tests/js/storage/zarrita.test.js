// SPDX-License-Identifier: MIT
// Storages handed to zarrita: what createArray() wrote is what it reads, from each of them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import * as zarrita from 'zarrita';

import { MemoryStorage } from '../../../js/storage/memory/memory.js';
import { createArray, openStorage, zarritaStore } from '../../../js/index.js';
import { startServer } from '../../helpers/storage/test-server.js';
import { startS3 } from '../../helpers/storage/s3-server.js';
import { buildZip } from '../../helpers/storage/zip-writer.js';
import { contentOf } from './writer-contract.js';

const SHAPE = [5, 14, 9];
const VALUES = Float64Array.from({ length: 5 * 14 * 9 }, (_, i) => Math.sin(i) * 1e3);
const work = mkdtempSync(path.join(os.tmpdir(), 'bores-zarrita-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** @type {Map<string, Uint8Array>} */ let content;
before(async () => {
  content = new Map();
  for (const [name, options] of /** @type {[string, any][]} */ ([
    ['v3/sharded', { zarrFormat: 3, chunks: [2, 7, 3], shards: [4, 14, 9], compressor: { id: 'zstd', level: 3 } }],
    ['v3/plain', { zarrFormat: 3, chunks: [5, 5, 5], compressor: { id: 'blosc', cname: 'lz4', clevel: 5, shuffle: 1 } }],
    ['v2', { zarrFormat: 2, chunks: [2, 14, 4], compressor: { id: 'gzip', level: 4 } }],
  ])) {
    const [top, ...rest] = name.split('/');
    const array = await createArray(`memory:zarrita ${name}`, rest.join('/'), { shape: SHAPE, dtype: '<f8', fillValue: NaN, ...options });
    await array.write(VALUES);
    await array.close();
    const written = await contentOf(MemoryStorage.named(`memory:zarrita ${name}`.slice(7)));
    for (const [key, bytes] of written) content.set(`${top}/${key}`, bytes);
  }
});

/** @param {import('../../../js/storage/base/storage.js').Storage} storage */
async function compare(storage) {
  const root = zarrita.root(/** @type {any} */ (zarritaStore(storage)));
  for (const [name, open] of /** @type {const} */ ([['v3/sharded', zarrita.open.v3], ['v3/plain', zarrita.open.v3], ['v2', zarrita.open.v2]])) {
    const array = await open(root.resolve(name), { kind: 'array' });
    assert.deepEqual(array.shape, SHAPE, name);
    assert.deepEqual((await zarrita.get(array)).data, VALUES, name);
    const { data, shape } = /** @type {any} */ (await zarrita.get(array, [zarrita.slice(1, 4), 13, null]));
    assert.deepEqual(shape, [3, 9]);
    assert.deepEqual([...data], [1, 2, 3].flatMap((i) => [...VALUES.subarray((i * 14 + 13) * 9, (i * 14 + 14) * 9)]), name);
  }
  await storage.close();
}

/** @param {import('../../../js/storage/base/storage.js').Storage} storage */
async function fill(storage) {
  const writer = await storage.openWriter?.({});
  await writer?.commit({ puts: [...content] });
  await writer?.close();
  return storage;
}

test('memory', () => compare(new MemoryStorage(content)));
test('a folder', async () => compare(await fill(await openStorage(path.join(work, 'a.zarr'), { create: true }))));
test('a zip', async () => compare(await openStorage(buildZip([...content].map(([name, bytes]) => ({ name, data: bytes }))))));
test('a web server', async () => {
  const server = await startServer(content);
  await compare(await openStorage(server.url));
  await server.close();
});
test('a bucket', async () => {
  const server = await startS3();
  await compare(await fill(await openStorage('s3://bucket/a.zarr', { s3: server.s3 })));
  await server.close();
});
