// SPDX-License-Identifier: MIT
// What the viewer says when something is wrong. It says what, why, and what to do, and goes on.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { buildZip } from '../helpers/storage/zip-writer.js';
import { runFolder } from '../helpers/fixtures.js';
import { PRESSURE, writeRun } from './made-runs.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

/**
 * Opens a file that the page is given as bytes.
 * @param {ViewerPage} page
 * @param {string} name
 * @param {Uint8Array} bytes
 */
async function openBytes(page, name, bytes) {
  await page.load();
  await giveBytes(page, name, bytes);
  await page.shown();
}

/** The same on a page that is there. @param {ViewerPage} page @param {string} name @param {Uint8Array} bytes */
async function giveBytes(page, name, bytes) {
  await page.run((_root, _viewer, fileName, base64) => {
    const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const element = /** @type {any} */ (document.querySelector('bores-viewer'));
    element.open(new File([data], fileName), { name: fileName, source: null });
  }, name, Buffer.from(bytes).toString('base64'));
}

/** @param {(folder: string) => Promise<void>} use */
async function withFolder(use) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-viewer-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A zip of texts. @param {Record<string, string>} files */
function zipOf(files) {
  return buildZip(Object.entries(files).map(([name, text]) =>
    ({ name, data: new TextEncoder().encode(text) })));
}

/**
 * The archive, but that its directory has another checksum for one of its files. @param {Buffer} zip @param {string} key
 */
function withWrongChecksum(zip, key) {
  const damaged = Buffer.from(zip);
  // APPNOTE.TXT: the name is 46 bytes after the signature of its record, its CRC-32 16.
  for (let at = 0; (at = damaged.indexOf('PK\x01\x02', at, 'latin1')) >= 0; at += 46) {
    const length = damaged.readUInt16LE(at + 28);
    if (damaged.toString('latin1', at + 46, at + 46 + length) !== key) continue;
    damaged[at + 16] ^= 0xff;
    return damaged;
  }
  throw new Error(`${key} is not in the archive`);
}

