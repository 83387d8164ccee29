// SPDX-License-Identifier: MIT
// A cube in the viewer's model: what it shows is what the run that it was made of shows.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { exportCube, openStore } from '../../../js/index.js';
import { Run } from '../../../web/model/run.js';
import { serveFiles } from '../../helpers/file-server.js';
import { runZip } from '../../helpers/fixtures.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bores-cube-view-'));
after(() => rmSync(work, { recursive: true, force: true }));
const { signal } = new AbortController();
const source = runZip('head/wf_f64_ckpt'), cube = path.join(work, 'cube.zarr');
const PRESSURE = 'model.fluid_properties.pressure_grid';

before(async () => {
  const store = await openStore(source, { mode: 'r' });
  await exportCube(store, cube);
  await store.close();
});

/** @param {Run} run */
const pressureOf = (run) => /** @type {import('../../../web/model/properties.js').Drawable} */ (run.property(PRESSURE));

test('steps, grid, values, histories and times are those of the run', async () => {
  const [one, other] = await Promise.all([cube, source].map((location) => Run.open(location, { name: 'run', signal })));
  assert.deepEqual(one.grid.shape, other.grid.shape);
  assert.deepEqual(one.grid.bounds, other.grid.bounds);
  assert.deepEqual(one.steps.map(({ step }) => step), other.steps.map(({ step }) => step));
  for (const step of [0, one.steps.length - 1]) {
    assert.deepEqual((await one.values(step, pressureOf(one))).data, (await other.values(step, pressureOf(other))).data);
  }
  const box = { lo: /** @type {const} */ ([0, 0, 0]), hi: one.grid.shape };
  assert.deepEqual((await one.faces(/** @type {any} */ (box))).codes, (await other.faces(/** @type {any} */ (box))).codes);
  const cell = /** @type {import('../../../web/model/grid.js').Cell} */ ([1, 2, 0]);
  const history = await one.history(pressureOf(one), cell, signal);
  assert.deepEqual(history, await other.history(pressureOf(other), cell, signal));
  assert.deepEqual(await one.wells(0), { wells: [], lost: [] });
  await one.close();
  await other.close();
});

test('over HTTP a cell\'s history takes two ranges', async () => {
  const server = await serveFiles();
  const run = await Run.open(server.addFolder('cube.zarr', cube), { name: 'run', signal });
  await run.values(0, pressureOf(run));
  const before = server.requests('cube.zarr').length;
  const { values } = await run.history(pressureOf(run), [0, 0, 0], signal);
  assert.equal(values.length, run.steps.length);
  assert.ok(server.requests('cube.zarr').length - before <= 2, `${server.requests('cube.zarr').length - before} requests`);
  await run.close();
  await server.close();
});
