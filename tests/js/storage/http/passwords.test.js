// SPDX-License-Identifier: MIT
// A password in an address is sent as fetch() allows it, and shown to nobody.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { BoresError, openNode, openStore } from '../../../../js/index.js';
import { takeCredentials, withoutPasswords } from '../../../../js/core/secrets.js';
import { bores } from '../../../helpers/run-bores.js';

const DATA = fileURLToPath(new URL('../../../data/reports/', import.meta.url));
const KEY = Buffer.from('ann:s3cr€t p@ss').toString('base64');
const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://host');
  if (request.headers.authorization !== `Basic ${KEY}`) {
    response.writeHead(401).end();
    return;
  }
  const file = DATA + pathname;
  const there = existsSync(file) && statSync(file).isFile();
  response.writeHead(there ? 200 : 404).end(there ? readFileSync(file) : '');
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
after(() => server.close());
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const SECRET = 's3cr%E2%82%ACt%20p%40ss';
const address = (/** @type {string} */ path) => `http://ann:${SECRET}@127.0.0.1:${port}/${path}`;

test('is hidden wherever an address stands, and nothing else is', () => {
  for (const [text, shown] of [
    ['https://user:pw@host/a?x=1#y', 'https://***@host/a?x=1#y'], ['at http://:pw@host:8080/x, today', 'at http://***@host:8080/x, today'],
    ["'https://user@host/'", "'https://***@host/'"], ['s3://key:pw@bucket/x', 's3://***@bucket/x'],
    ['https:user:pw@host/x', 'https:***@host/x'], ['HTTPS:/user:pw@host', 'HTTPS:/***@host'],
    ['http://a:p@w@host/x', 'http://***@host/x'], ['http://user:pa/ss@host/x', 'http://***@host/x'],
    ['https://host/@scope/x@1', 'https://host/@scope/x@1'], ['idb:a@b', 'idb:a@b'], ['mail a@b.c', 'mail a@b.c'],
  ]) {
    assert.equal(withoutPasswords(text), shown);
  }
  assert.equal(new BoresError('ERR_X', 'no https://u:pw@h/').message, 'no https://***@h/');
});

test('becomes a header (RFC 7617)', () => {
  const { url, headers } = takeCredentials(new URL('https://Aladdin:open%20sesame@host/x'));
  assert.equal(url.href, 'https://host/x');
  assert.deepEqual(headers, { Authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' });
  assert.deepEqual(takeCredentials(new URL('https://host/x')).headers, {});
});

test('opens what it protects: a folder, a zip and an HDF5 file', async () => {
  const node = await openNode(address('http_403_group.zarr'));
  assert.equal(node.kind, 'group');
  await node.close();
  for (const name of ['zip_dot_slash.zip', 'run.h5', 'run.json']) {
    const store = await openStore(address(name), { mode: 'r' });
    assert.equal(await store.count(), 3, name);
    assert.ok(!store.location.includes('s3cr'), store.location);
    await store.close();
  }
});

test('is in no output of the command, nor in an error', async () => {
  for (const args of [
    ['info', address('none.zarr')], ['info', address('none.h5'), '--json'], ['ls', address('none.zip')],
    ['info', `http://ann:s3cr\\t@127.0.0.1:1/x.zarr`], ['verify', `http://ann:s3cr@127.0.0.1:${port}/run.h5`, '--json'],
    ['copy', address('run.h5'), address('run.h5')], ['info', `http://ann:s3cr@[bad/x.zarr`],
    ['info', `ftp://ann:s3cr@host/x`], ['view', address('run.h5'), '--no-open'], ['info', address('run.h5'), '--json'],
    ['ls', address('run.h5')], ['show', address('run.h5'), '7', 'x'],
  ]) {
    const { stdout, stderr } = await bores(args);
    assert.ok(!/s3cr/.test(stdout + stderr), `${args.join(' ')}: ${stdout}${stderr}`);
    assert.ok(stdout + stderr !== '');
  }
});
