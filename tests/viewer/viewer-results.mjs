// SPDX-License-Identifier: MIT
// The Results panel. Expected numbers were computed from the sample's arrays by an independent code in
// float64 (tests/data/analyst, guide_wf_f64, view "all").

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { POLL, SAMPLE } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

const OIL_PRODUCED = 3170.21024219434; // cumulativeOilProduced
const OIL_IN_PLACE = 981778.90013545; // stoiip

/** The curves that are drawn, once the run has been read through. @param {ViewerPage} page @param {number} count */
async function legend(page, count) {
  await page.page.waitForFunction((wanted) => {
    const root = document.querySelector('bores-viewer')?.shadowRoot;
    const reading = /** @type {HTMLElement | null} */ (root?.querySelector('.results progress'));
    return reading?.hidden && root?.querySelectorAll('.result-legend .now').length === wanted
      && root.querySelector('.result-plot canvas');
  }, POLL, count);
  return page.run((root) => [...root.querySelectorAll('.result-legend li')].map((li) => li.textContent));
}

/** Until these runs are laid over, each of them whole. @param {ViewerPage} page @param {string[]} names */
function chips(page, names) {
  return page.page.waitForFunction((wanted) => [...document.querySelector('bores-viewer')?.shadowRoot
    ?.querySelectorAll('.overlays .chip') ?? []].map((chip) => chip.firstChild?.textContent).join() === wanted,
  POLL, names.join());
}

/** The table's last row, as numbers. @param {ViewerPage} page */
async function lastRow(page) {
  await page.run((root) => { /** @type {HTMLDetailsElement} */ (root.querySelector('.results-table')).open = true; });
  await page.find('.results-table tbody tr');
  return page.run((root) => [...root.querySelectorAll('.results-table tbody tr:last-child > *')]
    .map((cell) => Number(cell.textContent)));
}

/** @type {Case[]} */
export const cases = [{
  name: 'results: curves are the independent answers, the line in time can be dragged, a link restores all',
  async run({ open }) {
    const page = await open({ viewport: { width: 1400, height: 900 } });
    await page.sample('&t=22');
    await page.click('.results-button');
    await legend(page, 3);
    await page.run((root) => [...root.querySelectorAll('.presets button')]
      .forEach((button) => { if (button.textContent === 'Cumulatives') /** @type {HTMLElement} */ (button).click(); }));
    await page.until((root) =>
      /^Oil produced3170\.2 STB/.test(root.querySelector('.result-legend li')?.textContent ?? ''));
    await legend(page, 3);
    const [step, days, oil] = await lastRow(page);
    assert.deepEqual([step, Math.round(days)], [22, 60]);
    assert.ok(Math.abs(oil - OIL_PRODUCED) < 1e-6 * OIL_PRODUCED, `${oil}, not ${OIL_PRODUCED}`);
    const over = await page.box('.result-plot .u-over');
    await page.page.mouse.move(over.x + over.width - 20, over.y + 30);
    await page.page.mouse.down();
    await page.run((root) => root.querySelector('.results')?.dispatchEvent(new Event('themechange'))); // drawn anew
    await page.page.mouse.move(over.x + 1, over.y + 30, { steps: 4 });
    await page.page.mouse.up();
    await page.shown();
    assert.equal((await page.state()).step, 0);
    await page.page.waitForFunction(() => /rq=OPT~WPT~GPT/.test(location.hash) && !/\bt=[1-9]/.test(location.hash), POLL);
    const hash = await page.page.evaluate(() => location.hash.slice(1));
    const again = await open({ viewport: { width: 1400, height: 900 } });
    await again.load(`${hash.replace('rq=OPT~WPT~GPT', 'rq=OIP')}`);
    await again.shown();
    const [place] = await legend(again, 1);
    assert.match(String(place), new RegExp(`^Oil in place${Math.round(OIL_IN_PLACE)} STB`));
  },
}, {
  name: 'results: another run is laid over, a decline has two handles, and a well shows its own curves',
  async run({ open }) {
    const page = await open({ viewport: { width: 1400, height: 900 } });
    await page.sample('&rq=OPT');
    await legend(page, 1);
    const file = readFileSync(fileURLToPath(new URL(`../../web/${SAMPLE}`, import.meta.url))).toString('base64');
    await page.run((root, _viewer, base64) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'other.zarr.zip'));
      const input = /** @type {HTMLInputElement} */ (root.querySelector('.overlay-box input[type=file]'));
      input.files = data.files;
      input.dispatchEvent(new Event('change'));
    }, file);
    const both = await legend(page, 2);
    assert.match(both.join(), /waterflood\.zarr\.zip.*other\.zarr\.zip/s);
    await page.click('.chip button');
    await legend(page, 1);
    await page.click('.decline .check input');
    await page.page.waitForFunction(() => /rf=oil,best/.test(location.hash), POLL);
    await page.until((root) => /Ultimate recovery/.test(root.querySelector('.decline .facts')?.textContent ?? ''));
    await page.click('.well-table tbody button');
    await page.page.waitForFunction(() => /rs=W:/.test(decodeURIComponent(location.hash)), POLL);
  },
}, {
  name: 'results: runs that are laid over together all come, and one that cannot be read is taken away and told',
  async run({ open }) {
    const page = await open({ viewport: { width: 1400, height: 900 } });
    await page.sample('&rq=OPT');
    await legend(page, 1);
    const url = String(new URL(SAMPLE, page.url));
    await page.run((_root, viewer, location) => viewer.set({ beside: [
      { location, name: 'one' }, { location, name: 'two' }, { location, name: 'three' }] }), url);
    const four = await legend(page, 4);
    assert.match(four.join(), /one.*two.*three/s);
    await chips(page, ['one', 'two', 'three']);
    // Its steps are listed and its grid is read; what the analyst needs of later ones is damaged.
    await page.run(async (root, _viewer, location) => {
      const bytes = new Uint8Array(await (await fetch(location)).arrayBuffer());
      bytes.fill(0, bytes.length * 0.5, bytes.length * 0.6);
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'damaged.zarr.zip'));
      const input = /** @type {HTMLInputElement} */ (root.querySelector('.overlay-box input[type=file]'));
      input.files = data.files;
      input.dispatchEvent(new Event('change'));
    }, url);
    await page.page.waitForFunction(() => /damaged\.zarr\.zip cannot be laid over: ./.test(document
      .querySelector('bores-viewer')?.shadowRoot?.querySelector('.result-remark')?.textContent ?? ''), POLL);
    await chips(page, ['one', 'two', 'three']);
    await legend(page, 4);
  },
}];
