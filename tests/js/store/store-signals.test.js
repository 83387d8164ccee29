// SPDX-License-Identifier: MIT
// Work under way adds no more listeners to its caller's signal than Node takes without a warning.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';

import { openStore } from '../../../js/index.js';
import { serveFiles } from '../../helpers/file-server.js';
import { runConsolidated, runFolder } from '../../helpers/fixtures.js';

/** Of Node: beyond it, it warns of a leak. */
const MOST = 10;

test('verify() of many entries over HTTP', async (t) => {
  const server = await serveFiles();
  t.after(() => server.close());
  const url = server.addFolder('run.zarr', runFolder('guide/wf_f64'),
    new Map([['.zmetadata', runConsolidated('guide/wf_f64')]]));
  const { signal } = new AbortController();
  let most = 0;
  const add = signal.addEventListener.bind(signal);
  t.mock.method(signal, 'addEventListener', (/** @type {any[]} */ ...given) => {
    add(.../** @type {[any, any]} */ (given));
    most = Math.max(most, getEventListeners(signal, 'abort').length);
  });
  const store = await openStore(url, { mode: 'r' });
  t.after(() => store.close());
  assert.ok(await store.count() > MOST);
  assert.equal((await store.verify({ signal })).ok, true);
  assert.ok(most > 0 && most <= MOST, `${most} at once`);
});
