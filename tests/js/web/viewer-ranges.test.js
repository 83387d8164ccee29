// SPDX-License-Identifier: MIT
// The range over all steps: known at once from what is kept beside the data, and read where that is not so.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { NdArray, convertStore, openStore } from '../../../js/index.js';
import { RangeScan } from '../../../web/model/range.js';
import { Run } from '../../../web/model/run.js';
import { serveFiles } from '../../helpers/file-server.js';
import { runFolder } from '../../helpers/fixtures.js';
import { using } from '../../helpers/with-store.js';

const PRESSURE = 'model.fluid_properties.pressure_grid';
const RATE = 'rates.production_rates.oil';
const { signal } = new AbortController();
const work = mkdtempSync(path.join(tmpdir(), 'bores-ranges-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** @param {string} name @param {boolean} statistics */
async function copyOf(name, statistics) {
  const place = path.join(work, `${name.replace('/', '-')}-${statistics}.zarr`);
  if (!existsSync(place)) await using(openStore(runFolder(/** @type {any} */ (name)), { mode: 'r' }), (store) =>
    convertStore(store, place, { statistics, layout: name.startsWith('head') ? 'flat' : 'nested' }));
  return place;
}

/** @param {unknown} location @param {(run: Run) => Promise<void>} use */
async function withRun(location, use) {
  const run = await Run.open(location, { name: 'run' });
  try {
    await use(run);
  } finally {
    await run.close();
  }
}

/** By reading all of them. @param {Run} run @param {import('../../../web/model/properties.js').Drawable} property */
async function rangeByReading(run, property) {
  const scan = new RangeScan(run);
  for (let step = 0; step < run.steps.length; step += 1) scan.add(property, step, await run.values(step, property));
  const { lo, hi, loPositive } = scan.of(property);
  return { lo: lo + 0, hi: hi + 0, loPositive }; // zero has no sign here
}

test('over HTTP a run of ours has its range without the read of a chunk, one of BORES is read', async () => {
  const served = await serveFiles();
  try {
    for (const statistics of [true, false]) {
      const place = await copyOf('guide/wf_f64_ckpt', statistics);
      const requests = () => served.requests(`${statistics}`).length;
      await withRun(served.addFolder(`${statistics}`, place), async (run) => {
        const property = /** @type {any} */ (run.property(PRESSURE));
        const scan = new RangeScan(run);
        const before = requests();
        await scan.lookUp(property, signal);
        assert.equal(requests() - before, 0);
        assert.equal(scan.status(property).done, statistics ? run.steps.length : 0);
        await scan.complete(property, signal, () => {});
        assert.equal(requests() > before, !statistics);
        assert.equal(scan.status(property).done, run.steps.length);
        const { lo, hi, loPositive } = scan.of(property);
        assert.deepEqual({ lo, hi, loPositive }, await rangeByReading(run, property));
      });
    }
  } finally {
    await served.close();
  }
});

test('every property has the range that its values have', async () => {
  for (const name of ['guide/wf_f64_ckpt', 'head/wf_f32_ckpt']) {
    await withRun(await copyOf(name, true), async (run) => {
      for (const property of run.properties.filter(({ ternary }) => !ternary)) {
        const scan = new RangeScan(run);
        await scan.lookUp(property, signal);
        assert.equal(scan.status(property).done, run.steps.length, property.id);
        assert.deepEqual(scan.of(property), await rangeByReading(run, property), property.id);
      }
      if (name.startsWith('head')) assert.ok(run.property(RATE)?.sparse);
    });
  }
});

test('what one step shows to be untrue is not believed of any', async () => {
  await withRun(await copyOf('guide/wf_f64_ckpt', true), async (run) => {
    const property = /** @type {any} */ (run.property(PRESSURE));
    const scan = new RangeScan(run);
    await scan.lookUp(property, signal);
    const values = await run.values(0, property);
    scan.add(property, 0, values);
    assert.equal(scan.status(property).done, run.steps.length);
    scan.add(property, 1, { ...await run.values(1, property), hi: 1e9 });
    assert.deepEqual([scan.status(property).done, scan.of(property).hi], [2, 1e9]);
    await scan.lookUp(property, signal);
    assert.equal(scan.status(property).done, 2);
    await scan.complete(property, signal, () => {});
    assert.equal(scan.status(property).done, run.steps.length);
  });
});

test('over a network it stops where as many bytes came as are free, however many they are when decoded', async () => {
  const served = await serveFiles();
  const place = path.join(work, 'compressible.zarr');
  const shape = [20, 20, 10];
  const grid = (/** @type {(n: number) => number} */ value) =>
    new NdArray(Float64Array.from({ length: 4000 }, (_, n) => value(n)), shape, 'float64');
  await using(openStore(place, { statistics: false }), (store) => store.appendAll(Array.from({ length: 12 }, (_, step) =>
    ({ step, time: step, model: { grid_shape: shape, cell_dimension: [50, 50], thickness_grid: grid(() => 10),
      fluid_properties: { pressure_grid: grid((n) => 3000 + (n * n * 7 + step * 31) % 997) } } }))));
  const url = served.addFolder('far', place);
  const sent = () => served.requests('far').reduce((sum, one) => sum + one.sent, 0);
  /** @param {number} free @param {(run: Run, scan: RangeScan, property: any) => Promise<void>} use */
  const scanned = (free, use) => withRun(url, async (run) => {
    run.remote = true; // this machine is not
    await use(run, new RangeScan(run, free), run.property(PRESSURE));
  });
  try {
    let all = 0, decoded = 0;
    await scanned(Infinity, async (run, scan, property) => {
      const before = sent();
      assert.equal(await run.received(), before);
      await scan.complete(property, signal, () => {});
      all = sent() - before;
      decoded = run.steps.length * property.nbytes;
      assert.equal(await run.received(), before + all);
      assert.ok(all < decoded / 2, `${all} of ${decoded}`);
    });
    await scanned(decoded / 2, async (run, scan, property) => {
      await scan.complete(property, signal, () => {});
      const { done, total, asks } = scan.status(property);
      assert.deepEqual([done, asks], [total, false]);
    });
    await scanned(all / 2, async (run, scan, property) => {
      const before = sent();
      await scan.complete(property, signal, () => {});
      const { done, total, nbytes, asks } = scan.status(property);
      assert.ok(done > 0 && done < total && asks, `${done} of ${total}`);
      assert.ok(sent() - before <= all / 2, 'more came than was free');
      assert.ok(Math.abs(nbytes - (sent() - before) / done * (total - done)) < 1, `${nbytes}`);
      await scan.complete(property, signal, () => {}, () => true);
      assert.equal(scan.status(property).done, total);
      assert.deepEqual(scan.of(property), await rangeByReading(run, property));
    });
    await scanned(decoded / 10, async (run, scan, property) => { // one more than was wanted: it is free
      run.steps.length -= 1;
      await scan.complete(property, signal, () => {}, () => true);
      run.steps.push({ ...run.steps[0], entry: run.steps.length });
      assert.deepEqual([scan.status(property).done, scan.status(property).asks], [run.steps.length - 1, false]);
    });
    await scanned(1, async (run, scan, property) => { // not even one
      const before = sent();
      await scan.complete(property, signal, () => {});
      assert.deepEqual([sent() - before, scan.status(property).asks], [0, true]);
    });
  } finally {
    await served.close();
  }
});
