// SPDX-License-Identifier: MIT
// Axes, numbers as text, colours, slices: what the viewer computes before it draws.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Grid } from '../../../web/model/grid.js';
import { ABOVE, BELOW, colourMap, colourOf, FALSE, MISSING, position, TRUE } from
  '../../../web/plot/colormaps.js';
import { depthRoom, depthTicks } from '../../../web/plot/depth-axis.js';
import { formatBytes, formatDays, formatNumber, tickLabels, ticks } from '../../../web/plot/scale.js';
import { cellAt, placeSlice } from '../../../web/plot/slice.js';
import { planeLines } from '../../../web/plot/slice-plane.js';
import { keepInside, spreadLabels } from '../../../web/scene/label-places.js';

const { viridis } = JSON.parse(readFileSync(
  new URL('../../viewer/viewer-expected.json', import.meta.url), 'utf8')); // from matplotlib

const range = { table: colourMap('viridis').table, lo: 10, hi: 20, log: false, flags: false };

test('ticks are round numbers inside the range', () => {
  assert.deepEqual(ticks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(3057.8, 3084.7), [3060, 3070, 3080]);
  assert.deepEqual(ticks(-3, 7), [-2, 0, 2, 4, 6]);
  assert.deepEqual(ticks(18, 1055, { log: true }), [20, 50, 100, 200, 500, 1000]);
  assert.deepEqual(ticks(1e-8, 5, { log: true }), [1e-8, 1e-6, 1e-4, 1e-2, 1]);
  assert.deepEqual(ticks(7, 7), [7]);
});

test('neighbouring ticks have different texts', () => {
  assert.deepEqual(tickLabels([0.00527, 0.00528, 0.0053]), ['0.00527', '0.00528', '0.0053']);
  assert.deepEqual(tickLabels([1e-8, 1e-6, 1]), ['10⁻⁸', '10⁻⁶', '1']);
});

test('numbers are short where that loses nothing that one reads', () => {
  for (const [value, text] of /** @type {[number, string][]} */ ([[0, '0'],
    [3057.837713, '3057.84'], [-1234567.89, '−1234568'], [3.35e-5, '3.35×10⁻⁵'], [1e9, '10⁹'], [NaN, 'no value'],
    [-Infinity, '−∞']])) assert.equal(formatNumber(value), text);
  assert.equal(formatDays(5_184_000), '60 days');
  assert.equal(formatDays(86_400), '1 day');
  assert.equal(formatBytes(1_850_000), '1.9 MB');
});

test('viridis is the table that matplotlib has', () => {
  viridis.forEach((/** @type {number[]} */ colour, /** @type {number} */ n) => {
    colourOf(10 + n, range).forEach((part, c) =>
      assert.ok(Math.abs(part - colour[c]) <= 1, `${n}: ${colourOf(10 + n, range)}, ${colour}`));
  });
});

test('what has no place in the range has a colour of its own', () => {
  assert.equal(colourOf(9.99, range), BELOW);
  assert.equal(colourOf(20.01, range), ABOVE);
  assert.equal(colourOf(NaN, range), MISSING);
  assert.equal(colourOf(0, { ...range, log: true }), BELOW);
  assert.equal(position(100, { ...range, lo: 10, hi: 1000, log: true }), 0.5);
  assert.equal(position(10, { ...range, lo: 10, hi: 10 }), 0.5);
  assert.deepEqual([0, 1].map((flag) => colourOf(flag, { ...range, flags: true })), [FALSE, TRUE]);
});

