// SPDX-License-Identifier: MIT
// The viewer's model: order of reading, what is kept, playback, where cells are.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { getCore } from '../../../js/formats/zarr/zarr-session.js';
import { gridDepths, gridOrigin } from '../../../js/core/geometry.js';
import { ByteCache } from '../../../web/base/cache.js';
import { Grid } from '../../../web/model/grid.js';
import { Observable } from '../../../web/base/observable.js';
import { Player } from '../../../web/model/player.js';
import { drawables, search } from '../../../web/model/properties.js';
import { scaleEnds, spreadOrder } from '../../../web/model/range.js';
import { Newest } from '../../../web/base/tasks.js';
import { wellMark, wellsOf } from '../../../web/model/wells.js';

const grid = new Grid({
  shape: [4, 3, 5], cellDimension: [110, 95], datumDepth: 8000, dipAngle: 2, dipAzimuth: 60,
  // One cell pinches out.
  thickness: Float64Array.from({ length: 60 }, (_, n) => (n === 17 ? 0 : 10 + n % 7)),
});

test('depths and origin are those of the core', async () => {
  const core = await getCore();
  const depths = gridDepths(core, grid.plain());
  depths.forEach((depth, n) => {
    const own = grid.depthOf(grid.cellOf(n));
    assert.ok(Number.isNaN(depth) ? Number.isNaN(own) : Math.abs(own - depth) < 1e-9);
  });
  assert.ok(Math.abs(gridOrigin(core, grid.plain())[2] + grid.middleDepth) < 1e-9);
});

test('every step is visited once, both ends first', () => {
  for (const count of [0, 1, 2, 3, 7, 23, 100]) {
    const order = spreadOrder(count);
    assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: count }, (_, n) => n));
  }
  assert.deepEqual(spreadOrder(9).slice(0, 5), [0, 8, 4, 2, 6]);
});

test('there is always a scale', () => {
  assert.deepEqual(scaleEnds({ lo: 1, hi: 5, loPositive: 1 }, false), [1, 5]);
  assert.deepEqual(scaleEnds({ lo: -3, hi: 5, loPositive: 0.1 }, true), [0.1, 5]);
  assert.deepEqual(scaleEnds({ lo: NaN, hi: NaN, loPositive: NaN }, false), [0, 1]);
  assert.deepEqual(scaleEnds({ lo: -3, hi: 0, loPositive: NaN }, true), [0.001, 1]);
});

test('the cache forgets what was not used the longest', () => {
  const cache = new ByteCache(10);
  cache.set('a', 1, 4);
  cache.set('b', 2, 4);
  assert.equal(cache.get('a'), 1);
  cache.set('c', 3, 4);
  assert.deepEqual(['a', 'b', 'c'].map((key) => cache.get(key)), [1, undefined, 3]);
  cache.set('huge', 4, 99);
  assert.deepEqual(['a', 'c', 'huge'].map((key) => cache.get(key)), [undefined, undefined, 4]);
});

test('readers are told once of changes that come together', async () => {
  const state = new Observable({ a: 1, b: 2, c: 3 });
  /** @type {number[][]} */ const told = [];
  const stop = state.watch(['a', 'b'], ({ a, b }) => told.push([a, b]));
  state.set({ a: 5 });
  state.set({ b: 6, c: 7 });
  await null;
  state.set({ c: 8 });
  await null;
  stop();
  state.set({ a: 9 });
  await null;
  assert.deepEqual(told, [[1, 2], [5, 6]]);
});

test('of what is asked for while one works, only the last is done', async () => {
  const tasks = new Newest();
  /** @type {number[]} */ const done = [];
  const work = /** @param {number} n */ (n) => async () => {
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    done.push(n);
  };
  await Promise.all([1, 2, 3].map((n) => tasks.run(work(n))));
  assert.deepEqual(done, [1, 3]);
  await tasks.run(work(4));
  assert.deepEqual(done, [1, 3, 4]);
});

test('playback goes through every step, waits for each, and ends', async () => {
  let step = 4;
  let ended = 0;
  /** @type {number[]} */ const shown = [];
  /** @type {Set<number>} */ const read = new Set();
  const player = new Player({
    step: () => step, count: () => 6, pause: () => 1, loop: () => false,
    prefetch: (n) => { read.add(n); }, onEnd: () => { ended += 1; },
    async show(n) {
      assert.ok(read.has(n));
      await new Promise((resolve) => { setTimeout(resolve, 3); });
      step = n;
      shown.push(n);
    },
  });
  await player.play();
  await player.play();
  assert.deepEqual(shown, [5, 0, 1, 2, 3, 4, 5]);
  assert.equal(ended, 2);
});

test('of arrays only those of the grid are drawable, and found by any of their words', () => {
  const list = drawables([
    { names: ['model', 'face_transmissibilities', 'x'], shape: [6, 5, 7], dtype: '<f8' },
    { names: ['model', 'fluid_properties', 'oil_saturation_grid'], shape: [4, 3, 5], dtype: '<f4' },
    { names: ['model', 'fluid_properties', 'pressure_grid'], shape: [4, 3, 5], dtype: '<f8' },
    { names: ['rates', 'production_rates', 'oil'], shape: [4, 3, 5], dtype: '<f8', sparse: 2 },
    { names: ['mine', 'flux'], shape: [4, 3, 5], dtype: '|b1' },
    { names: ['mine', 'names'], shape: [4, 3, 5], dtype: '<U8' },
  ], grid.shape);
  assert.deepEqual(list.map(({ name }) => name),
    ['Pressure', 'Oil saturation', 'Oil production rate', 'mine.flux']);
  assert.deepEqual(list.map(({ nbytes }) => nbytes), [480, 240, 480, 60]);
  assert.deepEqual(search(list, 'OIL sat').map(({ name }) => name), ['Oil saturation']);
  assert.deepEqual(search(list, 'psi').map(({ name }) => name), ['Pressure']);
  assert.deepEqual(search(list, 'nothing such'), []);
});

test('wells keep to the grid, whatever their intervals say', () => {
  const { wells } = wellsOf({
    injection_wells: { a: { injection_well: {
      name: 'I', injected_fluid: { phase: 'gas' },
      perforating_intervals: { data: BigInt64Array.of(0n, 0n, 2n, 0n, 0n, 10n ** 15n) },
    } } },
    production_wells: [
      { name: 'P', is_active: false, perforating_intervals: [[[3, 2, 1], [3, 2, 1]]] },
      { name: 'nowhere', perforating_intervals: [[[9, 9, 9], [9, 9, 9]]] },
      { name: 'none' },
    ],
  }, grid.shape);
  assert.deepEqual(wells.map(({ name, injector, open, phase, cells }) =>
    [name, injector, open, phase, cells.length]),
  [['I', true, true, 'gas', 3], ['P', false, false, 'oil', 1]]);
  assert.deepEqual(wells.map((well) => wellMark(well, grid).label), ['▼ I', '▲ P (shut)']);
  assert.deepEqual(wellsOf(undefined, grid.shape), { wells: [], lost: [] });
});
