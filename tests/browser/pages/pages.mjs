// SPDX-License-Identifier: MIT
// What takes several pages, or pages of a kind of their own: other hosts, policies, sandboxes, storage that
// is full or deleted. Each case is one that somebody met: of all that was acknowledged nothing is missing,
// and what goes wrong is a BoresError, soon.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { deepEqual, equal, ok } from '../../helpers/storage/assert.js';
import { within } from '../../helpers/endings.mjs';

/**
 * @import { Browser, BrowserContext, Frame, Page } from 'puppeteer-core'
 * @typedef {{ value?: any, code?: string, message?: string }} Outcome
 * @typedef {{ name: string, browser: Browser, url: string, insecure: string, other: string,
 *   open: (address?: string, context?: BrowserContext) => Promise<Page> }} Context
 * @typedef {{ name: string, only?: string, run: (context: Context) => Promise<void> }} Case
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const TYPES = /** @type {Record<string, string>} */ ({ '.html': 'text/html; charset=utf-8', '.js': 'text/javascript',
  '.wasm': 'application/wasm' });
const PAGE = '/tests/browser/pages/bare.html';
/** A name of this machine that is no secure context: there are no Web Locks. */
const INSECURE = 'insecure.test';
const SOON_MS = 180_000; // on a busy machine
/** In which two tabs write at the same time once. */
const MOST_ROUNDS = 100;

/** Arguments and preferences that a browser needs for these cases. */
export const LAUNCH = { args: [`--host-resolver-rules=MAP ${INSECURE} 127.0.0.1`], prefs: { 'network.dns.localDomains': INSECURE } };

