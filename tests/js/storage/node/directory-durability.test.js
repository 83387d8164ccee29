// SPDX-License-Identifier: MIT
// What is synced before a new content takes its place: with `relaxed` nothing that replaces nothing.
import assert from 'node:assert/strict';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { openStore } from '../../../../js/index.js';

const ARRAYS = 40;

/**
 * Files and folders that are synced while a store of 40 arrays is written in mode 'w'.
 * @param {import('node:test').TestContext} t
 * @param {'relaxed' | 'strict'} durability
 * @param {string} place
 */
async function syncs(t, durability, place) {
  const synced = t.mock.method(fs, 'fsync');
  syncBuiltinESMExports();
  const store = await openStore(place, { mode: 'w', durability, worker: false });
  await store.append(Object.fromEntries(Array.from({ length: ARRAYS }, (_, i) => [`a${i}`, new Float64Array(8)])));
  await store.close();
  const count = synced.mock.callCount();
  synced.mock.restore();
  syncBuiltinESMExports();
  return count;
}

test('relaxed syncs a new content only where it replaces an old one', async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'durability-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [relaxed, strict] = [path.join(folder, 'relaxed.zarr'), path.join(folder, 'strict.zarr')];
  assert.ok(await syncs(t, 'strict', strict) > 2 * ARRAYS, 'strict, new');
  assert.ok(await syncs(t, 'relaxed', relaxed) < ARRAYS, 'relaxed, new');
  assert.ok(await syncs(t, 'relaxed', relaxed) > 2 * ARRAYS, 'relaxed, over an old one');
});
