// SPDX-License-Identifier: MIT
// Which cells are shown, asked for by conditions on their values, and how many, how large and how
// distributed those are; over the analysis module (bores/numbers.h, bores/geometry.h). Copies in and out.

import { run, withBlock, withFilter, withGrid, withValues } from './geometry-rows.js';

/**
 * @import { Core } from './core.js'
 * @import { CellFilter, GridGeometry } from './geometry.js'
 * @import { Values } from './geometry-rows.js'
 *
 * What is asked of each cell: a value within [lo, hi], or one of `set`; the opposite with `exclude`.
 * @typedef {{ values: Values, lo?: number, hi?: number, set?: readonly number[], exclude?: boolean }} Condition
 *
 * What is to be told of the values of the cells that remain.
 * @typedef {object} DistributionWish
 * @property {Values} values
 * @property {readonly number[]} edges     of bins, ascending; each without its upper end but for the last
 * @property {boolean} [byPores]           weighed by pore volume, and not by cells
 * @property {readonly number[]} [percent]  default 10, 50, 90
 *
 * @typedef {object} Distribution
 * @property {number[]} counts       cells in each bin
 * @property {number[]} weights      pore volume in each, ft3, or cells
 * @property {number} count          cells with a finite value
 * @property {number} missing        cells without one
 * @property {number} below          cells below the first edge
 * @property {number} above
 * @property {number} min            NaN: there is none
 * @property {number} max
 * @property {number} mean           weighed
 * @property {number} weight         of all
 * @property {number[]} percentiles  by cells NumPy's "linear", by pores its "inverted_cdf"
 *
 * @typedef {object} CellAnswer
 * @property {Uint8Array<ArrayBuffer>} mask  a byte a cell, 1: shown
 * @property {number} active          cells of the whole grid
 * @property {number} count           cells shown
 * @property {number} bulk            their volume, ft3
 * @property {number} pore            their pores', ft3; NaN: porosity is not known
 * @property {Distribution | null} distribution
 */

/**
 * The active cells of a filter that fulfil all conditions, and what was wished to know of them.
 *
 * @param {Core} core  of the analysis module
 * @param {GridGeometry} grid
 * @param {CellFilter & { conditions?: readonly Condition[], porosity?: Values | null,
 *   netToGross?: Values | null, distribution?: DistributionWish | null }} question
 * @returns {CellAnswer}
 * @throws {BoresError} `ERR_ARGUMENT` for an empty range, a set or edges that do not ascend, values of
 *   another length; and as the functions of geometry.js
 */
export function askCells(core, grid, { conditions = [], porosity, netToGross, distribution, ...filter }) {
  const shown = withGrid(core, grid, (row) => withFilter(core, grid, filter, (filterRow) =>
    run(core, 3, [row, filterRow], (pointer, filterPointer, out) =>
      core.call('grid_shown', pointer, filterPointer, out))));
  return withBlock(core, shown, ([, mask, active]) => {
    const cells = grid.thickness.length;
    for (const condition of conditions) narrow(core, condition, mask, cells);
    const volumes = withGrid(core, grid, (row) => withOptional(core, porosity, (pores) =>
      withOptional(core, netToGross, (net) => run(core, 5, [row, pores, net],
        (pointer, poresPointer, netPointer, out) =>
          core.call('grid_volumes', pointer, mask, poresPointer, netPointer, out)))));
    return withBlock(core, volumes, ([, pores, count, bulk, pore]) => ({
      mask: new Uint8Array(core.copyOut(mask, cells)), active, count, bulk, pore,
      distribution: distribution ? distribute(core, distribution, mask, cells, pores) : null,
    }));
  });
}

/** @param {Core} core @param {Condition} condition @param {number} mask @param {number} cells */
function narrow(core, { values, lo = -Infinity, hi = Infinity, set, exclude = false }, mask, cells) {
  const sorted = set ? Float64Array.from(new Set(set)).sort() : null;
  // An empty set is a set, too.
  const bytes = sorted && sorted.length > 0 ? new Uint8Array(sorted.buffer) : new Uint8Array(8);
  withMasked(core, values, mask, cells, (row) => core.withBytes(bytes, (pointer) => run(core, 0,
    [row, Float64Array.of(lo, hi, sorted ? pointer : 0, sorted?.length ?? 0, Number(exclude))],
    (valuesPointer, conditionPointer) => core.call('mask_narrow', valuesPointer, conditionPointer))));
}

/**
 * @param {Core} core
 * @param {DistributionWish} wish
 * @param {number} mask
 * @param {number} cells
 * @param {number} pores  pointer to their volumes; 0: not known
 * @returns {Distribution}
 */
function distribute(core, { values, edges, byPores = false, percent = [10, 50, 90] }, mask, cells, pores) {
  const weights = byPores ? pores : 0;
  const bins = edges.length - 1;
  return withMasked(core, values, mask, cells, (row) => {
    const percentiles = run(core, percent.length, [row, Float64Array.from(percent)],
      (pointer, percentPointer, out) =>
        core.call('weighted_percentiles', pointer, weights, percentPointer, percent.length, out));
    const result = run(core, 12, [row, Float64Array.from(edges)], (pointer, edgesPointer, out) =>
      core.call('distribute', pointer, weights, edgesPointer, bins, out));
    return withBlock(core, result, ([, counts, weighed, count, nan, inf, min, max, weight, mean, below, above]) => ({
      counts: Array.from(new BigUint64Array(core.copyOut(counts, 8 * bins)), Number),
      weights: Array.from(new Float64Array(core.copyOut(weighed, 8 * bins))),
      count, missing: nan + inf, below, above, min, max, mean, weight, percentiles,
    }));
  });
}

/**
 * Values with a mask that is in the heap already.
 * @template T
 * @param {Core} core
 * @param {Values} values
 * @param {number} mask
 * @param {number} cells
 * @param {(row: Float64Array) => T} use
 */
function withMasked(core, values, mask, cells, use) {
  return withValues(core, values, null, (row) => {
    row.set([mask, cells], 4);
    return use(row);
  });
}

/**
 * @template T
 * @param {Core} core
 * @param {Values | null | undefined} values
 * @param {(row: Float64Array) => T} use
 */
function withOptional(core, values, use) {
  return values ? withValues(core, values, null, use) : use(new Float64Array(6));
}
