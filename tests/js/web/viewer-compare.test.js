// SPDX-License-Identifier: MIT
// Two runs: which states belong together, what is between them, and what a link says of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Observable } from '../../../web/base/observable.js';
import { Comparison } from '../../../web/compare/comparison.js';
import { compareFromLink, compareToLink } from '../../../web/compare/compare-link.js';
import { gapText, matchSteps, misfitOf, shiftOf } from '../../../web/compare/match.js';
import { minus } from '../../../web/compare/minus.js';
import { Grid } from '../../../web/model/grid.js';
import { differenceEnds } from '../../../web/model/range.js';
import { Run } from '../../../web/model/run.js';
import { emptyState } from '../../../web/model/state.js';

const DAY = 86_400;
const steps = (/** @type {(number | null)[]} */ ...days) =>
  days.map((day) => ({ time: day === null ? null : day * DAY }));

test('a step belongs to the nearest in time, and how far it is away is told', () => {
  const matches = matchSteps(steps(0, 10, 30, 100), steps(0, 12, 60));
  assert.deepEqual(matches.map(({ step, gap }) => [step, gap / DAY]), [[0, 0], [1, 2], [1, -18], [2, -40]]);
  assert.deepEqual(matches.map(gapText), ['', '2 days later', '18 days earlier', '40 days earlier']);
});

test('dates count where both runs have one: the same day is the same state', () => {
  const shift = shiftOf('2016-02-28', '2016-03-01'); // over a leap day
  assert.equal(shift, 2 * DAY);
  assert.deepEqual(matchSteps(steps(0, 2, 12), steps(0, 10), shift).map(({ step, gap }) => [step, gap / DAY]),
    [[0, 2], [0, 0], [1, 0]]);
  assert.equal(shiftOf('2016-02-28', ''), 0);
});

test('where times are not known, states of the same number belong together, and that is said', () => {
  const matches = matchSteps(steps(0, 1, 2), steps(0, null));
  assert.deepEqual(matches.map(({ step }) => step), [0, 1, 1]);
  assert.match(gapText(matches[1]), /times are not known/);
});

test('a difference is of every cell, in parts too, and none where one side has no value', async () => {
  const size = (1 << 19) + 7; // more than one part
  const a = Float64Array.from({ length: size }, (_, n) => n);
  const b = Float64Array.from({ length: size }, (_, n) => 2 * n - 5);
  a[3] = NaN;
  b[size - 1] = Infinity;
  const { data, lo, hi, loPositive, missing } = await minus(b, a);
  assert.deepEqual([lo, hi, loPositive, missing], [-5, size - 2 - 5, 1, 2]);
  for (let n = 0; n < size; n += 1) {
    if (n === 3 || n === size - 1) assert.ok(Number.isNaN(data[n]));
    else if (data[n] !== n - 5) assert.fail(`${n}: ${data[n]}`);
  }
  const zero = await minus(a, a);
  assert.deepEqual([zero.lo, zero.hi, zero.missing], [0, 0, 1]);
  // Two small integers may be further apart than their type is wide.
  assert.deepEqual([...(await minus(Uint8Array.of(0, 255), Uint8Array.of(255, 0))).data], [-255, 255]);
});

test('zero is the middle of a difference', () => {
  assert.deepEqual(differenceEnds({ lo: -3, hi: 7 }), [-7, 7]);
  assert.deepEqual(differenceEnds({ lo: 0, hi: 0 }).map(Math.abs), [0, 0]);
  assert.deepEqual(differenceEnds({ lo: NaN, hi: NaN }), [-1, 1]);
});

test('grids fit where their cells are the same places, in single precision too', () => {
  const grid = (/** @type {any} */ more = {}) => new Grid({ shape: [2, 3, 1], cellDimension: [100, 50],
    thickness: Float64Array.of(1.1, 2, 3, 4, 5, 6), ...more });
  assert.equal(misfitOf(grid(), grid({ thickness: Float32Array.of(1.1, 2, 3, 4, 5, 6) })), '');
  assert.match(misfitOf(grid(), grid({ shape: [3, 2, 1] })), /3 × 2 × 1 cells, and not 2 × 3 × 1/);
  assert.match(misfitOf(grid(), grid({ cellDimension: [100, 51] })), /lie elsewhere/);
  assert.match(misfitOf(grid(), grid({ datumDepth: 5000 })), /lie elsewhere/);
  assert.match(misfitOf(grid(), grid({ thickness: Float64Array.of(1.2, 2, 3, 4, 5, 6) })), /cell 0, 0, 0 is not as thick/);
});

test('a link says what is compared, and nonsense is left out', () => {
  const said = (/** @type {any} */ compare) => compareFromLink(new Map(compareToLink(compare)
    .flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]))));
  for (const compare of /** @type {const} */ ([
    { source: 'https://example.org/b.zarr?x=1', base: null, how: 'swipe', at: 0.25 },
    { source: null, base: 3, how: 'difference', at: 0.5 },
  ])) assert.deepEqual(said(compare), compare);
  assert.equal(said({ source: null, base: null, how: 'beside', at: 0.5 }), undefined, 'a file has no address');
  assert.equal(compareFromLink(new Map([['bt', '-1'], ['bm', 'beside']])), undefined);
  assert.deepEqual(compareFromLink(new Map([['bt', '0'], ['bm', 'x'], ['bw', '7']])),
    { source: null, base: 0, how: 'difference', at: 0.5 });
});

test('a run whose comparison is ended while its times are read is closed, and is not compared', async (t) => {
  /** @type {string[]} */ const told = [];
  let read = () => {};
  const grid = new Grid({ shape: [1, 1, 1], cellDimension: [1, 1], thickness: Float64Array.of(1) });
  const run = { name: 'run', grid, steps: [{ time: 0 }], properties: [{ id: 'p', unit: '' }],
    property: () => ({ id: 'p', unit: '' }) };
  t.mock.method(Run, 'open', async (/** @type {string} */ _location, /** @type {any} */ { name }) => ({ ...run, name,
    readTimes: () => new Promise((resolve) => { read = () => resolve(undefined); }),
    follow: async () => { told.push(`follows ${name}`); },
    close: async () => { told.push(`closed ${name}`); } }));
  const state = new Observable(emptyState());
  const compare = /** @type {any} */ ({ source: 'idb:b', location: 'idb:b', name: 'b', base: null, how: 'beside', at: 0.5 });
  state.set({ run: /** @type {any} */ (run), timesRead: 1, compare });
  const comparison = new Comparison(/** @type {any} */ ({ state, set: state.set.bind(state),
    lookThrough: () => told.push('another look') }));
  await new Promise((resolve) => { setTimeout(resolve); });
  state.set({ compare: null });
  await new Promise((resolve) => { setTimeout(resolve); });
  read();
  await new Promise((resolve) => { setTimeout(resolve); });
  assert.deepEqual(told, ['another look', 'closed b']);
  assert.equal(comparison.other, null);
});
