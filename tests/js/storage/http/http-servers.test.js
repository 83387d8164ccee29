// SPDX-License-Identifier: MIT
// Servers that answer some ranges wrongly, as they are met: what was asked for is read all the same,
// and nothing else is taken for it.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';

import { HttpSource } from '../../../../js/storage/http/http-source.js';
import { HttpStorage } from '../../../../js/storage/http/http.js';
import { ZipStorage } from '../../../../js/storage/zip/zip.js';
import { bytesEqual, equal } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { buildZip } from '../../../helpers/storage/zip-writer.js';

/** @type {Map<string, Uint8Array>} */
const content = new Map();
/** @type {string[]} */
const ranges = [];

/**
 * As sirv 3, which is Vite's server, reads a range: a number that is missing or 0 is none, so that
 * `bytes=-N` are the first bytes and `bytes=0-0` all of them.
 */
const sirv = createServer((request, response) => {
  const value = content.get(request.url ?? '');
  if (value === undefined) { response.writeHead(404).end(); return; }
  const size = value.length;
  const headers = { 'Content-Length': size, ETag: `W/"${size}-1"`, 'Content-Type': 'application/octet-stream' };
  const { range } = request.headers;
  ranges.push(range ?? '');
  if (range === undefined) { response.writeHead(200, headers).end(value); return; }
  const [from, to] = range.replace('bytes=', '').split('-');
  const start = parseInt(from, 10) || 0;
  const end = Math.min(parseInt(to, 10) || size - 1, size - 1);
  if (start >= size || end >= size) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  response.writeHead(206, { ...headers, 'Content-Length': end - start + 1,
    'Content-Range': `bytes ${start}-${end}/${size}`, 'Accept-Ranges': 'bytes' });
  response.end(value.subarray(start, end + 1));
}).listen(0, '127.0.0.1');
await once(sirv, 'listening');
after(() => { sirv.closeAllConnections(); sirv.close(); });
const url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (sirv.address()).port}`;

describe('a server as Vite has it', () => {
  test('every range of a value', async () => {
    for (const size of [1, 2, 3, 1000]) {
      const value = noise(size, size);
      content.set('/value', value);
      const storage = new HttpStorage(url, { retries: 0 });
      for (const offset of [0, 1, size - 1]) {
        for (const length of [1, 2, size]) {
          bytesEqual(await storage.getRange('value', { offset, length }) ?? new Uint8Array(0),
            value.subarray(offset, offset + length));
        }
      }
      for (const suffixLength of [1, 2, size - 1, size, size + 5].filter((length) => length > 0)) {
        bytesEqual(await storage.getRange('value', { suffixLength }) ?? new Uint8Array(0),
          value.subarray(Math.max(0, size - suffixLength)));
      }
      await storage.close();
    }
  });

  test('a file, opened by its end or its beginning', async () => {
    const value = noise(5000, 3);
    content.set('/file', value);
    for (const how of [{ tail: 100 }, { head: 1 }, { head: 100 }]) {
      const source = await HttpSource.open(`${url}/file`, { ...how, retries: 0 });
      equal(source.size, 5000);
      for (const [offset, length] of [[0, 1], [0, 2], [0, 5000], [1, 1], [4999, 1]]) {
        bytesEqual(await source.read(offset, length), value.subarray(offset, offset + length));
      }
      await source.close();
    }
  });

  test('a zip of a store', async () => {
    const values = Array.from({ length: 300 }, (_, i) => ({ name: `a/${i}`, data: noise(2000, i) }));
    content.set('/run.zarr.zip', buildZip(values));
    const storage = await ZipStorage.open(await HttpSource.open(`${url}/run.zarr.zip`, { retries: 0 }));
    for (const { name, data } of values) bytesEqual(await storage.get(name), data);
    await storage.close();
  });

  test('the wrong end is asked for once', async () => {
    const storage = new HttpStorage(url, { retries: 0 });
    content.set('/value', noise(1000, 1));
    ranges.length = 0;
    for (let i = 0; i < 3; i += 1) await storage.getRange('value', { suffixLength: 10 });
    equal(ranges.filter((range) => range.startsWith('bytes=-')).length, 1);
    equal(ranges.filter((range) => range === 'bytes=0-0').length, 0);
    await storage.close();
  });
});
