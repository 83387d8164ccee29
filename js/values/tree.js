// SPDX-License-Identifier: MIT
// Packed trees to JavaScript values and back: plain objects, lists, and an NdArray for each array.

import { BoresError } from '../core/errors.js';
import { packTree, unpackTree } from '../core/pack.js';
import { dtypeInfo } from './dtypes.js';
import { NdArray } from './nd-array.js';

/** @import { PackedArray, PackedParams, PackedTree } from '../core/pack.js' */

/** NumPy kind letter and bytes an element → dtype name and the array that views the bytes. */
const VIEWS = /** @type {Record<string, [string, any]>} */ ({
  b1: ['bool', Uint8Array],
  i1: ['int8', Int8Array],
  i2: ['int16', Int16Array],
  i4: ['int32', Int32Array],
  i8: ['int64', BigInt64Array],
  u1: ['uint8', Uint8Array],
  u2: ['uint16', Uint16Array],
  u4: ['uint32', Uint32Array],
  u8: ['uint64', BigUint64Array],
  f4: ['float32', Float32Array],
  f8: ['float64', Float64Array],
  c8: ['complex64', Float32Array],
  c16: ['complex128', Float64Array],
});

/**
 * @param {PackedTree} packed
 * @returns {any}
 */
export function readTree(packed) {
  return unpackTree(packed, toNdArray);
}

/**
 * Packs a tree of plain values and NdArrays; js/state/stored-tree.js makes one of anything storable.
 *
 * @param {unknown} tree
 * @returns {PackedParams}  the arrays' elements are not copied
 * @throws {BoresError} ERR_UNSUPPORTED for arrays of text or records
 */
export function writeTree(tree) {
  return packTree(tree, describeNode);
}

/** @type {import('../core/pack.js').DescribeArray} */
function describeNode(node) {
  return node instanceof NdArray ? describeArray(node) : undefined;
}

/** @param {NdArray<any>} array */
function describeArray({ data, shape, dtype }) {
  const { typestr } = dtypeInfo(dtype);
  const [, kind, itemsize, unit = ''] = /^[<|]([a-zA-Z])(\d+)(\[.+\])?$/.exec(typestr) ?? [];
  if (kind === undefined || !ArrayBuffer.isView(data)) {
    throw new BoresError('ERR_UNSUPPORTED', `an array of dtype ${dtype} cannot be stored`);
  }
  return { kind, itemsize: Number(itemsize), unit, shape,
    bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/**
 * @param {PackedArray} array
 * @returns {NdArray<any>}
 */
export function toNdArray({ kind, itemsize, unit, shape, buffer }) {
  const known = VIEWS[`${kind}${itemsize}`];
  if (known) return new NdArray(new known[1](buffer), shape, known[0]);
  if (kind === 'f' && itemsize === 2) return new NdArray(widenHalf(buffer), shape, 'float16');
  if (kind === 'M' || kind === 'm') {
    const name = kind === 'M' ? 'datetime64' : 'timedelta64';
    return new NdArray(new BigInt64Array(buffer), shape, unit ? `${name}${unit}` : `${name}[ns]`);
  }
  if (kind === 'S') return new NdArray(readStrings(buffer, itemsize, shape, decodeBytes), shape, 'str');
  if (kind === 'U') return new NdArray(readStrings(buffer, itemsize, shape, decodeUtf32), shape, 'str');
  return new NdArray(splitElements(buffer, itemsize, shape), shape, 'object');
}

/**
 * IEEE 754-2008 binary16 to binary32, exact for every value.
 * @param {ArrayBuffer} buffer
 */
function widenHalf(buffer) {
  return Float32Array.from(new Uint16Array(buffer), (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31, fraction = half & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} itemsize
 * @param {readonly number[]} shape
 */
function splitElements(buffer, itemsize, shape) {
  const count = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, i) => new Uint8Array(buffer, i * itemsize, itemsize));
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} itemsize
 * @param {readonly number[]} shape
 * @param {(bytes: Uint8Array) => string} decode
 */
function readStrings(buffer, itemsize, shape, decode) {
  return splitElements(buffer, itemsize, shape).map(decode);
}

/** NumPy pads fixed-length strings with NULs, which are not part of them. */
const TRAILING_NULS = /\0+$/;
const utf8Decoder = new TextDecoder();

/** @param {Uint8Array} bytes */
function decodeBytes(bytes) {
  return utf8Decoder.decode(bytes).replace(TRAILING_NULS, '');
}

/** @param {Uint8Array} bytes */
function decodeUtf32(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const point = view.getUint32(at, true);
    text += String.fromCodePoint(point > 0x10ffff ? 0xfffd : point);
  }
  return text.replace(TRAILING_NULS, '');
}
