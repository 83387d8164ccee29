// SPDX-License-Identifier: MIT
// Runs one test module in this page and, where it asks for it, again in a worker. `finished` is
// what run.mjs waits for.

import { parameters, runModule } from './harness.js';

/** @import { Result } from './harness.js' */

/** @type {Promise<unknown>[]} */
const reported = [];

/** @param {Result} result */
function report(result) {
  reported.push(/** @type {any} */ (globalThis).tellHost(result));
}

async function run() {
  const contexts = await runModule(parameters.module, report);
  if (contexts.includes('worker')) await runInWorker();
  await Promise.all(reported);
}

/** @returns {Promise<void>} */
function runInWorker() {
  const worker = new Worker(`worker.js${location.search}`, { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data === 'finished') resolve();
      else report({ ...data, name: `worker: ${data.name}` });
    };
    worker.onerror = ({ message }) => {
      reject(new Error(message ?? 'the worker could not be loaded'));
    };
  });
}

Object.assign(globalThis, { finished: run() });
