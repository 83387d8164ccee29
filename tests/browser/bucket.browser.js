// SPDX-License-Identifier: MIT
// A bucket from a page of another origin: asked for beforehand (CORS), signed by aws4fetch without a bundler,
// and what the browser keeps of earlier answers is not taken for what is there.

import { createArray, openNode, openStorage, openStore } from '../../js/index.js';
import { deepEqual, equal, fails, ok } from '../helpers/storage/assert.js';
import { host, test } from './harness.js';

const NAME = `from a page (é) ${crypto.randomUUID()}`, LOCATION = `s3://bucket/${NAME}`;

test('an array is written by one page at a time, and an archive read by ranges in a worker', async () => {
  const { s3 } = await host('bucket');
  const given = /** @type {const} */ ({ shape: [2], dtype: '<i4', zarrFormat: 3 });
  const array = await createArray(LOCATION, 'a', { ...given, s3 });
  await array.write(Int32Array.of(1, 2));
  await fails(() => createArray(LOCATION, 'b', { ...given, s3 }), 'ERR_LOCKED', 'a page of');
  await array.close();
  deepEqual([...(await (await openNode(LOCATION, 'a', { s3 })).read()).data], [1, 2]);
  deepEqual(await host('bucketKeys', `${NAME}/.bores-`), [`${NAME}/.bores-writer/head`]);
  await host('bucketFile', 'run.zarr.zip', 'web/samples/waterflood.zarr.zip');
  const [run, source] = await Promise.all(['s3://bucket/run.zarr.zip', '/web/samples/waterflood.zarr.zip']
    .map((place) => openStore(place, { mode: 'r', s3 })));
  const path = 'model.fluid_properties.pressure_grid';
  deepEqual((await run.read(1, path)).data, (await source.read(1, path)).data);
  for (const one of [run, source]) await one.close();
});

test('what another has written since is seen, however long the browser would keep what was there', async () => {
  const { s3 } = await host('bucket');
  await host('bucketAges'); // from now on a browser may take it for fresh for a month
  const storage = await openStorage(LOCATION, { s3 });
  const before = await storage.get('a/zarr.json');
  await host('bucketCommit', LOCATION, { 'a/zarr.json': '{}', 'b/note': 'new' });
  await storage.refresh?.();
  deepEqual(await storage.list?.(''), ['a/', 'b/', 'zarr.json']);
  equal(new TextDecoder().decode(await storage.get('a/zarr.json')), '{}');
  ok(before && before.length > 2, 'it was another');
  await storage.close();
});
