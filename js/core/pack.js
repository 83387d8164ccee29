// SPDX-License-Identifier: MIT
// Packed trees: how values cross between JavaScript and C (src/include/bores/pack.h), and,
// with the arrays' elements beside them, between a worker and the page.

import { BoresError } from './errors.js';

/** Tags of the format. */
const NULL = 0, FALSE = 1, TRUE = 2, INT = 3, FLOAT = 4, STRING = 5, LIST = 6, MAP = 7, ARRAY = 8,
  NATURAL = 9;

/** Beyond it C has naturals instead of ints. */
const MAX_INT = 2n ** 63n - 1n;

/**
 * Integers that are numbers here: up to 2^53, which no other integer turns into.
 * @param {number} number
 */
function isWhole(number) {
  return Number.isSafeInteger(number) || Math.abs(number) === 2 ** 53;
}

/**
 * On each map and list that came from C: the keys (indices) whose number is a float although it is
 * whole. JSON's 2.0 stays 2.0 that way, through a language that has but one kind of number.
 */
export const FLOATS = Symbol('bores.floats');

/**
 * A packed tree from C, and beside it its arrays' elements, in order of appearance.
 * @typedef {{ packed: Uint8Array<ArrayBuffer>, buffers: ArrayBuffer[] }} PackedTree
 *
 * One on its way into C: the elements are borrowed, `pointers` says where in `packed` each array's goes.
 * @typedef {{ packed: Uint8Array<ArrayBuffer>, buffers: Uint8Array[], pointers: number[] }} PackedParams
 *
 * What packTree() is told about an array: `bytes` are its elements, borrowed for the call.
 * @typedef {{ kind: string, itemsize: number, unit: string, shape: readonly number[],
 *   bytes: Uint8Array }} ArrayDescription
 * @typedef {(value: object) => ArrayDescription | undefined} DescribeArray
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
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Packs plain values: null, booleans, numbers (whole ones as integers, but for FLOATS), bigints,
 * strings, lists and maps; and what `describeArray` knows as an array, whose elements are not copied.
 *
 * @param {unknown} value
 * @param {DescribeArray} [describeArray]
 * @returns {PackedParams}
 * @throws {BoresError} ERR_ARGUMENT for anything else
 */
export function packTree(value, describeArray = () => undefined) {
  const writer = new Writer(describeArray);
  writer.value(value);
  return writer.finish();
}

/** Bytes are an array of them. @type {DescribeArray} */
export function describeBytes(value) {
  return value instanceof Uint8Array ? { kind: 'u', itemsize: 1, unit: '', shape: [value.length], bytes: value }
    : undefined;
}

class Writer {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;
  #describeArray;
  /** @type {Uint8Array[]} */ #buffers = [];
  /** @type {number[]} */ #pointers = [];

  /** @param {DescribeArray} describeArray */
  constructor(describeArray) {
    this.#describeArray = describeArray;
  }

