// SPDX-License-Identifier: MIT
// Runs one test module in a worker, and tells the page.

import { parameters, runModule } from './harness.js';

await runModule(parameters.module, (result) => postMessage(result));
postMessage('finished');
