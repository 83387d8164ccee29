// SPDX-License-Identifier: MIT
// Faults that users of other readers and tools have reported in public, tried on this one.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { runReportCase } from '../../helpers/report-cases.js';

/** Another folder of such cases can be tried: BORES_REPORTS=/path/of/it. */
const FOLDER = process.env.BORES_REPORTS
  ?? fileURLToPath(new URL('../../data/reports', import.meta.url));

for (const item of JSON.parse(readFileSync(path.join(FOLDER, 'cases.json'), 'utf8'))) {
  test(`${item.case}: ${item.kind}`, async () => {
    assert.equal(await runReportCase(FOLDER, item), undefined);
  });
}
