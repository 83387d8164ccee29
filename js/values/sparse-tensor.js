// SPDX-License-Identifier: MIT
// A grid of which only a few cells are stored, all others having a default: how the newest
// BORES keeps rates and pressures of perforations (js/values/sparse-record.js is the stored form).

import { BoresError } from '../core/errors.js';
import { describeValue, dtypeInfo, dtypeName, isFloat } from './dtypes.js';
import { NdArray, stridesOf } from './nd-array.js';
import { cellOf } from './nested.js';
import { resolveIndex } from './slices.js';
import { isSparseRecord, keysOf, makeMap, sameNumber, shapeOf } from './sparse-record.js';
import { extremes, sum } from './statistics.js';

/** Bytes that toDense() may allocate: 2 GiB, as the core's limit of one array. */
const MAX_DENSE_BYTES = 2 ** 31;

/** @typedef {readonly number[]} Cell */

/** Immutable. A cell is a list of indices; negative ones count from the end. */
export class SparseTensor {
  /** @type {import('./paths.js').TreeMap} */ #record;
  /** @type {Map<number, number>} flat index to position in `values` */ #positions;
  /** @type {readonly number[]} */ #strides;

  /**
   * @param {import('./paths.js').TreeMap} record  as stored; kept, and given back by toRecord()
   * @throws {BoresError} `ERR_CORRUPT` when its parts contradict each other, `ERR_LIMIT` for a
   *   grid with more cells than numbers can count
   */
  constructor(record) {
    this.#record = record;
    /** @type {readonly number[]} */ this.shape = Object.freeze(shapeOf(record.shape));
    /** NumPy dtype name of the values. @type {string} */ this.dtype = dtypeName(record.dtype);
    /** The value of every cell that is not stored. JSON has no NaN and writes null. */
    this.default = record.default === null ? NaN : /** @type {number} */ (record.default);
    const nan = this.default !== this.default;
    if (typeof this.default !== 'number' || (nan && !isFloat(this.dtype))) {
      throw new BoresError('ERR_CORRUPT',
        `default ${describeValue(record.default)} of a sparse tensor is no ${this.dtype}`);
    }
    /** Values of the stored cells. @type {NdArray} */
    this.values = NdArray.from(record.values, this.dtype);
    /** Their indices, int64 [nnz, axes], in the order of `values`. @type {NdArray<bigint>} */
    this.keys = keysOf(record.keys, this.values.size, this.shape.length);
    this.#strides = stridesOf(this.shape);
    this.#positions = this.#indexKeys();
    Object.freeze(this);
  }

  /**
   * True for a map with the five fields of a stored tensor, and no other.
   * @param {unknown} node
   */
  static isRecord(node) {
    return isSparseRecord(node);
  }

  /**
   * @param {object} parts
   * @param {readonly number[]} parts.shape
   * @param {Iterable<readonly [Cell, number]>} [parts.entries]
   * @param {number} [parts.default]
   * @param {string} [parts.dtype]
   */
  static of({ shape, entries = [], default: absent = 0, dtype = 'float64' }) {
    const list = [...entries];
    const { Data, typestr } = dtypeInfo(dtype);
    const keys = BigInt64Array.from(list.flatMap(([cell]) =>
      cell.map((index, axis) => resolveIndex(index, shape[axis] ?? 0, axis))).map(BigInt));
    return new SparseTensor(makeMap({
      shape: [...shape], dtype: typestr, default: absent,
      keys: list.length === 0 ? new NdArray(new Int8Array(0))
        : new NdArray(keys, [list.length, shape.length]),
      values: new NdArray(Data.from(list, (/** @type {[Cell, any]} */ [, value]) => value),
        [list.length], dtype),
    }));
  }

  /**
   * The cells of a dense grid that differ from `absent`.
   * @param {NdArray} grid
   * @param {number} [absent]
   */
  static fromDense(grid, absent = 0) {
    /** @type {[number[], number][]} */
    const entries = [];
    let offset = 0;
    for (const value of grid) {
      if (!Object.is(value, absent) && value !== absent) {
        entries.push([cellOf(offset, grid.strides), value]);
      }
      offset += 1;
    }
    return SparseTensor.of({ shape: grid.shape, entries, default: absent, dtype: grid.dtype });
  }

  /** How many cells are stored. */
  get nnz() {
    return this.values.size;
  }

