// SPDX-License-Identifier: MIT
// fizarrita, zarrita with a pool of workers, reading a run, as a peer.
import { FileSystemStore } from '@zarrita/storage';
import { availableParallelism } from 'node:os';
import * as zarrita from 'zarrita';
import { arrayPaths } from './zarrita.mjs';
import { WebWorker } from './web-worker.mjs';

/** @type {import('@fideus-labs/worker-pool').WorkerPool | undefined} kept warm, as ours is */
let pool;

/** Every array of a folder in the flat layout, as many at once as it has workers. @param {string} folder */
export async function readWithFizarrita(folder) {
  const { getWorker } = await import('@fideus-labs/fizarrita');
  const { WorkerPool } = await import('@fideus-labs/worker-pool');
  const count = availableParallelism();
  pool ??= new WorkerPool(count);
  const store = zarrita.root(new FileSystemStore(folder));
  const names = arrayPaths(folder);
  const readSome = async () => {
    for (let name = names.pop(); name; name = names.pop()) {
      const array = await zarrita.open.v2(store.resolve(name), { kind: 'array' });
      if (array.dtype === 'bool') await zarrita.get(array); // it cannot read those
      else if (!array.shape.includes(0)) await getWorker(array, null, { pool });
    }
  };
  const alive = setInterval(() => {}, 1000); // its threads keep no process alive
  Object.assign(globalThis, { Worker: WebWorker });
  try {
    await Promise.all(Array.from({ length: count }, readSome));
  } finally {
    clearInterval(alive);
    delete /** @type {any} */ (globalThis).Worker; // else we would take it for a page's
  }
}
