// SPDX-License-Identifier: MIT
// The Dask example over a cube gives what this library reads from the run itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ZarrStore, exportCube } from '../../js/index.js';
import { runFolder } from '../helpers/fixtures.js';

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-dask and python3-xarray
const script = fileURLToPath(new URL('../../examples/dask/cube_statistics.py', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'bores-dask-'));
after(() => rmSync(work, { recursive: true, force: true }));

test('mean pressure, recovery factor and lowest pressures', async () => {
  const store = new ZarrStore(runFolder('guide/wf_f64'), { mode: 'r' });
  const cube = path.join(work, 'cube.zarr');
  await exportCube(store, cube, { zarrFormat: 2, chunks: [5, 4, 4, 4],
    fields: ['pressure_grid', 'porosity_grid', 'net_to_gross_ratio_grid', 'thickness_grid', 'oil_saturation_grid',
      'oil_formation_volume_factor_grid'] });
  const result = JSON.parse(execFileSync(PYTHON, ['-W', 'ignore', script, cube], { encoding: 'utf8' }));
  /** @type {number[]} */ const means = [], oils = [];
  /** @type {Float64Array | undefined} */ let lowest;
  for (const { idx } of await store.entries()) {
    const read = async (/** @type {string} */ name) => (await store.read(idx, name)).data;
    const [pressure, porosity, ratio, thickness, saturation, volume] = await Promise.all([
      'model.fluid_properties.pressure_grid', 'model.rock_properties.porosity_grid',
      'model.rock_properties.net_to_gross_ratio_grid', 'model.thickness_grid',
      'model.fluid_properties.oil_saturation_grid', 'model.fluid_properties.oil_formation_volume_factor_grid'].map(read));
    means.push(pressure.reduce((/** @type {number} */ sum, /** @type {number} */ p) => sum + p, 0) / pressure.length);
    oils.push(porosity.reduce((/** @type {number} */ sum, /** @type {number} */ phi, /** @type {number} */ i) =>
      sum + phi * ratio[i] * thickness[i] * saturation[i] / volume[i], 0));
    const last = lowest ?? pressure;
    lowest = Float64Array.from(pressure, (/** @type {number} */ p, /** @type {number} */ i) => Math.min(p, last[i]));
  }
  await store.close();
  const close = (/** @type {number[]} */ got, /** @type {ArrayLike<number>} */ wanted) => {
    assert.equal(got.length, wanted.length);
    got.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= 1e-9 * (1 + Math.abs(wanted[i])), `${i}`));
  };
  close(result.mean_pressure, means);
  close(result.recovery_factor, oils.map((oil) => 1 - oil / oils[0]));
  assert.deepEqual(result.lowest_pressure.flat(3), [...(lowest ?? [])]);
  assert.ok(result.recovery_factor.at(-1) > 0, 'oil was produced');
});
