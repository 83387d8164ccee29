// SPDX-License-Identifier: MIT
// `bores view` as a shell starts it: the viewer and one run, to this machine, and nothing else.
// What ranges and origins have to give is from RFC 9110, section 14, and the Fetch standard.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { openStore } from '../../../js/index.js';
import { hdf5File, runFolder, runZip } from '../../helpers/fixtures.js';
import { BORES, bores } from '../../helpers/run-bores.js';

const work = mkdtempSync(path.join(tmpdir(), 'bores-view-'));
/** @type {import('node:child_process').ChildProcess[]} */
const started = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
});

/**
 * @param {string[]} args
 * @returns {Promise<{ url: string, run: string, child: import('node:child_process').ChildProcess }>}
 */
async function view(...args) {
  const child = spawn(process.execPath, [BORES, 'view', ...args, '--no-open', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const [text] = await once(/** @type {import('node:stream').Readable} */ (child.stdout), 'data');
  return { ...JSON.parse(text), child };
}

/**
 * Without what fetch() does to paths and headers.
 * @param {string} url
 * @param {string} target  the path as it is sent
 * @param {{ method?: string, headers?: Record<string, string> }} [options]
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, body: Buffer }>}
 */
function ask(url, target, { method = 'GET', headers = {} } = {}) {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port, path: target, method, headers }, (response) => {
      /** @type {Buffer[]} */ const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve({ status: Number(response.statusCode),
        headers: response.headers, body: Buffer.concat(pieces) }));
    }).on('error', reject).end();
  });
}

describe('a folder', () => {
  const folder = path.join(work, 'a run.zarr');
  /** @type {Awaited<ReturnType<typeof view>>} */ let server;
  before(async () => {
    cpSync(runFolder('guide/wf_f64'), folder, { recursive: true });
    writeFileSync(path.join(work, 'secret'), 'secret');
    symlinkSync(path.join(work, 'secret'), path.join(folder, 'link'));
    server = await view(folder);
  });

  test('the page, the modules, and the run that the address names', async () => {
    const { pathname, hash } = new URL(server.url);
    assert.equal(pathname, '/');
    assert.equal(new URLSearchParams(hash.slice(1)).get('src'), 'run/a%20run.zarr');
    const page = await ask(server.url, '/');
    assert.match(String(page.body), /<bores-viewer/);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
    const module = await ask(server.url, '/bores.wasm');
    assert.equal(module.headers['content-type'], 'application/wasm');
    assert.deepEqual(module.body, readFileSync(new URL('../../../js/wasm/bores.wasm', import.meta.url)));
  });

  test('the run reads as it does from disk', async () => {
    const [there, here] = [await openStore(server.run), await openStore(folder, { mode: 'r' })];
    const field = 'model.fluid_properties.pressure_grid';
    assert.equal(await there.count(), await here.count());
    assert.deepEqual((await there.read(-1, field)).data, (await here.read(-1, field)).data);
    await Promise.all([there.close(), here.close()]);
  });

  test('the list of what is there is as new as the folder', async () => {
    const stale = path.join(folder, '.zmetadata');
    writeFileSync(stale, '{"zarr_consolidated_format":1,"metadata":{".zgroup":{"zarr_format":2}}}');
    mkdirSync(path.join(folder, 'new'));
    writeFileSync(path.join(folder, 'new', '.zgroup'), '{"zarr_format":2}');
    const { metadata } = await (await fetch(`${server.run}/.zmetadata`)).json();
    rmSync(stale);
    rmSync(path.join(folder, 'new'), { recursive: true });
    assert.ok('new/.zgroup' in metadata);
    assert.ok('entry_0000000000/.zattrs' in metadata);
  });

  test('nothing that lies beside it', async () => {
    const out = ['/run/a%20run.zarr/../secret', '/run/a%20run.zarr/%2e%2e/secret', '/run/secret',
      '/run/a%20run.zarr/..%2fsecret', '/run/a%20run.zarr/link', '/run', '/run/', '/../package.json',
      '/%2e%2e/%2e%2e/package.json', '/run/a%20run.zarr/%00', '/run/%E0%A4%A', '//etc/passwd'];
    for (const target of out) {
      const { status, body } = await ask(server.url, target);
      assert.equal(status, 404, target);
      assert.equal(String(body), '', target);
    }
  });

  test('nothing can be written', async () => {
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH']) {
      const { status, headers } = await ask(server.url, '/run/a%20run.zarr/.zattrs', { method });
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
    }
  });

  test('only under the names of this machine', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80']) {
      assert.equal((await ask(server.url, '/', { headers: { Host: host } })).status, 403, host);
    }
    assert.equal((await ask(server.url, '/', { headers: { Host: 'localhost:99' } })).status, 200);
  });

  test('pages of this machine may read the run, others may not', async () => {
    const target = '/run/a%20run.zarr/.zgroup';
    const allowed = async (/** @type {string} */ Origin, /** @type {string} */ method = 'GET') =>
      (await ask(server.url, target, { method, headers: { Origin } })).headers['access-control-allow-origin'];
    assert.equal(await allowed('http://localhost:5173'), 'http://localhost:5173');
    assert.equal(await allowed('http://127.0.0.1'), 'http://127.0.0.1');
    assert.equal(await allowed('http://[::1]:8080', 'OPTIONS'), 'http://[::1]:8080');
    for (const origin of ['https://example.org', 'http://localhost.example.org', 'null']) {
      assert.equal(await allowed(origin), undefined, origin);
      assert.equal(await allowed(origin, 'OPTIONS'), undefined, origin);
    }
  });
});

