// SPDX-License-Identifier: MIT
// Geometry over the core against NumPy and brute force (tests/data/geometry/make.py), in both
// builds of the wasm. The same cases run in C; here they cross the boundary.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Core } from '../../../js/core/core.js';
import {
  gridDepths, gridFaces, gridOrigin, histogram, percentiles, pickCell, slicePlane, stats,
  toFloat32,
} from '../../../js/core/geometry.js';

const cases = JSON.parse(
  readFileSync(new URL('../../data/geometry/cases.json', import.meta.url), 'utf8'));

const ARRAYS = {
  i1: Int8Array, i2: Int16Array, i4: Int32Array, i8: BigInt64Array, u1: Uint8Array,
  u2: Uint16Array, u4: Uint32Array, u8: BigUint64Array, b1: Uint8Array, f2: Uint16Array,
  f4: Float32Array, f8: Float64Array,
};
const NAMES = { b1: 'bool', f2: 'float16' };

/** @param {string} hex @param {any} [Class] */
function fromHex(hex, Class = Uint8Array) {
  return new Class(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
}

/** @param {string | null} hex */
const maskOf = (hex) => (hex === null ? undefined : fromHex(hex));

/** @param {any} row */
function gridOf(row) {
  return {
    shape: row.shape, cellDimension: [row.dx, row.dy], datumDepth: row.datum, dipAngle: row.dip,
    dipAzimuth: row.azimuth,
    thickness: fromHex(row.thickness, row.itemsize === 4 ? Float32Array : Float64Array),
  };
}

/** @param {any} row */
function valuesOf(row) {
  const code = row.dtype.slice(1);
  return { data: fromHex(row.bytes, ARRAYS[code]), dtype: NAMES[code] };
}

/** @param {number} actual @param {number} expected @param {number} tolerance */
function near(actual, expected, tolerance, where = '') {
  assert.ok(Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected} ± ${tolerance} ${where}`);
}

/**
 * By value: typed arrays are compared by their bytes, of which a NaN may have any.
 * @param {ArrayLike<number>} actual @param {ArrayLike<number>} expected @param {string} where
 */
function sameNumbers(actual, expected, where) {
  assert.deepEqual(Array.from(actual), Array.from(expected), where);
}

/** JSON has no NaN. @param {number | null} value */
const number = (value) => value ?? NaN;

/** @param {string} code */
const failsWith = (code, message = /./) => ({ name: 'BoresError', code, message });

for (const useSimd of [true, false]) {
  const build = useSimd ? 'SIMD' : 'scalar';
  const core = await Core.load({ useSimd });

  test(`${build}: faces, depths and origin of every case`, () => {
    for (const row of cases.grids) {
      const grid = gridOf(row);
      const faces = gridFaces(core, grid, { lo: row.lo, hi: row.hi, mask: maskOf(row.mask) });
      const marks = new Uint8Array(grid.thickness.length);
      faces.cells.forEach((cell, n) => { marks[cell] |= 1 << faces.directions[n]; });
      assert.equal(faces.count, row.count, row.name);
      assert.equal(faces.positions.length, 12 * row.count);
      assert.deepEqual(marks, fromHex(row.marks), row.name);
      faces.origin.forEach((x, axis) => near(x, row.origin[axis], 1e-9, row.name));
      assert.deepEqual(gridOrigin(core, grid), faces.origin);
      const depths = fromHex(row.depths, Float64Array);
      gridDepths(core, grid).forEach((depth, cell) => near(depth, depths[cell], 1e-11, row.name));
    }
  });

  test(`${build}: picks of every case`, () => {
    for (const row of cases.grids) {
      const grid = gridOf(row);
      for (const { origin, direction, cell, face, distance } of row.rays) {
        const pick = pickCell(core, grid, { origin, direction },
          { lo: row.lo, hi: row.hi, mask: maskOf(row.mask) });
        assert.equal(pick?.cell ?? null, cell, row.name);
        if (pick === null) continue;
        const [i, j, k] = pick.index;
        assert.equal((i * row.shape[1] + j) * row.shape[2] + k, cell);
        assert.equal(pick.direction, face);
        near(pick.distance, distance, 1e-9 * (1 + distance));
        near(pick.point[0], origin[0] + distance * direction[0], 1e-6);
      }
    }
  });

  test(`${build}: numbers of every type`, () => {
    for (const row of cases.values) {
      const values = valuesOf(row);
      const mask = maskOf(row.mask);
      const spread = Math.abs(number(row.min)) + Math.abs(number(row.max));
      const s = stats(core, values, { mask });
      assert.deepEqual([s.count, s.nanCount, s.infCount], [row.count, row.nan, row.inf], row.name);
      assert.deepEqual([s.min, s.max, s.minPositive],
        [row.min, row.max, row.minPositive].map(number), row.name);
      near(s.sum, number(row.sum), 1e-14 * spread * 60, row.name);
      near(s.mean, number(row.mean), 1e-14 * spread, row.name);
      const { counts, below, above } = histogram(core, values,
        { bins: row.bins.length, lo: row.lo, hi: row.hi, mask });
      assert.deepEqual([...counts, below, above], [...row.bins, row.below, row.above], row.name);
      percentiles(core, values, { percent: row.percent, mask }).forEach((value, n) =>
        near(value, number(row.percentiles[n]), 4e-15 * Math.abs(value), row.name));
      sameNumbers(toFloat32(core, values), fromHex(row.f32, Float32Array), row.name);
      for (const { axis, index, values: plane } of row.planes) {
        const out = slicePlane(core, values, row.shape, axis, index, { dtype: 'float64' });
        sameNumbers(out.data, fromHex(plane, Float64Array), row.name);
        assert.deepEqual(out.shape, out.axes.map((n) => row.shape[n]));
      }
    }
  });
}

const core = await Core.load();
const cube = { shape: [2, 2, 2], cellDimension: [10, 10], thickness: new Float32Array(8).fill(5) };

test('a plane says which axes its rows and columns are', () => {
  const values = Int16Array.from({ length: 24 },
    (_, n) => 100 * Math.floor(n / 12) + 10 * (Math.floor(n / 4) % 3) + (n % 4));
  assert.deepEqual(slicePlane(core, values, [2, 3, 4], 2, 3), {
    data: Float32Array.of(3, 103, 13, 113, 23, 123), shape: [3, 2], axes: [1, 0],
  });
  assert.deepEqual(slicePlane(core, values, [2, 3, 4], 0, 1).axes, [2, 1]);
  assert.deepEqual(slicePlane(core, values, [2, 3, 4], 1, 1).axes, [2, 0]);
});

test('without a filter every cell is shown; with an empty one none', () => {
  assert.equal(gridFaces(core, cube).count, 24);
  assert.equal(gridFaces(core, cube, { lo: [1, 0, 0] }).count, 16);
  const none = gridFaces(core, cube, { mask: new Uint8Array(8) });
  assert.deepEqual([none.count, none.positions.length], [0, 0]);
  const ray = { origin: [0, 0, 100], direction: [0, 0, -1] };
  assert.equal(pickCell(core, cube, ray, { mask: new Uint8Array(8) }), null);
});

test('views into larger buffers are read where they are', () => {
  const big = Float64Array.of(9, 1, 2, 3, 9);
  assert.equal(stats(core, big.subarray(1, 4)).sum, 6);
  assert.deepEqual(percentiles(core, big.subarray(1, 4), { percent: [50] }), [2]);
});

test('what contradicts itself is refused, and the core goes on', () => {
  const bad = [
    [() => gridFaces(core, { ...cube, shape: [2, 2] }), 'ERR_ARGUMENT', /shape has 2/],
    [() => gridFaces(core, { ...cube, shape: [2, 2, -2] }), 'ERR_ARGUMENT', /2, 2, -2/],
    [() => gridFaces(core, { ...cube, shape: [2, 2, 3] }), 'ERR_ARGUMENT', /32 bytes/],
    [() => gridFaces(core, { ...cube, shape: [2 ** 40, 2 ** 40, 1] }), 'ERR_LIMIT'],
    [() => gridFaces(core, { ...cube, thickness: /** @type {any} */ ([1]) }), 'ERR_ARGUMENT'],
    [() => gridFaces(core, { ...cube, dipAngle: 90 }), 'ERR_ARGUMENT', /90 is not in \[0, 90\)/],
    [() => gridFaces(core, cube, { hi: [2, 2, 3] }), 'ERR_INDEX_RANGE', /k range \[0, 3\)/],
    [() => gridFaces(core, cube, { mask: new Uint8Array(7) }), 'ERR_ARGUMENT', /7 bytes/],
    [() => pickCell(core, cube, { origin: [0, 0, 0], direction: [0, 0, 0] }), 'ERR_ARGUMENT'],
    [() => slicePlane(core, cube.thickness, [2, 2, 2], 1, 2), 'ERR_INDEX_RANGE', /plane 2/],
    [() => slicePlane(core, cube.thickness, [2, 2, 2], 1, -1), 'ERR_INDEX_RANGE', /plane -1/],
    [() => stats(core, cube.thickness, { mask: new Uint8Array(0) }), 'ERR_ARGUMENT', /0 bytes/],
    [() => stats(core, { data: cube.thickness, dtype: 'complex64' }), 'ERR_UNSUPPORTED'],
    [() => histogram(core, cube.thickness, { bins: 0.5, lo: 0, hi: 1 }), 'ERR_ARGUMENT', /0.5/],
    [() => histogram(core, cube.thickness, { bins: 5, lo: 1, hi: 0 }), 'ERR_ARGUMENT'],
    [() => percentiles(core, cube.thickness, { percent: [101] }), 'ERR_ARGUMENT', /101/],
  ];
  for (const [call, code, message] of bad) {
    assert.throws(/** @type {any} */ (call), failsWith(/** @type {any} */ (code),
      /** @type {any} */ (message)));
  }
  assert.equal(gridFaces(core, cube).count, 24);
});

test('nothing stays in the heap', () => {
  const thickness = new Float32Array(40 ** 3).fill(5);
  const grid = { shape: [40, 40, 40], cellDimension: [10, 10], thickness };
  const call = () => {
    gridFaces(core, grid);
    gridDepths(core, grid);
    percentiles(core, thickness);
    histogram(core, thickness, { bins: 10, lo: 0, hi: 9 });
    slicePlane(core, thickness, grid.shape, 2, 0);
    toFloat32(core, thickness);
    assert.throws(() => gridFaces(core, grid, { hi: [41, 40, 40] }));
  };
  for (let n = 0; n < 5; n += 1) call();
  const settled = core.memory.buffer.byteLength;
  for (let n = 0; n < 200; n += 1) call();
  assert.equal(core.memory.buffer.byteLength, settled);
});
