// SPDX-License-Identifier: MIT
// YAML that was cut between two lines is YAML still: the viewer says so.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { NdArray, openStore } from '../../../js/index.js';
import { readParts } from '../../../web/model/read.js';

const grid = () => new NdArray(Float64Array.of(1, 2, 3, 4), [2, 2, 1], 'float64');
const state = (/** @type {number} */ step) => ({
  step, step_size: 1, time: step,
  model: { grid_shape: [2, 2, 1], cell_dimension: [10, 10], thickness_grid: grid(),
    fluid_properties: { pressure_grid: grid() } },
  wells: { production_wells: {} }, rates: { oil: grid() }, relative_permeabilities: { oil: grid() },
});

test('a file that was cut is told, wherever; a whole one is not', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-cut-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const whole = path.join(folder, 'run.yaml');
  const store = await openStore(whole, { mode: 'w' });
  await store.dump([state(0), state(1)]);
  await store.close();
  const lines = readFileSync(whole, 'utf8').split('\n');
  const second = lines.findIndex((line, n) => n > 0 && /^- /.test(line));
  const found = (/** @type {string} */ name) => lines.findIndex((line, n) => n > second && line.includes(name));
  /** @param {number} count  of lines that are left */
  const told = async (count) => {
    const file = path.join(folder, 'cut.yaml');
    writeFileSync(file, `${lines.slice(0, count).join('\n')}\n`);
    const cut = await openStore(file);
    try {
      const { check } = await readParts(cut, { name: 'cut.yaml' });
      return await check?.();
    } finally {
      await cut.close();
    }
  };
  assert.equal(await told(lines.length), '');
  assert.match(String(await told(found('relative_permeabilities'))), /Step 1 has no relative_permeabilities\.oil.*cut/);
  assert.match(String(await told(found('rates') + 2)), /cut.*Step 1/);
  assert.equal(await told(second), '', 'a state less is a whole file of fewer states');
  const wells = lines.findIndex((line) => /^ +wells:/.test(line));
  assert.match(String(await told(wells)), /The only state of the file has no wells, rates, relative_permeabilities/);
});