describe('a file', () => {
  const file = runZip('guide/wf_f64');
  const bytes = readFileSync(file);
  const target = `/run/${path.basename(file)}`;
  /** @type {Awaited<ReturnType<typeof view>>} */ let server;
  before(async () => { server = await view(file, '--allow-origin', 'https://example.org'); });

  test('ranges', async () => {
    const { length } = bytes;
    const cases = /** @type {[string, number, number][]} */ ([['bytes=0-0', 0, 1], ['bytes=0-9', 0, 10],
      ['bytes=5-', 5, length], ['bytes=-7', length - 7, length], [`bytes=-${length + 9}`, 0, length],
      [`bytes=10-${length + 9}`, 10, length]]);
    for (const [Range, from, to] of cases) {
      const { status, headers, body } = await ask(server.url, target, { headers: { Range } });
      assert.equal(status, 206, Range);
      assert.equal(headers['content-range'], `bytes ${from}-${to - 1}/${length}`);
      assert.ok(body.equals(bytes.subarray(from, to)), Range);
    }
    for (const Range of ['bytes=-0', `bytes=${length}-`]) {
      const { status, headers } = await ask(server.url, target, { headers: { Range } });
      assert.deepEqual([status, headers['content-range']], [416, `bytes */${length}`], Range);
    }
    for (const Range of ['bytes=1-2,5-6', 'lines=1-2', 'bytes=x']) {
      const { status, body } = await ask(server.url, target, { headers: { Range } });
      assert.deepEqual([status, body.length], [200, length], Range);
    }
  });

  test('a range of another version is answered with the whole, and what is known not again', async () => {
    const { headers: { etag } } = await ask(server.url, target, { method: 'HEAD' });
    const range = (/** @type {string} */ tag) => ask(server.url, target,
      { headers: { Range: 'bytes=0-1', 'If-Range': tag } });
    assert.equal((await range(String(etag))).status, 206);
    assert.equal((await range('"other"')).status, 200);
    const known = await ask(server.url, target, { headers: { 'If-None-Match': String(etag) } });
    assert.deepEqual([known.status, known.body.length], [304, 0]);
  });

  test('the origin that was allowed', async () => {
    const { headers } = await ask(server.url, target, { method: 'OPTIONS', headers: {
      Origin: 'https://example.org', 'Access-Control-Request-Headers': 'range' } });
    assert.equal(headers['access-control-allow-origin'], 'https://example.org');
    assert.match(String(headers['access-control-allow-headers']), /\bRange\b/);
    assert.match(String(headers.vary), /Origin/);
    const page = await ask(server.url, '/', { headers: { Origin: 'https://example.org' } });
    assert.equal(page.headers['access-control-allow-origin'], undefined);
  });

  test('its port is taken', async () => {
    const { port } = new URL(server.url);
    const { code, stderr } = await bores(['view', file, '--no-open', '--port', port]);
    assert.equal(code, 3);
    assert.match(stderr, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is used by another program`));
  });

  test('Ctrl+C is a proper end', async () => {
    server.child.kill('SIGINT');
    assert.deepEqual(await once(server.child, 'exit'), [0, null]);
  });
});

test('HDF5', async () => {
  const { run } = await view(hdf5File('guide/wf_f64'));
  const store = await openStore(run);
  assert.ok(await store.count() > 0);
  await store.close();
});

test('what cannot be shown is refused', async () => {
  const cases = /** @type {[string[], number, RegExp][]} */ ([
    [['nowhere.zarr'], 3, /there is nothing at .*nowhere\.zarr/],
    [['idb:run'], 2, /'idb:run' is nothing that a browser can be given/],
    [[work, '--port', '70000'], 2, /--port .*'70000'/],
    [[work, '--allow-origin', 'example.org'], 2, /--allow-origin .*'example\.org'/],
  ]);
  for (const [args, status, message] of cases) {
    const { code, stderr } = await bores(['view', '--no-open', ...args]);
    assert.equal(code, status, stderr);
    assert.match(stderr, message);
  }
});

test('under npm it ends with npm, however that ends', async () => {
  const script = `"${process.execPath}" "${BORES}" view --no-open --json & wait`;
  const npm = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_command: 'exec' } });
  started.push(npm);
  const [text] = await once(npm.stdout, 'data');
  const { url } = JSON.parse(text);
  assert.equal((await ask(url, '/')).status, 200);
  npm.kill('SIGKILL');
  for (let alive = true, tries = 0; alive; tries += 1) {
    alive = await ask(url, '/').then(() => true, () => false);
    assert.ok(tries < 1000, 'it goes on');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
});
