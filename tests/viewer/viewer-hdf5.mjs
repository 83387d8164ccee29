// SPDX-License-Identifier: MIT
// HDF5 files in the viewer: runs, and files that are none. Expected values: BORES's own, and h5py's
// (`file['temp'][1, 2]`, `file['simple'][0]`).

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { exportCube, openStore } from '../../js/index.js';
import { caseFile, hdf5Cases, hdf5Expected, hdf5File } from '../helpers/fixtures.js';
import { serveFiles } from '../helpers/file-server.js';
import { POLL, serve, withoutHandles } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

const RUN = 'head/wf_f64_chunks4_lzf';
const cases5 = hdf5Cases();

/** @param {ViewerPage} page @param {string} phase */
const until = (page, phase) => page.page.waitForFunction((wanted) => {
  const { now } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state;
  return now.phase === wanted || now.phase === 'failed';
}, POLL, phase);

/**
 * What is shown against what BORES reads.
 * @param {ViewerPage} page
 * @param {boolean} [inDays]  a cube has days: back to seconds are two roundings
 */
async function checkRun(page, inDays = false) {
  const expected = hdf5Expected(RUN).entries[1];
  const { shape, at } = expected.arrays['model/fluid_properties/pressure_grid'];
  await page.run((_root, viewer) => viewer.setStep(1));
  await page.shown();
  const found = await page.run((_root, viewer, cells) => {
    const { run, shown, step } = viewer.state.now;
    return { shape: run.grid.shape, step, time: run.steps[step].time, property: shown.property.id,
      values: cells.map((/** @type {any} */ cell) => shown.values.data[run.grid.indexOf(cell)]) };
  }, at.map(([cell]) => cell));
  if (inDays && Math.abs(found.time - expected.time) <= 4 * Number.EPSILON * expected.time) found.time = expected.time;
  assert.deepEqual(found, { shape, step: 1, time: expected.time, property: 'model.fluid_properties.pressure_grid',
    values: at.map(([, value]) => value) });
}

/** The rows of the table of values. @param {ViewerPage} page */
const rows = (page) => page.run((root) => [...root.querySelectorAll('.values tr')].map((row) =>
  [...row.children].map((cell) => cell.textContent)));

/** @type {Case[]} */
export const cases = [{
  name: 'a cube on a web server, as the run that it was made of',
  async run({ open }) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-cube-page-'));
    const run = await openStore(hdf5File(RUN), { mode: 'r' });
    await exportCube(run, path.join(folder, 'cube.zarr'));
    await run.close();
    const server = await serve({ '/cube.zarr': path.join(folder, 'cube.zarr') });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=cube.zarr');
      await page.shown();
      await checkRun(page, true);
      assert.deepEqual(page.complaints.filter((text) => !/404/.test(text)), []); // documents of Zarr that are not there
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}, {
  name: 'HDF5: a run on a web server',
  async run({ open }) {
    const server = await serve({ '/run.h5': hdf5File(RUN) });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=run.h5');
      await page.shown();
      await checkRun(page);
      const received = Number(await page.run((_root, viewer) => viewer.state.now.run.received()));
      assert.ok(received > 32 * 1024, `${received}: the worker's requests are more than the file's beginning`);
      assert.deepEqual(page.complaints, []);
    } finally {
      server.close();
    }
  },
}, {
  name: 'HDF5: a run on a server without ranges, whose download is told of',
  async run({ open }) {
    const files = await serveFiles();
    let resume = () => {};
    const url = files.addWhole('run.h5', hdf5File(RUN), new Promise((resolve) => { resume = resolve; }));
    try {
      const page = await open();
      await page.load(`bores=1&src=${encodeURIComponent(url)}`);
      await page.page.waitForFunction(() => /Downloading, \d+ kB/.test(
        document.querySelector('bores-viewer')?.shadowRoot?.textContent ?? ''), POLL);
      resume();
      await page.shown();
      await checkRun(page);
      assert.deepEqual(page.complaints, []);
    } finally {
      await files.close();
    }
  },
}, {
  name: 'HDF5: a run that is dropped is kept, and opened again after a reload',
  only: 'chromium', // the others cannot be made to drop a file
  async run({ open }) {
    const page = await open({ before: withoutHandles });
    await page.load();
    await page.drop([hdf5File(RUN)]);
    await page.shown();
    await checkRun(page);
    const name = path.basename(hdf5File(RUN));
    await page.page.waitForFunction((start) => /** @type {any} */ (
      document.querySelector('bores-viewer')).viewer.state.now.source?.startsWith(start), POLL, `idb:${name}~`);
    await page.load();
    await page.click('.recent-run');
    await page.shown();
    await checkRun(page);
    assert.deepEqual(page.complaints, []);
  },
}, {
  name: 'HDF5: what is in a file that is no run, by keys alone',
  async run({ open }) {
    const server = await serve({ '/plain.h5': caseFile(cases5, 'hdf5/netcdf4.h5'), '/records.h5': caseFile(cases5, 'hdf5/compound.h5') });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=plain.h5');
      await until(page, 'browsing');
      assert.match(await page.text('.hierarchy .note'), /plain\.h5 holds no run/);
      await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
        ?.querySelectorAll('[role=treeitem]').length === 7, POLL);
      const named = () => page.run((root) => root.activeElement?.textContent);
      await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('[role=treeitem]')).focus());
      const press = async (/** @type {string[]} */ ...keys) => {
        for (const key of keys) await page.page.keyboard.press(/** @type {any} */ (key));
      };
      await press('End');
      assert.equal(await named(), 'model');
      await press('ArrowRight');
      await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
        ?.querySelectorAll('[role=treeitem]').length === 8, POLL);
      await press('ArrowRight');
      assert.equal(await named(), 'count');
      await press('ArrowLeft');
      assert.equal(await named(), 'model');
      await press('ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'ArrowDown');
      assert.equal(await named(), 'temp');
      await press('Enter');
      await page.find('.values td');
      await page.says('.node-facts', /7 × 5 × 4/);
      assert.deepEqual((await rows(page))[0], ['', '0', '1', '2', '3']);
      await page.run((root) => {
        const input = /** @type {HTMLInputElement} */ (root.querySelector('.axis-index input'));
        input.value = '1';
        input.dispatchEvent(new Event('change'));
      });
      await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
        ?.querySelectorAll('.values tr')[3]?.textContent === '261566257', POLL);

      await page.load('bores=1&src=records.h5');
      await until(page, 'browsing');
      await page.page.waitForFunction(() => [.../** @type {any} */ (document.querySelector('bores-viewer')?.shadowRoot
        ?.querySelectorAll('[role=treeitem]'))].some((row) => row.textContent === 'simple'), POLL);
      await page.run((root) => /** @type {any} */ ([...root.querySelectorAll('[role=treeitem]')]
        .find((row) => row.textContent === 'simple')).click());
      await page.find('.values td');
      assert.deepEqual((await rows(page)).slice(0, 3), [['', 'id', 'x', 'u'], ['0', '-2147483648', '0.125', '0'], ['1', '45', 'NaN', '52']]);
      assert.deepEqual(page.complaints, []);
    } finally {
      server.close();
    }
  },
}, {
  name: 'HDF5: a file that is damaged is a failure that says so',
  async run({ open }) {
    const server = await serve({ '/bad.h5': new URL('viewer-hdf5.mjs', import.meta.url).pathname });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=bad.h5');
      await until(page, 'failed');
      assert.match(await page.text('.failure'), /bad\.h5/);
      assert.equal((await page.state()).failure.code, 'ERR_CORRUPT');
    } finally {
      server.close();
    }
  },
}];
