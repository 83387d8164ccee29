// SPDX-License-Identifier: MIT
// What the viewer shows.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { RUNS, runFolder } from '../helpers/fixtures.js';
import { POLL, serve } from './viewer-driver.mjs';

const expected = JSON.parse(readFileSync(new URL('viewer-expected.json', import.meta.url), 'utf8'));

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

const FIELD_OF_VIEW = 32;

/**
 * Looks straight down, and says where the middle of a top cell is then.
 * @param {ViewerPage} page
 */
export async function fromAbove(page) {
  const distance = 5;
  const { width, height, radius, topOf } = await page.run((root, viewer, d) => {
    viewer.look({ azimuth: 180, elevation: 90, distance: d, target: [0, 0, 0] });
    const box = /** @type {HTMLElement} */ (root.querySelector('.canvas-box'));
    const { run, exaggeration } = viewer.state.now;
    const { min, max } = run.bounds;
    const half = [0, 1, 2].map((n) => (max[n] - min[n]) / 2);
    return {
      width: box.clientWidth, height: box.clientHeight, topOf: half[2] * exaggeration,
      radius: Math.hypot(half[0], half[1], half[2] * exaggeration),
    };
  }, distance);
  await page.frames(3);
  const [nx, ny] = expected.shape;
  const [dx, dy] = expected.cellDimension;
  const focal = Math.min(width, height) / 2 / Math.tan(FIELD_OF_VIEW / 2 * Math.PI / 180);
  // The reservoir's top is nearer than its middle; that it is inclined moves it little.
  const scale = focal / (distance * radius - topOf);
  return /** @param {number[]} cell */ ([i, j]) => ({
    x: width / 2 + (i + 0.5 - nx / 2) * dx * scale,
    y: height / 2 - (j + 0.5 - ny / 2) * dy * scale,
  });
}

