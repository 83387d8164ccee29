// SPDX-License-Identifier: MIT
// What a zip archive on a web server costs in requests, and what servers do to it.

import fs from 'node:fs';
import { after, describe, test } from 'node:test';

import { HttpSource } from '../../../../js/storage/http/http-source.js';
import { ZipStorage } from '../../../../js/storage/zip/zip.js';
import { bytesEqual, equal, fails, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { startServer, whole } from '../../../helpers/storage/test-server.js';
import { buildZip } from '../../../helpers/storage/zip-writer.js';

const server = await startServer(new Map());
after(() => server.close());
const data = new URL('../../../data/zip/', import.meta.url);

describe('zip over HTTP: requests', () => {
  const url = `${server.url}/run.zip`;
  const keys = Array.from({ length: 1500 }, (_, i) => `a/${i}`);
  const bytes = buildZip(keys.map((name, i) => ({ name, data: noise(4000, i) })));
  server.content.set('run.zip', bytes);

  test('neighbouring values share a request', async () => {
    server.seen.length = 0;
    const storage = await ZipStorage.open(await HttpSource.open(url));
    const opening = server.seen.length;
    ok(opening <= 2, `${opening} requests to open`);
    for (let i = 0; i < keys.length; i += 10) {
      const values = await Promise.all(keys.slice(i, i + 10).map((key) => storage.get(key)));
      values.forEach((value, k) => bytesEqual(value, noise(4000, i + k)));
    }
    const requests = server.seen.length - opening; // 6 MB: 1,500 values, 24 blocks
    ok(requests <= 8, `${requests} requests for ${keys.length} values`);
  });

  test('a single value costs one block', async () => {
    const storage = await ZipStorage.open(await HttpSource.open(url));
    server.seen.length = 0;
    bytesEqual(await storage.get('a/700'), noise(4000, 700));
    equal(server.seen.length, 1, 'requests');
    const [, from, to] = /** @type {RegExpExecArray} */ (
      /bytes=(\d+)-(\d+)/.exec(server.seen[0].range ?? '')
    );
    ok(Number(to) - Number(from) < 256 * 1024, `asked for ${server.seen[0].range}`);
  });

  test('a failed request is an error for who asked, and is tried again for the next', async () => {
    const storage = await ZipStorage.open(await HttpSource.open(url, { retries: 0 }));
    server.spoil('run.zip', (reply, count) => {
      if (count === 1) reply.status = 500;
    });
    await fails(() => storage.get('a/0'), 'ERR_HTTP', 'run.zip', '500');
    bytesEqual(await storage.get('a/0'), noise(4000, 0));
  });

  test('a server without ranges is used while the archive is small', async () => {
    const small = fs.readFileSync(new URL('stored.zip', data));
    server.content.set('small.zip', small);
    server.spoil('small.zip', (reply) => {
      Object.assign(reply, whole(small));
    });
    server.seen.length = 0;
    const storage = await ZipStorage.open(await HttpSource.open(`${server.url}/small.zip`));
    equal((await storage.get('z'))?.length, 300);
    equal(server.seen.length, 1, 'requests');
    await fails(
      () => HttpSource.open(`${server.url}/small.zip`, { maxFullBytes: 100 }),
      'ERR_HTTP',
      'instead',
    );
  });

  test('a server without suffix ranges is asked for the size first', async () => {
    server.spoil('run.zip', (reply, _, { headers }) => {
      if (headers.range?.startsWith('bytes=-'))
        Object.assign(reply, { status: 400, body: new Uint8Array(0), headers: {} });
    });
    const storage = await ZipStorage.open(await HttpSource.open(url));
    bytesEqual(await storage.get('a/1499'), noise(4000, 1499));
  });

  test('an archive that is replaced, cut, or gone is an error', async () => {
    const storage = await ZipStorage.open(await HttpSource.open(url, { retries: 0 }));
    server.spoil('run.zip', (reply) => {
      reply.headers.ETag = '"another"';
    });
    await fails(() => storage.get('a/0'), 'ERR_HTTP', 'run.zip', 'another');
    server.spoil('run.zip', (reply) => {
      reply.headers['Content-Range'] = 'bytes 0-1/2';
    });
    await fails(() => storage.get('a/0'), 'ERR_HTTP', 'run.zip');
    await fails(() => HttpSource.open(`${server.url}/none.zip`), 'ERR_NOT_FOUND', 'none.zip');
  });
});
