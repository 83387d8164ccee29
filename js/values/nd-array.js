// SPDX-License-Identifier: MIT
// An n-dimensional array: flat data in C order (the last axis varies fastest), a shape and
// a NumPy dtype name. Grids are [nx, ny, nz] with k = 0 at the top of the reservoir.

import { BoresError } from '../core/errors.js';
import { describeValue, dtypeInfo, dtypeOf, isFloat } from './dtypes.js';
import { convert, gather } from './elements.js';
import { flatten, nest } from './nested.js';
import { resolveIndex, resolveSlice } from './slices.js';
import { extremes, sum } from './statistics.js';

/**
 * @typedef {import('./dtypes.js').TypedArray} TypedArray
 * @typedef {import('./dtypes.js').ArrayData} ArrayData
 * @typedef {import('./slices.js').SliceItem} SliceItem
 */
/**
 * What holds elements of type T.
 * @template T
 * @typedef {T extends string ? string[] : T extends bigint ? BigInt64Array | BigUint64Array
 *   : T extends number | boolean | [number, number]
 *     ? Exclude<TypedArray, BigInt64Array | BigUint64Array> : unknown[]} DataOf
 */

/**
 * Shape and dtype never change. `data` is not copied by the constructor: it is shared with
 * whoever made the array, and everything that hands the same array out (a state, its `with()`
 * copies) shares it too. Treat it as read-only; `slice()` and `toTypedArray()` give copies.
 *
 * Elements, as `get()`, `at()` and iteration give them: numbers; `bigint` for 64-bit integers
 * and times; booleans for 'bool'; `[re, im]` for complex numbers; strings for 'str'; records
 * for 'object'.
 *
 * @template [T=number]
 */
export class NdArray {
  /** @type {readonly number[]} */ #strides;

  /**
   * @param {ArrayData} data  C order, as long as the shape says (twice that for complex numbers,
   *   real and imaginary parts interleaved)
   * @param {readonly number[]} [shape]  default: one axis
   * @param {string} [dtype]  default: what the class of `data` implies
   * @throws {BoresError} `ERR_ARGUMENT` when shape, dtype and data contradict each other
   */
  constructor(data, shape = [data.length], dtype = dtypeOf(data)) {
    const { Data, width } = dtypeInfo(dtype);
    if (Data === Array ? !Array.isArray(data) : !(data instanceof Data)) {
      throw new BoresError('ERR_ARGUMENT',
        `data of dtype ${dtype} must be a ${Data.name}, got ${describeValue(data)}`);
    }
    checkShape(shape);
    const size = shape.reduce((product, length) => product * length, 1);
    if (data.length !== size * width) {
      throw new BoresError('ERR_ARGUMENT', `shape [${shape.join(', ')}] of ${dtype} needs `
        + `${size * width} values, data has ${data.length}`);
    }
    /** @type {DataOf<T>} */ this.data = /** @type {any} */ (data);
    /** @type {readonly number[]} */ this.shape = Object.freeze([...shape]);
    /** @type {string} */ this.dtype = dtype;
    this.#strides = Object.freeze(stridesOf(shape));
    Object.freeze(this);
  }

  /**
   * From nested lists (`[[1, 2], [3, 4]]`), a typed array, or an NdArray, which is returned
   * as it is. Lists of numbers become float64, of bigints int64, of booleans bool, of
   * strings str, unless `dtype` says otherwise. Copies.
   *
   * @param {unknown} source
   * @param {string} [dtype]
   * @returns {NdArray<any>}
   * @throws {BoresError} `ERR_ARGUMENT` for ragged or mixed lists, naming where
   */
  static from(source, dtype) {
    if (source instanceof NdArray) {
      return dtype === undefined || dtype === source.dtype ? source : source.astype(dtype);
    }
    if (ArrayBuffer.isView(source)) {
      const array = new NdArray(/** @type {TypedArray} */ (source).slice());
      return dtype === undefined ? array : array.astype(dtype);
    }
    const flat = flatten(source);
    const array = new NdArray(flat.data, flat.shape, flat.dtype);
    return dtype === undefined ? array : array.astype(dtype);
  }

