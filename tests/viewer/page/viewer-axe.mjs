// SPDX-License-Identifier: MIT
// What Deque's axe-core finds: nothing serious, at three widths, in both themes, wherever one can be.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { resize } from '../viewer-driver.mjs';

/** @import { Case } from '../viewer.mjs' */
/** @import { ViewerPage } from '../viewer-driver.mjs' */

const SIZES = [[390, 844], [1280, 720], [1920, 1080]];
/** Findings of these impacts are failures; the others are said in the message. */
const GRAVE = new Set(['critical', 'serious', 'moderate']);

/** @param {ViewerPage} page @param {string} where @param {string[]} [rules]  all, if there are none */
async function check(page, where, rules = []) {
  const found = await page.page.evaluate(async (only) => {
    const { axe } = /** @type {any} */ (globalThis);
    const { violations } = await axe.run(document, { resultTypes: ['violations'],
      ...(only.length > 0 ? { runOnly: only } : { rules: { 'target-size': { enabled: true } } }) });
    return violations.map((/** @type {any} */ { id, impact, nodes }) => ({ id, impact,
      nodes: nodes.slice(0, 3).map((/** @type {any} */ { target, failureSummary }) =>
        `${target.flat().at(-1)}: ${failureSummary}`) }));
  }, rules);
  const grave = found.filter((/** @type {any} */ { impact }) => GRAVE.has(impact));
  assert.deepEqual(grave, [], `${where}: ${JSON.stringify(grave, null, 1)}`);
}

/** @param {ViewerPage} page @param {string} what @param {() => Promise<unknown>} [arrive] */
async function everywhere(page, what, arrive) {
  for (const [width, height] of SIZES) {
    await resize(page.page, { width, height });
    for (const [theme, ...rules] of [['light'], ['dark', 'color-contrast']]) { // a theme is colours, and nothing else
      await page.page.evaluate((name) => document.querySelector('bores-viewer')?.setAttribute('theme', name), theme);
      await page.frames(2);
      await arrive?.();
      await check(page, `${what}, ${width} × ${height}, ${theme}`, rules);
    }
  }
}

/** @param {ViewerPage} page */
async function inject(page) {
  await page.page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
}

/** @type {Case[]} */
export const cases = [{
  // Check 20, of those who read otherwise; with the next ones.
  name: 'axe: nothing grave on the start page',
  only: 'chromium', // the same elements and styles
  async run({ open }) {
    const page = await open();
    await page.load();
    await inject(page);
    await everywhere(page, 'start');
  },
}, {
  name: 'axe: nothing grave in a run, its tabs and dialogs',
  only: 'chromium', // the same elements and styles
  async run({ open }) {
    const page = await open();
    await page.sample('&c=4,3,1&t=3');
    await page.find('.plot canvas');
    await inject(page);
    await everywhere(page, 'run');
    await resize(page.page, { width: 390, height: 844 });
    for (const tab of ['look', 'cells', 'cell', 'slice', 'ask']) {
      await (await page.find(`.tabs [data-name=${tab}]`)).click();
      await check(page, `tab ${tab}`);
    }
    await resize(page.page, { width: 1280, height: 720 });
    for (const [button, dialog] of [['[aria-label=Help]', '.help'], ['[aria-label^="Save as"]', '.save-dialog'],
      ['.slice-panel [aria-label$=table]', '.slice-table']]) {
      await (await page.find(button)).click();
      await page.find(`${dialog}[open]`);
      await check(page, dialog);
      await page.page.keyboard.press('Escape');
    }
    await (await page.find('.results-button')).click();
    await page.find('.results canvas');
    await check(page, 'results');
    await page.run((_root, viewer) => viewer.ask({ open: true, pins: [[0, 0, 0]], filters: [
      { id: 'model.fluid_properties.pressure_grid', exclude: false, on: true, range: [null, 3080] },
      { id: 'model.saturation_history.water_imbibition_flag_grid', exclude: true, on: true, set: [1] }],
    cross: { x: 'model.rock_properties.porosity_grid', y: 'model.fluid_properties.pressure_grid', brush: null } }));
    await page.find('.categories input');
    await page.find('.profile circle');
    await page.click('.curve-data [aria-expanded]');
    await check(page, 'filter');
  },
}, {
  name: 'where a system forces its colours, those of the data stay, and sliders have a track',
  only: 'chromium', // its protocol can force them
  async run({ open }) {
    const page = await open();
    await page.sample('&ask=1&t=3');
    const bars = () => page.until((root) => {
      const found = [...root.querySelectorAll('.bars i')].map((bar) => getComputedStyle(bar).backgroundColor);
      return found.length > 0 && found;
    });
    await bars();
    const session = await page.page.createCDPSession();
    await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
    await page.until(() => matchMedia('(forced-colors: active)').matches);
    assert.ok(new Set(await bars()).size > 3); // all of them would be as the page's background
    // A list of selectors with one that a browser does not know is no rule for it.
    const tracks = await page.run((root) => root.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => rule instanceof CSSMediaRule && rule.conditionText.includes('forced-colors')
        && rule.cssText.includes('::-webkit-slider-runnable-track')).length);
    assert.equal(tracks, 1);
  },
}, {
  name: 'axe: nothing grave where a run could not be opened',
  only: 'chromium', // the same elements and styles
  async run({ open }) {
    const page = await open();
    await page.load();
    await page.run((_root, viewer) => viewer.fail({ title: 'x cannot be opened', message: 'why', advice: 'do',
      code: 'ERR_CORRUPT' }));
    await inject(page);
    await check(page, 'failure');
  },
}, {
  name: 'panels fold to their headings, and where there is little room those do that are wanted less',
  async run({ open }) {
    const page = await open({ viewport: { width: 1280, height: 720 } });
    await page.sample();
    const seen = () => page.run((root) => {
      const list = /** @type {HTMLElement} */ (root.querySelector('.property-list')).getBoundingClientRect();
      return { folds: [...root.querySelectorAll('.fold')].map((fold) => fold.getAttribute('aria-expanded')),
        rows: [...root.querySelectorAll('.option')].filter((option) => {
          const { top, bottom } = option.getBoundingClientRect();
          return top >= list.top && bottom <= list.bottom + 1;
        }).length };
    });
    // The note of what is read for the range takes a line, and the heading would move from under the click.
    await page.scanned();
    const low = await seen();
    assert.deepEqual(low.folds, ['true', 'false', 'false']);
    assert.ok(low.rows >= 4, `${low.rows} properties are seen`);
    await (await page.find('.fold')).click();
    const folded = await seen();
    assert.equal(folded.folds[0], 'false');
    assert.ok(folded.rows > low.rows + 2, `${folded.rows} properties are seen`);
  },
}];
