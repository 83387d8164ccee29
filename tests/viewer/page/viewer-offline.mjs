// SPDX-License-Identifier: MIT
// The page without a network, and that it is never an old one with a network.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { runFolder } from '../../helpers/fixtures.js';
import { POLL, serve } from '../viewer-driver.mjs';

/** @import { Case } from '../viewer.mjs' */
/** @import { ViewerPage } from '../viewer-driver.mjs' */

const built = fileURLToPath(new URL('../../../build/web', import.meta.url));

/** Until the worker has all files and answers for this page. @param {ViewerPage} page */
async function ready(page) {
  await page.page.waitForFunction(() => navigator.serviceWorker.controller !== null, POLL);
}

/** @type {Case[]} */
export const cases = [{
  name: 'offline: without a network the page and its sample open as before, and no run was kept for that',
  async run({ open }) {
    const server = await serve({ '/run.zarr': runFolder('guide/wf_f64') });
    const page = await open({ url: `${server.url}?offline` });
    try {
      await page.load();
      await ready(page);
      await page.load('bores=1&src=run.zarr');
      await page.shown();
      await page.load('bores=1&src=samples/five-spot.zarr.zip&t=4&r=0,1'
        + '&p=model.fluid_properties.water_saturation_grid');
      await page.shown();
      const before = await page.run((_root, viewer) => Array.from(viewer.state.now.shown.values.data.slice(0, 50)));
      const kept = await page.run(async () => {
        const names = await caches.keys();
        const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return { names, urls: requests.flat().map(({ url }) => new URL(url).pathname) };
      });
      assert.equal(kept.names.length, 1);
      assert.ok(kept.urls.includes('/bores.wasm') && kept.urls.includes('/worker.js'));
      assert.deepEqual(kept.urls.filter((url) => url.includes('run.zarr') || url.includes('waterflood')), []);
      assert.match(await page.page.evaluate('location.hash'), /src=samples/, 'its address stays while it is opened');
      server.close();
      await page.page.reload();
      await page.find('.app');
      await page.shown();
      const after = await page.run((_root, viewer) => Array.from(viewer.state.now.shown.values.data.slice(0, 50)));
      assert.deepEqual(after, before);
      assert.equal((await page.state()).step, 4);
    } finally {
      server.close();
    }
  },
}, {
  name: 'offline: a new build is there at the next load, and takes the place of what was kept',
  async run({ open }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'bores-build-'));
    cpSync(built, folder, { recursive: true });
    const server = await serve({ '/app': folder });
    // '/app' is not the root: a folder's page is its file.
    const page = await open({ url: `${server.url}app/index.html?offline` });
    try {
      await page.load();
      await ready(page);
      const [first] = await page.run(() => caches.keys());
      const edit = (/** @type {string} */ name, /** @type {(text: string) => string} */ change) =>
        writeFileSync(path.join(folder, name), change(readFileSync(path.join(folder, name), 'utf8')));
      edit('index.html', (text) => text.replace('<title>', '<meta name="build" content="next"><title>'));
      edit('service-worker.js', (text) => text.replace(/VERSION = '\w+'/, "VERSION = 'next'"));
      await page.load();
      assert.equal(await page.run(() => document.querySelector('meta[name=build]')?.getAttribute('content')), 'next');
      await page.page.waitForFunction(async (old) => {
        const names = await caches.keys();
        return names.length === 1 && names[0] !== old;
      }, POLL, first);
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}, {
  name: "offline: 'bores view' and this machine's servers leave no worker behind, and the page can be installed",
  async run({ open }) {
    // What the page puts off is done at once: only then is there nobody left who might register a worker.
    const page = await open({ before: (/** @type {any} */ tab) => tab.evaluateOnNewDocument(() => {
      const { setTimeout: later } = globalThis;
      globalThis.setTimeout = /** @type {any} */ ((/** @type {any} */ call) => later(call));
    }) });
    await page.load();
    await page.frames(10);
    const { workers, manifest } = await page.run(async () => {
      const link = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=manifest]'));
      return { workers: (await navigator.serviceWorker.getRegistrations()).length,
        manifest: await (await fetch(link.href)).json() };
    });
    assert.equal(workers, 0);
    assert.equal(manifest.display, 'standalone');
    for (const { src, sizes, type } of manifest.icons) {
      const size = await page.run(async (_root, _viewer, url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, src);
      if (type === 'image/png') assert.equal(size, sizes);
    }
  },
}];