test('a point of a slice is in the cell that is drawn there', () => {
  const shape = [3, 2, 2];
  const thickness = Float64Array.from({ length: 12 }, (_, n) => 10 + n);
  const cellDimension = [100, 50];
  const grid = new Grid({ shape, cellDimension, thickness, dipAngle: 3, dipAzimuth: 90 });
  for (const [axis, index] of /** @type {const} */ ([[0, 1], [1, 1], [2, 0]])) {
    const slice = grid.slice(axis, index);
    const place = placeSlice(slice, { width: 300, height: 200, keepShape: axis === 2,
      room: { left: 8, right: 8, top: 8, bottom: 8 } });
    slice.cells.forEach((cell, n) => {
      assert.equal(grid.cellOf(cell)[axis], index);
      const middle = (/** @type {number} */ axisOf) =>
        [0, 2, 4, 6].reduce((sum, at) => sum + slice.quads[8 * n + at + axisOf], 0) / 4;
      const x = place.left + middle(0) * place.scaleX;
      const y = place.top + middle(1) * place.scaleY;
      assert.equal(cellAt(slice, place, x, y), cell);
    });
    assert.equal(cellAt(slice, place, 1, 1), -1);
  }
});

test('labels that would cover each other move apart, and what is outside the picture stands at its edge', () => {
  const picture = { width: 400, height: 300 };
  const size = { width: 80, height: 22 };
  const same = spreadLabels(Array.from({ length: 5 }, () => ({ x: 200, y: 150, ...size })), picture);
  assert.equal(new Set(same.map(({ y }) => Math.round(y))).size, 5);
  const ys = same.map(({ y }) => y).sort((a, b) => a - b);
  ys.slice(1).forEach((y, n) => assert.ok(y - ys[n] >= 22, String(ys)));
  const apart = spreadLabels([{ x: 100, y: 100, ...size }, { x: 300, y: 100, ...size }], picture);
  assert.deepEqual(apart.map(({ x, y, away }) => [x, y, away]), [[100, 100, false], [300, 100, false]]);
  const [outside] = spreadLabels([{ x: -500, y: 900, ...size }], picture);
  assert.deepEqual([outside.away, outside.x - 40 >= 0, outside.y <= 300], [true, true, true]);
  // More than there is room for: each still has a place in the picture.
  const many = spreadLabels(Array.from({ length: 40 }, () => ({ x: 200, y: 150, ...size })), picture);
  assert.ok(many.every(({ y }) => y >= 22 && y <= 300));
});

test('a depth at the left edge of the picture is read from its first digit', () => {
  const picture = { width: 390 };
  // The text is 50 wide and ends 8 before its point.
  assert.equal(keepInside(80, 50, picture), 80);
  assert.ok(keepInside(40, 50, picture) - 8 - 50 >= 0);
  assert.ok(keepInside(0, 50, picture) - 8 - 50 >= 0);
  // Of a point that is not seen there is no text to be kept.
  assert.deepEqual([keepInside(-1, 50, picture), keepInside(400, 50, picture)], [-1, 400]);
});

test('a section has room for the longest of its depths beside the word, whatever they are', () => {
  assert.equal(depthRoom(0, 100, 180, 46), 46);
  // Fractions of a deep, thin reservoir: 12340.5 has seven characters, which are 6 px wide at least.
  assert.deepEqual(depthTicks(12340.2, 12342.1, 180), [12340.5, 12341, 12341.5, 12342]);
  assert.ok(depthRoom(12340.2, 12342.1, 180, 46) >= 14 + 7 * 6 + 6);
});

test('the plane of a slice goes round the cells of the slice', () => {
  const grid = new Grid({ shape: [3, 2, 2], cellDimension: [100, 50], thickness: new Float64Array(12).fill(10) });
  const spanOf = (/** @type {Float32Array} */ lines) => [0, 1, 2].map((axis) => {
    const values = [...lines].filter((_, n) => n % 3 === axis);
    return [Math.min(...values), Math.max(...values)];
  });
  // Drawing coordinates: the middle of the grid is 0; the slice goes through the middle of its cells.
  assert.deepEqual(spanOf(planeLines(grid, 0, 0)), [[-100, -100], [-50, 50], [-10, 10]]);
  assert.deepEqual(spanOf(planeLines(grid, 1, 1)), [[-150, 150], [25, 25], [-10, 10]]);
  assert.deepEqual(spanOf(planeLines(grid, 2, 1)), [[-150, 150], [-50, 50], [-5, -5]]);
});
