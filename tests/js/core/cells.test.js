// SPDX-License-Identifier: MIT
// Cells that are asked for, over the core against NumPy (tests/data/cells/make.py), in both builds of
// the wasm. The same cases run in C; here they cross the boundary.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { askCells } from '../../../js/core/cells.js';
import { Core } from '../../../js/core/core.js';

const { cells: cases } = JSON.parse(readFileSync(new URL('../../data/cells/cases.json', import.meta.url), 'utf8'));
const ARRAYS = { '<i4': Int32Array, '|b1': Uint8Array, '<f4': Float32Array, '<f8': Float64Array };

/** @param {string} hex */
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));

/** @param {{ dtype: string, bytes: string } | null} row */
function valuesOf(row) {
  if (row === null) return null;
  const data = new ARRAYS[row.dtype](bytes(row.bytes).buffer);
  return row.dtype === '|b1' ? { data, dtype: 'bool' } : { data };
}

/** @param {number} actual @param {number | null} expected @param {number} tolerance @param {string} where */
function near(actual, expected, tolerance, where) {
  assert.ok(expected === null ? Number.isNaN(actual) : Math.abs(actual - expected) <= tolerance * Math.abs(expected),
    `${actual} is not ${expected} ${where}`);
}

/** @param {any} row @param {boolean} byPores */
function questionOf(row, byPores) {
  return {
    lo: row.lo, hi: row.hi, mask: row.mask === null ? null : bytes(row.mask),
    conditions: row.conditions.map((/** @type {any} */ { dtype, bytes: hex, ...asked }) =>
      ({ values: valuesOf({ dtype, bytes: hex }), ...asked })),
    porosity: valuesOf(row.porosity), netToGross: valuesOf(row.net),
    distribution: { values: valuesOf(row.values), edges: row.edges, byPores, percent: row.percent },
  };
}

for (const useSimd of [true, false]) {
  const core = await Core.loadAnalysis({ useSimd });

  test(`${useSimd ? 'SIMD' : 'scalar'}: cells, volumes and distributions of every case are NumPy's`, () => {
    for (const row of cases) {
      const { data: thickness } = /** @type {any} */ (valuesOf(row.thickness));
      const grid = { shape: row.shape, cellDimension: [row.dx, row.dy], thickness };
      for (const byPores of [false, true]) {
        const { distribution: told, ...answer } = askCells(core, grid, questionOf(row, byPores));
        assert.deepEqual(answer.mask, bytes(row.shown), row.name);
        assert.deepEqual([answer.active, answer.count], [row.active, row.count], row.name);
        near(answer.bulk, row.bulk, 1e-14, row.name);
        near(answer.pore, row.pore, 1e-14, row.name);
        assert.ok(told);
        assert.deepEqual(told.counts, row.counts, row.name);
        assert.deepEqual([told.count, told.missing, told.below, told.above],
          [row.finite, row.missing, row.below, row.above], row.name);
        near(told.mean, byPores ? row.meanByPores : row.mean, 1e-12, row.name);
        (byPores ? row.percentilesByPores : row.percentiles).forEach((/** @type {any} */ value, /** @type {number} */ n) =>
          near(told.percentiles[n], value, 4e-15, `${row.name} P${row.percent[n]}`));
        told.weights.forEach((weight, bin) => near(weight, byPores ? row.weights[bin] : row.counts[bin], 1e-12, row.name));
      }
    }
  });

  test(`${useSimd ? 'SIMD' : 'scalar'}: without porosity there is no pore volume, and what contradicts itself is refused`, () => {
    const grid = { shape: [2, 1, 1], cellDimension: [10, 10], thickness: Float32Array.of(1, 3) };
    const values = Float64Array.of(1, 2);
    const answer = askCells(core, grid, { distribution: { values, edges: [0, 3], byPores: true } });
    assert.deepEqual([answer.bulk, answer.pore, answer.count], [400, NaN, 2]);
    assert.equal(answer.distribution?.mean, 1.5); // by cells
    for (const condition of [{ values, lo: 2, hi: 1 }, { values: Float64Array.of(1), lo: 0, hi: 1 }]) {
      assert.throws(() => askCells(core, grid, { conditions: [condition] }), { code: 'ERR_ARGUMENT' });
    }
    assert.throws(() => askCells(core, grid, { distribution: { values, edges: [0, 0] } }), { code: 'ERR_ARGUMENT' });
    assert.throws(() => askCells(core, grid, { distribution: { values, edges: [1] } }), { code: 'ERR_ARGUMENT' });
  });
}
