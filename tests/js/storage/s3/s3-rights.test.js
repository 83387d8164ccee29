// SPDX-License-Identifier: MIT
// A bucket that one may read and not list: absent objects are refused like those that one may not read (Amazon S3
// API reference, GetObject, "Permissions": without s3:ListBucket the answer is 403, not 404).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { ZarrStore, createArray, openNode, openStore } from '../../../../js/index.js';
import { S3Storage } from '../../../../js/storage/s3/s3.js';
import { runConsolidated, runExpected, runFolder } from '../../../helpers/fixtures.js';
import { EditableStore } from '../../../helpers/editable-store.js';
import { KEYS, startS3 } from '../../../helpers/storage/s3-server.js';
import { using } from '../../../helpers/with-store.js';

const RUN = 's3://bucket/run.zarr';
const LAST = 'entry_0000000001/model/fluid_properties/pressure_grid';
const http = { retries: 0 };

/** @type {Awaited<ReturnType<typeof startS3>>} */ let server;
before(async () => {
  server = await startS3({ lists: false });
  for (const [key, bytes] of EditableStore.read(runFolder('guide/wf_f64_ckpt'))) server.put(`run.zarr/${key}`, bytes);
  server.put('run.zarr/.zmetadata', runConsolidated('guide/wf_f64_ckpt'));
});
after(() => server.close());

describe('a bucket that may be read and not listed', () => {
  test('its run is read, by the metadata beside it', () => using(openStore(RUN, { s3: server.s3, http, mode: 'r' }), async (store) => {
    const here = new ZarrStore(runFolder('guide/wf_f64_ckpt'), { mode: 'r' });
    assert.equal(await store.count(), await here.count());
    const there = /** @type {any} */ (await store.read(1, 'model.fluid_properties.pressure_grid'));
    assert.ok(there.equals(await here.read(1, 'model.fluid_properties.pressure_grid')));
    assert.deepEqual(await store.inventory(-1), await here.inventory(-1));
    assert.equal((await store.verify()).ok, true);
    assert.equal(await store.usage(), undefined);
    await here.close();
  }));

  test('or by BORES\'s names, where there is no such document', async () => {
    const kept = /** @type {any} */ (server.objects.get('run.zarr/.zmetadata'));
    server.objects.delete('run.zarr/.zmetadata');
    try {
      await using(openStore(RUN, { s3: server.s3, http, mode: 'r' }), async (store) => {
        const states = [];
        for await (const { step } of store.load({ fields: [] })) states.push(step);
        assert.deepEqual(states, runExpected('guide/wf_f64_ckpt').entries.map(({ step }) => step));
      });
    } finally {
      server.objects.set('run.zarr/.zmetadata', kept);
    }
  });

  test('a chunk that is absent is the fill value, its node a node', () => using(openNode(RUN, LAST, { s3: server.s3, http }), async (node) => {
    const kept = /** @type {any} */ (server.objects.get(`run.zarr/${LAST}/0.0.0`));
    server.objects.delete(`run.zarr/${LAST}/0.0.0`);
    try {
      assert.ok([...(await node.read()).data].every((value) => value === 0));
    } finally {
      server.objects.set(`run.zarr/${LAST}/0.0.0`, kept);
    }
  }));

  test('what lists there is: none', () => using(S3Storage.open(RUN, { s3: server.s3, http }), async (storage) => {
    assert.equal(await storage.list(''), undefined);
    assert.equal(await storage.get('no/such/key'), undefined);
    assert.deepEqual(await storage.leftovers(), { dropped: [], restored: [] });
  }));

  test('writing takes more rights, and says which', async () => {
    await assert.rejects(createArray(RUN, 'x', { s3: server.s3, http, shape: [2], dtype: '<f8' }),
      { code: 'ERR_PERMISSION', message: /403 AccessDenied.*rights to list/ });
  });
});

describe('a key that opens nothing', () => {
  const wrong = { ...KEYS, secretAccessKey: 'nothing' };
  test('is no empty run', async () => {
    for (const s3 of [{ ...server.s3, ...wrong }, { endpoint: server.endpoint }]) {
      await assert.rejects(openStore(RUN, { s3, http, mode: 'r' }).then((store) => store.count()), { code: 'ERR_PERMISSION', status: 403 });
      await assert.rejects(openNode(RUN, LAST, { s3, http }), { code: 'ERR_PERMISSION', status: 403 });
    }
  });

  test('nor is one that opens no more, while it is read', () => using(S3Storage.open(RUN, { s3: server.s3, http }), async (storage) => {
    assert.ok(await storage.get('.zgroup'));
    server.spoil = () => [403, 'ExpiredToken'];
    try {
      await assert.rejects(storage.get(`${LAST}/0.0.0`), { code: 'ERR_PERMISSION', status: 403 });
      await assert.rejects(storage.list(''), { code: 'ERR_PERMISSION', status: 403 });
    } finally {
      server.spoil = undefined;
    }
  }));
});
