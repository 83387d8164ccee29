// SPDX-License-Identifier: MIT
// NumPy's .npy file format, version 1.0: what `numpy.load` reads.
// Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".

import { BoresError } from '../core/errors.js';
import { dtypeInfo } from './dtypes.js';

/** @import { NdArray } from './nd-array.js' */

const MAGIC = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0];

/** The header's end is aligned to this, so that the data can be mapped into memory. */
const ALIGNMENT = 64;

/**
 * A whole .npy file: little-endian, C order, the array's own shape and dtype. float16 was
 * widened when it was read and is written as float32; strings become fixed-length UTF-32.
 *
 * @param {NdArray<any>} array
 * @returns {Uint8Array}
 * @throws {BoresError} `ERR_UNSUPPORTED` for records
 */
export function encodeNpy(array) {
  const { descr, bytes } = array.dtype === 'str' ? encodeStrings(array) : encodeNumbers(array);
  const shape = array.shape.map((length) => `${length},`).join(' ');
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const prefix = MAGIC.length + 2;
  const headerLength = Math.ceil((prefix + dict.length + 1) / ALIGNMENT) * ALIGNMENT - prefix;
  const file = new Uint8Array(prefix + headerLength + bytes.length);
  file.set(MAGIC);
  new DataView(file.buffer).setUint16(MAGIC.length, headerLength, true);
  file.set(new TextEncoder().encode(`${dict.padEnd(headerLength - 1)}\n`), prefix);
  file.set(bytes, prefix + headerLength);
  return file;
}

/** @param {NdArray<any>} array */
function encodeNumbers({ data, dtype }) {
  const { typestr } = dtypeInfo(dtype);
  if (!ArrayBuffer.isView(data)) {
    throw new BoresError('ERR_UNSUPPORTED', `an array of dtype ${dtype} has no .npy form`);
  }
  // every platform with WebAssembly is little-endian, and so is the type string
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { descr: typestr, bytes };
}

/** @param {NdArray<string>} array */
function encodeStrings({ data }) {
  const points = data.map((text) => Array.from(text, (char) => Number(char.codePointAt(0))));
  const width = points.reduce((longest, { length }) => Math.max(longest, length), 1);
  const units = new Uint32Array(data.length * width);
  points.forEach((item, i) => units.set(item, i * width));
  return { descr: `<U${width}`, bytes: new Uint8Array(units.buffer) };
}
