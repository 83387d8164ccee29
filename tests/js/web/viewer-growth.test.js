// SPDX-License-Identifier: MIT
// When the viewer looks for new steps, and what a look asks a server for.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { Growth } from '../../../web/model/growth.js';
import { Run } from '../../../web/model/run.js';

/**
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} answer
 * @param {(url: string) => Promise<void>} use
 */
async function withServer(answer, use) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const { signal } = new AbortController();

test("a store's own count says whether there is more, also behind a query", async () => {
  /** @type {string[]} */ const asked = [];
  let count = 3;
  await withServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end(JSON.stringify({ count }));
  }, async (url) => {
    const growth = new Growth(`${url}a/run.zarr/?sig=1`, true);
    assert.equal(await growth.mayHaveCome(3, signal), false);
    count = 4;
    assert.equal(await growth.mayHaveCome(3, signal), true);
  });
  assert.deepEqual(asked, Array(2).fill('GET /a/run.zarr/.zattrs?sig=1'));
});

test('one file is looked at by its head; a server that tells nothing is asked in full', async () => {
  let tag = '"1"';
  /** @type {string[]} */ const asked = [];
  await withServer((request, response) => {
    asked.push(`${request.method}`);
    if (request.url?.startsWith('/none')) response.writeHead(404);
    else response.setHeader('ETag', tag);
    response.end();
  }, async (url) => {
    const growth = new Growth(`${url}run.h5`, true);
    assert.equal(await growth.mayHaveCome(1, signal), true); // it may have grown since it was opened
    assert.equal(await growth.mayHaveCome(1, signal), true, 'its list could not be read');
    growth.listed();
    assert.equal(await growth.mayHaveCome(1, signal), false);
    tag = '"2"';
    assert.equal(await growth.mayHaveCome(1, signal), true);
    growth.listed();
    assert.equal(await growth.mayHaveCome(1, signal), false);
    assert.equal(await new Growth(`${url}none.zarr`, true).mayHaveCome(1, signal), true);
  });
  assert.deepEqual(asked.slice(0, 4), Array(4).fill('HEAD'));
});

test('looks become rare where nothing comes, end at last, and are frequent again where something did', async () => {
  const growth = new Growth('http://127.0.0.1:1/run.zarr', true); // nobody is there
  const pauses = [];
  for (let pause = growth.pause; pause !== null; pause = growth.pause) {
    pauses.push(pause);
    assert.equal(await growth.mayHaveCome(1, signal), false);
  }
  assert.deepEqual([pauses[0], pauses[9], pauses[10], Math.max(...pauses)], [10_000, 10_000, 20_000, 120_000]);
  const total = pauses.reduce((sum, pause) => sum + pause, 0);
  assert.ok(total >= 30 * 60_000 && total < 33 * 60_000, `${total} ms`);
  growth.came();
  assert.equal(growth.pause, 10_000);
  const here = new Growth('idb:run', false);
  for (let n = 0; n < 2000; n += 1) await here.mayHaveCome(1, signal);
  assert.equal(here.pause, 2000); // what is on this machine may go on tomorrow
});

/** As a page has it, seen or not. */
class Page extends EventTarget {
  hidden = true;
}

test('a page that is not seen does not wait for its run, and looks when it is seen again', async (t) => {
  const page = new Page();
  /** @type {any} */ (globalThis).document = page;
  t.after(() => delete /** @type {any} */ (globalThis).document);
  let count = 1;
  let broken = true;
  /** @type {string[]} */ const asked = [];
  /** @type {() => void} */ let listed = () => {};
  const entries = async () => {
    asked.push('list');
    listed();
    if (broken) throw new Error('away');
    return Array.from({ length: count }, (_, idx) => ({ idx }));
  };
  await withServer((_request, response) => {
    asked.push('count');
    response.end(JSON.stringify({ count }));
  }, async (url) => {
    const growth = new Growth(`${url}run.zarr`, true);
    for (let n = 0; n < 1000; n += 1) {
      assert.equal(growth.pause, 10_000);
      assert.equal(await growth.mayHaveCome(1, signal), false);
    }
    assert.deepEqual(asked, [], 'nobody is looking');
    const store = /** @type {any} */ ({ entries, backend: 'zarr' });
    const run = new Run(store, /** @type {any} */ ({ name: 'run', remote: true, growing: true, growth,
      steps: [{ entry: 0 }], grid: {}, properties: [] }));
    const ended = new AbortController();
    t.after(() => ended.abort()); // also where something is wrong: a run that is followed keeps the process
    const seen = async () => {
      const list = new Promise((resolve) => { listed = () => resolve(undefined); });
      page.dispatchEvent(new Event('visibilitychange'));
      await list;
      await setImmediate(); // until it waits for the page again
    };
    const came = new Promise((resolve) => {
      run.follow(ended.signal, () => resolve(run.steps.length)).catch(() => { /* it was ended */ });
    });
    count = 2;
    page.hidden = false;
    await seen();
    assert.deepEqual(asked, ['count', 'list']);
    broken = false;
    await seen();
    assert.equal(await came, 2);
  });
});

test('a run that is taken as finished is said to be, and followed again when the page is seen again', async (t) => {
  const page = Object.assign(new Page(), { hidden: false });
  /** @type {any} */ (globalThis).document = page;
  t.after(() => delete /** @type {any} */ (globalThis).document);
  await withServer((_request, response) => response.end('{"count":2}'), async (url) => {
    const growth = new Growth(`${url}run.zarr`, true);
    while (growth.pause !== null) { /* time goes by */ }
    const run = new Run(/** @type {any} */ ({ entries: async () => [{ idx: 0 }, { idx: 1 }] }), /** @type {any} */ ({
      name: 'run', remote: true, growing: true, growth, steps: [{ entry: 0 }], grid: {}, properties: [] }));
    const ended = new AbortController();
    t.after(() => ended.abort());
    /** @type {string[]} */ const told = [];
    await new Promise((resolve) => {
      run.follow(ended.signal, () => { told.push('steps'); resolve(undefined); }, () => {
        told.push('quiet');
        setTimeout(() => page.dispatchEvent(new Event('visibilitychange')), 50);
      }).catch(() => { /* it was ended */ });
    });
    assert.deepEqual(told, ['quiet', 'steps']);
  });
});
