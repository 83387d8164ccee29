// SPDX-License-Identifier: MIT
// Runs one test module in a worker, and tells the page.

import { parameters, runModule } from './harness.js';

const { results } = await runModule(parameters.module)
  .catch((error) => ({ results: [{ name: 'load', error: String(error), ms: 0, notes: [] }] }));
postMessage(results);
