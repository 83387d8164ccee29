// SPDX-License-Identifier: MIT
// Steps of the simulator's own: what makes one shorter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packTree, unpackTree } from '../../../js/core/pack.js';
import { SimCore } from '../../../js/core/sim-core.js';
import { readCase } from '../../validate/cases.js';

const core = await SimCore.load();

test('water that breaks through at once is not stepped over', () => {
  // Buckley and Leverett's line with ten cells, whose water begins to move between 0.6 and 0.601: no cell's
  // saturation says that it will.
  const { model } = readCase('bl_100');
  const swof = model.relperm.swof;
  const [connate] = swof[0], [last] = swof.at(-1);
  const sim = core.begin(packTree({
    ...model,
    grid: { ...model.grid, nx: 10, dx: 100 },
    wells: [model.wells[0], { ...model.wells[1], perforations: [{ i: 9, j: 0, k: 0 }] }],
    relperm: {
      family: 1,
      swof: [[connate, 0, 1, 0], [0.6, 0.001, 0.05, 0], [0.601, 0.5, 0.049, 0], [last, 0.6, 0, 0]],
    },
    report_days: [250, 500], array_days: [],
  }));
  try {
    let share = 0, longest = 0;
    while (core.day(sim) < 500) {
      core.step(sim, 500);
      const read = (/** @type {any} */ part) => unpackTree(core.read(sim, part), () => null);
      const { step_size: size } = read('record'), { WWPR, WOPR } = read('summary').wells.PROD;
      const now = WWPR / (WWPR + WOPR);
      if (size > 0.25) { // no step is made again that is as short as a first one
        assert.ok(Math.abs(now - share) <= 0.2, `the water cut goes from ${share} to ${now} in ${size} days`);
      }
      share = now;
      longest = Math.max(longest, size);
    }
    assert.ok(share > 0.9, `water has broken through: ${share}`);
    assert.ok(longest > 10, `steps are long again: ${longest} days`);
  } finally {
    core.end(sim);
  }
});
