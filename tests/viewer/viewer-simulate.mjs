// SPDX-License-Identifier: MIT
// Simulations on the page: computed, seen while they compute, kept, gone on with, branched.

import assert from 'node:assert/strict';

import { POLL, SAMPLE } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

/** Starts a scenario with its own numbers but for some. @param {ViewerPage} page @param {string} id @param {Record<string, number>} values */
async function start(page, id, values) {
  await page.load();
  await page.find('[data-scenario]');
  await page.run((root, _viewer, scenario, changed) => {
    /** @type {HTMLElement} */ (root.querySelector(`[data-scenario="${scenario}"]`)).click();
    for (const [name, value] of Object.entries(/** @type {Record<string, number>} */ (changed))) {
      /** @type {HTMLInputElement} */ (root.querySelector(`.scenario-dialog input[name="${name}"]`)).value = String(value);
    }
    /** @type {HTMLElement} */ (root.querySelector('.scenario-dialog button.primary')).click();
  }, id, values);
}

/** Until the bar says so. @param {ViewerPage} page @param {string} words */
function says(page, words) {
  return page.page.waitForFunction((wanted) => new RegExp(wanted).test(document.querySelector('bores-viewer')
    ?.shadowRoot?.querySelector('.sim-bar')?.textContent ?? ''), POLL, words);
}

/** Until so many states are in the viewer. @param {ViewerPage} page @param {number} count */
function holds(page, count) {
  return page.page.waitForFunction((wanted) => /** @type {any} */ (document.querySelector('bores-viewer'))
    .viewer.state.now.run?.steps.length >= wanted, POLL, count);
}

/**
 * Once a part of all days is simulated, presses Pause or leaves the page, as if the tab had been closed. The page
 * itself looks: a test that asks from outside may come when a short run has ended.
 * @param {ViewerPage} page
 * @param {number} part
 * @param {'pause' | 'leave'} then
 */
async function interrupt(page, part, then) {
  await page.find('.sim-bar progress');
  await page.run((root, _viewer, wanted, what) => {
    const looks = setInterval(() => {
      const { value, max } = /** @type {HTMLProgressElement} */ (root.querySelector('.sim-bar progress'));
      if (value < wanted * max) return;
      clearInterval(looks);
      if (what === 'leave') location.assign('about:blank');
      else /** @type {HTMLElement} */ (root.querySelector('.sim-bar button')).click();
    }, 1);
  }, part, then);
  if (then === 'pause') await says(page, 'paused');
  else await page.page.waitForFunction(() => location.href === 'about:blank', POLL);
}

/** A policy of the page's host, beside its own. @param {import('puppeteer-core').Page} page */
const forbidWorkers = (page) => page.evaluateOnNewDocument(() => {
  new MutationObserver((_changes, observer) => {
    if (!document.head) return;
    observer.disconnect();
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "worker-src 'none'";
    document.head.prepend(policy);
  }).observe(document, { childList: true, subtree: true });
});

/** Of its steps. @param {ViewerPage} page @returns {Promise<number[]>} */
async function days(page) {
  await page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
    .viewer.state.now.run.steps.every((/** @type {any} */ { time }) => time !== null), POLL);
  return page.run((_root, viewer) => viewer.state.now.run.steps.map((/** @type {any} */ { time }) =>
    Math.round(time / 864) / 100));
}

