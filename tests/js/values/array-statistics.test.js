// SPDX-License-Identifier: MIT
// Histograms of several arrays together, and percentiles of them, against the elements themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ArrayStatistics } from '../../../js/index.js';

/** By definition: the narrowest bins, at multiples of a power of two, of which 32 hold all. @param {number[]} values */
function tally(values) {
  const finite = values.filter(Number.isFinite);
  const min = Math.min(...finite);
  const max = Math.max(...finite);
  const positive = finite.filter((value) => value > 0);
  let exponent = -60;
  while (Math.floor(max / 2 ** exponent) - Math.floor(min / 2 ** exponent) >= 32) exponent += 1;
  const first = Math.floor(min / 2 ** exponent);
  const counts = new Array(Math.floor(max / 2 ** exponent) - first + 1).fill(0);
  for (const value of finite) counts[Math.floor(value / 2 ** exponent) - first] += 1;
  return new ArrayStatistics({
    count: finite.length, missing: values.length - finite.length, infinite: 0, min, max,
    mean: finite.reduce((a, b) => a + b, 0) / finite.length,
    minPositive: positive.length ? Math.min(...positive) : NaN, exponent, first, counts: min < max ? counts : [],
  });
}

/**
 * Numbers that are the same everywhere.
 * @param {number} count @param {number} lo @param {number} hi @param {number} seed
 */
function numbers(count, lo, hi, seed) {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return lo + state / 2 ** 31 * (hi - lo);
  });
}

/** NumPy's "linear" percentile. @param {number[]} values @param {number} percent */
function exactPercentile(values, percent) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const place = percent / 100 * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

const PARTS = [numbers(1000, 0, 1, 7), numbers(300, 0.4, 0.41, 8), numbers(50, -3, 90, 9), new Array(40).fill(0.25),
  [...numbers(20, -1e-6, 1e-6, 10), NaN], new Array(5).fill(-3)];

test('together they are those of all elements, bin by bin', () => {
  for (let from = 0; from < PARTS.length; from += 1) {
    const list = PARTS.slice(from);
    const values = list.flat().filter(Number.isFinite);
    const total = ArrayStatistics.together(list.map(tally));
    assert.deepEqual([total.count, total.missing, total.min, total.max],
      [values.length, list.flat().length - values.length, Math.min(...values), Math.max(...values)]);
    assert.ok(Math.abs(total.mean - values.reduce((a, b) => a + b, 0) / values.length) < 1e-12);
    const { edges, counts } = total.histogram;
    if (counts.length > 1) {
      assert.deepEqual(counts, counts.map((_, n) => values.filter((v) => v >= edges[n] && v < edges[n + 1]).length));
      assert.ok(counts.length <= 128 && edges[0] <= total.min && edges[counts.length] > total.max);
    }
  }
});

test('percentiles are right to within a bin, and at the ends exact', () => {
  const values = PARTS.flat();
  const total = ArrayStatistics.together(PARTS.map(tally));
  for (const percent of [0, 1, 10, 25, 50, 75, 90, 99, 100]) {
    const exact = exactPercentile(values, percent);
    const found = total.percentile(percent);
    const allowed = percent % 100 === 0 ? 0 : total.precision;
    assert.ok(Math.abs(found - exact) <= allowed, `P${percent}: ${found}, ${exact}`);
  }
  assert.throws(() => total.percentile(101), RangeError);
});

test('without elements and of equal ones', () => {
  const none = new ArrayStatistics({ count: 0, missing: 3, infinite: 1, min: null, max: null, mean: null,
    minPositive: null, exponent: 0, first: 0, counts: [] });
  assert.deepEqual([none.min, none.percentile(50), none.histogram.counts], [NaN, NaN, []]);
  const nothing = ArrayStatistics.together([none, none]);
  assert.deepEqual([nothing.count, nothing.missing, nothing.infinite, nothing.mean], [0, 6, 2, NaN]);
  assert.deepEqual(ArrayStatistics.together([]).count, 0);
  const equal = ArrayStatistics.together([tally([7, 7]), none, tally([7])]);
  assert.deepEqual([equal.count, equal.percentile(10), equal.precision, equal.mean], [3, 7, 0, 7]);
  assert.deepEqual(equal.histogram, { edges: [7, 7], counts: [3] });
});

test('numbers that an array of its type cannot have do not suit it', () => {
  const of = (/** @type {number} */ min, /** @type {number} */ max, missing = 0) => new ArrayStatistics({ count: 2,
    missing, infinite: 0, min, max, mean: min, minPositive: null, exponent: 0, first: 0, counts: [] });
  for (const [dtype, statistics] of /** @type {[string, ArrayStatistics][]} */ ([
    ['<f4', of(0.5, 2 ** 90)], ['<f8', of(0.1, 1e300)], ['|u1', of(0, 255)], ['<i2', of(-32768, 32767)],
    ['|b1', of(0, 1)], ['<f4', of(1, 2, 4)], ['<u8', of(0, 2 ** 64)],
  ])) assert.ok(statistics.suits(dtype), dtype);
  for (const [dtype, statistics] of /** @type {[string, ArrayStatistics][]} */ ([
    ['<f4', of(0.1, 1)], ['<f4', of(0, 1e39)], ['<f2', of(0, 1e5)], ['|u1', of(-1, 5)], ['|u1', of(0, 256)],
    ['|u1', of(0.5, 1)], ['<i2', of(0, 40000)], ['|b1', of(0, 2)], ['<i4', of(0, 1, 1)], ['<U5', of(0, 1)],
  ])) assert.ok(!statistics.suits(dtype), dtype);
  assert.ok(of(1, 2).suits('<f8', 2) && !of(1, 2).suits('<f8', 3));
});
