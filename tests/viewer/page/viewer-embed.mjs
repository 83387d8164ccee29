// SPDX-License-Identifier: MIT
// The element as one file: in a plain page, through esbuild, in a notebook; and that it leaves nothing behind.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { build } from 'esbuild';

import { createStaticServer } from '../../../js/cli/server/static-server.js';
import { POLL } from '../viewer-driver.mjs';

/** @import { Case } from '../viewer.mjs' */
/** @import { Page } from 'puppeteer-core' */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const standalone = path.join(root, 'build', 'viewer', 'bores-viewer.standalone.js');
const sample = path.join(root, 'web', 'samples', 'five-spot.zarr.zip');

/**
 * A server of somebody who has one file of ours, a page and a run, and no policy of ours.
 * @param {Record<string, string>} files  their texts
 * @param {(url: string) => Promise<void>} use
 */
async function withPage(files, use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-embed-'));
  copyFileSync(standalone, path.join(folder, 'bores-viewer.js'));
  copyFileSync(sample, path.join(folder, 'run.zarr.zip'));
  copyFileSync(path.join(root, 'web', 'samples', 'waterflood.zarr.zip'), path.join(folder, 'other.zarr.zip'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { createServer } = await import('node:http');
  const types = /** @type {Record<string, string>} */ ({ '.html': 'text/html', '.js': 'text/javascript' });
  const inner = createStaticServer({ '/': folder });
  const server = createServer((request, response) => {
    const { writeHead } = response;
    response.writeHead = /** @type {any} */ ((/** @type {number} */ status, /** @type {any} */ headers) => {
      const { 'Content-Security-Policy': _, ...others } = headers ?? {};
      return writeHead.call(response, status, { ...others,
        'Content-Type': types[path.extname(request.url ?? '')] ?? others['Content-Type'] ?? 'text/plain' });
    });
    inner.emit('request', request, response);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    await use(`http://localhost:${port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Page} page */
const shown = (page) => page.waitForFunction(() => {
  const { viewer } = /** @type {any} */ (document.querySelector('bores-viewer')) ?? {};
  const { shown: there, faces, step } = viewer?.state.now ?? {};
  return there && faces && there.step === step;
}, POLL);

const html = (/** @type {string} */ body) => `<!doctype html><meta charset="utf-8"><title>Theirs</title>
<link rel="icon" href="data:,">${body}`;

/** @type {Case[]} */
export const cases = [{
  name: 'embed: one file and a script tag are enough',
  async run({ open }) {
    await withPage({ 'index.html': html(`<script type="module" src="bores-viewer.js"></script>
      <bores-viewer src="run.zarr.zip" step="3" style="height: 400px"></bores-viewer>`) }, async (url) => {
      const { page } = await open();
      /** @type {string[]} */ const asked = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(url + 'index.html');
      await shown(page);
      assert.equal(await page.evaluate(() => /** @type {any} */ (document.querySelector('bores-viewer')).step), 3);
      assert.deepEqual([...new Set(asked.filter((name) => name.startsWith('/') && !/^\/[0-9a-f-]{36}$/.test(name)))].sort(),
        ['/bores-viewer.js', '/index.html', '/run.zarr.zip']);
    });
  },
}, {
  name: 'embed: what is set before the module has come, or opened before the element is in a page, counts',
  async run({ open }) {
    await withPage({ 'index.html': html('<p></p>') }, async (url) => {
      const { page } = await open();
      await page.goto(url + 'index.html');
      await page.evaluate(() => {
        const early = /** @type {any} */ (document.createElement('bores-viewer'));
        // As a framework does: properties, of an element that nobody knows yet.
        Object.assign(early, { src: 'run.zarr.zip', step: 3, property: 'pressure', controls: 'none', colormap: 'jett' });
        early.style.height = '300px';
        early.addEventListener('error', (/** @type {any} */ event) => { early.dataset.told = event.detail.code; });
        document.body.append(early);
      });
      await page.addScriptTag({ type: 'module', url: url + 'bores-viewer.js' });
      await shown(page);
      const early = await page.evaluate(() => {
        const element = /** @type {any} */ (document.querySelector('bores-viewer'));
        const { step, property, colormap, dataset: { told } } = element;
        return { step, property, colormap, told, controls: element.getAttribute('controls'), own: Object.hasOwn(element, 'step') };
      });
      assert.deepEqual(early, { step: 3, property: 'model.fluid_properties.pressure_grid', colormap: 'viridis',
        told: 'ERR_ARGUMENT', controls: 'none', own: false });
      const opened = await page.evaluate(async () => {
        document.querySelector('bores-viewer')?.remove();
        const element = /** @type {any} */ (document.createElement('bores-viewer'));
        element.style.height = '300px';
        const opening = element.open('other.zarr.zip');
        document.body.append(element);
        const { name, steps } = await opening;
        const { width, height } = await createImageBitmap(await element.toImage({ width: 3840, height: 2160 }));
        element.colormap = 'cividis';
        element.setAttribute('range', '1,2');
        for (const attribute of ['colormap', 'range']) {
          element.setAttribute(attribute, element.getAttribute(attribute) ?? element[attribute]);
          element.removeAttribute(attribute);
        }
        return [name, steps.length, width, height, element.colormap, element.range,
          ...await Promise.all([{ width: 3840 }, { width: 9000, height: 100 }, { width: 100.5, height: 100 }].map((size) =>
            element.toImage(size).then(() => 'taken', (/** @type {any} */ error) => error.code)))];
      });
      assert.deepEqual(opened, ['other.zarr.zip', 23, 3840, 2160, 'viridis', 'all', ...Array(3).fill('ERR_ARGUMENT')]);
    });
  },
}, {
  name: 'embed: a finger scrolls the page over the picture, until one has turned to it',
  only: 'chromium', // touches are made up by its protocol; Firefox has no 3-D picture here
  async run({ open }) {
    await withPage({ 'index.html': html(`<script type="module" src="bores-viewer.js"></script>
      <bores-viewer src="run.zarr.zip" style="height: 400px"></bores-viewer><p style="height: 3000px">text</p>`) }, async (url) => {
      const { page } = await open({ viewport: { width: 390, height: 844, hasTouch: true, isMobile: true } });
      await page.goto(url + 'index.html');
      await shown(page);
      const look = () => page.evaluate(() => {
        const { viewer, shadowRoot } = /** @type {any} */ (document.querySelector('bores-viewer'));
        const { x, y, width, height } = shadowRoot.querySelector('.canvas-box').getBoundingClientRect();
        return { scrolled: scrollY, view: viewer.state.now.view, x: x + width / 2, y: y + height / 2 };
      });
      const drag = async (/** @type {number} */ dx, /** @type {number} */ dy) => {
        const { x, y } = await look();
        const touch = await page.touchscreen.touchStart(x, y);
        for (let n = 1; n <= 8; n += 1) await touch.move(x + dx * n / 8, y + dy * n / 8);
        await touch.end();
        await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 400); }));
        return look();
      };
      const scrolled = await drag(0, -60);
      assert.ok(scrolled.scrolled > 20, `${scrolled.scrolled}: the page is scrolled`);
      await page.evaluate(() => scrollTo(0, 0));
      const turned = await drag(80, 0);
      assert.equal(turned.scrolled, 0);
      assert.ok(turned.view !== null && Math.abs(turned.view.azimuth - 215) > 5, 'sideways it turns the picture');
      await page.evaluate(() => /** @type {any} */ (document.querySelector('bores-viewer')).shadowRoot
        .querySelector('.canvas-box').focus({ preventScroll: true }));
      const raised = await drag(0, 60);
      assert.equal(raised.scrolled, 0, 'with the focus one finger is the picture\'s');
      assert.ok(Math.abs(raised.view.elevation - turned.view.elevation) > 5);
    });
  },
}, {
  name: 'embed: in a group a colour is one value, though runs span different ones, and each keeps its steps and differences',
  async run({ open }) {
    await withPage({ 'index.html': html(`<script type="module" src="bores-viewer.js"></script>
      ${['run', 'other'].map((name) => `<bores-viewer id="${name}" src="${name}.zarr.zip" group="pair" controls="none"
      property="pressure" style="height: 300px"></bores-viewer>`).join('')}`) }, async (url) => {
      const { page } = await open();
      await page.goto(url + 'index.html');
      const ranges = () => page.evaluate(() => ['run', 'other'].map((id) => {
        const { range, found, scan } = /** @type {any} */ (document.getElementById(id)).viewer?.state.now ?? {};
        return { range, found, done: scan?.total > 0 && scan.done === scan.total };
      }));
      /** What they span: each tells the other, and takes what it is told. @param {readonly number[][]} wanted */
      const span = async (...wanted) => {
        const seen = async () => (await ranges()).map(({ range }) => range);
        for (const end = Date.now() + POLL.timeout; Date.now() < end && !isDeepStrictEqual(await seen(), wanted);) {
          await new Promise((resolve) => { setTimeout(resolve, POLL.polling); });
        }
        assert.deepEqual(await seen(), wanted);
      };
      await page.waitForFunction(() => ['run', 'other'].every((id) => {
        const { scan } = /** @type {any} */ (document.getElementById(id)).viewer?.state.now ?? {};
        return scan?.total > 0 && scan.done === scan.total;
      }), POLL);
      const [run, other] = await ranges();
      const hull = [Math.min(run.found.lo, other.found.lo), Math.max(run.found.hi, other.found.hi)];
      assert.ok(run.found.hi !== other.found.hi && run.found.lo !== other.found.lo);
      await span(hull, hull);
      // A difference has other values: its range and its colours are its own.
      await page.evaluate(() => {
        const { viewer } = /** @type {any} */ (document.getElementById('run'));
        viewer.set({ compare: { source: null, location: null, name: '', base: 0, how: 'difference', at: 0.5 } });
      });
      await page.waitForFunction(() => {
        const { lens, shown, property, scan } = /** @type {any} */ (document.getElementById('run')).viewer.state.now;
        return lens && shown?.property === property && scan.done === scan.total;
      }, POLL);
      const [{ found: apart }] = await ranges();
      const most = Math.max(-apart.lo, apart.hi);
      await span([-most, most], [other.found.lo, other.found.hi]);
      assert.deepEqual(await page.evaluate(() => ['run', 'other'].map((id) =>
        /** @type {any} */ (document.getElementById(id)).colormap)), ['coolwarm', 'viridis']);
      await page.evaluate(() => /** @type {any} */ (document.getElementById('run')).viewer.set({ compare: null }));
      await page.waitForFunction(() => {
        const { lens, shown, property } = /** @type {any} */ (document.getElementById('run')).viewer.state.now;
        return lens === null && shown?.property === property;
      }, POLL);
      await span(hull, hull);
      // Whose steps lie at other times does not take the one that it follows along to its own.
      const reached = await page.evaluate(async () => {
        const found = [];
        for (const id of ['run', 'other']) {
          const viewer = /** @type {any} */ (document.getElementById(id));
          for (const step of [1, 2, 3, 4]) {
            await viewer.goTo(step).catch(() => {});
            await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
            found.push(viewer.step);
          }
        }
        return found;
      });
      assert.deepEqual(reached, [1, 2, 3, 4, 1, 2, 3, 4]);
      await page.evaluate(() => document.getElementById('run')?.removeAttribute('group'));
      await span([run.found.lo, run.found.hi], [other.found.lo, other.found.hi]);
    });
  },
}, {
  name: 'embed: esbuild bundles the one file as it is',
  only: 'chromium', // what a bundler makes is the same for all
  async run({ open }) {
    const { outputFiles } = await build({ stdin: { contents: "import 'bores-wasm/viewer/standalone';", resolveDir: root },
      alias: { 'bores-wasm/viewer/standalone': standalone }, bundle: true, format: 'esm', write: false, logLevel: 'silent' });
    await withPage({ 'app.js': outputFiles[0].text, 'index.html': html(
      '<script type="module" src="app.js"></script><bores-viewer src="run.zarr.zip"></bores-viewer>') }, async (url) => {
      const { page } = await open();
      await page.goto(url + 'index.html');
      await shown(page);
    });
  },
}, {
  name: 'embed: a widget of a notebook, by the contract of anywidget',
  async run({ open }) {
    const widget = readFileSync(path.join(root, 'examples', 'notebook', 'widget.js'), 'utf8');
    await withPage({ 'widget.js': readFileSync(standalone, 'utf8') + widget,
      'index.html': html('<div id="cell"></div>') }, async (url) => {
      const { page } = await open();
      await page.goto(url + 'index.html');
      await page.evaluate(async () => {
        // As a notebook's front end does: the text of the module, a model, an element.
        const text = await (await fetch('widget.js')).text();
        const { default: made } = await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
        /** @type {Record<string, any>} */ const traits = { height: 300, name: 'run.zarr.zip', step: 2,
          property: 'water_saturation', data: new DataView(await (await fetch('run.zarr.zip')).arrayBuffer()) };
        /** @type {Map<string, (() => void)[]>} */ const listeners = new Map();
        const model = { saved: 0, get: (/** @type {string} */ name) => traits[name],
          set(/** @type {string} */ name, /** @type {any} */ value) {
            traits[name] = value;
            for (const listener of listeners.get(`change:${name}`) ?? []) listener();
          },
          save_changes() { model.saved += 1; },
          on: (/** @type {string} */ type, /** @type {() => void} */ call) =>
            listeners.set(type, [...listeners.get(type) ?? [], call]),
          off: (/** @type {string} */ type) => listeners.delete(type) };
        const el = /** @type {HTMLElement} */ (document.getElementById('cell'));
        Object.assign(globalThis, { model, listeners, traits, stop: await made.render({ model, el }) });
      });
      await shown(page);
      await page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer')).step === 2, POLL);
      const picked = await page.evaluate(async () => {
        const viewer = /** @type {any} */ (document.querySelector('bores-viewer'));
        /** @type {any} */ (globalThis).model.set('step', 5); // Python went on
        while (viewer.viewer.state.now.shown?.step !== 5) await new Promise((r) => { setTimeout(r, 20); });
        const { value } = await viewer.pick(0, 0, 2);
        return { .../** @type {any} */ (globalThis).traits, property: viewer.property, value };
      });
      assert.match(picked.property, /water_saturation_grid$/);
      assert.deepEqual(picked.cell, [0, 0, 2]);
      assert.ok(picked.value > 0.5, 'water is where it goes in');
      const left = await page.evaluate(() => {
        const { stop, listeners } = /** @type {any} */ (globalThis);
        stop();
        return { viewers: document.querySelectorAll('bores-viewer').length, listeners: listeners.size };
      });
      assert.deepEqual(left, { viewers: 0, listeners: 0 });
    });
  },
}, {
  // Check 20, of what is left.
  name: 'embed: twenty elements that came and went leave less than 10 MB',
  only: 'chromium', // which tells how large its heap is
  async run({ open }) {
    await withPage({ 'index.html': html('<script type="module" src="bores-viewer.js"></script>') }, async (url) => {
      const { page } = await open();
      await page.goto(url + 'index.html');
      await page.waitForFunction(() => customElements.get('bores-viewer'), POLL);
      const session = await page.createCDPSession();
      const heap = async () => {
        await session.send('HeapProfiler.collectGarbage');
        return (await page.metrics()).JSHeapUsedSize ?? NaN;
      };
      const cycle = async () => {
        const viewer = /** @type {any} */ (document.createElement('bores-viewer'));
        viewer.style.height = '300px';
        document.body.append(viewer);
        await viewer.open('run.zarr.zip');
        await viewer.pick(1, 1, 1);
        viewer.remove();
        await new Promise((r) => { setTimeout(r, 0); });
      };
      const cycles = (/** @type {number} */ count) => page.evaluate(`(async () => {
        const cycle = ${cycle};
        // Four come and go at a time, each at its own pace.
        await Promise.all([0, 1, 2, 3].map(async () => { for (let n = 0; n < ${count / 4}; n += 1) await cycle(); }));
      })()`);
      await cycles(4); // what is made once
      const before = await heap();
      await cycles(20);
      const grown = await heap() - before;
      assert.ok(grown < 10e6, `${(grown / 1e6).toFixed(1)} MB`);
      for (let n = 0; n < 600 && page.workers().length > 0; n += 1) await new Promise((r) => { setTimeout(r, 50); });
      assert.equal(page.workers().length, 0);
    });
  },
}];
