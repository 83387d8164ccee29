// SPDX-License-Identifier: MIT
// What is about to be stored, as the core takes it: maps, lists, scalars and NdArrays, every
// number known to be an integer or a float, and everything else refused by its path.

import { BoresError } from '../core/errors.js';
import { markFloats } from '../core/pack.js';
import { describeValue } from '../values/dtypes.js';
import { floatsOf, isFloatField } from '../values/float-fields.js';
import { ModelState } from './model-state.js';
import { NdArray } from '../values/nd-array.js';
import { MAX_DEPTH, isMap, pathText } from '../values/paths.js';
import { isSparseRecord } from '../values/sparse-record.js';
import { SparseTensor } from '../values/sparse-tensor.js';

/** Dtypes of arrays that BORES and Zarr have in common. */
const STORABLE = new Set(['float64', 'float32', 'int8', 'int16', 'int32', 'int64', 'uint8',
  'uint16', 'uint32', 'uint64', 'bool']);

/**
 * @param {unknown} value  a tree, with states, sparse tensors, Maps and typed arrays anywhere
 * @param {readonly string[]} [names]  where it stands
 * @param {boolean} [floats]  whole numbers in it are floats, by the name of their field
 * @returns {any}  maps and lists are copies, arrays the same objects
 * @throws {BoresError} `ERR_UNSUPPORTED` for what BORES has no form for, `ERR_ARGUMENT` for what
 *   is no data, `ERR_LIMIT` for a tree that is too deep (or contains itself), naming the path
 */
export function toStored(value, names = [], floats = false) {
  if (names.length > MAX_DEPTH) {
    throw new BoresError('ERR_LIMIT', `a tree is deeper than ${MAX_DEPTH} levels`,
      { needed: names.length, limit: MAX_DEPTH });
  }
  if (typeof value !== 'object' || value === null) return storedScalar(value, names);
  if (value instanceof NdArray) return storedArray(value, names);
  if (value instanceof ModelState) return toStored(value.toTree(), names);
  if (value instanceof SparseTensor) return storedTensor(value, names);
  if (isSparseRecord(value)) return storedTensor(makeTensor(value, names), names);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return storedArray(new NdArray(/** @type {any} */ (value)), names);
  }
  if (Array.isArray(value)) return storedList(value, names, floats);
  if (value instanceof Map) return storedMap([...value], undefined, names);
  if (isMap(value)) return storedMap(Object.entries(value), floatsOf(value), names);
  throw refuse('ERR_ARGUMENT', names, `${describeValue(value)} cannot be stored`);
}

/**
 * @param {unknown} value
 * @param {readonly string[]} names
 */
function storedScalar(value, names) {
  switch (typeof value) {
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) {
        throw refuse('ERR_UNSUPPORTED', names, `${value}n is beyond 64 bits`);
      }
      return value;
    case 'string':
      if (!value.isWellFormed()) {
        throw refuse('ERR_UNSUPPORTED', names, 'text with half of a surrogate pair');
      }
      return value;
    case 'number':
    case 'boolean':
      return value;
    default:
      if (value === null) return value;
      throw refuse('ERR_ARGUMENT', names, `${describeValue(value)} cannot be stored`);
  }
}

/**
 * @param {NdArray<any>} array
 * @param {readonly string[]} names
 */
function storedArray(array, names) {
  if (STORABLE.has(array.dtype)) return array;
  const advice = array.dtype === 'float16' ? '; convert it with astype(\'float32\')' : '';
  throw refuse('ERR_UNSUPPORTED', names,
    `BORES has no form for an array of dtype ${array.dtype}${advice}`);
}

/**
 * @param {any} record
 * @param {readonly string[]} names
 */
function makeTensor(record, names) {
  try {
    return new SparseTensor(record);
  } catch (error) {
    throw error instanceof BoresError ? refuse(error.code, names, error.message) : error;
  }
}

/**
 * A tensor's record, as BORES writes it: values of its dtype, the default of the same kind.
 * @param {SparseTensor} tensor
 * @param {readonly string[]} names
 */
function storedTensor(tensor, names) {
  const record = tensor.toRecord();
  const shape = record.shape instanceof NdArray ? record.shape : [...record.shape];
  const stored = Object.assign(Object.create(null), {
    shape, dtype: record.dtype, default: tensor.default, keys: tensor.keys,
    values: storedArray(tensor.values, [...names, 'values']),
  });
  return markFloats(stored, new Set(tensor.dtype.startsWith('float') ? ['default'] : []));
}

/**
 * @param {readonly unknown[]} list
 * @param {readonly string[]} names
 * @param {boolean} inherited
 */
function storedList(list, names, inherited) {
  const known = floatsOf(list);
  /** @type {Set<number>} */
  const floats = new Set();
  const stored = list.map((item, index) => {
    const isFloat = known ? known.has(index) : inherited;
    if (isFloat) floats.add(index);
    return toStored(item, [...names, String(index)], isFloat);
  });
  return markFloats(stored, floats);
}

/**
 * @param {[any, unknown][]} children  what is undefined is not there
 * @param {ReadonlySet<string | number> | undefined} known
 * @param {readonly string[]} names
 */
function storedMap(children, known, names) {
  const stored = Object.create(null);
  /** @type {Set<string>} */
  const floats = new Set();
  for (const [name, value] of children) {
    if (typeof name !== 'string' || !name.isWellFormed()) {
      throw refuse('ERR_ARGUMENT', names,
        `a name must be well-formed text, got ${describeValue(name)}`);
    }
    if (value === undefined) continue;
    const isFloat = known && typeof value === 'number' ? known.has(name) : isFloatField(name);
    if (isFloat) floats.add(name);
    stored[name] = toStored(value, [...names, name], isFloat);
  }
  return markFloats(stored, floats);
}

/**
 * @param {string} code
 * @param {readonly string[]} names
 * @param {string} why
 */
function refuse(code, names, why) {
  const path = pathText(names);
  return new BoresError(code, path ? `${path}: ${why}` : why, { path });
}
