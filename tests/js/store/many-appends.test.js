// SPDX-License-Identifier: MIT
// 10,000 appends: what the last ones ask of the file system is what the first ones did, by the number
// of calls, of names that are listed and of bytes that are read and written.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ModelState, ZarrStore } from '../../../js/index.js';
import { loadNode } from '../../../js/core/host.js';
import { DirectoryStorage } from '../../../js/storage/node/node-directory.js';
import { OpfsStorage } from '../../../js/storage/opfs/opfs.js';
import { HandleDisk, MemoryDirectory } from '../../helpers/storage/memory-handles.js';
import { MemoryFs } from '../../helpers/storage/memory-fs.js';
import { using } from '../../helpers/with-store.js';

const APPENDS = 10_000, SAMPLE = 200;

/** @typedef {{ calls: number, names: number, bytes: number }} Cost */

/** @param {number} step */
const stateOf = (step) => ModelState.from({ step, step_size: 60, time: step * 60,
  model: { fluid_properties: { pressure_grid: new Float64Array(8).fill(step % 10) } } });

/**
 * A file system whose calls are counted.
 * @param {Cost} cost
 */
function countedFs(cost) {
  return new Proxy(new MemoryFs(), {
    get(target, name) {
      const value = /** @type {any} */ (target)[name];
      if (typeof value !== 'function') return value;
      return (/** @type {any[]} */ ...args) => {
        const result = value.apply(target, args);
        cost.calls += 1;
        if (Array.isArray(result)) cost.names += result.length;
        if (name === 'writeSync' || name === 'readSync') cost.bytes += result;
        if (name === 'readFileSync') cost.bytes += result.length;
        return result;
      };
    },
  });
}

/** @param {Cost} cost */
async function folder(cost) {
  const node = { ...await loadNode(), fs: /** @type {any} */ (countedFs(cost)) };
  return new DirectoryStorage(node, '/data/run.zarr');
}

/** @param {Cost} cost */
async function log(cost) {
  Object.assign(globalThis, { FileSystemFileHandle: class { createSyncAccessHandle() {} } });
  const disk = new HandleDisk();
  const directory = new MemoryDirectory(disk);
  const { change } = disk;
  disk.change = (call) => {
    cost.calls += 1;
    change.call(disk, call);
  };
  const { entries } = directory;
  directory.entries = async function* counted() {
    for await (const entry of entries.call(directory)) {
      cost.names += 1;
      yield entry;
    }
  };
  return OpfsStorage.open(async () => directory.asHandle(), 'opfs:run', { segmentBytes: 200_000 });
}

for (const [name, open] of Object.entries({ folder, log })) {
  test(`${name}: the cost of an append stays`, async () => {
    const cost = { calls: 0, names: 0, bytes: 0 };
    const storage = await open(cost);
    await using(new ZarrStore(storage, { durability: 'relaxed' }), async (store) => {
      /** @param {number} from */
      const costOf = async (from) => {
        const before = { ...cost };
        for (let step = from; step < from + SAMPLE; step += 1) await store.append(stateOf(step));
        return [cost.calls - before.calls, cost.names - before.names, cost.bytes - before.bytes];
      };
      await costOf(0); // the store is made
      const first = await costOf(SAMPLE);
      for (let step = 2 * SAMPLE; step < APPENDS - SAMPLE; step += 1) await store.append(stateOf(step));
      const last = await costOf(APPENDS - SAMPLE);
      assert.ok(first[0] > SAMPLE, `${first}`);
      last.forEach((count, i) => assert.ok(count <= 1.2 * first[i] + 1,
        `calls, names, bytes: ${last} at the end, ${first} at the start`));
      assert.equal(await store.count(), APPENDS);
      assert.equal((await store.read(APPENDS - 1, 'model.fluid_properties.pressure_grid')).get(7), 9);
    });
  });
}
