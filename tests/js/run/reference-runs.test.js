// SPDX-License-Identifier: MIT
// The simulator against OPM Flow's runs, those that take no second; npm run validate has all of them.
// Expected: tests/data/sim, whose README row says where they come from.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  differences, readCase, SimCore, simulate, staticDifferences, tolerance,
} from '../../validate/cases.js';

const core = await SimCore.load();

for (const name of ['spe1_case1', 'aniso_ntg_dip', 'bores_guide_wf', 'redissolve_drsdt0', 'bl_100']) {
  test(`${name}: with Flow's steps every curve is Flow's`, () => {
    const reference = readCase(name);
    const run = simulate(core, reference.model, { steps: 'report' }, reference.steps.step_ends);
    assert.equal(run.summaries.length, reference.steps.days.length);
    assert.deepEqual(differences(run.summaries, reference.steps)
      .filter(({ difference }) => !(difference < 1e-3)), []);
    assert.deepEqual(staticDifferences(run, reference).filter(({ difference }) => !(difference < 1e-6)), []);
    for (const error of Object.values(run.summaries.at(-1).material_balance)) assert.ok(error < 1e-9);
    assert.equal(run.record.total_cuts, 0);
  });
}

test('spe1_case2: with its own steps it is near the converged run', () => {
  const { model, reference } = readCase('spe1_case2');
  const { summaries } = simulate(core, model, {});
  assert.deepEqual(differences(summaries, reference)
    .filter(({ curve, difference }) => !(difference < tolerance(curve, reference.spread))), []);
});
