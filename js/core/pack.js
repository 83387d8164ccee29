// SPDX-License-Identifier: MIT
// Packed trees: how values cross between JavaScript and C (src/include/bores/pack.h), and,
// with the arrays' elements beside them, between a worker and the page.

import { BoresError } from './errors.js';

/** Tags of the format. */
const NULL = 0, FALSE = 1, TRUE = 2, INT = 3, FLOAT = 4, STRING = 5, LIST = 6, MAP = 7, ARRAY = 8;

/**
 * A packed tree out of the heap: elements of its arrays, in order of appearance, beside it.
 * @typedef {object} PackedTree
 * @property {Uint8Array<ArrayBuffer>} packed
 * @property {ArrayBuffer[]} buffers
 *
 * An array's description: NumPy's kind letter, bytes an element, unit of times, shape.
 * @typedef {object} PackedArray
 * @property {string} kind
 * @property {number} itemsize
 * @property {string} unit
 * @property {number[]} shape
 * @property {ArrayBuffer} buffer  little-endian, C order
 */

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder();

/**
 * Packs plain values: null, booleans, numbers (whole ones as integers), bigints, strings, arrays
 * and objects, but no n-d arrays.
 *
 * @param {unknown} value
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function packValue(value) {
  const writer = new Writer();
  writer.value(value);
  return writer.bytes();
}

class Writer {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  bytes() {
    return this.#buffer.slice(0, this.#length);
  }

  /** @param {number} extra */
  #reserve(extra) {
    if (this.#length + extra > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + extra));
      grown.set(this.#buffer);
      this.#buffer = grown;
      this.#view = new DataView(grown.buffer);
    }
    const at = this.#length;
    this.#length += extra;
    return at;
  }

  /** @param {number} tag */
  #tag(tag) {
    const at = this.#reserve(1);
    this.#buffer[at] = tag;
  }

  /** @param {string} text */
  #text(text) {
    const encoded = utf8Encoder.encode(text);
    const at = this.#reserve(4 + encoded.length);
    this.#view.setUint32(at, encoded.length, true);
    this.#buffer.set(encoded, at + 4);
  }

  /** @param {number} count */
  #count(count) {
    const at = this.#reserve(4);
    this.#view.setUint32(at, count, true);
  }

  /** @param {number | bigint} number */
  #number(number) {
    if (typeof number === 'bigint' || (Number.isSafeInteger(number) && !Object.is(number, -0))) {
      this.#tag(INT);
      const at = this.#reserve(8);
      this.#view.setBigInt64(at, BigInt(number), true);
    } else {
      this.#tag(FLOAT);
      const at = this.#reserve(8);
      this.#view.setFloat64(at, number, true);
    }
  }

  /** @param {unknown} value */
  value(value) {
    if (value === null || value === undefined) {
      this.#tag(NULL);
    } else if (typeof value === 'boolean') {
      this.#tag(value ? TRUE : FALSE);
    } else if (typeof value === 'number' || typeof value === 'bigint') {
      this.#number(value);
    } else if (typeof value === 'string') {
      this.#tag(STRING);
      this.#text(value);
    } else if (Array.isArray(value)) {
      this.#tag(LIST);
      this.#count(value.length);
      for (const item of value) this.value(item);
    } else if (typeof value === 'object') {
      const items = Object.entries(value);
      this.#tag(MAP);
      this.#count(items.length);
      for (const [key, item] of items) {
        this.#text(key);
        this.value(item);
      }
    } else {
      throw new BoresError('ERR_ARGUMENT', `a ${typeof value} cannot be passed to the core`);
    }
  }
}

/**
 * Reads a packed tree. Maps become objects without a prototype, so that any key is data; integers
 * become numbers where they are exact and bigints where not.
 *
 * @param {Uint8Array} packed
 * @param {(array: { kind: string, itemsize: number, unit: string, shape: number[], nbytes: number,
 *   pointer: number }) => unknown} onArray  makes the value of an array node
 * @returns {unknown}
 */
export function unpack(packed, onArray) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = 0;

  const count = () => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  /** @param {number} length */
  const text = (length) => {
    at += length;
    return decodeText(packed, at - length, at);
  };
  const wide = () => {
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  };

  const array = () => {
    const kind = String.fromCharCode(packed[at++]);
    const itemsize = count();
    const unit = text(packed[at++]);
    const shape = Array.from({ length: packed[at++] }, wide);
    const nbytes = wide();
    return onArray({ kind, itemsize, unit, shape, nbytes, pointer: count() });
  };

  const map = () => {
    /** @type {Record<string, unknown>} */
    const object = Object.create(null);
    for (let left = count(); left > 0; left--) {
      const key = text(count());
      object[key] = node();
    }
    return object;
  };

  /** @returns {unknown} */
  const node = () => {
    switch (packed[at++]) {
      case NULL: return null;
      case FALSE: return false;
      case TRUE: return true;
      case INT: {
        at += 8;
        const exact = view.getBigInt64(at - 8, true);
        const number = Number(exact);
        return Number.isSafeInteger(number) ? number : exact;
      }
      case FLOAT: at += 8; return view.getFloat64(at - 8, true);
      case STRING: return text(count());
      case LIST: return Array.from({ length: count() }, node);
      case MAP: return map();
      case ARRAY: return array();
      default: throw new BoresError('ERR_INTERNAL', `tag ${packed[at - 1]} in a packed tree`);
    }
  };
  return node();
}

/**
 * Text is mostly short and ASCII, for which building it by hand beats the decoder's overhead.
 *
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} end
 */
function decodeText(bytes, start, end) {
  if (end - start > 64) return utf8Decoder.decode(bytes.subarray(start, end));
  let ascii = '';
  for (let i = start; i < end; i++) {
    if (bytes[i] > 127) return utf8Decoder.decode(bytes.subarray(start, end));
    ascii += String.fromCharCode(bytes[i]);
  }
  return ascii;
}

/**
 * @param {PackedTree} tree
 * @param {(array: PackedArray) => unknown} makeArray
 */
export function unpackTree({ packed, buffers }, makeArray) {
  let next = 0;
  return unpack(packed, ({ kind, itemsize, unit, shape }) =>
    makeArray({ kind, itemsize, unit, shape, buffer: buffers[next++] }));
}