  /** How many elements. */
  get size() {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** How many axes. */
  get ndim() {
    return this.shape.length;
  }

  /** Elements (not bytes) from one index to the next, by axis. */
  get strides() {
    return this.#strides;
  }

  /** Bytes of `data`; 0 for strings and records. */
  get nbytes() {
    return ArrayBuffer.isView(this.data) ? this.data.byteLength : 0;
  }

  get [Symbol.toStringTag]() {
    return 'NdArray';
  }

  /**
   * One element. Negative indices count from the end.
   *
   * @param {...number} indices  one an axis
   * @returns {T}
   * @throws {BoresError} `ERR_INDEX_RANGE` naming index and length, `ERR_ARGUMENT` for another
   *   number of indices than axes
   */
  get(...indices) {
    if (indices.length !== this.shape.length) {
      throw new BoresError('ERR_ARGUMENT',
        `got ${indices.length} indices for an array of ${this.shape.length} axes`);
    }
    let offset = 0;
    for (let axis = 0; axis < indices.length; axis += 1) {
      offset += resolveIndex(indices[axis], this.shape[axis], axis) * this.#strides[axis];
    }
    return this.#element(offset);
  }

  /**
   * What NumPy's `a[i, …]` gives: the element when every axis has an index, else the
   * sub-array (a copy). `array.at(-1)` is the last of the first axis.
   *
   * @param {...number} indices
   * @returns {T | NdArray<T>}
   * @throws {BoresError} as `get()`, `ERR_ARGUMENT` only for too many indices
   */
  at(...indices) {
    return indices.length === this.shape.length ? this.get(...indices) : this.slice(...indices);
  }

  /**
   * NumPy's basic slicing (js/values/slices.js): always a copy, and always an array, of no axes
   * when every axis got an integer (`item()` is its element).
   *
   * @param {...SliceItem} items  null, an integer or `[start, stop, step]`, one an axis
   * @returns {NdArray<T>}
   * @throws {BoresError} `ERR_ARGUMENT`, `ERR_INDEX_RANGE`
   */
  slice(...items) {
    const ranges = resolveSlice(items, this.shape);
    const shape = ranges.filter(({ drop }) => !drop).map(({ count }) => count);
    const out = gather(this.data, this.dtype, this.#strides, ranges);
    return new NdArray(out, shape, this.dtype);
  }

  /**
   * The one element of an array of size 1.
   * @returns {T}
   */
  item() {
    if (this.size !== 1) {
      throw new BoresError('ERR_ARGUMENT', `item() needs an array of 1 element, got ${this.size}`);
    }
    return this.#element(0);
  }

  /**
   * Sum in float64, compensated for rounding. NaN in, NaN out. 0 for an empty array.
   * Statistics are numbers also where elements are bigints (exact up to 2^53).
   * @throws {BoresError} `ERR_ARGUMENT`, as all statistics, for what is not real numbers
   */
  sum() {
    return sum(this.#numbers('sum'));
  }

  /** Arithmetic mean; NaN for an empty array. */
  mean() {
    return sum(this.#numbers('mean')) / this.size;
  }

  /** Smallest element; NaN when there is one, or no element at all. */
  min() {
    return extremes(this.#numbers('min')).min;
  }

  /** Largest element; NaN when there is one, or no element at all. */
  max() {
    return extremes(this.#numbers('max')).max;
  }

  nansum() {
    return sum(this.#numbers('nansum'), true);
  }

  nanmean() {
    const numbers = this.#numbers('nanmean');
    return sum(numbers, true) / extremes(numbers, true).count;
  }

  nanmin() {
    return extremes(this.#numbers('nanmin'), true).min;
  }

  nanmax() {
    return extremes(this.#numbers('nanmax'), true).max;
  }

  /** How many elements are NaN. */
  nanCount() {
    return isFloat(this.dtype) ? this.size - extremes(this.#numbers('nanCount'), true).count : 0;
  }

  /**
   * The same shape with another dtype; `this` when it has it already.
   * Numbers are rounded as typed arrays round them, toward zero for integers.
   *
   * @param {string} dtype  of real numbers or bool
   * @returns {NdArray<any>}
   * @throws {BoresError} `ERR_ARGUMENT`, `ERR_UNSUPPORTED` (js/values/elements.js)
   */
  astype(dtype) {
    if (dtype === this.dtype) return this;
    const numbers = this.#numbers(`astype('${dtype}')`);
    return new NdArray(convert(numbers, this.dtype, dtype), this.shape, dtype);
  }

  /**
   * Same shape, dtype and elements. NaN equals NaN here, since the question is whether
   * the data are the same.
   * @param {unknown} other
   */
  equals(other) {
    if (this === other) return true;
    if (!(other instanceof NdArray) || other.dtype !== this.dtype
      || other.shape.length !== this.shape.length
      || !this.shape.every((length, axis) => other.shape[axis] === length)) return false;
    const a = /** @type {any} */ (this.data);
    const b = /** @type {any} */ (other.data);
    for (let i = 0; i < a.length; i += 1) {
      if (a[i] !== b[i] && (a[i] === a[i] || b[i] === b[i])) return false;
    }
    return true;
  }

  /** Nested lists of elements; the element itself for an array of no axes. */
  toNested() {
    return nest(this.shape, (offset) => this.#element(offset));
  }

  /** A copy of the data: yours to change or to transfer. */
  toTypedArray() {
    return this.data.slice();
  }

  /** For JSON.stringify(): nested lists; NaN becomes null, a bigint beyond 2^53 a string. */
  toJSON() {
    return nest(this.shape, (offset) => {
      const value = this.#element(offset);
      if (typeof value !== 'bigint') return value;
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    });
  }

  /** Elements in C order. */
  * [Symbol.iterator]() {
    for (let offset = 0; offset < this.size; offset += 1) yield this.#element(offset);
  }

  toString() {
    return `NdArray(${this.dtype}, [${this.shape.join(', ')}])`;
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    const shown = Math.min(this.size, 3);
    const items = Array.from({ length: shown }, (_, offset) => String(this.#element(offset)));
    if (this.size > shown) items.push(`… ${this.size - shown} more`);
    return `NdArray ${this.dtype} [${this.shape.join(', ')}] { ${items.join(', ')} }`;
  }

  /**
   * @param {number} offset  in elements
   * @returns {any}
   */
  #element(offset) {
    const data = /** @type {any} */ (this.data);
    if (this.dtype === 'bool') return data[offset] !== 0;
    if (this.dtype.startsWith('complex')) return [data[2 * offset], data[2 * offset + 1]];
    return data[offset];
  }

  /**
   * The data, when its elements are ordered numbers.
   * @param {string} what  the question, for the message
   */
  #numbers(what) {
    if (!dtypeInfo(this.dtype).real) {
      throw new BoresError('ERR_ARGUMENT',
        `${what} needs real numbers, the array is ${this.dtype}`);
    }
    return /** @type {import('./statistics.js').Numbers} */ (this.data);
  }
}

/**
 * @param {readonly number[]} shape
 * @throws {BoresError} `ERR_ARGUMENT` for anything but a list of lengths
 */
function checkShape(shape) {
  if (!Array.isArray(shape)
    || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new BoresError('ERR_ARGUMENT', 'shape must be a list of lengths, got '
      + (Array.isArray(shape) ? `[${shape.map(describeValue).join(', ')}]` : describeValue(shape)));
  }
}

/**
 * Elements (not bytes) from one index to the next, by axis, C order.
 * @param {readonly number[]} shape
 */
export function stridesOf(shape) {
  const strides = new Array(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis -= 1) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}
