// SPDX-License-Identifier: MIT
// Extremes, mean and histogram of an array, or of several together. Bins are as wide as a power of two and
// begin at multiples of it (`bw_tally` in src/include/bores/numbers.h), so histograms of different ranges
// are added without a loss: the coarser one's bins are made of whole bins of the other.

/**
 * @typedef {object} Tally  as the core tells it
 * @property {string[]} path
 * @property {number} count     finite elements
 * @property {number} missing   NaN
 * @property {number} infinite
 * @property {number | null} min
 * @property {number | null} max
 * @property {number | null} mean
 * @property {number | null} minPositive  smallest above zero
 * @property {number} exponent
 * @property {number} first
 * @property {readonly number[]} counts  empty: all finite elements are equal
 *
 * @typedef {{ exponent: number, first: number, counts: readonly number[] }} Bins
 */

/** Bins of several arrays together, at the most. */
const MOST_BINS = 128;

/** Ends of NumPy's number types, by kind and size. */
const REACH = /** @type {Record<string, [number, number]>} */ ({
  b1: [0, 1], f2: [-65504, 65504], f4: [-(2 - 2 ** -23) * 2 ** 127, (2 - 2 ** -23) * 2 ** 127],
  f8: [-Number.MAX_VALUE, Number.MAX_VALUE],
});

export class ArrayStatistics {
  /** @type {Bins | null} */ #bins;

  /** @param {Omit<Tally, 'path'>} tally */
  constructor({ count, missing, infinite, min, max, mean, minPositive, exponent, first, counts }) {
    /** Finite elements: all else here is of them. */ this.count = count;
    /** NaN. */ this.missing = missing;
    this.infinite = infinite;
    /** NaN where there is no finite element, as the next three. */ this.min = min ?? NaN;
    this.max = max ?? NaN;
    this.mean = mean ?? NaN;
    /** Smallest above zero, for a logarithmic scale; NaN also where there is none. */
    this.minPositive = minPositive ?? NaN;
    this.#bins = counts.length > 0 ? { exponent, first, counts } : null;
    Object.freeze(this);
  }

  /**
   * Of all elements of several arrays.
   * @param {readonly ArrayStatistics[]} list
   * @returns {ArrayStatistics}
   */
  static together(list) {
    const sum = (/** @type {'count' | 'missing' | 'infinite'} */ name) =>
      list.reduce((total, one) => total + one[name], 0);
    const some = list.filter(({ count }) => count > 0);
    const count = sum('count');
    const min = least(some.map((one) => one.min));
    const max = -least(some.map((one) => -one.max));
    const bins = max > min ? addBins(some, min, max) : { exponent: 0, first: 0, counts: [] };
    const mean = some.reduce((total, one) => total + one.mean * (one.count / count), 0);
    return new ArrayStatistics({
      count, missing: sum('missing'), infinite: sum('infinite'), min, max,
      mean: count === 0 ? NaN : Math.min(max, Math.max(min, mean)),
      minPositive: least(some.map((one) => one.minPositive)), ...bins,
    });
  }

  /** Bins as they are, for those who add them to others; null where all elements are equal. */
  get bins() {
    return this.#bins;
  }

  /**
   * How the elements are spread: `counts[n]` of them are from `edges[n]` on and below the next edge. The
   * outermost edges lie at or beyond the extremes.
   * @returns {{ edges: number[], counts: number[] }}  of equal elements one bin without a width
   */
  get histogram() {
    if (this.count === 0) return { edges: [], counts: [] };
    if (this.#bins === null) return { edges: [this.min, this.max], counts: [this.count] };
    const { exponent, first, counts } = this.#bins;
    return { edges: Array.from({ length: counts.length + 1 }, (_, n) => (first + n) * 2 ** exponent),
      counts: [...counts] };
  }

  /** How far a percentile may be off: the width of a bin; 0 where all elements are equal. */
  get precision() {
    return this.#bins === null ? 0 : 2 ** this.#bins.exponent;
  }

  /**
   * The value that `percent` of the elements are below, to within `precision`; 0 and 100 are the exact extremes.
   * @param {number} percent
   * @returns {number}  NaN where there is no finite element
   */
  percentile(percent) {
    if (!(percent >= 0 && percent <= 100)) throw new RangeError(`a percentile is from 0 to 100, not ${percent}`);
    if (this.#bins === null || percent === 0) return this.min;
    if (percent === 100) return this.max;
    const { edges, counts } = this.histogram;
    const place = percent / 100 * (this.count - 1);
    let before = 0, bin = 0;
    while (before + counts[bin] <= place) before += counts[bin++];
    const lo = Math.max(this.min, edges[bin]);
    const hi = Math.min(this.max, edges[bin + 1]);
    return lo + (place - before + 0.5) / counts[bin] * (hi - lo);
  }

  /**
   * Whether an array can be so: it has as many elements, and its type has such numbers.
   * @param {string} dtype  NumPy type string
   * @param {number} [size]  elements
   */
  suits(dtype, size = this.count + this.missing + this.infinite) {
    const [, kind, bytes] = /([bfiu])(\d)$/.exec(dtype) ?? [];
    if (kind === undefined || this.count + this.missing + this.infinite !== size) return false;
    if (kind !== 'f' && this.missing + this.infinite > 0) return false;
    if (this.count === 0) return true;
    const bits = 8 * Number(bytes);
    const [lo, hi] = REACH[kind + bytes]
      ?? (kind === 'u' ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]);
    const ends = [this.min, this.max];
    return ends.every((end) => end >= lo && end <= hi && (kind === 'f' || Number.isInteger(end))
      && (kind + bytes !== 'f4' || Math.fround(end) === end));
  }
}

/** NaN counts as nothing. @param {number[]} values */
function least(values) {
  return values.reduce((a, b) => (Number.isNaN(a) || b < a ? b : a), NaN);
}

/**
 * @param {readonly ArrayStatistics[]} list  each with elements
 * @param {number} min
 * @param {number} max
 * @returns {Bins}
 */
function addBins(list, min, max) {
  const own = list.map(({ bins }) => bins?.exponent ?? -Infinity);
  // Not finer than the coarsest, nor than what the range needs.
  let exponent = Math.max(...own, Math.floor(Math.log2(max / 2 - min / 2)) - Math.log2(MOST_BINS), -1022);
  const binOf = (/** @type {number} */ value) => floorOf(value, exponent);
  while (binOf(max) - binOf(min) >= MOST_BINS) exponent += 1;
  const first = binOf(min);
  const counts = new Array(binOf(max) - first + 1).fill(0);
  for (const { bins, min: value, count } of list) {
    if (bins === null) counts[binOf(value) - first] += count;
    bins?.counts.forEach((n, bin) => {
      if (n > 0) counts[floorOf(bins.first + bin, exponent - bins.exponent) - first] += n;
    });
  }
  return { exponent, first, counts };
}

/** The number of a value's bin. @param {number} value @param {number} exponent */
function floorOf(value, exponent) {
  const at = value * 2 ** -exponent;
  return value < 0 && at === 0 ? -1 : Math.floor(at);
}
