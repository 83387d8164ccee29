// SPDX-License-Identifier: MIT
// Commits to IndexedDB and to the log in the origin-private file system, in Chromium and Firefox, beside
// one plain `put`, or one plain file, of the same bytes. All take turns; a ratio is of one turn.
import { endBrowser } from '../helpers/endings.mjs';
import { launch, serve } from '../viewer/viewer-driver.mjs';
import { line, median, root } from './lib.mjs';

export const title = 'Commits in browsers (8 MB of 450 values each)';

export async function run() {
  const server = await serve({ '/js': `${root}/js`, '/tests': `${root}/tests` });
  try {
    for (const name of ['chromium', 'firefox']) {
      const turns = await measure(name, server.url);
      for (const way of ['idb', 'opfs']) {
        const of = (/** @type {string} */ key) => `${(median(turns.map((turn) => turn[key])) / 1e6).toFixed(0)} MB/s`;
        const ratio = median(turns.map((turn) => turn[way] / turn[`${way}, plain`]));
        line(`${name}, ${way}, over the plain way (${of(`${way}, plain`)})`, of(way), ratio, 0.7);
      }
    }
  } finally {
    server.close();
  }
}

/**
 * @param {string} name
 * @param {string} url
 * @returns {Promise<Record<string, number>[]>}
 */
async function measure(name, url) {
  const browser = await launch(name);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(url);
    const { turns, error } = await page.evaluate(() => new Promise((resolve) => {
      const worker = new Worker('/tests/bench/browser-storages-worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => resolve({ error: message });
    }));
    if (error) throw new Error(`${name}: ${error}`);
    return turns;
  } finally {
    await endBrowser(browser);
  }
}