/** @type {Case[]} */
export const cases = [{
  // Check 20, of what cannot be opened, with the next ones; format's words such as “sblock->base_addr”, advice that is not of the case.
  name: 'what is no run, or a part of one, is called so in a sentence, and the words of its format are a detail',
  async run({ open }) {
    const page = await open();
    await page.load();
    await withFolder(async (folder) => {
      const [h5, json] = await Promise.all(['run.h5', 'run.json'].map(async (name) => {
        await writeRun(path.join(folder, name), { days: [0] });
        return readFileSync(path.join(folder, name));
      }));
      const text = Buffer.from('Dear reader, '.repeat(300));
      const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2000, 7)]);
      const cases = /** @type {const} */ ([
        ['notes.txt', text, /^notes\.txt is none of the files that can be shown\.$/, /A run is a \.zarr folder/],
        ['look.png', picture, /^look\.png is none of the files that can be shown\.$/, /A run is a \.zarr folder/],
        ['notes.zip', text, /^notes\.zip is no zip archive, or only the first part of one/, /A run is a \.zarr folder/],
        ['look.h5', picture, /^look\.h5 is no HDF5 file, whatever its name says\.$/, /A run is a \.zarr folder/],
        ['cut.h5', h5.subarray(0, 3000), new RegExp(`^cut\\.h5 is only a part of an HDF5 file: 3000 of ${h5.length} bytes`),
          /copied whole/],
        ['empty.h5', Buffer.alloc(0), /^empty\.h5 is empty\.$/, /copied whole/],
        ['notes.json', text, /^notes\.json holds no list of saved states\.$/, /A run is a \.zarr folder/],
        ['cut.json', json.subarray(0, json.length / 2), /^cut\.json is only a part of a file/, /copied whole/],
        ['NOTES.UNRST', text, /^NOTES\.UNRST is no file of ECLIPSE or OPM Flow/, /A run is a \.zarr folder/],
        ['letter.docx', zipOf({ 'word/document.xml': '<w/>' }), /^There is no run in letter\.docx\.$/, /Choose the folder/],
      ]);
      for (const [name, bytes, message, advice] of cases) {
        await giveBytes(page, name, bytes);
        const failure = await page.until((_root, { state: { now } }, wanted) => now.failure?.title.startsWith(wanted)
          && now.failure, name);
        assert.match(failure.message, message);
        assert.match(failure.advice, advice, name);
        const seen = await page.text('.failure');
        assert.doesNotMatch(seen, /sblock|end record|superblock|\.zgroup|column/, `${name}: ${seen}`);
        assert.equal(await page.run((root) => root.querySelector('.failure details p')?.textContent), failure.detail);
        assert.ok(failure.detail.length > 20, name);
      }
    });
  },
}, {
  name: 'a zip whose first state is damaged opens on the others, and says what is wrong with that one',
  async run({ open }) {
    await withFolder(async (folder) => {
      const run = { days: [0, 1, 2] };
      await writeRun(path.join(folder, 'run.zarr.zip'), run);
      const zip = readFileSync(path.join(folder, 'run.zarr.zip'));
      const key = 'entry_0000000000/model/fluid_properties/pressure_grid/.zarray';
      const page = await open();
      await openBytes(page, 'run.zarr.zip', withWrongChecksum(zip, key));
      assert.equal((await page.state()).phase, 'ready');
      assert.match((await page.state()).trouble, new RegExp(key));
      await page.run((_root, viewer, id) => {
        viewer.setProperty(id);
        viewer.setStep(2);
      }, PRESSURE);
      await page.shown();
      const { steps, value } = await page.run((_root, { state: { now } }) => ({ steps: now.run.steps.length,
        value: now.shown.values.data[0] }));
      assert.deepEqual([steps, value], [3, 3002]);
      assert.equal((await page.state()).trouble, '');
    });
  },
}, {
  name: 'not a store: says so, and the ways in are still there',
  async run({ open }) {
    const page = await open();
    await openBytes(page, 'holiday.zip', zipOf({ 'readme.txt': 'no store' }));
    assert.match(await page.text('.failure'), /holiday\.zip cannot be opened/);
    await page.find('.drop-zone button.primary');
  },
}, {
  name: 'a store without a state says that it is empty',
  async run({ open }) {
    const page = await open();
    await openBytes(page, 'new.zarr.zip', zipOf({ '.zgroup': '{"zarr_format": 2}' }));
    assert.match(await page.text('.failure'), /new\.zarr\.zip.*without a single saved state/s);
    assert.match(await page.text('.failure'), /still going/);
  },
}, {
  name: 'a zip that leads out of itself is refused',
  async run({ open }) {
    const page = await open();
    await openBytes(page, 'evil.zip', zipOf({ '.zgroup': '{"zarr_format": 2}',
      '../outside': 'x' }));
    assert.match(await page.text('.failure'), /evil\.zip cannot be opened/);
    assert.match(await page.text('.failure'), /\.\.\/outside/);
  },
}, {
  name: 'an address that is not there, and one that is none',
  complains: true, // browsers log every 404
  async run({ open, elsewhere }) {
    const page = await open();
    await page.load(`bores=1&src=${encodeURIComponent(`${elsewhere}/absent`)}`);
    await page.shown();
    assert.match(await page.text('.failure'), /cannot be opened/);
    assert.match(await page.text('.failure'), /Check the address/);
    await page.load('bores=1&src=javascript:alert(1)');
    await page.shown();
    assert.match(await page.text('.failure'), /starts with https:\/\/ or http:\/\//);
  },
}, {
  name: 'a damaged chunk is named, its step is grey, everything else goes on',
  only: 'chromium', // folders cannot be dropped over WebDriver BiDi
  async run({ open }) {
    await withFolder(async (folder) => {
      const store = path.join(folder, 'damaged.zarr');
      cpSync(runFolder('guide/wf_f64_ckpt'), store, { recursive: true });
      const key = 'entry_0000000001/model/fluid_properties/pressure_grid/0.0.0';
      writeFileSync(path.join(store, key), 'this is no Blosc chunk at all');
      const page = await open();
      await page.load();
      await page.drop([store]);
      await page.shown();
      assert.equal((await page.state()).trouble, '');
      await page.run((_root, viewer) => viewer.setStep(1));
      await page.shown();
      assert.match((await page.state()).trouble, new RegExp(key));
      await page.run((_root, viewer) => viewer.select([0, 0, 0]));
      await page.find('.plot canvas');
      await page.settled();
      const { history } = await page.state();
      assert.equal(history.values.length, 2);
      assert.match(history.problem, new RegExp(key));
      await page.run((_root, viewer) =>
        viewer.setProperty('model.fluid_properties.oil_saturation_grid'));
      await page.shown();
      assert.equal((await page.state()).trouble, '');
    });
  },
}, {
  name: 'a folder that holds no run says which one to choose',
  only: 'chromium', // folders cannot be dropped over WebDriver BiDi
  async run({ open }) {
    await withFolder(async (folder) => {
      mkdirSync(path.join(folder, 'photos'));
      writeFileSync(path.join(folder, 'photos', 'a.txt'), 'a');
      const page = await open();
      await page.load();
      await page.drop([path.join(folder, 'photos')]);
      await page.shown();
      assert.match(await page.text('.failure'), /photos cannot be opened/);
    });
  },
}, {
  // Check 20, without WebGL.
  name: 'without WebGL the slice is the picture, and cells can be picked',
  async run({ open }) {
    const page = await open({ before: (/** @type {any} */ tab) => tab.evaluateOnNewDocument(() => {
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = /** @type {any} */ (function getContext(
        /** @type {any} */ kind, /** @type {any[]} */ ...rest) {
        // @ts-ignore: `this` is the canvas
        return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
      });
    }) });
    await page.sample('&s=k0');
    assert.match(await page.text('.no-webgl-note'), /WebGL/);
    const box = await page.box('canvas.slice');
    assert.ok(box.width > 500);
    await page.clickMiddle('canvas.slice');
    assert.deepEqual((await page.state()).cell, [4, 3, 0]);
  },
}, {
  name: 'opening can be cancelled',
  async run({ open }) {
    const page = await open();
    await page.load();
    await page.run((_root, viewer) => viewer.open(() => new Promise(() => {}),
      { name: 'slow.zarr', source: null }));
    await page.find('.spinner');
    await page.click('.opening button:not([hidden])');
    await page.find('.drop-zone');
    assert.equal((await page.state()).phase, 'empty');
  },
}, {
  name: 'a lost graphics context comes back with the same picture',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    await page.sample('&t=5&r=3000,3100');
    await page.remember('before');
    await page.run(async (root) => {
      const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('.canvas-box canvas'));
      const extension = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      const event = (/** @type {string} */ name) => new Promise((resolve) => {
        canvas.addEventListener(name, () => setTimeout(resolve), { once: true });
      });
      const lost = event('webglcontextlost');
      extension?.loseContext();
      await lost;
      const back = event('webglcontextrestored');
      extension?.restoreContext();
      await back;
    });
    await page.frames(3);
    await page.remember('after');
    assert.equal(await page.difference('before', 'after'), 0);
    assert.equal((await page.state()).trouble, '');
  },
}];
