// SPDX-License-Identifier: MIT
// How geometry crosses into the core: rows of float64, some of whose numbers are pointers to arrays
// lent for the call. src/wasm/core/geometry_exports.h says what is where in each row.

import { BoresError } from './errors.js';

/**
 * @import { Core } from './core.js'
 * @import { CellFilter, GridGeometry } from './geometry.js'
 * @typedef {Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | Uint8Array
 *   | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array} NumberArray
 *
 * Numbers: a typed array, or one with NumPy's name of its type where the class alone does not tell
 * ('bool' in a Uint8Array, 'float16' as bits in a Uint16Array). An `NdArray` will do.
 * @typedef {NumberArray | { data: NumberArray, dtype?: string }} Values
 */

/** Kind letters of the typed arrays' elements; their size the class has. */
const KINDS = /** @type {const} */ ([
  [Float64Array, 'f'], [Float32Array, 'f'], [Int8Array, 'i'], [Int16Array, 'i'], [Int32Array, 'i'],
  [BigInt64Array, 'i'], [Uint8Array, 'u'], [Uint16Array, 'u'], [Uint32Array, 'u'],
  [BigUint64Array, 'u'],
]);
const NUMBER_DTYPE = /^(bool|u?int(8|16|32|64)|float(16|32|64))$/;

/**
 * Copies arrays into the heap while `use` runs, which is told their addresses (0: absent).
 *
 * @template T
 * @param {Core} core
 * @param {readonly (NumberArray | null | undefined)[]} arrays
 * @param {(...pointers: number[]) => T} use
 * @returns {T}
 */
function lend(core, arrays, use) {
  if (arrays.length === 0) return use();
  const [first, ...rest] = arrays;
  if (!first) return lend(core, rest, (...pointers) => use(0, ...pointers));
  const bytes = new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
  return core.withBytes(bytes, (pointer) =>
    lend(core, rest, (...pointers) => use(pointer, ...pointers)));
}

/**
 * Calls an export with rows of numbers, the last one to be filled.
 *
 * @param {Core} core
 * @param {number} width  of the result
 * @param {readonly Float64Array[]} rows
 * @param {(...pointers: number[]) => number} call  returns a status
 */
export function run(core, width, rows, call) {
  return lend(core, [...rows, new Float64Array(width)], (...pointers) => {
    core.check(call(...pointers));
    return [...new Float64Array(core.copyOut(pointers[rows.length], 8 * width))];
  });
}

/**
 * Reads a result out of its block (the first number), which ends then.
 *
 * @template T
 * @param {Core} core
 * @param {number[]} result
 * @param {(result: number[]) => T} read
 * @returns {T}
 */
export function withBlock(core, result, read) {
  try {
    return read(result);
  } finally {
    if (!core.dead) core.call('block_free', result[0]);
  }
}

/**
 * @template T
 * @param {Core} core
 * @param {GridGeometry} grid
 * @param {(row: Float64Array) => T} use
 */
export function withGrid(core, grid, use) {
  const { thickness, datumDepth = 0, dipAngle = 0, dipAzimuth = 0 } = grid;
  if (!(thickness instanceof Float32Array || thickness instanceof Float64Array)) {
    throw new BoresError('ERR_ARGUMENT', 'thickness is no Float32Array and no Float64Array');
  }
  const [dx, dy] = grid.cellDimension;
  return lend(core, [thickness], (pointer) => use(Float64Array.of(...indices(grid.shape, 'shape'),
    dx, dy, datumDepth, dipAngle, dipAzimuth,
    pointer, thickness.byteLength, thickness.BYTES_PER_ELEMENT)));
}

/**
 * @template T
 * @param {Core} core
 * @param {GridGeometry} grid
 * @param {CellFilter | undefined} filter
 * @param {(row: Float64Array) => T} use
 */
export function withFilter(core, grid, { lo = [0, 0, 0], hi = grid.shape, mask } = {}, use) {
  return lend(core, [mask], (pointer) => use(Float64Array.of(...indices(lo, 'lo'),
    ...indices(hi, 'hi'), pointer, mask?.byteLength ?? 0)));
}

/**
 * @template T
 * @param {Core} core
 * @param {Values} values
 * @param {Uint8Array | null | undefined} mask
 * @param {(row: Float64Array) => T} use
 */
export function withValues(core, values, mask, use) {
  const { data, dtype = '' } = 'data' in values ? values : { data: values };
  const kind = kindOf(data, dtype);
  return lend(core, [data, mask], (pointer, maskPointer) => use(Float64Array.of(pointer,
    data.byteLength, kind.charCodeAt(0), data.BYTES_PER_ELEMENT,
    maskPointer, mask?.byteLength ?? 0)));
}

/** @param {NumberArray} data @param {string} dtype  '' where only the class is known */
function kindOf(data, dtype) {
  const kind = KINDS.find(([Class]) => data instanceof Class)?.[1];
  if (kind === undefined || (dtype !== '' && !NUMBER_DTYPE.test(dtype))) {
    throw new BoresError('ERR_UNSUPPORTED', kind === undefined
      ? 'values are no typed array' : `elements of type ${dtype} are not numbers`);
  }
  if (dtype === 'bool' && data instanceof Uint8Array) return 'b';
  return dtype === 'float16' && data instanceof Uint16Array ? 'f' : kind;
}

/**
 * A length or an index per axis.
 *
 * @param {readonly number[]} list
 * @param {string} name
 */
export function indices(list, name) {
  if (!triple(list, name).every((n) => Number.isInteger(n) && n >= 0)) {
    throw new BoresError('ERR_ARGUMENT', `${name} [${list.join(', ')}] are no indices`);
  }
  return list;
}

/** @param {readonly number[]} list @param {string} name */
export function triple(list, name) {
  if (list.length !== 3) {
    throw new BoresError('ERR_ARGUMENT', `${name} has ${list.length} numbers, not 3`);
  }
  return list;
}
