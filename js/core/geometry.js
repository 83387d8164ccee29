// SPDX-License-Identifier: MIT
// Cells to pictures, over the core (src/include/bores/geometry.h has the conventions): visible
// faces, depths, picking, planes and statistics. Plain data in and out, all copies, so that each
// function can be called in a worker and its result transferred.

import { BoresError } from './errors.js';
import { indices, run, triple, withBlock, withFilter, withGrid, withValues } from './geometry-rows.js';

/**
 * @import { Core } from './core.js'
 * @typedef {import('./geometry-rows.js').Values} Values
 *
 * A block-centred grid. Cells are [i, j, k] in C order, k = 0 at the top.
 * @typedef {object} GridGeometry
 * @property {readonly number[]} shape          [nx, ny, nz]
 * @property {readonly number[]} cellDimension  [dx, dy], ft
 * @property {Float32Array | Float64Array} thickness  ft, one a cell; a cell without a positive
 *   finite one is inactive
 * @property {number} [datumDepth]  ft, default 0
 * @property {number} [dipAngle]    degrees, [0, 90), default 0
 * @property {number} [dipAzimuth]  degrees from +y towards +x, default 0
 *
 * The cells that are looked at: within a half-open box of indices, where the mask is not 0.
 * @typedef {object} CellFilter
 * @property {readonly number[]} [lo]  [i, j, k], default the first cell
 * @property {readonly number[]} [hi]  default the grid's shape
 * @property {Uint8Array | null} [mask]  one byte a cell of the whole grid
 *
 * @typedef {object} Faces
 * @property {number} count                       quads
 * @property {Float32Array<ArrayBuffer>} positions  count × 4 × (x, y, z), ft from `origin`: x
 *   along i, y along j, z up; counter-clockwise from outside
 * @property {Uint32Array<ArrayBuffer>} cells       flat index of each quad's cell, ascending
 * @property {Uint8Array<ArrayBuffer>} directions   0…5: −x, +x, −y, +y, up, down
 * @property {[number, number, number]} origin    of the grid, the same for every filter
 */

/**
 * Where drawing coordinates have their zero; z is minus depth.
 *
 * @param {Core} core
 * @param {GridGeometry} grid
 * @returns {[number, number, number]} ft
 * @throws {BoresError} as every function here that takes a grid: `ERR_ARGUMENT` for one that
 *   contradicts itself, `ERR_INDEX_RANGE` for a box outside of it, `ERR_LIMIT`, `ERR_NOMEM`
 */
export function gridOrigin(core, grid) {
  return withGrid(core, grid, (row) => {
    const [x, y, z] = run(core, 3, [row], (pointer, out) =>
      core.call('grid_origin', pointer, out));
    return [x, y, z];
  });
}

/**
 * Depth of each cell's centre; NaN for inactive cells.
 *
 * @param {Core} core
 * @param {GridGeometry} grid
 * @returns {Float64Array<ArrayBuffer>} ft, as long as `grid.thickness`
 */
export function gridDepths(core, grid) {
  return withGrid(core, grid, (row) => {
    const result = run(core, 3, [row], (pointer, out) =>
      core.call('grid_depths', pointer, 8, out));
    return withBlock(core, result, ([, pointer, nbytes]) =>
      new Float64Array(core.copyOut(pointer, nbytes)));
  });
}

/**
 * The faces of the visible cells that no other visible cells hide.
 *
 * @param {Core} core
 * @param {GridGeometry} grid
 * @param {CellFilter} [filter]
 * @returns {Faces}
 */
export function gridFaces(core, grid, filter) {
  return withGrid(core, grid, (row) => withFilter(core, grid, filter, (filterRow) => {
    const result = run(core, 8, [row, filterRow], (pointer, filterPointer, out) =>
      core.call('grid_faces', pointer, filterPointer, out));
    return withBlock(core, result, ([, count, positions, cells, directions, x, y, z]) => ({
      count,
      positions: new Float32Array(core.copyOut(positions, 48 * count)),
      cells: new Uint32Array(core.copyOut(cells, 4 * count)),
      directions: new Uint8Array(core.copyOut(directions, count)),
      origin: /** @type {[number, number, number]} */ ([x, y, z]),
    }));
  }));
}

/**
 * The nearest of `gridFaces()` that a ray meets from outside. The ray is in their coordinates, its
 * vertical exaggeration taken out: divide z of origin and direction by the factor.
 *
 * @param {Core} core
 * @param {GridGeometry} grid
 * @param {{ origin: readonly number[], direction: readonly number[] }} ray
 * @param {CellFilter} [filter]
 * @returns {{ cell: number, index: [number, number, number], direction: number, distance: number,
 *   point: [number, number, number] } | null} flat index and [i, j, k] of the cell, which face,
 *   how far in lengths of the ray's direction, and where
 */
