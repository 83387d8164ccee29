// SPDX-License-Identifier: MIT
// Element types as NumPy names them, and the JavaScript array that holds each.

import { BoresError } from '../core/errors.js';

/**
 * @typedef {Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | Uint8Array
 *   | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array} TypedArray
 * @typedef {TypedArray | string[] | unknown[]} ArrayData
 */

/**
 * @typedef {object} DtypeInfo
 * @property {any} Data        constructor of the data: a typed array's, or `Array`
 * @property {number} width    array slots an element takes (2 for complex numbers)
 * @property {boolean} real    ordered numbers, so that statistics mean something
 * @property {string} typestr  little-endian NumPy type string of `data` as it is in memory;
 *   '' where there is no fixed one (strings, records)
 */

/** @type {(Data: any, typestr: string, real?: boolean, width?: number) => DtypeInfo} */
const row = (Data, typestr, real = true, width = 1) =>
  Object.freeze({ Data, width, real, typestr });

/** @type {ReadonlyMap<string, DtypeInfo>} */
const DTYPES = new Map([
  ['float64', row(Float64Array, '<f8')],
  ['float32', row(Float32Array, '<f4')],
  ['float16', row(Float32Array, '<f4')], // widened: no engine we support has a Float16Array
  ['int8', row(Int8Array, '|i1')],
  ['int16', row(Int16Array, '<i2')],
  ['int32', row(Int32Array, '<i4')],
  ['int64', row(BigInt64Array, '<i8')],
  ['uint8', row(Uint8Array, '|u1')],
  ['uint16', row(Uint16Array, '<u2')],
  ['uint32', row(Uint32Array, '<u4')],
  ['uint64', row(BigUint64Array, '<u8')],
  ['bool', row(Uint8Array, '|b1')],
  ['complex64', row(Float32Array, '<c8', false, 2)],
  ['complex128', row(Float64Array, '<c16', false, 2)],
  ['str', row(Array, '', false)],
  ['object', row(Array, '', false)],
]);

const TIME = /^(datetime64|timedelta64)\[(.+)\]$/;

/**
 * @param {string} dtype
 * @returns {DtypeInfo}
 * @throws {BoresError} `ERR_UNSUPPORTED` for a name that NumPy or this library does not have
 */
export function dtypeInfo(dtype) {
  const known = DTYPES.get(dtype);
  if (known) return known;
  const time = TIME.exec(dtype);
  if (time) {
    return row(BigInt64Array, `<${time[1] === 'datetime64' ? 'M' : 'm'}8[${time[2]}]`, false);
  }
  throw new BoresError('ERR_UNSUPPORTED', `dtype '${dtype}' is not one of `
    + `${[...DTYPES.keys()].join(', ')}, datetime64[unit], timedelta64[unit]`);
}

/**
 * The dtype that an array's class implies: the first of the table that uses it, so
 * `Uint8Array` is 'uint8' and a plain array 'str' or, with anything else in it, 'object'.
 *
 * @param {ArrayData} data
 */
export function dtypeOf(data) {
  if (Array.isArray(data)) {
    return data.every((item) => typeof item === 'string') ? 'str' : 'object';
  }
  if (data instanceof Uint8Array) return 'uint8'; // Node's Buffer too
  for (const [name, { Data }] of DTYPES) if (data instanceof Data) return name;
  throw new BoresError('ERR_ARGUMENT',
    `expected a typed array or an array of strings, got ${describeValue(data)}`);
}

/**
 * The dtype name that a NumPy type string means ('<f8' and '>f8' are float64: in memory
 * there is one byte order). A name is returned as it is.
 *
 * @param {string} typestr
 * @throws {BoresError} `ERR_UNSUPPORTED`
 */
export function dtypeName(typestr) {
  const parts = /^[<>|=]?([biufcSUVOMm])(\d*)(?:(\[.+\]))?$/.exec(typestr);
  if (!parts) return dtypeInfo(typestr) && typestr;
  const [, kind, size, unit] = parts;
  if (kind === 'S' || kind === 'U') return 'str';
  if (kind === 'V' || kind === 'O') return 'object';
  if (kind === 'b') return 'bool';
  const base = KIND_NAMES.get(kind);
  const name = `${base}${kind === 'M' || kind === 'm' ? `64${unit ?? ''}` : Number(size) * 8}`;
  return dtypeInfo(name) && name;
}

const KIND_NAMES = new Map(Object.entries({
  i: 'int', u: 'uint', f: 'float', c: 'complex', M: 'datetime', m: 'timedelta',
}));

/** @param {string} dtype  true for the floating-point dtypes that can hold NaN */
export const isFloat = (dtype) => dtype.startsWith('float');

/**
 * A value as a message shows it: short, and never throwing.
 * @param {unknown} value
 * @returns {string}
 */
export function describeValue(value) {
  if (value === null) return 'null';
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object') return String(value);
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== 'Object' ? `a ${name}` : 'an object';
}