  /** How many cells there are, stored or not. */
  get size() {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  get [Symbol.toStringTag]() {
    return 'SparseTensor';
  }

  /**
   * @param {Cell} cell
   * @returns {number}
   * @throws {BoresError} `ERR_INDEX_RANGE`, `ERR_ARGUMENT`
   */
  get(cell) {
    const position = this.#positions.get(this.#flat(cell));
    return position === undefined ? this.default : this.values.get(position);
  }

  /**
   * Whether the cell is stored, even if with the default value.
   * @param {Cell} cell
   */
  has(cell) {
    return this.#positions.has(this.#flat(cell));
  }

  /**
   * Stored cells with their values, in stored order.
   * @returns {Generator<[number[], number]>}
   */
  * entries() {
    for (const [flat, position] of this.#positions) {
      yield [cellOf(flat, this.#strides), this.values.get(position)];
    }
  }

  /**
   * The whole grid.
   * @returns {NdArray}
   * @throws {BoresError} `ERR_LIMIT` beyond 2 GiB
   */
  toDense() {
    const { Data } = dtypeInfo(this.dtype);
    const needed = this.size * Data.BYTES_PER_ELEMENT;
    if (needed > MAX_DENSE_BYTES) {
      throw new BoresError('ERR_LIMIT', `a dense grid of shape [${this.shape.join(', ')}] takes `
        + `${needed} bytes, the limit is ${MAX_DENSE_BYTES}`, { needed, limit: MAX_DENSE_BYTES });
    }
    const data = new Data(this.size).fill(this.default);
    for (const [flat, position] of this.#positions) data[flat] = this.values.data[position];
    return new NdArray(data, this.shape, this.dtype);
  }

  /** Over the whole grid, absent cells counting as the default; so with all statistics. */
  sum() {
    return this.#sum(false);
  }

  mean() {
    return this.sum() / this.size;
  }

  min() {
    return this.#extremes(false).min;
  }

  max() {
    return this.#extremes(false).max;
  }

  nansum() {
    return this.#sum(true);
  }

  nanmean() {
    return this.nansum() / this.#extremes(true).count;
  }

  nanmin() {
    return this.#extremes(true).min;
  }

  nanmax() {
    return this.#extremes(true).max;
  }

  /**
   * The same cells with values of another dtype.
   * @param {string} dtype  floating point, when the default is NaN
   */
  astype(dtype) {
    if (dtype === this.dtype) return this;
    return new SparseTensor(makeMap({
      ...this.#record, dtype: dtypeInfo(dtype).typestr, values: this.values.astype(dtype),
    }));
  }

  /**
   * Same shape, dtype, default and cells, in any order. NaN equals NaN.
   * @param {unknown} other
   */
  equals(other) {
    return other instanceof SparseTensor && other.dtype === this.dtype && other.nnz === this.nnz
      && other.shape.length === this.shape.length
      && this.shape.every((length, axis) => other.shape[axis] === length)
      && sameNumber(other.default, this.default)
      && [...this.entries()].every(([cell, value]) =>
        other.has(cell) && sameNumber(other.get(cell), value));
  }

  /** The map that is stored. */
  toRecord() {
    return this.#record;
  }

  toJSON() {
    const { shape, dtype } = this;
    return { shape, dtype, default: this.default, entries: [...this.entries()] };
  }

  toString() {
    return `SparseTensor(${this.dtype}, [${this.shape.join(', ')}], nnz ${this.nnz})`;
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `SparseTensor ${this.dtype} [${this.shape.join(', ')}] `
      + `{ nnz: ${this.nnz}, default: ${this.default} }`;
  }

  #indexKeys() {
    /** @type {Map<number, number>} */
    const positions = new Map();
    const axes = this.shape.length;
    for (let position = 0; position < this.nnz; position += 1) {
      let flat = 0;
      for (let axis = 0; axis < axes; axis += 1) {
        const index = Number(this.keys.data[position * axes + axis]);
        if (index < 0 || index >= this.shape[axis]) {
          throw new BoresError('ERR_CORRUPT', `key ${position} of a sparse tensor has index `
            + `${index} on axis ${axis}, its shape is [${this.shape.join(', ')}]`);
        }
        flat += index * this.#strides[axis];
      }
      if (positions.has(flat)) {
        throw new BoresError('ERR_CORRUPT',
          `keys ${positions.get(flat)} and ${position} of a sparse tensor are the same cell`);
      }
      positions.set(flat, position);
    }
    return positions;
  }

  /** @param {Cell} cell */
  #flat(cell) {
    if (!Array.isArray(cell) || cell.length !== this.shape.length) {
      throw new BoresError('ERR_ARGUMENT', `a cell of a tensor of ${this.shape.length} axes is a `
        + `list of as many indices, got ${describeValue(cell)}`);
    }
    return cell.reduce((flat, index, axis) =>
      flat + resolveIndex(index, this.shape[axis], axis) * this.#strides[axis], 0);
  }

  /** @param {boolean} skipNaN */
  #sum(skipNaN) {
    const absent = this.size - this.nnz;
    const rest = absent === 0 || (skipNaN && this.default !== this.default)
      ? 0 : absent * this.default;
    return sum(this.values.data, skipNaN) + rest;
  }

  /** @param {boolean} skipNaN */
  #extremes(skipNaN) {
    const absent = this.size - this.nnz;
    const stored = extremes(this.values.data, true);
    const rest = absent > 0 && this.default === this.default ? this.default : undefined;
    const count = stored.count + (rest === undefined ? 0 : absent);
    if (count === 0 || (!skipNaN && count < this.size)) return { min: NaN, max: NaN, count };
    const all = stored.count > 0 ? [stored.min, stored.max] : [];
    if (rest !== undefined) all.push(rest);
    return { min: Math.min(...all), max: Math.max(...all), count };
  }
}