/** @type {Case[]} */
export const cases = [{
  name: 'simulate: a flood runs in the page, its curve follows Buckley and Leverett, and it has another future',
  async run({ open }) {
    const page = await open({ viewport: { width: 1400, height: 900 } });
    await start(page, 'line-drive', { years: 3 });
    await says(page, 'Finished: 1096 days');
    await holds(page, 61);
    await page.until((root) => {
      /** @type {HTMLDetailsElement} */ (root.querySelector('.results-table')).open = true;
      return root.querySelectorAll('.results-table tbody tr').length >= 61;
    });
    // Water arrives when Buckley and Leverett (1942) with Welge's shock (1952) say, but for what 60 cells smear.
    const { found, paper } = await page.run((root, viewer) => {
      const rows = [...root.querySelectorAll('.results-table tbody tr')].map((row) => [...row.children].map((cell) => Number(cell.textContent)));
      const points = viewer.state.now.paper[0].points;
      return { found: rows.find(([, , waterCut]) => waterCut > 0.4)?.[1], paper: points.find((/** @type {number[]} */ [, value]) => value > 0)[0] };
    });
    assert.ok(found !== undefined && Math.abs(found - paper) < 0.1 * paper, `day ${found}, on paper ${paper}`);
    await page.run((root, viewer) => {
      viewer.setStep(20);
      const press = (/** @type {string} */ words, box = root) => /** @type {HTMLElement} */ (
        [...box.querySelectorAll('.sim-bar button')].find((button) => button.textContent?.includes(words))).click();
      press('Change wells');
      /** @type {HTMLInputElement} */ (root.querySelector('.sim-bar dialog input[type=number]')).value = '800';
      /** @type {HTMLElement} */ (root.querySelector('.sim-bar dialog button.primary')).click();
    });
    await page.page.waitForFunction(() => /changed on day/.test(document.title), POLL);
    await says(page, 'Finished');
    await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
      ?.querySelectorAll('.result-legend .now').length === 4, POLL);
    await holds(page, 61);
  },
}, {
  name: 'simulate: where no worker may be started it runs in the page, which goes on living',
  complains: true, // of its policy
  async run({ open }) {
    const page = await open({ before: forbidWorkers });
    await start(page, 'gas-cap', {});
    await page.run(() => {
      const counter = /** @type {any} */ (globalThis);
      counter.turns = 0;
      const bar = () => document.querySelector('bores-viewer')?.shadowRoot?.querySelector('.sim-bar')?.textContent ?? '';
      setInterval(() => { counter.turns += bar().includes('Finished') ? 0 : 1; }, 1);
    });
    await says(page, 'Finished');
    await holds(page, 61);
    const turns = Number(await page.page.evaluate('globalThis.turns'));
    // It gives way with each of 61 states; a page that stands still has one turn or two.
    assert.ok(turns > 10, `the page had ${turns} turns while it computed`);
    assert.ok(page.complaints.some((text) => /worker-src/.test(text)), `a worker was asked for: ${page.complaints}`);
  },
}, {
  name: 'simulate: a page that is closed on the way loses nothing, and the run goes on',
  async run({ open }) {
    const page = await open();
    await start(page, 'coning', {}); // long enough not to end meanwhile
    await interrupt(page, 0.1, 'leave');
    await page.load();
    await page.says('.unfinished button', /^Go on with Water coning/);
    await page.click('.unfinished button');
    await says(page, 'Finished');
    await holds(page, 61);
    const numbers = await page.run((_root, viewer) => viewer.state.now.run.steps.map((/** @type {any} */ { step }) => step));
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), 'no state twice, none left out');
  },
}, {
  name: 'simulate: a run that was gone on with has another future from any day',
  async run({ open }) {
    const page = await open();
    await start(page, 'line-drive', {});
    await interrupt(page, 0.15, 'pause');
    await holds(page, 6);
    await page.load(); // as if the tab had been closed
    await page.click('.unfinished button');
    await says(page, 'Finished');
    await holds(page, 61);
    const wanted = await days(page);
    await page.run((root, viewer) => {
      viewer.setStep(2); // long before the day on which it was gone on with
      /** @type {HTMLElement} */ ([...root.querySelectorAll('.sim-bar button')].find((button) =>
        button.textContent?.includes('Change wells'))).click();
      /** @type {HTMLInputElement} */ (root.querySelector('.sim-bar dialog input[type=number]')).value = '800';
      /** @type {HTMLElement} */ (root.querySelector('.sim-bar dialog button.primary')).click();
    });
    await page.page.waitForFunction(() => /changed on day/.test(document.title), POLL);
    await says(page, 'Finished');
    await holds(page, 61);
    assert.deepEqual(await days(page), wanted, 'all days of the run it branches off, each once');
  },
}, {
  name: 'simulate: closed before anything was saved it begins again, and what is not known any more says so',
  async run({ open }) {
    const page = await open();
    const known = (/** @type {string} */ name) => page.run((_root, _viewer, key) => {
      localStorage.setItem('bores-simulations', JSON.stringify({ [key]: { scenario: 'segregation',
        values: { kv: 200, viscosity: 1.5, years: 4 }, changes: [], from: null, finished: false } }));
    }, name);
    await page.load();
    await known('Forgotten');
    await page.load();
    await page.find('.unfinished button');
    await page.run((root) => {
      localStorage.removeItem('bores-simulations'); // by another tab
      /** @type {HTMLElement} */ (root.querySelector('.unfinished button')).click();
    });
    await page.page.waitForFunction(() => /not known any more/.test(/** @type {any} */ (
      document.querySelector('bores-viewer')).viewer.state.now.failure?.message), POLL);
    await known('Without a state');
    await page.load();
    await page.click('.unfinished button');
    await says(page, 'Finished');
    await holds(page, 61);
  },
}, {
  name: 'simulate: what was cancelled does not begin, and what was opened meanwhile stays',
  async run({ open }) {
    const page = await open();
    // Once the simulator has been fetched, it has begun, or it does not. Its bar says what it simulates.
    const begun = async () => {
      await page.find('.sim-bar');
      await page.frames(5);
      return page.text('.sim-bar b');
    };
    await page.load();
    await page.find('[data-scenario]');
    await page.run((root, viewer) => {
      /** @type {HTMLElement} */ (root.querySelector('[data-scenario="segregation"]')).click();
      /** @type {HTMLElement} */ (root.querySelector('.scenario-dialog button.primary')).click();
      viewer.close(); // as Cancel does, while the simulator is being fetched
    });
    assert.equal(await begun(), '');
    assert.equal((await page.state()).phase, 'empty');
    assert.equal(await page.run(() => localStorage.getItem('bores-simulations')), null);
    await start(page, 'segregation', {});
    await page.run((_root, _viewer, hash) => { location.hash = hash; }, `bores=1&src=${SAMPLE}`);
    await page.shown();
    assert.equal(await begun(), '');
    assert.equal((await page.state()).source, SAMPLE);
  },
}];
