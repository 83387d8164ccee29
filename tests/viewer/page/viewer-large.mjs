// SPDX-License-Identifier: MIT
// Runs of millions of cells: a coarser look first, what all cells take is told, and nothing ends the page. The runs
// have no chunks, which reads as their fill value: they cost no room, and their numbers are known.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { writeHollow } from '../made-runs.mjs';
import { POLL, serve } from '../viewer-driver.mjs';

/** @import { Case } from '../viewer.mjs' */
/** @import { ViewerPage } from '../viewer-driver.mjs' */

/** @param {(url: string) => Promise<void>} use */
async function withRuns(use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-large-'));
  writeHollow(path.join(folder, 'three.zarr'), [200, 200, 80], [3000]);
  writeHollow(path.join(folder, 'fifty.zarr'), [500, 500, 200], [3000]);
  const server = await serve({ '/runs': folder });
  try {
    await use(server.url);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {ViewerPage} page */
const note = (page) => page.text('.coarse-note');

/** @type {Case[]} */
export const cases = [{
  // Check 4; how long it takes is measured.
  name: 'large: three million cells are shown coarser, then all, with what was selected meanwhile',
  async run({ open }) {
    await withRuns(async (url) => {
      const page = await open({ url });
      await page.load('bores=1&src=runs/three.zarr&c=150,99,7');
      // Every state of the page on its way.
      await page.run((root, viewer) => {
        const seen = /** @type {any} */ (globalThis).seen = [];
        viewer.state.watch(['run', 'shown'], (/** @type {any} */ { run, shown, cell, phase }) => {
          if (run && shown) seen.push({ cells: run.grid.size, told: run.grid.storedCell(cell), phase,
            text: root.querySelector('.coarse-note')?.textContent });
        });
      });
      await page.page.waitForFunction(() => {
        const { run, shown, faces } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
        return run?.finer === null && shown && faces;
      }, POLL);
      const seen = await page.run(() => /** @type {any} */ (globalThis).seen);
      const coarse = seen.find((/** @type {any} */ { cells }) => cells < 3.2e6);
      assert.ok(coarse, 'there was a coarser look');
      assert.deepEqual(coarse.told, [150, 99, 7]);
      assert.ok(seen.every((/** @type {any} */ { phase }) => phase === 'ready'));
      const { size, cell, value, faces, property } = await page.run((_root, { state: { now } }) => ({
        size: now.run.grid.size, cell: now.cell, faces: now.faces.count, property: now.property.name,
        value: now.shown.values.data[now.run.grid.indexOf(now.cell)] }));
      assert.deepEqual([size, cell, value, property], [3.2e6, [150, 99, 7], 3000, 'Pressure']);
      assert.equal(faces, 2 * (200 * 200 + 200 * 80 + 200 * 80));
      assert.equal(await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('.coarse-note')).hidden), true);
      await page.page.waitForFunction(() => location.hash.includes('c=150,99,7'), POLL);
      // The range is that of all cells now.
      await page.scanned();
      assert.deepEqual((await page.state()).range, [3000, 3000]);
    });
  },
}, {
  // Check 20, of what is too large.
  name: 'large: of fifty million cells some are shown, and what all take is told before one asks for them',
  async run({ open }) {
    await withRuns(async (url) => {
      const page = await open({ url });
      await page.load('bores=1&src=runs/fifty.zarr&r=2000,4000');
      await page.shown();
      assert.match(await note(page), /^Every 12th column of 500 × 500 × 200 cells\. All 50,000,000 take about 2\.5 GB/);
      assert.match(await page.text('.run-facts'), /500 × 500 × 200 cells/);
      const { size, missing, phase } = await page.run((_root, { state: { now } }) => ({
        size: now.run.grid.size, missing: now.shown.values.missing, phase: now.phase }));
      assert.deepEqual([size, missing, phase], [42 * 42 * 200, 0, 'ready']);
      // What is told of cells is so in a picture and in words, too.
      await page.run((_root, viewer) => viewer.select([5, 6, 7]));
      await page.frames(2);
      assert.deepEqual(await page.run((root) => [...root.querySelectorAll('.indices input')].map((field) =>
        Number(/** @type {HTMLInputElement} */ (field).value))), [60, 72, 7]);
    });
  },
}];
