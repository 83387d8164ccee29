// SPDX-License-Identifier: MIT
// What the viewer asks of cells, less its pages: bins, texts, colours.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { filterWords } from '../../../web/cells/ask.js';
import { edgesOf, poresAsPorosity } from '../../../web/cells/asking.js';
import { pointAt, pointsOf } from '../../../web/cells/cross-points.js';
import { cellsCsv, columnOf, csvOf, curvesCsv, sliceCells } from '../../../web/cells/data-text.js';
import { ternaryColours } from '../../../web/cells/ternary.js';
import { Grid } from '../../../web/model/grid.js';
import { withTernary } from '../../../web/model/properties.js';
import { scaleEnds } from '../../../web/model/range.js';
import { categoryTable, colourMap, colourOf, levelTable } from '../../../web/plot/colormaps.js';

/** @param {Partial<import('../../../web/model/properties.js').Drawable>} [more] */
const drawable = (more) => ({ id: 'model.x', path: ['model', 'x'], name: 'X', unit: '', group: 'Other', log: false,
  flags: false, whole: false, sparse: false, nbytes: 8, ...more });
const values = (/** @type {number} */ lo, /** @type {number} */ hi, loPositive = lo) =>
  ({ data: Float64Array.of(lo, hi), lo, hi, loPositive, missing: 0 });

test('bins ascend over the range and what lies beyond it, in ratios, of categories, of one value', () => {
  const linear = edgesOf(drawable(), values(-5, 5), [0, 10], false);
  assert.deepEqual([linear.length, linear[0], linear[16], linear[32]], [33, -5, 2.5, 10]);
  const ratios = edgesOf(drawable(), values(0, 1000, 0.001), [0.01, 1000], true);
  assert.equal(ratios[0], 0.001);
  assert.equal(ratios[32], 1000);
  assert.ok(Math.abs(ratios[16] - 1) < 1e-12); // half of the decades
  assert.deepEqual(edgesOf(drawable({ whole: true }), values(2, 4), [1, 4], false), [0.5, 1.5, 2.5, 3.5, 4.5]);
  assert.deepEqual(edgesOf(drawable({ flags: true }), values(0, 1), [0, 1], false), [-0.5, 0.5, 1.5]);
  assert.deepEqual(edgesOf(drawable(), values(7, 7), [7, 7], false), [6.5, 7.5]); // as numpy.histogram()
  for (const edges of [linear, ratios, edgesOf(drawable(), values(1e15, 1e15 + 0.5), [1e15, 1e15 + 0.5], false)]) {
    assert.ok(edges.every((edge, n) => n === 0 || edge > edges[n - 1]));
  }
});

test('filters are told in words', () => {
  const pressure = drawable({ name: 'Pressure', unit: 'psi' });
  const filter = { id: 'p', on: true, exclude: false };
  assert.equal(filterWords({ ...filter, range: [1000, null] }, pressure), 'Pressure ≥ 1000 psi');
  assert.equal(filterWords({ ...filter, exclude: true, range: [1, 2.5] }, pressure), 'not Pressure 1 to 2.5 psi');
  assert.equal(filterWords({ ...filter, set: [1] }, drawable({ name: 'Flag', flags: true })), 'Flag true');
  assert.equal(filterWords({ ...filter, set: [1, 3] }, undefined), 'p 1, 3');
});

test('saturations are a colour each, exact at corners and centroid; what is no sum of one is flagged', () => {
  const rgb = (/** @type {number} */ value) => colourOf(value, { table: new Uint8Array(4), lo: 0, hi: 1, log: false,
    flags: false, direct: true });
  const third = Math.fround(1 / 3);
  const { data, missing, flagged } = ternaryColours([1, 0, 0, third, 0.5, NaN, 1.0005], [0, 1, 0, third, 0.2, 0, 0],
    [0, 0, 1, third, 0.2, 1, 0]);
  assert.deepEqual([0, 1, 2, 3].map((n) => rgb(data[n])), [[0, 255, 0], [255, 0, 0], [0, 0, 255], [85, 85, 85]]);
  assert.deepEqual([data[4], data[5], missing, flagged], [-1, NaN, 1, 1]);
  assert.deepEqual(rgb(data[6]), [0, 255, 0]); // within a simulator's tolerance
});

test('the three saturations are one more property where all are there', () => {
  const of = (/** @type {string} */ phase) => drawable({ id: `model.fluid_properties.${phase}_saturation_grid` });
  const two = [of('oil'), of('water')];
  assert.equal(withTernary(two), two);
  const list = withTernary([of('oil'), of('water'), of('gas'), drawable()]);
  assert.deepEqual(list.map(({ ternary }) => ternary === true), [false, false, false, true, false]);
  assert.deepEqual(list[3].parts, ['oil', 'gas', 'water'].map((phase) => of(phase).id));
});

