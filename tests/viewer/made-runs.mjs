// SPDX-License-Identifier: MIT
// Small runs whose every value is known: pressure is `base + rate · days + 10 · cell`, cell its flat index.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { NdArray, openStore } from '../../js/index.js';
import { serve } from './viewer-driver.mjs';

const DAY = 86_400;
export const PRESSURE = 'model.fluid_properties.pressure_grid';

/**
 * @typedef {object} MadeRun
 * @property {number[]} days
 * @property {number[]} [steps]     the simulator's; default 0, 1, 2 …
 * @property {number} [base]        psi
 * @property {number} [rate]        psi a day
 * @property {[number, number, number]} [shape]
 * @property {string} [start]       date of day 0
 * @property {Record<string, [number, number, number]>} [wells]  producers by name, each with one perforated cell
 * @property {(step: number) => boolean} [open]  whether they are open at a step; default: at each
 */

/** @param {MadeRun} run @param {number} day @param {number} cell */
export const pressureAt = ({ base = 3000, rate = 1 }, day, cell) => base + rate * day + 10 * cell;

/** @param {string} folder @param {MadeRun} run */
export async function writeRun(folder, run) {
  const { days, steps = days.map((_, n) => n), shape = [4, 3, 2], start, wells = {}, open = () => true } = run;
  const [nx, ny, nz] = shape;
  const size = nx * ny * nz;
  const grid = (/** @type {(cell: number) => number} */ value) =>
    new NdArray(Float64Array.from({ length: size }, (_, cell) => value(cell)), [...shape], 'float64');
  const states = days.map((day, n) => ({
    step: steps[n], step_size: DAY, time: day * DAY,
    wells: { injection_wells: {}, production_wells: Object.fromEntries(Object.entries(wells).map(([name, cell]) =>
      [name, { production_well: { name, is_active: open(n), perforating_intervals: [[cell, cell]] } }])) },
    model: {
      grid_shape: [...shape], cell_dimension: [100, 100], thickness_grid: grid(() => 20),
      fluid_properties: { pressure_grid: grid((cell) => pressureAt(run, day, cell)) },
    },
  }));
  const store = await openStore(folder, { mode: 'w', durability: 'relaxed' });
  try {
    await store.dump(states, { meta: (/** @type {any} */ state) => ({ step: state.step, ...(start && { start_date: start }) }) });
  } finally {
    await store.close();
  }
}

/**
 * A run without chunks, which read as their fill value: of any size and of many steps it takes no room. As BORES nests a
 * state, with what a picture needs of it.
 * @param {string} folder @param {number[]} shape @param {number[]} pressures  of all cells, one a step
 */
export function writeHollow(folder, shape, pressures) {
  const put = (/** @type {string} */ key, /** @type {unknown} */ document) => {
    mkdirSync(path.dirname(path.join(folder, key)), { recursive: true });
    writeFileSync(path.join(folder, key), JSON.stringify(document));
  };
  const group = { zarr_format: 2 };
  const array = (/** @type {number[]} */ size, /** @type {number} */ fill) => ({ zarr_format: 2, shape: size, chunks: size,
    dtype: '<f4', fill_value: fill, compressor: null, filters: null, order: 'C', dimension_separator: '.' });
  put('.zgroup', group);
  put('.zattrs', { count: pressures.length });
  for (const [step, pressure] of pressures.entries()) {
    const entry = `entry_${String(step).padStart(10, '0')}`;
    put(`${entry}/.zgroup`, group);
    put(`${entry}/.zattrs`, { _index: step, _group_name: entry, _meta: { step }, step, step_size: DAY, time: step * DAY });
    for (const name of ['model', 'model/fluid_properties']) put(`${entry}/${name}/.zgroup`, group);
    put(`${entry}/model/cell_dimension/.zarray`, array([2], 100));
    put(`${entry}/model/thickness_grid/.zarray`, array(shape, 20));
    put(`${entry}/model/fluid_properties/pressure_grid/.zarray`, array(shape, pressure));
  }
}

/**
 * Writes runs and serves the page with them: `a.zarr`, `b.zarr`, …
 * @param {Record<string, MadeRun>} runs
 * @param {(url: string, folder: string) => Promise<void>} use
 */
export async function withRuns(runs, use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-made-'));
  try {
    for (const [name, run] of Object.entries(runs)) {
      await writeRun(path.join(folder, `${name}.zarr`), run);
      const store = await openStore(path.join(folder, `${name}.zarr`), { mode: 'r+' });
      await store.consolidate();
      await store.close();
    }
    const server = await serve({ '/runs': folder });
    try {
      await use(server.url, folder);
    } finally {
      server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
