// SPDX-License-Identifier: MIT
// What the viewer once showed that was not so, or left out without a word.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { convertStore, openStore } from '../../js/index.js';
import { runFolder } from '../helpers/fixtures.js';
import { writeRun } from './made-runs.mjs';
import { POLL, resize, serve, withoutHandles } from './viewer-driver.mjs';
import { expected, fromAbove } from './viewer-pictures.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

const PRESSURE = 'model.fluid_properties.pressure_grid';
/** matplotlib's viridis(0.5). */
const MIDDLE = [33, 145, 140];

/** @param {(folder: string) => Promise<void>} use */
async function withFolder(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-truth-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Drops a folder and waits until a link to it can be made. @param {ViewerPage} page @param {string} folder */
async function dropAndKeep(page, folder) {
  await page.run((_root, viewer) => { /** @type {any} */ (globalThis).before = viewer.state.now.run; });
  await page.drop([folder]);
  await page.page.waitForFunction(() => {
    const { run, source } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
    return run && run !== /** @type {any} */ (globalThis).before && source?.startsWith('idb:')
      && location.hash.includes(source);
  }, POLL);
  await page.shown();
  return page.page.url().split('#')[1];
}

/** @param {ViewerPage} page */
const stepCount = (page) => page.run((_root, viewer) => viewer.state.now.stepCount);

/** @type {Case[]} */
export const cases = [{
  name: 'truth: a property of one value has one colour, in the picture and in the legend',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    await page.sample('&p=model.fluid_properties.oil_api_gravity_grid&wells=0&edges=0');
    const [lo, hi] = (await page.state()).range;
    assert.equal(lo, hi);
    const at = await fromAbove(page);
    await page.remember('constant');
    assert.deepEqual(await page.pixel('constant', at([4, 3])), MIDDLE);
  },
}, {
  name: 'truth: a range of some steps is not called one of all',
  async run({ open }) {
    const page = await open();
    await page.sample();
    await page.settled();
    assert.match(await page.text('.legend-note'), /range of all steps/);
    await page.run((_root, viewer) => viewer.set({ scan: { done: 1, total: 23, nbytes: 2e9, asks: true } }));
    await page.frames(2);
    assert.match(await page.text('.legend-note'), /range of 1 of 23 steps/);
    assert.doesNotMatch(await page.text('.legend-note'), /all/);
    await resize(page.page, { width: 390, height: 844 }); // where there is no room for more than is needed
    await page.frames(2);
    assert.ok(await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('.legend-note')).offsetHeight > 0));
  },
}, {
  name: 'truth: the range of all steps of a run with statistics costs no read of an array',
  async run({ open }) {
    await withFolder(async (folder) => {
      const source = await openStore(runFolder('guide/wf_f64_ckpt'), { mode: 'r' });
      const run = path.join(folder, 'run.zarr');
      await convertStore(source, run);
      const { total, entries } = await source.statistics(PRESSURE, { compute: 'all' });
      await source.close();
      // Whoever reads the pressure of another step than the first finds zeros: its chunks are gone.
      for (let n = 1; n < entries.length; n += 1) {
        const array = path.join(run, `entry_${String(n).padStart(10, '0')}`, ...PRESSURE.split('.'));
        for (const name of readdirSync(array)) if (!name.startsWith('.')) rmSync(path.join(array, name));
      }
      const server = await serve({ '/run.zarr': run });
      try {
        const page = await open({ url: server.url });
        await page.load(`bores=1&src=run.zarr&p=${PRESSURE}`);
        await page.page.waitForFunction(() => {
          const { scan } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
          return scan.total > 1 && scan.done === scan.total;
        }, POLL);
        assert.match(await page.text('.legend-note'), /range of all steps/);
        assert.deepEqual((await page.state()).range, [total.min, total.max]);
        await page.run((_root, viewer) => viewer.setStep(1)); // here it shows that the array is another one now
        await page.page.waitForFunction(() => {
          const { range, scan } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
          return range[0] === 0 && scan.done === scan.total;
        }, POLL);
      } finally {
        server.close();
      }
    });
  },
}, {
  name: 'truth: a range that was found by reading is known at the next visit, and not of another run in that place',
  async run({ open }) {
    await withFolder(async (folder) => {
      const run = path.join(folder, 'run.zarr');
      const write = async (/** @type {number} */ base) => {
        await writeRun(run, { days: [0, 1, 2, 3, 4, 5], base });
        // As BORES writes: nothing is kept beside the data.
        for (const name of readdirSync(run).filter((entry) => entry.startsWith('entry_'))) {
          const file = path.join(run, name, '.zattrs');
          const { _bores_wasm_statistics: _, ...attributes } = JSON.parse(readFileSync(file, 'utf8'));
          writeFileSync(file, JSON.stringify(attributes));
        }
      };
      await write(3000);
      const server = await serve({ '/run.zarr': run });
      try {
        const page = await open({ url: server.url });
        /** @type {string[]} */ let read = [];
        page.page.on('request', (request) => {
          const [, entry] = /run\.zarr\/(entry_\d+)\/.*pressure_grid\/[0-9.]+$/.exec(request.url()) ?? [];
          if (entry !== undefined) read.push(entry);
        });
        const visit = async (/** @type {[number, number]} */ range) => {
          read = [];
          await page.load(`bores=1&src=run.zarr&p=${PRESSURE}`);
          await page.scanned();
          assert.deepEqual((await page.state()).range, range);
          assert.match(await page.text('.legend-note'), /range of all steps/);
          return new Set(read).size;
        };
        assert.equal(await visit([3000, 3235]), 6);
        // It is written while the range is shown already: what is written next comes after it.
        await page.run((_root, { state: { now } }) => now.run.rememberRanges(now.property, new Map(), false));
        assert.equal(await visit([3000, 3235]), 1);
        await write(4000);
        assert.equal(await visit([4000, 4235]), 6);
      } finally {
        server.close();
      }
    });
  },
}, {
  name: 'truth: a JSON file of a run shows the wells that its folder shows',
  async run({ open }) {
    await withFolder(async (folder) => {
      const store = await openStore(runFolder('guide/wf_f64'), { mode: 'r' });
      await convertStore(store, path.join(folder, 'run.json'), { backend: 'json', select: ({ idx }) => idx === 0 });
      await store.close();
      // BORES's guide writes each end of an interval as an array of its own.
      const text = readFileSync(path.join(folder, 'run.json'), 'utf8');
      const end = (/** @type {number[]} */ data) =>
        ({ __ndarray__: true, encoding: 'list', dtype: 'int64', shape: [3], data });
      writeFileSync(path.join(folder, 'run.json'), JSON.stringify(JSON.parse(text), (key, value) => {
        if (key !== 'perforating_intervals') return value;
        const bytes = Buffer.from(value.data, 'base64');
        const ends = Array.from({ length: bytes.length / 24 }, (_, n) =>
          end([0, 8, 16].map((at) => Number(bytes.readBigInt64LE(24 * n + at)))));
        return Array.from({ length: ends.length / 2 }, (_, n) => ends.slice(2 * n, 2 * n + 2));
      }));
      const server = await serve({ '/run': folder });
      try {
        const page = await open({ url: server.url });
        await page.load('bores=1&src=run/run.json');
        await page.shown();
        const { wells, trouble } = await page.state();
        assert.deepEqual(Object.fromEntries(wells.map((/** @type {any} */ { name, cells }) => [name, cells])),
          expected.wells);
        assert.equal(trouble, '');
      } finally {
        server.close();
      }
    });
  },
}, {
  name: 'truth: an old link opens the run it was made of, and says that it is a copy',
  only: 'chromium', // folders cannot be dropped over WebDriver BiDi
  async run({ open }) {
    await withFolder(async (folder) => {
      const [a, b] = ['a', 'b'].map((name) => path.join(folder, name, 'run.zarr'));
      for (const part of ['a', 'b']) mkdirSync(path.join(folder, part));
      // Three entries of a run, and the two of another.
      const [whole, last] = [runFolder('guide/wf_f64'), 3];
      for (const name of ['.zgroup', ...Array.from({ length: last }, (_, n) => `entry_${String(n).padStart(10, '0')}`)]) {
        cpSync(path.join(whole, name), path.join(a, name), { recursive: true });
      }
      writeFileSync(path.join(a, '.zattrs'), JSON.stringify({ count: last }));
      cpSync(runFolder('guide/wf_f64_ckpt'), b, { recursive: true });
      const page = await open({ before: withoutHandles });
      await page.load();
      const first = await dropAndKeep(page, a);
      const steps = await stepCount(page);
      assert.match(await page.text('.toast'), /copy of run\.zarr/i);
      const second = await dropAndKeep(page, b);
      assert.notEqual(await stepCount(page), steps);
      assert.equal(await page.text('.copy-badge'), '', 'what was dropped is the run itself');
      await page.load(first);
      await page.shown();
      assert.equal(await stepCount(page), steps);
      assert.match(await page.text('.copy-badge'), /copy of .*\d/);
      assert.match(await page.text('.run-title h1'), /^run\.zarr$/);
      await page.run(() => { /** @type {any} */ (navigator.clipboard).writeText = async () => {}; });
      await page.click('[aria-label="Copy a link to this view"]');
      await page.says('.toast', /Link copied: it works in this browser only/);
      const again = await dropAndKeep(page, b);
      assert.equal(/src=([^&]*)/.exec(again)?.[1], /src=([^&]*)/.exec(second)?.[1], 'the same content is one copy');
    });
  },
}, {
  name: 'truth: of three things dropped the first is opened, and the others are named',
  only: 'chromium', // files cannot be dropped over WebDriver BiDi
  async run({ open }) {
    await withFolder(async (folder) => {
      const parts = ['first.zarr', 'second.zarr', 'third.zarr'].map((name) => path.join(folder, name));
      for (const part of parts) cpSync(runFolder('guide/wf_f64_ckpt'), part, { recursive: true });
      const page = await open();
      await page.load();
      await page.drop(parts);
      await page.page.waitForFunction(() => /Not opened: second\.zarr, third\.zarr.*A copy of first\.zarr/.test(document
        .querySelector('bores-viewer')?.shadowRoot?.querySelector('.toast')?.textContent ?? ''), POLL);
      await page.shown();
      assert.equal(await page.text('.run-title h1'), 'first.zarr');
    });
  },
}, {
  name: 'truth: Back leads from a run to the start, and from there to the run again',
  async run({ open }) {
    const page = await open();
    await page.load();
    await page.click('.sample');
    await page.shown();
    await page.page.waitForFunction(() => location.hash.includes('five-spot'), POLL);
    await page.run((_root, viewer) => viewer.close());
    await page.page.waitForFunction(() => location.hash === '', POLL);
    await page.page.goBack();
    await page.shown();
    assert.equal((await page.state()).phase, 'ready');
    await page.page.goBack();
    await page.find('.drop-zone');
    assert.equal((await page.state()).phase, 'empty');
  },
}, {
  name: 'truth: arrows move in time after a button was clicked, and with the focus on the page',
  async run({ open }) {
    const page = await open();
    await page.sample();
    await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('.play')).focus());
    await page.page.keyboard.press('ArrowRight');
    assert.equal((await page.state()).step, 1);
    await page.run((root) => /** @type {HTMLElement} */ (root.activeElement).blur());
    await page.page.keyboard.press('ArrowRight');
    assert.equal((await page.state()).step, 2);
    await page.focus('.search-field');
    await page.page.keyboard.press('ArrowRight');
    assert.equal((await page.state()).step, 2);
  },
}, {
  name: 'truth: the slice goes to the cell that is selected',
  async run({ open }) {
    const page = await open();
    await page.sample('&s=k1');
    await page.run((_root, viewer) => viewer.select([4, 3, 3]));
    await page.frames(2);
    assert.match(await page.text('.slice-controls output'), /k = 3/);
  },
}, {
  name: 'truth: on a phone every button has a name, and one that is seen is what is said',
  async run({ open }) {
    const page = await open({ viewport: { width: 390, height: 844 } });
    await page.sample();
    const wrong = await page.run((root) => [...root.querySelectorAll('button')].filter((button) =>
      button.getClientRects().length > 0).filter((button) => {
      const seen = button.innerText.trim().toLowerCase();
      const name = button.getAttribute('aria-label') ?? seen;
      return name === '' || !name.toLowerCase().includes(seen);
    }).map(({ outerHTML }) => outerHTML));
    assert.deepEqual(wrong, []);
  },
}];