test('levels are the colours of matplotlib\'s resampled map, categories have theirs whatever the range is', () => {
  // colormaps['viridis'].resampled(3)
  assert.deepEqual([...levelTable(colourMap('viridis').table, 3)], [68, 1, 84, 255, 33, 145, 140, 255, 253, 231, 37, 255]);
  assert.deepEqual(categoryTable(3, 5).subarray(4, 8), categoryTable(-2, 40).subarray(24, 28));
  assert.deepEqual(scaleEnds({ lo: -3, hi: 2, loPositive: 1 }, false, true), [-3, 3]);
});

test('values as text: exact numbers, quotes where they are needed, the cells of a column and a slice', async () => {
  assert.equal(csvOf(['a', 'b,c'], [[0.1, 'x "y"'], [NaN, 5e-324]]).join(''),
    'a,"b,c"\r\n0.1,"x ""y"""\r\nNaN,5e-324\r\n');
  const grid = new Grid({ shape: [2, 1, 3], cellDimension: [10, 10], thickness: Float64Array.of(2, 2, 2, 2, 2, 2) });
  const run = /** @type {any} */ ({ grid, steps: [{ step: 4, time: 43200 }, { step: null, time: null }] });
  assert.deepEqual(columnOf(run, [1, 0, 2]), [3, 4, 5]);
  assert.deepEqual(sliceCells(run, 2, 1), [1, 4]);
  assert.deepEqual(sliceCells(run, 0, 1), [3, 4, 5]);
  const data = Float64Array.of(0, 1, 2, 3, 4.5, 5);
  assert.equal((await cellsCsv(run, drawable({ unit: 'psi' }), { data }, [4])).join(''),
    'i,j,k,depth [ft],X [psi]\r\n1,0,1,3,4.5\r\n');
  const parts = [data.map((n) => n / 10), data.map((n) => n / 5), data.map((n) => 1 - 0.3 * n)];
  assert.equal((await cellsCsv(run, drawable({ ternary: true }), { data, parts }, [1])).join(''),
    'i,j,k,depth [ft],Oil saturation,Gas saturation,Water saturation\r\n0,0,1,3,0.1,0.2,0.7\r\n');
  assert.equal(curvesCsv(run, drawable(), [{ cell: [0, 0, 1], values: [7], problem: '' }]).join(''),
    'step,days,X of cell 0 0 1\r\n4,0.5,7\r\n1,,\r\n');
});

test('each cell of a cross-plot is at its place, the last one of those that share it, and found there', async () => {
  // More cells than are placed at a time: a line of 1000 places over and over, from 1 to 1000 along a logarithmic axis.
  const size = 600_000;
  const x = Float64Array.from({ length: size }, (_, n) => 10 ** (3 * ((n % 1000) + 0.5) / 1000));
  const y = Float64Array.from({ length: size }, (_, n) => (n === 7 ? NaN : 0.5));
  const axis = (/** @type {Float64Array} */ data, /** @type {any} */ ends) => /** @type {any} */ ({ values: { data }, ...ends });
  const axes = { x: axis(x, { log: true, first: 0, last: 3 }), y: axis(y, { log: false, first: 0, last: 1 }),
    mask: new Uint8Array(size).fill(1, 0, size - 1000) };
  const shown = new Uint8Array(size).fill(1, 1);
  const points = await pointsOf(axes, shown, { width: 1000, height: 2 }, () => true);
  assert.ok(points);
  // In the upper row, since 0.5 is where it begins; the last thousand cells are hidden.
  assert.deepEqual([...points.brushed.subarray(0, 3)], [size - 1999, size - 1998, size - 1997]);
  assert.equal(points.brushed.filter((cell) => cell > 0).length, 1000);
  assert.deepEqual([points.others[0], points.others.filter((cell) => cell > 0).length], [1, 1]);
  assert.equal(pointAt(points, { x: 0.0205, y: 0.75 }, 3), size - 2000 + 20);
  assert.equal(pointAt(points, { x: 0.5, y: -9 }, 3), null);
  assert.equal(await pointsOf(axes, shown, { width: 1000, height: 2 }, () => false), null);
});

test('pore volumes that a file tells are fractions of the cells, whatever their units', () => {
  // A barrel has 42 gallons of 231 cubic inches (NIST SP 811): 9702 / 1728 ft³.
  const near = (/** @type {Float64Array} */ found, /** @type {number[]} */ wanted) => found.forEach((value, n) =>
    assert.ok(Math.abs(value - wanted[n]) <= 1e-9, `${value}, not ${wanted[n]}`));
  near(poresAsPorosity([100, 50, 7], 'rb', [1000, 2000, 0], 'ft'), [0.1 * 9702 / 1728, 0.025 * 9702 / 1728, 0]);
  near(poresAsPorosity([2], 'rm³', [10], 'm'), [0.2]);
  near(poresAsPorosity([2], 'rm³', [10 / 0.3048 ** 3], 'ft'), [0.2]);
  near(poresAsPorosity([3], 'rcm³', [12], 'cm'), [0.25]);
});
