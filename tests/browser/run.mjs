// SPDX-License-Identifier: MIT
// Runs tests/browser/*.browser.js and the cases of pages.mjs in Chromium and Firefox, real ones, without a window:
//
//     node tests/browser/run.mjs [--browser chromium|firefox] [filter]
//
// `filter` is a part of a file's name. Each file gets a page and an origin of its own, with nothing
// stored yet, over a server with a strict content security policy; `harness.js` says how one is
// written. The last line is "N passed, N failed", and the status is 1 when anything failed.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import puppeteer from 'puppeteer-core';

import { createStaticServer } from '../../js/cli/server/static-server.js';
import { sampleContent } from '../helpers/storage/content.js';
import { startServer } from '../helpers/storage/test-server.js';
import { commands, removeFolders } from './host/commands.mjs';
import { LAUNCH, cases, openPage, servePages } from './pages/pages.mjs';
import { OWN_SIGNALS, endBrowser, endsWithUs, within } from '../helpers/endings.mjs';
import { browserEnvironment as env } from '../helpers/environment.mjs';

/** @import { LaunchOptions, Browser } from 'puppeteer-core' */
/** @import { Result } from './harness.js' */

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const MODULE_TIMEOUT_MS = 20 * 60_000;
const LAUNCH_TIMEOUT_MS = 3 * 60_000;
const CLOSE_TIMEOUT_MS = 20_000;

/** @type {Record<string, LaunchOptions>} */
const BROWSERS = {
  chromium: {
    browser: 'chrome',
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-unsafe-swiftshader',
    ],
  },
  firefox: {
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: {
      'network.http.http3.enable': false,
      'datareporting.policy.dataSubmissionEnabled': false,
    },
  },
};

const { values, positionals } = parseArgs({
  options: { browser: { type: 'string' } },
  allowPositionals: true,
});
const wanted = values.browser === undefined ? Object.keys(BROWSERS) : [values.browser];
const unknown = wanted.find((name) => !(name in BROWSERS));
if (unknown !== undefined) {
  console.error(`no such browser: ${unknown}; there are ${Object.keys(BROWSERS).join(', ')}`);
  process.exit(2);
}
const modules = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.browser.js') && name.includes(positionals[0] ?? ''))
  .sort();

const pageCases = 'pages.mjs'.includes(positionals[0] ?? '') || positionals[0] === undefined ? cases : [];

const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const failures = [];
const server = await startServer(sampleContent(), { cors: true });
try {
  for (const name of wanted) await runBrowser(name);
} finally {
  await server.close();
  removeFolders();
}
for (const failure of failures) console.log(failure);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** @param {string} name */
async function runBrowser(name) {
  const browser = endsWithUs(await puppeteer.launch({
    ...BROWSERS[name],
    ...OWN_SIGNALS,
    ...(name === 'chromium' && { args: [...BROWSERS[name].args ?? [], ...LAUNCH.args] }),
    ...(name === 'firefox' && { extraPrefsFirefox: { ...BROWSERS[name].extraPrefsFirefox, ...LAUNCH.prefs } }),
    env,
    headless: true,
    timeout: LAUNCH_TIMEOUT_MS,
    protocolTimeout: MODULE_TIMEOUT_MS,
  }));
  try {
    for (const test of pageCases.filter(({ only = name }) => only === name)) await runCase(browser, name, test);
    for (const module of modules) {
      console.log(`${name}: ${module}`);
      let count = 0;
      const tell = (/** @type {Result} */ result) => {
        count += 1;
        report(name, module, result);
      };
      const failed = (/** @type {string} */ error) =>
        tell({ name: 'the page', error, ms: 0, notes: [] });
      await runPage(browser, module, tell).catch((error) => failed(String(error.stack)));
      if (count === 0) failed('no test was registered');
    }
  } finally {
    await endBrowser(browser);
  }
}

/**
 * @param {Browser} browser
 * @param {string} name
 * @param {import('./pages/pages.mjs').Case} test
 */
async function runCase(browser, name, test) {
  const server = await servePages();
  const started = performance.now();
  /** @type {import('puppeteer-core').Page[]} */
  const pages = [];
  /** @type {string | undefined} */
  let error;
  try {
    await test.run({ ...server, name, browser, open: async (address = server.url, context = undefined) => {
      const page = await openPage(browser, address, context);
      pages.push(page);
      return page;
    } });
  } catch (thrown) {
    error = String(/** @type {Error} */ (thrown).stack);
  }
  for (const page of pages) await within(CLOSE_TIMEOUT_MS, page.close());
  server.close();
  report(name, 'pages.mjs', { name: test.name, error, ms: performance.now() - started, notes: [] });
}

/**
 * @param {Browser} browser
 * @param {string} module
 * @param {(result: Result) => void} tell  called as tests end
 */
async function runPage(browser, module, tell) {
  const files = createStaticServer({ '/': root });
  await new Promise((resolve) => files.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (files.address());
  const page = await browser.newPage();
  try {
    page.on('pageerror', (error) => console.log(`    page error: ${error}`));
    await page.exposeFunction('tellHost', tell);
    await page.exposeFunction(
      'askHost',
      (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
        commands[command](page, ...args),
    );
    const query = new URLSearchParams({ module: `./${module}`, server: server.url });
    const address = `http://127.0.0.1:${port}/tests/browser/page.html?${query}`;
    await page.goto(address, { timeout: MODULE_TIMEOUT_MS });
    await page.evaluate(() => /** @type {any} */ (globalThis).finished.then(() => undefined));
  } finally {
    await within(CLOSE_TIMEOUT_MS, page.close());
    files.closeAllConnections();
    files.close();
  }
}

/**
 * @param {string} browser
 * @param {string} module
 * @param {Result} result
 */
function report(browser, module, { name, error, ms, notes }) {
  total[error === undefined ? 'passed' : 'failed'] += 1;
  console.log(`  ${error === undefined ? 'ok  ' : 'FAIL'} ${name} (${ms.toFixed(0)} ms)`);
  for (const note of notes) console.log(`       ${note}`);
  if (error === undefined) return;
  const lines = `${browser}: ${error.replaceAll('\n', '\n       ')}`;
  console.log(`       ${lines}`);
  failures.push(`FAIL ${module}: ${name}\n       ${lines}`);
}
