// SPDX-License-Identifier: MIT
// A run's folder on servers that show a page of links, or none, without `.zmetadata`.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { test } from 'node:test';

import { openStore } from '../../../../js/index.js';
import { linksIn } from '../../../../js/formats/zarr/unlisted-folders.js';
import { runFolder, zarr3Folder } from '../../../helpers/fixtures.js';

/** As Python's http.server writes it. @param {string[]} names */
const python = (names) => `<!DOCTYPE HTML>\n<html lang="en">\n<head><title>Directory listing for /</title></head>\n<body>
<h1>Directory listing for /</h1>\n<hr>\n<ul>\n${names.map((name) =>
    `<li><a href="${encodeURIComponent(name).replace('%2F', '/')}">${name}</a></li>`).join('\n')}\n</ul>\n<hr>\n</body>\n</html>`;

/** As nginx does; it shows what begins with a dot, Apache does not. @param {string[]} names */
const apache = (names) => `<html><head><title>Index of /run</title></head><body><h1>Index of /run</h1><pre>
<a href="?C=N;O=D">Name</a> <a href="?C=M;O=A">Last modified</a><hr><a href="/a/">Parent Directory</a>
${names.filter((name) => !name.startsWith('.')).map((name) =>
    `<img src="/icons/folder.gif" alt="[DIR]"> <a href='${encodeURIComponent(name).replace('%2F', '/')}'>${name}</a> 1.0K`)
    .join('\n')}</pre></body></html>`;

/**
 * @param {string} folder
 * @param {((names: string[]) => string) | null} page  of a folder; null: there is none
 * @param {(url: string, asked: string[]) => Promise<void>} use
 */
async function withServer(folder, page, use) {
  /** @type {string[]} */ const asked = [];
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '/').replace(/[?#].*$/, '');
    asked.push(name);
    const file = path.join(folder, name.replace(/^\/run\.zarr/, ''));
    const isFolder = existsSync(file) && statSync(file).isDirectory();
    if (!existsSync(file) || (isFolder && (page === null || !name.endsWith('/'))) || path.basename(file) === '.zmetadata') {
      response.writeHead(404);
      response.end();
    } else if (isFolder && page !== null) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(page(readdirSync(file).map((child) =>
        (statSync(path.join(file, child)).isDirectory() ? `${child}/` : child)).sort()));
    } else {
      response.end(readFileSync(file));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    await use(`http://127.0.0.1:${port}/run.zarr`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const PRESSURE = ['model', 'fluid_properties', 'pressure_grid'];

/** @param {string} url @param {string} folder @param {{ wells: boolean }} what */
async function same(url, folder, { wells }) {
  const [there, here] = await Promise.all([openStore(url, { mode: 'r', worker: false }),
    openStore(folder, { mode: 'r', worker: false })]);
  try {
    const [theirs, ours] = await Promise.all([there.entries(), here.entries()]);
    assert.deepEqual(theirs.map(({ idx }) => idx), ours.map(({ idx }) => idx));
    const last = ours[ours.length - 1].idx;
    const pathsOf = async (/** @type {any} */ store) => (await store.inventory(last)).map(
      (/** @type {any} */ { path: name, shape }) => `${name} ${shape}`).sort();
    if (wells) {
      assert.deepEqual(await pathsOf(there), await pathsOf(here));
      const [one, other] = await Promise.all([there, here].map(async (store) =>
        (await store.load({ indices: [last], fields: ['wells'] }).next()).value?.wells));
      assert.deepEqual(one, other);
    }
    assert.deepEqual((await there.read(last, PRESSURE)).data, (await here.read(last, PRESSURE)).data);
  } finally {
    await there.close();
    await here.close();
  }
}

for (const [name, page] of /** @type {const} */ ([['Python', python], ['Apache', apache]])) {
  test(`${name}'s page of links is a list`, () => withServer(runFolder('guide/wf_f64_ckpt'), page, (url) =>
    same(url, runFolder('guide/wf_f64_ckpt'), { wells: true })));
}

test('without a page of links the names that BORES gives are tried, and what is people’s own is told', async () => {
  const folder = runFolder('guide/wf_f64_ckpt');
  await withServer(folder, null, async (url, asked) => {
    await same(url, folder, { wells: false });
    const store = await openStore(url, { mode: 'r', worker: false });
    const first = asked.length;
    const model = (await store.load({ indices: [0], fields: ['model'] }).next()).value;
    const local = await openStore(folder, { mode: 'r', worker: false });
    const wanted = (await local.load({ indices: [0], fields: ['model'] }).next()).value;
    assert.deepEqual(Object.keys(/** @type {any} */ (model?.model).fluid_properties).sort(),
      Object.keys(/** @type {any} */ (wanted?.model).fluid_properties).sort());
    assert.ok(asked.length - first < 400, `${asked.length - first} requests`);
    await assert.rejects(store.load({ indices: [0], fields: ['wells'] }).next(),
      { code: 'ERR_UNSUPPORTED', message: /wells.*cannot be known.*bores consolidate/ });
    await store.close();
    await local.close();
  });
});

test('what a page links to elsewhere is no name of it', () => {
  assert.deepEqual(linksIn('<a href="../">up</a><a href="?C=N">n</a><a href="https://x.org/b/">x</a><a href="a%20b/">'
    + "c</a><a class=x href='PROD-2%20%C3%86r/'>w</a><a href=.zgroup>z</a><a href=\"a/b/\">deep</a><a href=\"#top\">t</a>"),
  ['.zgroup', 'PROD-2 Ær/', 'a b/']);
});

for (const [what, run, folder] of /** @type {const} */ ([['version 3', 'guide/wf_f32_ckpt', zarr3Folder('guide/wf_f32_ckpt')],
  ['the flat layout', 'head/wf_f32_ckpt', runFolder('head/wf_f32_ckpt')]])) {
  test(`${what}: by pages of links; where there are none, nothing is left out in silence`, async () => {
    await withServer(folder, apache, (url) => same(url, runFolder(run), { wells: true }));
    await withServer(folder, null, async (url) => {
      const store = await openStore(url, { mode: 'r', worker: false });
      try {
        await assert.rejects(store.load({ indices: [0] }).next(),
          { code: 'ERR_UNSUPPORTED', message: /entry_0000000000: what is in it cannot be known/ });
      } finally {
        await store.close();
      }
    });
  });
}
