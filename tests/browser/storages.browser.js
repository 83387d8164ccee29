// SPDX-License-Identifier: MIT
// Storages that are the same in Node and in browsers, in browsers.

import { createArray, openNode, openStore } from '../../js/index.js';
import { openStorage } from '../../js/storage/location.js';
import { absoluteLocation } from '../../js/storage/parse-location.js';
import { BlobSource, BytesSource } from '../../js/storage/base/byte-source.js';
import { HttpSource } from '../../js/storage/http/http-source.js';
import { HttpStorage } from '../../js/storage/http/http.js';
import { MemoryStorage } from '../../js/storage/memory/memory.js';
import { ZipStorage } from '../../js/storage/zip/zip.js';
import { bytesEqual, deepEqual, equal, fails, ok } from '../helpers/storage/assert.js';
import { noise, sampleContent } from '../helpers/storage/content.js';
import { storageContract } from '../js/storage/storage-contract.js';
import { buildZip } from '../helpers/storage/zip-writer.js';
import { context, host, parameters, test } from './harness.js';

export const contexts = ['page', 'worker'];

const zip = buildZip([...sampleContent()].map(([name, data]) => ({ name, data })));
const blob = new Blob([zip]);

/** @param {string} group @returns {typeof test} */
const within = (group) => (name, run) => test(`${group}: ${name}`, run);

storageContract(within('memory'), (content) => new MemoryStorage(content),
  { list: true, sync: true, usage: true });
storageContract(within('zip from bytes'), () => ZipStorage.open(new BytesSource(zip)),
  { list: true, sync: true, usage: true });
storageContract(within('zip from a Blob'), () => ZipStorage.open(new BlobSource(blob)),
  { list: true, sync: 'FileReaderSync' in globalThis, usage: true }); // workers have it
storageContract(within('http, of another origin'), () => new HttpStorage(parameters.server),
  { list: false, sync: false, usage: false });

/** @param {string} name */
const fetchData = async (name) => (await fetch(`../data/zip/${name}`)).blob();

for (const name of ['deflated', 'streamed', 'zip64']) {
  test(`zip that Python wrote: ${name}`, async () => {
    const storage = await ZipStorage.open(new BlobSource(await fetchData(`${name}.zip`)));
    deepEqual(await storage.list(''), ['.zgroup', 'a→b/', 'wells/', 'z']);
    bytesEqual(await storage.get('z'), new TextEncoder().encode('abc'.repeat(100)));
    bytesEqual(await storage.get('a→b/0'), Uint8Array.from({ length: 1024 }, (_, i) => i % 256));
    bytesEqual(await storage.get('wells/PROD-2 Ærøskøbing/rate'), new Uint8Array(0));
  });
}

test('zip with deflated entries cannot be read at once without zlib', async () => {
  const bytes = new Uint8Array(await (await fetchData('deflated.zip')).arrayBuffer());
  const storage = await ZipStorage.open(new BytesSource(bytes));
  equal(storage.getSync, undefined);
  bytesEqual(await storage.get('z'), new TextEncoder().encode('abc'.repeat(100)));
});

test('zip over HTTP, from the same origin', async () => {
  const url = new URL('../data/zip/stored.zip', globalThis.location.href);
  const storage = await ZipStorage.open(await HttpSource.open(url));
  bytesEqual(await storage.get('z'), new TextEncoder().encode('abc'.repeat(100)));
});

test('a location without a scheme is relative to the page', async () => {
  const storage = await openStorage('../data/zip/stored.zip');
  equal(storage.location, new URL('../data/zip/stored.zip', globalThis.location.href).href);
  bytesEqual(await storage.get('z'), new TextEncoder().encode('abc'.repeat(100)));
  equal(absoluteLocation('a?b'), new URL('a?b', globalThis.location.href).href);
  equal(absoluteLocation('idb:run'), 'idb:run');
  equal(absoluteLocation(storage), storage);
});

test('http in many requests at once', async () => {
  const storage = new HttpStorage(parameters.server);
  const values = await Promise.all(Array.from({ length: 300 }, (_, i) => storage.get(`many/${i}`)));
  values.forEach((value, i) => bytesEqual(value, noise(1 + (i % 5), i)));
});

// Of another origin: asked for beforehand (CORS), signed by aws4fetch without a bundler. The page alone asks
// its host for one.
const FOLDER = `from a page (é) ${crypto.randomUUID()}`, BUCKET = `s3://bucket/${FOLDER}`;

if (context === 'page') {
  test('bucket: an array is written by one page at a time, and an archive read by ranges in a worker', async () => {
    const { s3 } = await host('bucket');
    const given = /** @type {const} */ ({ shape: [2], dtype: '<i4', zarrFormat: 3 });
    const array = await createArray(BUCKET, 'a', { ...given, s3 });
    await array.write(Int32Array.of(1, 2));
    await fails(() => createArray(BUCKET, 'b', { ...given, s3 }), 'ERR_LOCKED', 'a page of');
    await array.close();
    deepEqual([...(await (await openNode(BUCKET, 'a', { s3 })).read()).data], [1, 2]);
    deepEqual(await host('bucketKeys', `${FOLDER}/.bores-`), [`${FOLDER}/.bores-writer/head`]);
    await host('bucketFile', 'run.zarr.zip', 'web/samples/waterflood.zarr.zip');
    const [run, source] = await Promise.all(['s3://bucket/run.zarr.zip', '/web/samples/waterflood.zarr.zip']
      .map((place) => openStore(place, { mode: 'r', s3 })));
    const path = 'model.fluid_properties.pressure_grid';
    deepEqual((await run.read(1, path)).data, (await source.read(1, path)).data);
    for (const one of [run, source]) await one.close();
  });

  test('bucket: what another has written since is seen, however long the browser would keep what was there', async () => {
    const { s3 } = await host('bucket');
    await host('bucketAges'); // from now on a browser may take it for fresh for a month
    const storage = await openStorage(BUCKET, { s3 });
    const before = await storage.get('a/zarr.json');
    await host('bucketCommit', BUCKET, { 'a/zarr.json': '{}', 'b/note': 'new' });
    await storage.refresh?.();
    deepEqual(await storage.list?.(''), ['a/', 'b/', 'zarr.json']);
    equal(new TextDecoder().decode(await storage.get('a/zarr.json')), '{}');
    ok(before && before.length > 2, 'it was another');
    await storage.close();
  });
}