  finish() {
    return { packed: this.#buffer.slice(0, this.#length), buffers: this.#buffers,
      pointers: this.#pointers };
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

  /** @param {number} byte */
  #byte(byte) {
    const at = this.#reserve(1);
    this.#buffer[at] = byte;
  }

  /** @param {number} number */
  #wide(number) {
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, BigInt(number), true);
  }

  /**
   * @param {number | bigint} number
   * @param {boolean} isFloat
   */
  #number(number, isFloat) {
    if (typeof number === 'number' && (isFloat || !isWhole(number) || Object.is(number, -0))) {
      this.#tag(FLOAT);
      const at = this.#reserve(8); // may replace the view
      this.#view.setFloat64(at, number, true);
      return;
    }
    const exact = BigInt(number);
    if (exact < -MAX_INT - 1n || exact > 2n * MAX_INT + 1n) {
      throw new BoresError('ERR_ARGUMENT', `${exact} does not fit 64 bits`);
    }
    this.#tag(exact > MAX_INT ? NATURAL : INT);
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, BigInt.asUintN(64, exact), true);
  }

  /** @param {ArrayDescription} array */
  #array({ kind, itemsize, unit, shape, bytes }) {
    this.#tag(ARRAY);
    this.#byte(kind.charCodeAt(0));
    this.#count(itemsize);
    this.#byte(unit.length);
    for (const letter of unit) this.#byte(letter.charCodeAt(0));
    this.#byte(shape.length);
    for (const length of shape) this.#wide(length);
    this.#wide(bytes.length);
    this.#pointers.push(this.#reserve(4));
    this.#buffers.push(bytes);
  }

  /** @param {object} object */
  #object(object) {
    const array = this.#describeArray(object);
    if (array) {
      this.#array(array);
      return;
    }
    /** @type {Set<string | number> | undefined} */
    const floats = /** @type {any} */ (object)[FLOATS];
    if (Array.isArray(object)) {
      this.#tag(LIST);
      this.#count(object.length);
      object.forEach((item, index) => this.value(item, floats?.has(index)));
      return;
    }
    const items = Object.entries(object);
    this.#tag(MAP);
    this.#count(items.length);
    for (const [key, item] of items) {
      this.#text(key);
      this.value(item, floats?.has(key));
    }
  }

  /**
   * @param {unknown} value
   * @param {boolean} [isFloat]  a whole number is a float
   */
  value(value, isFloat = false) {
    if (value === null || value === undefined) {
      this.#tag(NULL);
    } else if (typeof value === 'boolean') {
      this.#tag(value ? TRUE : FALSE);
    } else if (typeof value === 'number' || typeof value === 'bigint') {
      this.#number(value, isFloat);
    } else if (typeof value === 'string') {
      this.#tag(STRING);
      this.#text(value);
    } else if (typeof value === 'object') {
      this.#object(value);
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

  /** Whether the next node is a float that is whole. */
  const wholeFloat = () => packed[at] === FLOAT
    && Number.isSafeInteger(view.getFloat64(at + 1, true));

  const map = () => {
    /** @type {Record<string, unknown>} */
    const object = Object.create(null);
    /** @type {Set<string> | undefined} */
    let floats;
    for (let left = count(); left > 0; left--) {
      const key = text(count());
      if (wholeFloat()) (floats ??= new Set()).add(key);
      object[key] = node();
    }
    return markFloats(object, floats);
  };

  const list = () => {
    const length = count();
    /** @type {unknown[]} */
    const items = [];
    /** @type {Set<number> | undefined} */
    let floats;
    for (let index = 0; index < length; index++) {
      if (wholeFloat()) (floats ??= new Set()).add(index);
      items.push(node());
    }
    return markFloats(items, floats);
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
        return Number.isSafeInteger(number) || (isWhole(number) && BigInt(number) === exact)
          ? number : exact;
      }
      case FLOAT: at += 8; return view.getFloat64(at - 8, true);
      case NATURAL: at += 8; return view.getBigUint64(at - 8, true);
      case STRING: return text(count());
      case LIST: return list();
      case MAP: return map();
      case ARRAY: return array();
      default: throw new BoresError('ERR_INTERNAL', `tag ${packed[at - 1]} in a packed tree`);
    }
  };
  return node();
}

/** @type {Set<never>} */
const NO_FLOATS = new Set();

/**
 * Gives a map or list its FLOATS.
 * @template {object} T
 * @param {T} container
 * @param {ReadonlySet<string | number>} [floats]
 * @returns {T}
 */
export function markFloats(container, floats = NO_FLOATS) {
  return Object.defineProperty(container, FLOATS, { value: floats });
}

/**
 * Text is mostly short and ASCII, for which building it by hand beats the decoder's overhead.
 *
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} end
 */
export function decodeText(bytes, start, end) {
  if (end - start > 64) return utf8Decoder.decode(bytes.subarray(start, end));
  let ascii = '';
  for (let i = start; i < end; i++) {
    if (bytes[i] > 127) return utf8Decoder.decode(bytes.subarray(start, end));
    ascii += String.fromCharCode(bytes[i]);
  }
  return ascii;
}

/**
 * What came from C, on its way into C again, perhaps another module's: nothing becomes a value here.
 * @param {PackedTree} tree
 * @returns {PackedParams}
 */
export function repacked({ packed, buffers }) {
  return { packed, buffers: buffers.map((buffer) => new Uint8Array(buffer)),
    pointers: arraysIn(packed).map(({ at }) => at) };
}

/**
 * The arrays of a packed tree, in order of appearance; no value is made.
 * @param {Uint8Array} packed
 * @returns {{ at: number, pointer: number, nbytes: number }[]}  at: where in `packed` the pointer is
 */
export function arraysIn(packed) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  /** @type {{ at: number, pointer: number, nbytes: number }[]} */
  const arrays = [];
  let at = 0;
  const text = () => { at += 4 + view.getUint32(at, true); };
  const node = () => {
    const tag = packed[at++];
    switch (tag) {
      case NULL: case FALSE: case TRUE: break;
      case INT: case FLOAT: case NATURAL: at += 8; break;
      case STRING: text(); break;
      case LIST: case MAP:
        at += 4;
        for (let left = view.getUint32(at - 4, true); left > 0; left--) {
          if (tag === MAP) text();
          node();
        }
        break;
      case ARRAY:
        at += 5; // kind, bytes an element
        at += 1 + packed[at]; // unit
        at += 1 + 8 * packed[at]; // shape
        arrays.push({ at: at + 8, pointer: view.getUint32(at + 8, true), nbytes: Number(view.getBigUint64(at, true)) });
        at += 12;
        break;
      default: throw new BoresError('ERR_INTERNAL', `tag ${tag} in a packed tree`);
    }
  };
  node();
  return arrays;
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
