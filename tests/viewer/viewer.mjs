// SPDX-License-Identifier: MIT
// End-to-end tests of the built viewer in Chromium and Firefox, over a server with the strict
// content security policy:
//
//     node tests/viewer/viewer.mjs [--browser chromium|firefox] [part of a test's name …]
//
// At the end all that failed is said once more; the last line is "N passed, N failed". Expected
// values: viewer-expected.json, which zarr-python and matplotlib made (viewer-expected.py).

import { parseArgs } from 'node:util';

import { cases as cells } from './cells/viewer-cells.mjs';
import { cases as axe } from './page/viewer-axe.mjs';
import { cases as comparisons } from './viewer-compare.mjs';
import { cases as embeds } from './page/viewer-embed.mjs';
import { cases as eclipse } from './viewer-eclipse.mjs';
import { cases as elements } from './viewer-element.mjs';
import { cases as fences } from './fence/viewer-fence.mjs';
import { cases as failures } from './viewer-failures.mjs';
import { cases as films } from './viewer-film.mjs';
import { cases as hdf5 } from './viewer-hdf5.mjs';
import { cases as legends } from './cells/viewer-legend.mjs';
import { cases as large } from './page/viewer-large.mjs';
import { cases as library } from './page/viewer-library.mjs';
import { cases as live } from './viewer-live.mjs';
import { cases as offline } from './page/viewer-offline.mjs';
import { cases as pictures } from './viewer-pictures.mjs';
import { cases as results } from './viewer-results.mjs';
import { cases as runs } from './page/viewer-runs.mjs';
import { cases as saving } from './viewer-save.mjs';
import { cases as simulations } from './viewer-simulate.mjs';
import { cases as slices } from './viewer-slice.mjs';
import { cases as times } from './viewer-time.mjs';
import { cases as truths } from './viewer-truth.mjs';
import { cases as uses } from './viewer-uses.mjs';
import { endBrowser, within } from '../helpers/endings.mjs';
import { launch, serve, ViewerPage } from './viewer-driver.mjs';
import { startServer } from '../helpers/storage/test-server.js';

/**
 * @typedef {object} Context
 * @property {string} browser
 * @property {(options?: any) => Promise<ViewerPage>} open  a page with nothing loaded yet; options
 *   of ViewerPage.create(), and the viewer's `url`
 * @property {string} elsewhere  address of a server of another origin, which answers 404
 */
/**
 * Firefox has no WebGL where there is no screen, so there the slice is the picture.
 * @typedef {object} Case
 * @property {string} name
 * @property {'chromium'} [only]  why is said beside it
 * @property {boolean} [complains]  the browser itself logs an error that is part of the test
 * @property {(context: Context) => Promise<void>} run  throws where something is wrong
 */

const { values, positionals } = parseArgs({
  options: { browser: { type: 'string' } }, allowPositionals: true,
});
const browsers = values.browser ? [values.browser] : ['chromium', 'firefox'];
const wanted = [...pictures, ...uses, ...results, ...simulations, ...saving, ...live, ...hdf5, ...failures, ...elements,
  ...truths, ...times, ...slices, ...axe, ...offline, ...library, ...large, ...runs, ...embeds, ...comparisons,
  ...cells, ...eclipse, ...legends, ...films, ...fences]
  .filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
const total = { passed: 0, failed: 0 };
/** @type {string[]} */ const failed = [];

const server = await serve();
const elsewhere = await startServer(new Map(), { cors: true });
try {
  for (const name of browsers) await runBrowser(name);
} finally {
  server.close();
  await elsewhere.close();
}
for (const failure of failed) console.log(failure);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** @param {string} name */
async function runBrowser(name) {
  const browser = await launch(name);
  try {
    for (const test of wanted) {
      if (test.only === undefined || test.only === name) await runCase(browser, name, test);
    }
  } finally {
    await endBrowser(browser);
  }
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} name
 * @param {Case} test
 */
async function runCase(browser, name, test) {
  const started = performance.now();
  /** @type {ViewerPage[]} */ const pages = [];
  // Nothing is left of the test before: no kept run, no choice of a theme.
  const context = await browser.createBrowserContext();
  let error;
  try {
    await test.run({
      browser: name,
      elsewhere: elsewhere.url,
      async open({ url = server.url, ...options } = {}) {
        const page = await ViewerPage.create(context, url, options);
        pages.push(page);
        return page;
      },
    });
    const complaints = pages.flatMap((page) => page.complaints);
    if (complaints.length > 0 && !test.complains) throw new Error(complaints.join('\n'));
  } catch (thrown) {
    error = thrown;
  }
  await within(20_000, context.close());
  total[error === undefined ? 'passed' : 'failed'] += 1;
  const time = `${(performance.now() - started).toFixed(0)} ms`;
  console.log(`${error === undefined ? 'ok  ' : 'FAIL'} ${name}: ${test.name} (${time})`);
  if (error === undefined) return;
  const text = String(/** @type {Error} */ (error).stack ?? error);
  console.log(text);
  failed.push(`FAIL ${name}: ${test.name}\n${text}`);
}
