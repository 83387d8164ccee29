// SPDX-License-Identifier: MIT
// node tests/validate/converge.mjs CASE …: simulates a case of tests/data/sim with steps so short that time no
// longer shows, and keeps its curves in the case's file as `converged`. For cases whose reference run has
// an error in time that its spread does not tell: run.mjs compares them with both.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FINE, SimCore, simulate } from './cases.js';

/** To seven digits, which is more than steps leave. @param {number} value */
const rounded = (value) => Number(value.toPrecision(7));

const core = await SimCore.load();
for (const name of process.argv.slice(2)) {
  const file = new URL(`../data/sim/${name}.json.gz`, import.meta.url);
  const reference = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const { summaries, record } = simulate(core, reference.model, FINE);
  const along = (/** @type {any} */ expected, /** @type {(summary: any) => any} */ of) =>
    Object.fromEntries(Object.entries(expected).map(([curve, values]) => [curve,
      typeof values[0] === 'string' ? values : summaries.map((summary) => rounded(of(summary)[curve]))]));
  reference.converged = {
    options: FINE, steps: record.step, days: reference.reference.days,
    curves: along(reference.reference.curves, (summary) => summary.curves),
    wells: Object.fromEntries(Object.entries(reference.reference.wells).map(([well, curves]) =>
      [well, along(curves, (summary) => summary.wells[well])])),
  };
  writeFileSync(file, gzipSync(JSON.stringify(reference), { level: 9 }));
  console.log(`${name}: ${record.step} steps, ${record.total_newton_iterations} iterations`);
}
