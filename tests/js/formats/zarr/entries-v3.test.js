// SPDX-License-Identifier: MIT
// Stores of entries in version 3 of Zarr: what zarr-python 3 made of BORES's stores, and what we make of
// them, hold the values that BORES itself reads; and how such a store is written, added to and refused.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { ZarrStore, convertStore, openNode, openStore } from '../../../../js/index.js';
import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { MemoryStorage } from '../../../../js/storage/memory/memory.js';
import { ZARR_3_RUNS, runExpected, runFolder, zarr3Folder } from '../../../helpers/fixtures.js';
import { rewrite } from '../../../helpers/encode.js';
import { allDifferences } from '../../../helpers/expected.js';
import { serveFiles } from '../../../helpers/file-server.js';
import { using } from '../../../helpers/with-store.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-v3-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('as zarr-python 3 writes them', () => {
  for (const run of ZARR_3_RUNS) {
    test(`${run} from its folder`, () => using(openStore(zarr3Folder(run), { mode: 'r' }), async (store) => {
      assert.deepEqual(await allDifferences(store, runExpected(run)), []);
      assert.deepEqual((await store.verify()).problems, []);
    }));
  }

  test('from a web server, by its consolidated metadata', async () => {
    const server = await serveFiles();
    try {
      const run = 'head/wf_f32_ckpt';
      const url = server.addFolder('v3', zarr3Folder(run));
      await using(openStore(url), async (store) => {
        assert.deepEqual(await allDifferences(store, runExpected(run)), []);
      });
    } finally {
      await server.close();
    }
  });
});

describe('as we write them', () => {
  for (const options of [{ layout: 'nested' }, { layout: 'flat' },
    { layout: 'nested', chunks: [4, 4, 4], shards: [8, 8, 8] },
    { layout: 'flat', chunks: [2, 3], shards: [5, 100], compressor: { id: 'gzip', level: 1 } }]) {
    test(`${JSON.stringify(options)} has BORES's values`, async () => {
      const run = 'head/wf_f32_ckpt';
      const files = await rewrite(runFolder(run), { ...options, zarr_format: 3 });
      assert.ok([...files.keys()].every((key) => /(^|\/)(zarr\.json|c(\/\d+)*)$/.test(key)), 'only keys of version 3');
      await using(openStore(new MemoryStorage(files)), async (store) => {
        assert.equal((await store.describe()).layout, options.layout);
        assert.deepEqual(await allDifferences(store, runExpected(run)), []);
      });
    });
  }

  test('arrays of one chunk have no shard, others whole chunks in one', async () => {
    const files = await rewrite(runFolder('guide/wf_f32_ckpt'), { zarr_format: 3, chunks: [4], shards: [7] });
    const shapes = new Map();
    for (const [key, bytes] of files) {
      const document = key.endsWith('zarr.json') ? JSON.parse(new TextDecoder().decode(bytes).replaceAll('NaN', '0')) : {};
      if (document.node_type !== 'array') continue;
      const [codec] = document.codecs;
      shapes.set(String(document.shape), [document.chunk_grid.configuration.chunk_shape,
        codec.name === 'sharding_indexed' ? codec.configuration.chunk_shape : null]);
    }
    assert.deepEqual(shapes.get('9,7,4'), [[4, 7, 4], null], '7 is less than two chunks of 4');
    const larger = await rewrite(runFolder('guide/wf_f32_ckpt'), { zarr_format: 3, chunks: [2], shards: [7] });
    const grid = [...larger].find(([key]) => key.endsWith('pressure_grid/zarr.json'));
    const { chunk_grid: { configuration }, codecs } = JSON.parse(new TextDecoder().decode(grid?.[1]));
    assert.deepEqual([configuration.chunk_shape, codecs[0].configuration.chunk_shape], [[6, 7, 4], [2, 7, 4]]);
  });
});

describe('a store that is written in version 3', () => {
  const place = path.join(folder, 'run.zarr');
  const source = () => openStore(runFolder('guide/wf_f32_ckpt'), { mode: 'r' });
  const root = () => readFileSync(path.join(place, 'zarr.json'), 'utf8');

  test('is converted to, added to and stays so', async () => {
    await using(source(), async (from) => {
      const result = await convertStore(from, place, { zarrFormat: 3, layout: 'flat' });
      assert.deepEqual([result.entries, result.verified], [2, true]);
      assert.match(root(), /"consolidated_metadata"/);
      await using(new ZarrStore(place), async (store) => {
        for await (const state of from.load({ indices: [0] })) await store.append(state, { meta: { again: true } });
        assert.doesNotMatch(root(), /"consolidated_metadata"/, 'what does not say all is not left there');
      });
    });
    assert.match(root(), /"consolidated_metadata"/, 'and is made anew when the store is closed');
    await using(openStore(place, { mode: 'r' }), async (store) => {
      const entries = await store.entries();
      assert.deepEqual(entries.map(({ idx, meta }) => [idx, meta.again]), [[0, undefined], [1, undefined], [2, true]]);
      const [first, , last] = await Promise.all([0, 1, 2].map((idx) => store.read(idx, 'model.fluid_properties.pressure_grid')));
      assert.deepEqual(last.data, first.data);
    });
    await using(openNode(place, 'entry_0000000002'), async (node) => assert.equal(node.zarrFormat, 3));
    const storage = await DirectoryStorage.open(place);
    assert.ok(!(await storage.list('')).some((name) => name.startsWith('.z')), 'nothing of version 2 beside it');
    await storage.close();
  });

  test('is not added to in version 2, and a replacement may change the version', async () => {
    await using(source(), async (from) => {
      await assert.rejects(using(new ZarrStore(place, { zarrFormat: 2 }), async (store) => {
        for await (const state of from.load({ indices: [0] })) await store.append(state);
      }), { code: 'ERR_ARGUMENT', message: /version 3 of Zarr, 2 was asked for/ });
      await using(new ZarrStore(place, { zarrFormat: 2 }), (store) => store.dump(from.load()));
    });
    await using(openStore(place, { mode: 'r' }), async (store) => assert.equal(await store.count(), 2));
    const storage = await DirectoryStorage.open(place);
    assert.ok(!(await storage.list('')).includes('zarr.json'));
    await storage.close();
  });

  test('is repaired in its own version, whatever was asked for', async () => {
    const old = path.join(folder, 'old-count.zarr');
    await using(source(), (from) => convertStore(from, old, { zarrFormat: 3 }));
    writeFileSync(path.join(old, 'zarr.json'), '{"zarr_format": 3, "node_type": "group", "attributes": {"count": 1}}');
    await using(new ZarrStore(old, { zarrFormat: 2 }), async (store) => {
      assert.deepEqual((await store.repair()).count, { is: 1, should: 2 });
    });
    assert.ok(!readdirSync(old).some((name) => name.startsWith('.z')), 'no root of version 2 beside it');
    await using(new ZarrStore(old), async (store) => {
      assert.deepEqual([await store.count(), (await store.describe()).attributes.count], [2, 2]);
    });
  });

  test('options that cannot be are named', async () => {
    assert.throws(() => new ZarrStore('memory:v4', /** @type {any} */ ({ zarrFormat: 4 })),
      { code: 'ERR_ARGUMENT', message: /'zarrFormat' is 2 or 3, not 4/ });
    await using(source(), async (from) => {
      await assert.rejects(convertStore(from, 'memory:shards', { backend: 'zarr', shards: [4] }),
        { code: 'ERR_ARGUMENT', message: /shards: Zarr version 2 has none/ });
    });
  });
});
