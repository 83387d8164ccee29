// SPDX-License-Identifier: MIT
// What must not grow: requests and time for one property with the number of entries, and memory with
// the number of entries replayed.
import { openStore } from '../../js/index.js';
import { MemoryStorage } from '../../js/storage/memory/memory.js';
import { runFolder } from '../helpers/fixtures.js';
import { filesBelow } from '../helpers/files-below.js';
import { line } from './lib.mjs';
import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';

export const title = 'Growth with the number of entries';

export async function run() {
  const [few, many] = [await readOne(100), await readOne(10_000)];
  line('requests for one property of one entry, 10,000 over 100', `${many.requests}`,
    many.requests / few.requests, 1);
  line('time for it, 10,000 over 100 entries', `${many.ms.toFixed(2)} ms`, many.ms / few.ms, 1);
  const [short, long] = [await replayPeak(30), await replayPeak(300)];
  line('most memory in use in a replay, 300 over 30 entries', `${(long / 1e6).toFixed(0)} MB`,
    long / short, 1);
}

/** A store of one real entry under as many names, counting what is asked of it. */
function repeated(count) {
  const folder = runFolder('head/wf_f64');
  const entryFolder = `${folder}/entry_0000000001`;
  const files = new Map(filesBelow(entryFolder).map((key) => [key, readFileSync(`${entryFolder}/${key}`)]));
  const memory = new MemoryStorage([...files].map(([key, bytes]) => [`entry/${key}`, bytes]));
  const rootKeys = new Map([['.zgroup', '{"zarr_format": 2}'], ['.zattrs', `{"count": ${count}}`]]);
  const entry = /^entry_\d{10}/;
  let requests = 0;
  const storage = {
    get requests() { return requests; },
    async get(key) {
      requests++;
      const bare = key.replace(/^\//, '');
      if (rootKeys.has(bare)) return new TextEncoder().encode(rootKeys.get(bare));
      return memory.get(bare.replace(entry, 'entry'));
    },
    async list(prefix) {
      requests++;
      const bare = prefix.replace(/^\//, '').replace(/\/$/, '');
      if (bare !== '') return memory.list(bare.replace(entry, 'entry'));
      return ['.zattrs', '.zgroup', ...Array.from({ length: count },
        (_, i) => `entry_${String(i).padStart(10, '0')}/`)];
    },
  };
  return storage;
}

async function readOne(count) {
  const storage = repeated(count);
  const store = await openStore(storage, { worker: false });
  const before = storage.requests;
  const times = [];
  for (let run = 0; run < 50; run++) {
    const start = performance.now();
    await store.read(run, 'model.fluid_properties.pressure_grid');
    times.push(performance.now() - start);
  }
  const requests = (storage.requests - before) / 50;
  await store.close();
  return { requests, ms: times.sort((a, b) => a - b)[25] };
}

async function replayPeak(count) {
  const store = await openStore(repeated(count), { worker: false });
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc'); // garbage would be the engine's choice, not ours
  let peak = 0, seen = 0;
  for await (const state of store.load()) {
    void state.step;
    if (++seen % 10 > 0) continue;
    collect();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    peak = Math.max(peak, arrayBuffers + heapUsed);
  }
  await store.close();
  return peak;
}
