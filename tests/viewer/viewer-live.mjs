// SPDX-License-Identifier: MIT
// A run that another process is still writing while the page shows it.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { runFolder } from '../helpers/fixtures.js';
import { POLL, serve } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */

/**
 * Adds an entry as a writer that commits does: the entry, then the root that counts it.
 * @param {string} folder
 * @param {number} idx
 */
function append(folder, idx) {
  const group = `entry_${String(idx).padStart(10, '0')}`;
  cpSync(path.join(runFolder('guide/wf_f64'), group), path.join(folder, group), { recursive: true });
  writeFileSync(path.join(folder, 'new'), JSON.stringify({ count: idx + 1 }));
  renameSync(path.join(folder, 'new'), path.join(folder, '.zattrs')); // nobody reads half of it
}

/** @type {Case[]} */
export const cases = [{
  name: 'new steps appear, and who looks at the last one goes along',
  async run({ open }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'bores-live-'));
    cpSync(path.join(runFolder('guide/wf_f64'), '.zgroup'), path.join(folder, '.zgroup'));
    for (const idx of [0, 1, 2]) append(folder, idx);
    const server = await serve({ '/growing.zarr': folder });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=growing.zarr&t=2');
      await page.shown();
      assert.equal((await page.run((root) =>
        /** @type {HTMLElement} */ (root.querySelector('.live-badge')).hidden)), true);
      append(folder, 3);
      await page.page.waitForFunction(() => {
        const { now } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state;
        return now.step === 3 && now.shown?.step === 3;
      }, POLL);
      const [badge, text, max] = await page.run((root) => [
        /** @type {HTMLElement} */ (root.querySelector('.live-badge')).hidden,
        /** @type {HTMLElement} */ (root.querySelector('.time-text')).innerText,
        /** @type {HTMLInputElement} */ (root.querySelector('.time-slider')).max,
      ]);
      assert.equal(badge, false);
      assert.match(String(text), /step 3 of 3/);
      assert.equal(max, '3');
      await page.run((_root, viewer) => viewer.setStep(1));
      append(folder, 4);
      await page.page.waitForFunction(() => /** @type {any} */ (
        document.querySelector('bores-viewer')).viewer.state.now.stepCount === 5, POLL);
      assert.equal(await page.run((_root, viewer) => viewer.state.now.step), 1,
        'who looks at another step stays there');
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}, {
  name: 'live: a run that is compared grows without a word of steps that the other one has not',
  async run({ open }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'bores-live-'));
    cpSync(path.join(runFolder('guide/wf_f64'), '.zgroup'), path.join(folder, '.zgroup'));
    for (const idx of [0, 1, 2]) append(folder, idx);
    const server = await serve({ '/growing.zarr': folder, '/other.zarr': runFolder('guide/wf_f64') });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=growing.zarr&t=2&b=other.zarr');
      await page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
        .viewer.state.now.shown?.values.pair, POLL);
      await page.run((_root, viewer) => {
        const told = /** @type {any} */ (globalThis).told = [];
        viewer.state.watch(['trouble'], (/** @type {any} */ { trouble }) => { if (trouble) told.push(trouble); });
      });
      append(folder, 3);
      await page.page.waitForFunction(() => {
        const { step, shown } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
        return step === 3 && shown?.step === 3 && shown.values.pair;
      }, POLL);
      assert.deepEqual(await page.run(() => /** @type {any} */ (globalThis).told), []);
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}, {
  name: 'live: a run that is finished costs a few bytes a look, and looks become rare',
  async run({ open }) {
    const server = await serve({ '/done.zarr': runFolder('guide/wf_f64') });
    try {
      /** @type {string[]} */ const asked = [];
      const page = await open({ url: server.url, before: async (tab) => {
        tab.on('request', (request) => {
          const { pathname } = new URL(request.url());
          if (pathname.startsWith('/done.zarr/')) asked.push(`${request.method()} ${pathname}`);
        });
      } });
      await page.load('bores=1&src=done.zarr&r=3000,3100');
      await page.settled();
      const look = 'GET /done.zarr/.zattrs';
      const settled = await page.page.evaluate(() => performance.now());
      const before = asked.length;
      const looks = () => asked.slice(before).filter((request) => request === look).length;
      for (const end = Date.now() + POLL.timeout; looks() < 3 && Date.now() < end;) await page.frames(5);
      assert.deepEqual([...new Set(asked.slice(asked.indexOf(look, before)))], [look]);
      // By the page's own clock two seconds lie between two looks, less what it rounds.
      const times = await page.page.evaluate((from) => performance.getEntriesByType('resource')
        .filter(({ name, startTime }) => name.endsWith('/done.zarr/.zattrs') && startTime > from)
        .map(({ startTime }) => startTime), settled);
      assert.ok(times.length >= 2, `${times}`); // the third may not have been answered yet
      times.forEach((time, n) => { if (n > 0) assert.ok(time - times[n - 1] >= 1990, `${times}`); });
    } finally {
      server.close();
    }
  },
}];
