// SPDX-License-Identifier: MIT
// Which chunks of an array a write or another shape touches. `grid` is the shape of what is stored as one.

/** @import { AxisRange } from '../../values/slices.js' */

/**
 * The chunks that ranges touch, as one part of the array; `whole`: nothing else is in them.
 *
 * @param {AxisRange[]} ranges  none empty
 * @param {readonly number[]} grid
 * @param {readonly number[]} shape
 */
export function touched(ranges, grid, shape) {
  const start = ranges.map((range, d) => Math.floor(range.start / grid[d]) * grid[d]);
  const stop = ranges.map((range, d) => Math.min(shape[d],
    Math.ceil((range.start + (range.count - 1) * range.step + 1) / grid[d]) * grid[d]));
  return { start, shape: stop.map((end, d) => end - start[d]),
    whole: ranges.every((range, d) => range.step === 1 && range.start === start[d]
      && range.start + range.count === stop[d]) };
}

/**
 * Puts the elements of ranges into a part of the array.
 *
 * @param {Uint8Array} part  that begins at `start`
 * @param {Uint8Array} bytes
 * @param {AxisRange[]} ranges
 * @param {number[]} start
 * @param {number[]} shape  of the part
 * @param {number} itemsize
 */
export function layOver(part, bytes, ranges, start, shape, itemsize) {
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, n) => product * n, itemsize));
  let from = 0;
  const copy = (/** @type {number} */ d, /** @type {number} */ at) => {
    const range = ranges[d];
    if (range === undefined || (d === ranges.length - 1 && range.step === 1)) {
      const length = (range?.count ?? 1) * itemsize;
      const first = at + (range ? (range.start - start[d]) * itemsize : 0);
      part.set(bytes.subarray(from, from + length), first);
      from += length;
      return;
    }
    for (let i = 0; i < range.count; i++) copy(d + 1, at + (range.start + i * range.step - start[d]) * strides[d]);
  };
  copy(0, 0);
}

/**
 * For each axis on which a shape cuts through chunks: what stays of those chunks.
 *
 * @param {readonly number[]} shape
 * @param {readonly number[]} grid
 * @param {readonly number[]} old
 */
export function cutThrough(shape, grid, old) {
  const kept = old.map((n, d) => Math.min(n, shape[d]));
  if (kept.includes(0)) return [];
  return old.flatMap((n, axis) => {
    if (shape[axis] >= n || shape[axis] % grid[axis] === 0) return [];
    const start = kept.map((length, d) => (d === axis ? Math.floor(length / grid[d]) * grid[d] : 0));
    return [{ start, shape: kept.map((length, d) => length - start[d]) }];
  });
}

/**
 * Chunks that begin beyond a shape.
 *
 * @param {readonly number[]} shape
 * @param {readonly number[]} grid
 * @param {readonly number[]} old
 */
export function chunksBeyond(shape, grid, old) {
  const counts = old.map((n, d) => Math.ceil(n / grid[d]));
  /** @type {number[][]} */ const coords = [];
  const walk = (/** @type {number[]} */ coord, /** @type {boolean} */ beyond) => {
    const d = coord.length;
    if (d === counts.length) {
      if (beyond) coords.push(coord);
      return;
    }
    const kept = Math.ceil(shape[d] / grid[d]);
    const rest = beyond || counts.slice(d + 1).some((n, i) => Math.ceil(shape[d + 1 + i] / grid[d + 1 + i]) < n);
    for (let i = rest ? 0 : kept; i < counts[d]; i++) walk([...coord, i], beyond || i >= kept);
  };
  walk([], false);
  return coords;
}