/** @type {Case[]} */
export const cases = [{
  name: 'an empty page offers every way in',
  async run({ open }) {
    const page = await open();
    await page.load();
    const text = await page.text('.start');
    for (const words of ['Drop', 'Choose a folder', 'Choose files', 'sample', 'not.* uploaded']) {
      assert.match(text, new RegExp(words, 'i'));
    }
    await page.find('.address input');
    assert.equal((await page.state()).phase, 'empty');
  },
}, {
  name: 'the sample: steps, wells with their names, units, no message',
  async run({ open }) {
    const page = await open();
    await page.sample();
    const state = await page.state();
    assert.equal(state.trouble, '');
    const wells = state.wells.map((/** @type {any} */ { name, cells }) => [name, cells]);
    assert.deepEqual(Object.fromEntries(wells), expected.wells);
    const text = await page.text('.app');
    assert.match(text, /9 × 7 × 4 cells · 23 steps/);
    assert.match(text, /Pressure \[psi\]/);
  },
}, {
  name: 'wells have labels that tell injectors from producers',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    await page.sample();
    const labels = await page.run((root) =>
      [...root.querySelectorAll('.label-well')].map(({ textContent }) => textContent));
    assert.deepEqual(labels.sort(), ['▲ PROD-1', '▲ PROD-2 Ærøskøbing', '▼ INJ-1']);
  },
}, {
  name: 'of a folder on a server only what is shown is fetched',
  async run({ open }) {
    const server = await serve({ '/run/guide.zarr': runFolder('guide/wf_f64') });
    try {
      const page = await open({ url: server.url });
      /** @type {string[]} */ const chunks = [];
      page.page.on('request', (request) => {
        const [, key] = request.url().split('/run/guide.zarr/');
        if (/\/[0-9.]+$/.test(key ?? '')) chunks.push(key);
      });
      // A typed range: nothing is looked at in the background.
      await page.load('bores=1&src=run/guide.zarr&r=3000,3100');
      await page.settled();
      const wanted = ['grid_shape', 'cell_dimension', 'thickness_grid', 'pressure_grid',
        'perforating_intervals'];
      assert.deepEqual(chunks.filter((key) => !key.startsWith('entry_0000000000/')
        || !wanted.includes(key.split('/').at(-2) ?? '')), []);
      assert.ok(chunks.length >= 6);
    } finally {
      server.close();
    }
  },
}, {
  name: 'the legend has the colours of the map, and of the range over all steps',
  async run({ open }) {
    const page = await open();
    await page.sample(`&p=${expected.history.path}`);
    await page.settled();
    assert.deepEqual((await page.state()).range, expected.range);
    await page.run((_root, viewer) => viewer.setStep(12));
    await page.shown();
    assert.deepEqual((await page.state()).range, expected.range, 'the range stays, whatever the step');
    const probes = await page.run((root) => {
      const ramp = /** @type {HTMLCanvasElement} */ (root.querySelector('.legend .ramp'));
      const { data } = /** @type {CanvasRenderingContext2D} */ (ramp.getContext('2d'))
        .getImageData(0, 0, 1, 256);
      return Array.from({ length: 11 }, (_, n) => {
        const at = 4 * (255 - Math.min(255, Math.floor(n / 10 * 256)));
        return [...data.slice(at, at + 3)];
      });
    });
    probes.forEach((probe, n) => probe.forEach((value, c) =>
      assert.ok(Math.abs(value - expected.viridis[n][c]) <= 1, `probe ${n}: ${probe}`)));
  },
}, {
  name: 'cells seen from above have the colour of their value',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    const [lo, hi] = expected.range;
    await page.sample(`&p=${expected.history.path}&t=22&wells=0&edges=0&r=${lo},${hi}`);
    const at = await fromAbove(page);
    await page.remember('top');
    const table = await page.run((root) => {
      const ramp = /** @type {HTMLCanvasElement} */ (root.querySelector('.legend .ramp'));
      return [.../** @type {CanvasRenderingContext2D} */ (ramp.getContext('2d'))
        .getImageData(0, 0, 1, 256).data];
    });
    for (const [i, row] of expected.topGas.entries()) {
      for (const [j, value] of row.entries()) {
        const n = 255 - Math.min(255, Math.floor((value - lo) / (hi - lo) * 256));
        const colour = await page.pixel('top', at([i, j]));
        colour.forEach((part, c) => assert.ok(Math.abs(part - table[4 * n + c]) <= 3,
          `cell ${i}, ${j}: ${colour}, the table has ${table.slice(4 * n, 4 * n + 3)}`));
      }
    }
  },
}, {
  // Check 5; how long it takes is measured.
  name: 'another step is another picture, and the same step the same',
  async run({ open, browser }) {
    const page = await open();
    await page.sample(`&p=${expected.history.path}&r=0,1`);
    await page.remember('first');
    await page.run((_root, viewer) => viewer.setStep(12));
    await page.shown();
    await page.remember('later');
    await page.run((_root, viewer) => viewer.setStep(0));
    await page.shown();
    await page.remember('again');
    assert.ok(await page.difference('first', 'later') > 0.02);
    assert.equal(await page.difference('first', 'again'), 0);
    if (browser !== 'chromium') return; // needs the 3-D picture
    // A step is one upload of what is seen of its values: no geometry goes to the graphics card again.
    const { sent, faces } = await page.run(async (_root, viewer) => {
      const calls = WebGL2RenderingContext.prototype;
      /** @type {(string | number)[][]} */ const list = [];
      const own = /** @type {any} */ ({});
      for (const name of ['bufferData', 'texImage2D', 'texSubImage2D']) {
        own[name] = /** @type {any} */ (calls)[name];
        /** @type {any} */ (calls)[name] = function spied(/** @type {any[]} */ ...args) {
          list.push([name, args.find((arg) => ArrayBuffer.isView(arg))?.constructor.name,
            name === 'texSubImage2D' ? args[4] * args[5] : 0]);
          return own[name].apply(this, args);
        };
      }
      viewer.setStep(5);
      while (viewer.state.now.shown?.step !== 5) await new Promise(requestAnimationFrame);
      for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
      Object.assign(calls, own);
      return { sent: list, faces: viewer.state.now.faces.count };
    });
    const colours = sent.filter(([, kind]) => kind === 'Uint8Array');
    assert.ok(sent.every(([, kind]) => kind === 'Float32Array' || kind === 'Uint8Array'), JSON.stringify(sent));
    assert.ok(colours.length <= 1, JSON.stringify(sent));
    assert.equal(sent.reduce((sum, [, , texels]) => sum + Number(texels), 0), faces);
  },
}, {
  name: 'flags have two colours, rates are drawn where there are wells',
  async run({ open }) {
    const page = await open();
    await page.sample('&p=model.saturation_history.gas_imbibition_flag_grid&t=15');
    const swatches = await page.run((root) =>
      [...root.querySelectorAll('.swatches li')].map(({ textContent }) => textContent));
    assert.deepEqual(swatches, ['true', 'false']);
  },
}, {
  // Check 18, of pictures; of films: viewer-film.mjs, of CSV: viewer-cells.mjs.
  name: 'the PNG has the picture, and beside it the legend and the time',
  only: 'chromium', // downloads to a folder are set by a command of its own protocol
  async run({ open }) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-png-'));
    const page = await open();
    const session = await page.page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', {
      behavior: 'allow', downloadPath: folder, browserContextId: page.page.browserContext().id,
    });
    await page.sample(`&p=${expected.history.path}&t=22&wells=0&edges=0`);
    await page.scanned();
    const at = await fromAbove(page);
    await page.remember('screen');
    await page.click('button[aria-label="Save a picture, a film or the session"]');
    await page.click('.film-dialog .primary');
    const saved = () => readdirSync(folder).find((file) => file.endsWith('.png'));
    for (const end = Date.now() + POLL.timeout; saved() === undefined && Date.now() < end;) await page.frames(2);
    const png = readFileSync(path.join(folder, saved() ?? ''));
    rmSync(folder, { recursive: true });
    const [width, height] = await page.run((root) => {
      const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('.canvas-box canvas'));
      return [canvas.width, canvas.height];
    });
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.ok(png.readUInt32BE(16) >= width + 140, 'the legend has a place of its own');
    assert.equal(png.readUInt32BE(20), height + 60);
    // Each top cell has the colour that it has on the screen; the reservoir's part begins below 60 lines, and is as
    // wide as its ground reaches in the line after.
    const colours = await page.run(async (_root, _viewer, base64, cells, middle) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(picture.width, picture.height)
        .getContext('2d'));
      context.drawImage(picture, 0, 0);
      const pixel = (/** @type {number} */ x, /** @type {number} */ y) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
      let ground = 1;
      while (pixel(ground, 61).join() === pixel(0, 61).join()) ground += 1;
      return cells.map((/** @type {any} */ { x, y }) => pixel(Math.floor(ground / 2 + x - middle), Math.floor(60 + y)));
    }, png.toString('base64'), expected.topGas.flatMap((/** @type {number[]} */ row, /** @type {number} */ i) =>
      row.map((_, j) => at([i, j]))), width / 2);
    for (const [n, colour] of colours.entries()) {
      assert.deepEqual(colour, await page.pixel('screen', at([Math.floor(n / expected.shape[1]), n % expected.shape[1]])));
    }
    assert.ok(new Set(colours.map(String)).size > 20);
  },
}, {
  name: 'on a phone nothing is wider than the page, and every panel can be reached',
  async run({ open }) {
    const page = await open({ viewport: { width: 390, height: 844 } });
    await page.sample();
    for (const tab of ['Colours', 'View', 'Cell', 'Slice', 'Property']) {
      const found = await page.run((root, _viewer, text) => {
        const buttons = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.tabs button')]);
        buttons.find((button) => button.textContent === text)?.click();
        const app = /** @type {HTMLElement} */ (root.querySelector('.app'));
        const panels = [...root.querySelectorAll('.panel')].filter((p) => p.clientHeight > 0);
        return { panels: panels.length, over: app.scrollWidth - app.clientWidth };
      }, tab);
      assert.ok(found.panels >= 1, tab);
      assert.equal(found.over, 0, tab);
    }
  },
}, {
  name: 'dark and light follow the system, and a switch',
  only: 'chromium', // the system's wish cannot be set over WebDriver BiDi
  async run({ open }) {
    const page = await open({ before: (/** @type {any} */ tab) =>
      tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]) });
    await page.load();
    const ground = () => page.run((root) =>
      getComputedStyle(/** @type {Element} */ (root.querySelector('.app'))).backgroundColor);
    assert.equal(await ground(), 'rgb(12, 16, 20)');
    await page.click('button[aria-label="Dark or light"]');
    assert.equal(await ground(), 'rgb(233, 237, 242)');
    await page.load();
    assert.equal(await ground(), 'rgb(233, 237, 242)');
  },
}, {
  name: 'every run that BORES wrote opens',
  only: 'chromium', // folders cannot be dropped over WebDriver BiDi
  async run({ open }) {
    const page = await open();
    await page.load();
    for (const name of RUNS) {
      await page.run((_root, viewer) => viewer.close());
      await page.drop([runFolder(name)]);
      await page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
        .viewer.state.now.phase !== 'empty', POLL);
      await page.shown();
      const { phase, trouble } = await page.state();
      assert.deepEqual([phase, trouble], ['ready', ''], name);
      const { properties, finite } = await page.run((_root, viewer) => {
        const { run, shown } = viewer.state.now;
        return { properties: run.properties.length, finite: shown.values.missing === 0 };
      });
      assert.ok(properties >= 57 && finite, `${name}: ${properties} properties`);
    }
  },
}];
export { expected };
