// SPDX-License-Identifier: MIT
// What comes over a network is counted as it comes: compressed, by ranges, in this thread and in others.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { convertStore, openStore } from '../../../../js/index.js';
import { serveFiles } from '../../../helpers/file-server.js';
import { runFolder } from '../../../helpers/fixtures.js';
import { using } from '../../../helpers/with-store.js';

const PRESSURE = 'model.fluid_properties.pressure_grid';
const work = mkdtempSync(path.join(tmpdir(), 'bores-received-'));
after(() => rmSync(work, { recursive: true, force: true }));

for (const ending of ['.zarr', '.zip', '.h5', '.json']) {
  test(`a run in ${ending}`, async () => {
    const place = path.join(work, `run${ending}`);
    await using(openStore(runFolder('guide/wf_f64_ckpt'), { mode: 'r' }), (store) => convertStore(store, place));
    await using(openStore(place, { mode: 'r' }), async (store) => {
      await store.read(0, PRESSURE);
      assert.equal(await store.received(), 0);
    });
    const served = await serveFiles();
    try {
      for (const worker of [false, true]) {
        const name = `${worker}${ending}`;
        const url = ending === '.zarr' ? served.addFolder(name, place) : served.addFile(name, place);
        await using(openStore(url, { mode: 'r', worker }), async (store) => {
          const sent = () => served.requests(name).reduce((sum, one) => sum + one.sent, 0);
          await store.read(0, PRESSURE);
          const first = await store.received();
          const unseen = sent() - first; // what told which kind of file it is
          assert.ok(first > 0 && unseen >= 0, `${first}, ${unseen}`);
          assert.equal((await store.verify()).ok, true);
          const all = await store.received();
          assert.equal(all, sent() - unseen);
          assert.ok(ending !== '.zarr' || (all > first && unseen === 0));
        });
      }
    } finally {
      await served.close();
    }
  });
}

test('of what is compressed in transit the bytes that are sent', async () => {
  const document = JSON.stringify([{ step: 0, note: 'again and '.repeat(10_000) }]);
  const packed = gzipSync(document);
  const server = http.createServer((request, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length }).end(packed);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    await using(openStore(`http://127.0.0.1:${port}/run.json`, { mode: 'r', http: { retries: 0 } }), async (store) => {
      assert.equal(await store.count(), 1);
      const received = await store.received();
      assert.ok(received > 0 && received % packed.length === 0 && received < document.length / 10, `${received}`);
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
