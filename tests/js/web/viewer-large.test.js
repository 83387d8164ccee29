// SPDX-License-Identifier: MIT
// Grids of very many cells: some of the columns first, what all of them take is told before they are read.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { ModelState, NdArray, SparseTensor, openStore } from '../../../js/index.js';
import { coarseLink, coarseWords, everyOf, fineLink, finerOf } from '../../../web/coarse/coarse.js';
import { linkOf, startState } from '../../../web/model/link-state.js';
import { RangeScan } from '../../../web/model/range.js';
import { readParts } from '../../../web/model/read.js';
import { Run } from '../../../web/model/run.js';
import { emptyState } from '../../../web/model/state.js';

const PRESSURE = 'model.fluid_properties.pressure_grid';
const SHAPE = [7, 5, 3];
const work = mkdtempSync(path.join(tmpdir(), 'bores-large-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** A store of one entry whose arrays have this shape; reading its grid is a failure. @param {number[]} shape */
const storeOf = (shape) => /** @type {any} */ ({
  entries: async () => [{ idx: 0, step: 0, time: 0, meta: {} }],
  inventory: async () => [{ path: 'model.thickness_grid', names: ['model', 'thickness_grid'], shape, dtype: '<f8' },
    { path: 'model.grid_shape', names: ['model', 'grid_shape'], shape: [3], dtype: '<i8' }],
  async *load() { throw new Error('the grid was read'); },
});

const thickness = Float64Array.from({ length: 105 }, (_, n) => 10 + n % 3);
const pressure = [0, 1].map((step) => Float64Array.from({ length: 105 }, (_, n) => 2000 + 300 * step + n * n % 97));

/** Two steps, a well at a corner, one through two cells. @param {string} place */
async function write(place) {
  const array = (/** @type {any} */ data) => new NdArray(data, SHAPE);
  const well = (/** @type {string} */ name, /** @type {number[][][]} */ cells) =>
    [name, { production_well: { name, is_active: true, perforating_intervals: cells } }];
  const store = await openStore(place, { mode: 'w' });
  for (const [step, values] of pressure.entries()) await store.append(ModelState.from({
    step, step_size: 86400, time: step * 86400,
    wells: { injection_wells: {}, production_wells: Object.fromEntries([
      well('corner', [[[6, 4, 0], [6, 4, 2]]]), well('two', [[[2, 0, 1], [3, 0, 1]]])]) },
    model: { grid_shape: SHAPE, cell_dimension: [100, 50], dip_angle: 0, dip_azimuth: 0, datum_depth: 1000,
      thickness_grid: array(thickness), fluid_properties: { pressure_grid: array(values) }, rock_properties: {} },
    rates: { production_rates: { oil: SparseTensor.of({ shape: SHAPE, entries: [[[6, 4, 1], 7]] }) } },
  }));
  await store.close();
}

test('three million cells and more are shown coarser at first, with all their layers', () => {
  assert.equal(everyOf([100, 100, 100]), 1);
  for (const shape of [[215, 215, 215], [1000, 1000, 10], [500, 500, 200]]) {
    const every = everyOf(shape);
    const [nx, ny, nz] = [Math.ceil(shape[0] / every), Math.ceil(shape[1] / every), shape[2]];
    assert.ok(every > 1 && nx * ny * nz <= 400e3, `${shape}: ${every}`);
    const [wide, deep] = shape.map((n) => Math.ceil(n / (every - 1)));
    assert.ok(wide * deep * nz > 400e3, `${shape}: ${every} is coarser than it has to be`);
  }
  assert.equal(everyOf([10, 10, 100_000]), 1);
});

test('what all cells take is told before, and too much is not offered', () => {
  assert.equal(finerOf([100, 100, 100], 1), null);
  const when = (/** @type {number[]} */ shape) => finerOf(shape, everyOf(shape))?.when;
  assert.equal(when([215, 215, 215]), 'soon');
  assert.equal(when([330, 330, 330]), 'asked'); // 36 million
  assert.equal(when([1000, 1000, 300]), 'never');
  assert.equal(coarseWords({ every: 3, shape: [9, 8, 7], bytes: 0, when: 'soon' }), 'every 3rd column of 9 × 8 × 7 cells');
});

test('cells, values, wells and curves of a coarser look are those of every n-th column', async () => {
  const place = path.join(work, 'run.zarr');
  await write(place);
  const run = await Run.open(place, { name: 'run', every: 2 });
  const whole = await run.openAll(new AbortController().signal);
  try {
    assert.deepEqual([run.grid.shape, run.grid.stored, whole.grid.shape], [[4, 3, 3], SHAPE, SHAPE]);
    assert.deepEqual([run.finer?.every, whole.finer], [2, null]);
    const property = /** @type {any} */ (run.property(PRESSURE));
    const values = await run.values(1, property);
    for (let n = 0; n < run.grid.size; n += 1) {
      const cell = run.grid.cellOf(n);
      const [i, j, k] = run.grid.storedCell(cell);
      assert.deepEqual([i, j], [2 * cell[0], 2 * cell[1]]);
      assert.equal(values.data[n], pressure[1][(i * 5 + j) * 3 + k]);
      assert.equal(run.grid.depthOf(cell), whole.grid.depthOf([i, j, k]));
    }
    assert.deepEqual(run.grid.cellDimension, [200, 100]);
    const { wells, lost } = await run.wells(0);
    assert.deepEqual(lost, []);
    assert.deepEqual(Object.fromEntries(wells.map(({ name, cells }) => [name, cells])),
      { corner: [[3, 2, 0], [3, 2, 1], [3, 2, 2]], two: [[1, 0, 1]] });
    const { values: curve } = await run.history(property, [3, 2, 1], new AbortController().signal);
    assert.deepEqual(curve, pressure.map((all) => all[(6 * 5 + 4) * 3 + 1]));
    const rates = await run.values(0, /** @type {any} */ (run.property('rates.production_rates.oil')));
    assert.equal(rates.data[run.grid.indexOf([3, 2, 1])], 7);
    // The legend is that of all cells, since it stays when they come.
    const scan = new RangeScan(run);
    await scan.lookUp(property, new AbortController().signal);
    scan.add(property, 1, values);
    const { lo, hi } = scan.of(property);
    assert.deepEqual([lo, hi], [Math.min(...pressure[0]), Math.max(...pressure[1])]);
  } finally {
    await run.close();
    await whole.close();
  }
});

test('a link means the cells of the file, however they are shown', async () => {
  const run = await Run.open(path.join(work, 'run.zarr'), { name: 'run', every: 2 });
  try {
    const link = /** @type {any} */ ({ source: 'x', cell: [5, 4, 1], slice: { axis: 0, index: 6 },
      box: [[1, 6], [0, 4], [0, 1]] });
    const state = /** @type {any} */ ({ ...emptyState(), ...startState(run, link), source: 'x' });
    assert.deepEqual([state.cell, state.sliceAt[0], state.box.lo, state.box.hi],
      [[2, 2, 1], 3, [0, 0, 0], [4, 3, 2]]);
    const { cell, slice, box } = linkOf(state);
    assert.deepEqual([cell, slice, box], [[4, 4, 1], { axis: 0, index: 6 }, [[0, 6], [0, 4], [0, 1]]]);
    const fine = /** @type {any} */ ({ cell: [4, 4, 1], box: [[2, 5], [0, 3], [0, 2]] });
    assert.deepEqual(fineLink(coarseLink(fine, 2), 2, SHAPE), fine);
  } finally {
    await run.close();
  }
});

test('where columns are few, what all cells mean is asked before one is read, or refused with both numbers', async () => {
  /** @type {string[]} */ const asked = [];
  const no = new Error('not wanted');
  const confirm = async (/** @type {string} */ text) => { asked.push(text); throw no; };
  await assert.rejects(readParts(storeOf([10, 10, 200_000]), { name: 'deep', confirm }), no);
  assert.match(asked[0], /20 million cells.*6 seconds.*1\.2 GB/);
  await assert.rejects(readParts(storeOf([1000, 1000, 1000]), { name: 'embedded' }),
    { code: 'ERR_LIMIT', message: /1000 × 1000 × 1000 cells.*44 GB.*6 GB/ });
});

test('a small grid is opened without a question', async () => {
  const confirm = async () => { throw new Error('asked'); };
  await assert.rejects(readParts(storeOf([100, 100, 10]), { name: 'small', confirm }), /the grid was read/);
});
