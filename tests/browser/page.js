// SPDX-License-Identifier: MIT
// Runs one test module in this page and, where it asks for it, again in a worker. `finished` is
// what run.mjs waits for.

import { parameters, runModule } from './harness.js';

/** @import { Result } from './harness.js' */

async function run() {
  const { results, contexts } = await runModule(parameters.module);
  const inWorker = contexts.includes('worker') ? await runInWorker() : [];
  return [...results, ...inWorker.map((result) => ({ ...result, name: `worker: ${result.name}` }))];
}

/** @returns {Promise<Result[]>} */
function runInWorker() {
  const worker = new Worker(`worker.js${location.search}`, { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) =>
      reject(new Error(event.message ?? 'the worker could not be loaded'));
  });
}

Object.assign(globalThis, { finished: run() });