/** Beside the repository's files: pages of a policy, a frame in a sandbox, and what forgets the origin's data. */
export async function servePages() {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const file = path.join(root, url.pathname);
    /** @type {Record<string, string>} */
    const headers = { 'Cache-Control': 'no-cache', ...(url.searchParams.has('shared') && { 'Access-Control-Allow-Origin': '*' }),
      ...(request.headers.origin === 'null' && { 'Access-Control-Allow-Origin': '*' }),
      ...(url.searchParams.has('strict') && { 'Content-Security-Policy': "worker-src 'none'; script-src 'self' 'wasm-unsafe-eval'" }) };
    const answer = (/** @type {string | Buffer} */ body, /** @type {Record<string, string>} */ more) => {
      response.writeHead(200, { ...headers, ...more });
      response.end(body);
    };
    if (url.pathname === '/clear') return answer('cleared', { 'Clear-Site-Data': '"storage"' });
    if (url.pathname === '/sandbox') return answer(`<iframe sandbox="allow-scripts" src="${PAGE}"></iframe>`, { 'Content-Type': TYPES['.html'] });
    if (!file.startsWith(root) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return undefined;
    }
    if (url.searchParams.has('gzip')) {
      const parts = /** @type {Buffer[]} */ ([]);
      return createReadStream(file).on('data', (part) => parts.push(/** @type {Buffer} */ (part)))
        .on('end', () => answer(gzipSync(Buffer.concat(parts)), { 'Content-Encoding': 'gzip' }));
    }
    response.writeHead(200, { ...headers, 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    return createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://localhost:${port}`, insecure: `http://${INSECURE}:${port}`, other: `http://127.0.0.1:${port}`,
    close: () => { server.closeAllConnections(); server.close(); } };
}

/**
 * @param {Browser} browser
 * @param {string} address
 * @param {BrowserContext} [context]
 */
export async function openPage(browser, address, context) {
  const page = await (context ?? browser).newPage();
  await page.goto(address, { timeout: SOON_MS });
  await page.waitForFunction('globalThis.actions', { timeout: SOON_MS, polling: 50 });
  return page;
}

/**
 * Asks a page to do something.
 * @param {Page | Frame} page
 * @param {string} action
 * @param {...unknown} args
 * @returns {Promise<any>}
 */
async function ask(page, action, ...args) {
  /** @type {any} */
  let result;
  const asked = page.evaluate((name, given) => /** @type {any} */ (globalThis).actions[name](...given), action, args)
    .then((value) => { result = value; }, (error) => { result = { code: 'runner', message: String(error) }; });
  ok(await within(SOON_MS, asked), `${action}(${args.join(', ')}) does not end`);
  return result;
}

/** @param {Outcome} outcome @param {string} what */
function isOurs({ code, message, value }, what) {
  ok(code?.startsWith('ERR_'), `${what}: ${code ?? JSON.stringify(value)} ${message ?? ''}`);
}

/** @param {Outcome[]} outcomes  of append */
const acknowledged = (outcomes) => outcomes.flatMap(({ value }) => (value === undefined ? [] : [value]));

/** @type {Case[]} */
export const cases = [
  ...['idb:two', 'idb:two.h5'].map((place) => ({
    name: `two tabs append to ${place} where there are no Web Locks`,
    run: async (/** @type {Context} */ { open, insecure }) => {
      const tabs = [await open(insecure + PAGE), await open(insecure + PAGE)];
      const isTold = (/** @type {Outcome} */ { code }) => code === 'ERR_LOCKED';
      /** @type {Outcome[]} */ const said = [];
      // One may be done before the other begins: then they try again.
      for (let round = 0; round < MOST_ROUNDS && !said.some(isTold); round += 1) {
        said.push(...(await Promise.all(tabs.map((tab, n) => ask(tab, 'append', place,
          Array.from({ length: 12 }, (_, i) => 1000 * n + 12 * round + i), {})))).flat());
      }
      for (const outcome of said) if (outcome.value === undefined) isOurs(outcome, 'the other tab');
      for (const tab of tabs) await ask(tab, 'close', place);
      const { value, message } = await ask(tabs[0], 'steps', place);
      ok(value, String(message));
      deepEqual(acknowledged(said).filter((step) => !value.includes(step)), [], 'acknowledged and missing');
      ok(acknowledged(said).length >= 12, 'one tab at least has written all');
      ok(said.some(isTold), 'the other one was told');
    },
  })),
  {
    name: 'a policy without workers',
    run: async ({ open, url }) => {
      const page = await open(`${url}${PAGE}?strict`);
      deepEqual(acknowledged(await ask(page, 'append', 'idb:w', [0, 1], {})), [0, 1]);
      const streamed = await ask(page, 'stream', 'idb:background');
      equal(streamed.value, 3, streamed.message);
      for (const [place, options] of [['opfs:w', {}], ['opfs:v', { worker: false }], ['opfs:w.h5', {}]]) {
        const [said] = await ask(page, 'append', place, [0], options);
        isOurs(said, `${place} ${JSON.stringify(options)}`);
        ok(/worker/.test(said.message), said.message);
      }
      const wanted = await ask(page, 'look', 'idb:w', { worker: true });
      equal(wanted.code, 'ERR_WORKER', wanted.message);
    },
  },
  {
    name: 'a frame in a sandbox',
    run: async ({ open, url, browser }) => {
      const page = await browser.newPage();
      await page.goto(`${url}/sandbox`);
      const frame = await page.waitForFrame((one) => one !== page.mainFrame());
      await frame.waitForFunction('globalThis.actions', { timeout: SOON_MS, polling: 50 });
      deepEqual(acknowledged(await ask(frame, 'append', 'memory:x', [0], {})), [0]);
      for (const place of ['opfs:x', 'opfs:x.h5', 'opfs:x.json', 'idb:x', 'idb:x.h5']) isOurs(await ask(frame, 'look', place, {}), place);
      await page.close();
      void open;
    },
  },
  ...['opfs:gone', 'opfs:gone.h5', 'idb:gone', 'idb:gone.h5', 'handle:gone'].map((place) => ({
    name: `the site's data are deleted while ${place} is open`,
    run: async (/** @type {Context} */ { open, url }) => {
      const page = await open(url + PAGE);
      deepEqual(acknowledged(await ask(page, 'append', place, [0, 1, 2], {})), [0, 1, 2]);
      const reader = await open(url + PAGE);
      equal((await ask(reader, 'look', place, {})).value, 3);
      await ask(reader, 'clear');
      const [first, second] = await ask(page, 'append', place, [3, 4], {});
      isOurs(first, 'append');
      isOurs(second, 'append again');
      isOurs(await ask(reader, 'count', place), 'count');
      const { value } = await ask(page, 'close', place);
      equal(value, 'closed');
      await ask(reader, 'close', place);
      const now = await ask(reader, 'steps', place); // a folder is made when it is asked for
      if (now.value === undefined) isOurs(now, 'what is there now');
      else deepEqual(now.value, [], 'what is there now');
    },
  })),
  ...['idb:anew', 'opfs:anew'].map((place) => ({
    name: `${place} is deleted and made anew while it is open`,
    run: async (/** @type {Context} */ { open, url }) => {
      const page = await open(url + PAGE), other = await open(url + PAGE);
      await ask(page, 'append', place, [10, 11, 12], { compressor: null });
      await ask(page, 'close', place);
      equal((await ask(page, 'look', place, {})).value, 3);
      equal((await ask(page, 'read', place, 1, 'x')).value, 11);
      equal((await ask(other, 'replace', place)).value, 'replaced');
      for (const idx of [0, 1, 2]) {
        const { value, code, message } = await ask(page, 'read', place, idx, 'x');
        ok(value === undefined ? code?.startsWith('ERR_') : value === 10 + idx, `x of ${idx}: ${value ?? message}`);
      }
      await ask(page, 'count', place); // takes in what is there now
      const { value, code } = await ask(page, 'read', place, 2, 'p');
      ok(value === 77 || code?.startsWith('ERR_'), `p: ${value ?? code}`);
    },
  })),
  ...['opfs:full', 'opfs:full.h5', 'idb:full', 'handle:full'].map((place) => ({
    name: `${place} of a private window is full`,
    only: 'chromium', // Firefox has no such window here, and no way to say how much there is
    run: async (/** @type {Context} */ { open, url, browser }) => {
      const context = await browser.createBrowserContext();
      const page = await open(url + PAGE, context);
      const session = await page.createCDPSession();
      const allow = (/** @type {number} */ quotaSize) => session.send('Storage.overrideQuotaForOrigin', { origin: url, quotaSize });
      await allow(400_000);
      const steps = Array.from({ length: 120 }, (_, i) => i);
      const plain = place.endsWith('.h5') ? { compression: null } : { compressor: null };
      const said = await ask(page, 'append', place, steps, plain);
      const failed = said.find((/** @type {Outcome} */ { value }) => value === undefined);
      equal(failed?.code, 'ERR_QUOTA');
      await ask(page, 'close', place);
      const { value, message } = await ask(page, 'steps', place);
      ok(value, String(message));
      deepEqual(acknowledged(said).filter((step) => !value.includes(step)), [], 'acknowledged and missing');
      await allow(500_000_000);
      deepEqual(acknowledged(await ask(page, 'append', place, [500], {})), [500], 'with room again');
      await ask(page, 'close', place);
      await context.close();
    },
  })),
  {
    name: 'a folder that has gone',
    run: async ({ open, url }) => {
      const page = await open(url + PAGE);
      await ask(page, 'append', 'handle:taken', [0, 1, 2], {});
      await ask(page, 'close', 'handle:taken');
      equal((await ask(page, 'look', 'handle:taken', { worker: false })).value, 3);
      await ask(page, 'remove', 'taken');
      isOurs(await ask(page, 'read', 'handle:taken', 0, 'x'), 'read');
      isOurs(await ask(page, 'count', 'handle:taken'), 'count');
    },
  },
  {
    name: 'a file that comes compressed and whole, and one of another origin',
    run: async ({ open, url, other }) => {
      const page = await open(url + PAGE);
      const file = '/tests/data/hdf5/small.h5';
      const { value, message } = await ask(page, 'look', `${url}${file}?gzip`, { http: { retries: 0 } });
      ok(value !== undefined, message);
      const refused = await ask(page, 'look', other + file, { http: { retries: 0 } });
      equal(refused.code, 'ERR_HTTP');
      ok(/CORS/.test(refused.message), refused.message);
    },
  },
];
