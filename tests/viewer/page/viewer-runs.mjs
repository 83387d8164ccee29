// SPDX-License-Identifier: MIT
// Runs as they come: many steps in a folder, and one state in each of the formats.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { convertStore, openStore } from '../../../js/index.js';
import { runFolder } from '../../helpers/fixtures.js';
import { PRESSURE, withRuns, writeHollow } from '../made-runs.mjs';
import { POLL, serve, withoutHandles } from '../viewer-driver.mjs';

/** @import { Case } from '../viewer.mjs' */

/** @param {(folder: string) => Promise<void>} use */
async function withFolder(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-runs-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A run of one value a step, dropped as a folder where a test can drop one, which WebDriver BiDi cannot.
 * @param {import('../viewer.mjs').Context} context
 * @param {{ shape: number[], pressures: number[] }} run
 * @param {(page: import('../viewer-driver.mjs').ViewerPage) => Promise<void>} use
 */
async function withArrived({ open, browser }, { shape, pressures }, use) {
  await withFolder(async (folder) => {
    writeHollow(path.join(folder, 'run.zarr'), shape, pressures);
    const store = await openStore(path.join(folder, 'run.zarr'), { mode: 'r+' });
    if (browser !== 'chromium') await store.consolidate(); // one request for what thousands would tell
    await store.close();
    const server = await serve({ '/runs': folder });
    try {
      // The browser hands files over by the hundred.
      const page = await open({ url: server.url, before: withoutHandles });
      await page.load(browser === 'chromium' ? '' : 'bores=1&src=runs/run.zarr');
      if (browser === 'chromium') await page.drop([path.join(folder, 'run.zarr')]);
      await page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
        .viewer.state.now.phase !== 'empty', POLL);
      await page.shown();
      await use(page);
    } finally {
      server.close();
    }
  });
}

/** @type {Case[]} */
export const cases = [{
  // Check 2.
  name: 'runs: a dropped folder of 251 entries has all of them',
  async run(context) {
    await withArrived(context, { shape: [2, 2, 1], pressures: Array.from({ length: 251 }, (_, step) => 3000 + step) },
      async (page) => {
        await page.run((_root, viewer) => viewer.setStep(250));
        await page.shown();
        const { steps, values } = await page.run((_root, { state: { now } }) =>
          ({ steps: now.run.steps.length, values: [...now.shown.values.data] }));
        assert.deepEqual([steps, values], [251, [3250, 3250, 3250, 3250]]);
      });
  },
}, {
  // Check 1; how soon it is there is measured.
  name: 'runs: a dropped folder of a hundred thousand cells is there, with its sides and both steps',
  async run(context) {
    await withArrived(context, { shape: [100, 100, 10], pressures: [3000, 3100] }, async (page) => {
      await page.scanned();
      const { size, range, count } = await page.run((_root, { state: { now } }) =>
        ({ size: now.run.grid.size, range: now.range, count: now.faces.count }));
      assert.deepEqual([size, range, count], [100_000, [3000, 3100], 2 * (100 * 100 + 100 * 10 + 100 * 10)]);
      await page.run((_root, viewer) => viewer.setStep(1));
      await page.shown();
      const values = await page.run((_root, { state: { now } }) => [...new Set(now.shown.values.data)]);
      assert.deepEqual(values, [3100]);
    });
  },
}, {
  // Check 17.
  name: 'runs: wells are as they are at each step, open or shut, with their cells',
  async run({ open, browser }) {
    const shut = [1, 2];
    await withRuns({ a: { days: [0, 1, 2, 3], wells: { P1: [3, 2, 0] }, open: (step) => !shut.includes(step) } },
      async (url) => {
        const page = await open({ url });
        await page.load('bores=1&src=runs/a.zarr');
        await page.shown();
        for (const step of [0, 1, 2, 3]) {
          await page.run((_root, viewer, at) => viewer.setStep(at), step);
          await page.page.waitForFunction((wanted) => {
            const { wells } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
            return JSON.stringify(wells.map((/** @type {any} */ { name, open: is, cells }) => [name, is, cells])) === wanted;
          }, POLL, JSON.stringify([['P1', !shut.includes(step), [[3, 2, 0]]]]));
          if (browser !== 'chromium') continue; // labels are those of the 3-D picture
          await page.page.waitForFunction((text) => [...document.querySelector('bores-viewer')?.shadowRoot
            ?.querySelectorAll('.label-well') ?? []].map(({ textContent }) => textContent).join() === text, POLL,
          shut.includes(step) ? '▲ P1 (shut)' : '▲ P1');
        }
      });
  },
}, {
  // Check 3.
  name: 'runs: one state in a zip, HDF5, JSON and YAML has the same values, the same picture and the same wells',
  async run({ open }) {
    await withFolder(async (folder) => {
      const source = await openStore(runFolder('guide/wf_f64'), { mode: 'r' });
      const names = ['run.zarr.zip', 'run.h5', 'run.json', 'run.yaml'];
      for (const name of names) {
        await convertStore(source, path.join(folder, name), { select: ({ idx }) => idx === 12 });
      }
      await source.close();
      const server = await serve({ '/runs': folder });
      try {
        const page = await open({ url: server.url });
        await page.load();
        /** @type {unknown} */ let first;
        for (const name of names) {
          await page.follow(`bores=1&src=runs/${name}&p=${PRESSURE}`);
          await page.scanned();
          await page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
            .viewer.state.now.wells.length > 0, POLL);
          await page.frames(3);
          await page.remember(name);
          const told = await page.run((_root, { state: { now } }) => ({ values: [...now.shown.values.data],
            wells: now.wells, properties: now.run.properties.map((/** @type {any} */ { id }) => id).sort() }));
          first ??= told;
          assert.deepEqual(told, first, name);
          assert.equal(await page.difference(names[0], name), 0, name);
        }
      } finally {
        server.close();
      }
    });
  },
}];