export function pickCell(core, grid, ray, filter) {
  const rayRow = Float64Array.of(...triple(ray.origin, 'ray.origin'),
    ...triple(ray.direction, 'ray.direction'));
  return withGrid(core, grid, (row) => withFilter(core, grid, filter, (filterRow) => {
    const [hit, cell, direction, distance, x, y, z] = run(core, 7, [row, filterRow, rayRow],
      (pointer, filterPointer, rayPointer, out) =>
        core.call('grid_pick', pointer, filterPointer, rayPointer, out));
    if (hit === 0) return null;
    const [, ny, nz] = grid.shape;
    return {
      cell,
      index: [Math.floor(cell / (ny * nz)), Math.floor(cell / nz) % ny, cell % nz],
      direction,
      distance,
      point: [x, y, z],
    };
  }));
}

/**
 * One plane of a 3-D array as a picture has it, row after row: the horizontal axis is the earlier
 * of the two that remain. So k planes come out as [j][i], the transpose of NumPy's `a[:, :, k]`.
 *
 * @param {Core} core
 * @param {Values} values
 * @param {readonly number[]} shape  [nx, ny, nz]
 * @param {0 | 1 | 2} axis  across which: i, j or k
 * @param {number} index
 * @param {{ dtype?: 'float32' | 'float64' }} [options]  default 'float32'
 * @returns {{ data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
 *   shape: [number, number], axes: [number, number] }} rows and columns, and which axis of the
 *   array each of them is
 */
export function slicePlane(core, values, shape, axis, index, { dtype = 'float32' } = {}) {
  const Result = dtype === 'float32' ? Float32Array : Float64Array;
  const lengths = Float64Array.from(indices(shape, 'shape'));
  if (!Number.isInteger(index) || index < 0) {
    throw new BoresError('ERR_INDEX_RANGE', `plane ${index} of axis ${axis} is no index`);
  }
  return withValues(core, values, null, (row) => {
    const result = run(core, 5, [row, lengths], (pointer, shapePointer, out) =>
      core.call('slice_plane', pointer, shapePointer, axis, index, Result.BYTES_PER_ELEMENT, out));
    return withBlock(core, result, ([, pointer, nbytes, rows, columns]) => ({
      data: new Result(core.copyOut(pointer, nbytes)),
      shape: [rows, columns],
      axes: axis === 0 ? [2, 1] : axis === 1 ? [2, 0] : [1, 0],
    }));
  });
}

/**
 * Float32 values for a texture: false and true are 0 and 1, what is not finite is NaN, what is
 * beyond float32 its largest number.
 *
 * @param {Core} core
 * @param {Values} values
 * @returns {Float32Array<ArrayBuffer>}
 */
export function toFloat32(core, values) {
  return withValues(core, values, null, (row) => {
    const result = run(core, 3, [row], (pointer, out) =>
      core.call('values_to_f32', pointer, out));
    return withBlock(core, result, ([, pointer, nbytes]) =>
      new Float32Array(core.copyOut(pointer, nbytes)));
  });
}

/**
 * A summary of the finite numbers; NaN where there are none.
 *
 * @param {Core} core
 * @param {Values} values
 * @param {{ mask?: Uint8Array | null }} [options]  one byte a number, 0 leaves it out
 * @returns {{ count: number, nanCount: number, infCount: number, min: number, max: number,
 *   minPositive: number, mean: number, sum: number }} `count` of the finite ones
 */
export function stats(core, values, { mask } = {}) {
  return withValues(core, values, mask, (row) => {
    const [count, nanCount, infCount, min, max, minPositive, mean, sum] = run(core, 8, [row],
      (pointer, out) => core.call('stats', pointer, out));
    return { count, nanCount, infCount, min, max, minPositive, mean, sum };
  });
}

/**
 * Counts in bins of equal width over [lo, hi], the last one closed, as numpy.histogram().
 *
 * @param {Core} core
 * @param {Values} values
 * @param {{ bins: number, lo: number, hi: number, mask?: Uint8Array | null }} options
 * @returns {{ counts: Float64Array, below: number, above: number }} and how many finite numbers lie
 *   outside
 */
export function histogram(core, values, { bins, lo, hi, mask }) {
  if (!Number.isInteger(bins) || bins < 1 || bins >= 2 ** 32) {
    throw new BoresError('ERR_ARGUMENT', `${bins} is no number of bins`);
  }
  return withValues(core, values, mask, (row) => {
    const result = run(core, 4, [row], (pointer, out) =>
      core.call('histogram', pointer, bins, lo, hi, out));
    return withBlock(core, result, ([, pointer, below, above]) => ({
      counts: Float64Array.from(new BigUint64Array(core.copyOut(pointer, 8 * bins)), Number),
      below,
      above,
    }));
  });
}

/**
 * Exact percentiles of the finite numbers, as numpy.percentile(): percentile 10 has 10 % of them
 * below it (which reserves reporting calls P90). NaN where there is no finite number.
 *
 * @param {Core} core
 * @param {Values} values
 * @param {{ percent?: readonly number[], mask?: Uint8Array | null }} [options]  default 10, 50, 90
 * @returns {number[]}
 */
export function percentiles(core, values, { percent = [10, 50, 90], mask } = {}) {
  return withValues(core, values, mask, (row) =>
    run(core, percent.length, [row, Float64Array.from(percent)], (pointer, percentPointer, out) =>
      core.call('percentiles', pointer, percentPointer, percent.length, out)));
}
