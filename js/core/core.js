// SPDX-License-Identifier: MIT
// The core: one wasm instance, its heap and its errors. The only class that touches memory.
// Pointers are unsigned 32-bit numbers; views of the heap are made anew for each use, since
// any call into wasm may grow (and so move) the memory.

import { BoresError } from './errors.js';
import { copyOf } from './host.js';
import { instantiate, instantiateAnalysis, instantiateNow, instantiateText } from './load.js';
import { arraysIn, describeBytes, packTree } from './pack.js';

/** @import { WasmOptions } from './load.js' */
/** @import { PackedParams, PackedTree } from './pack.js' */

/**
 * What an operation wants next: a listing, a key's bytes, or a part of them.
 * @typedef {{ id: number, list: boolean, key: string, range?: ByteRange }} Want
 * @typedef {{ offset: number, length: number } | { suffixLength: number }} ByteRange
 */

const WANT_LIST = 1, WANT_RANGE = 2; // bw_want_kind, op.h
const WANT_HEAD = 28; // bytes before a key, src/wasm/exports.h
const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Linear memory is at most 4 GiB. */
const MAX_ALLOCATION = 2 ** 32 - 1;
/** Most values of a store have no more bytes. */
const ROOM_BYTES = 64 * 1024;
const EXPORT_PREFIX = 'bw_wasm_';

export class Core {
  /** Elements of operations' parameters, by operation. @type {Map<number, number[]>} */
  #blocks = new Map();
  /** See takeRoom(). */ #room = 0;

  /** @param {WasmOptions} [options] */
  static async load(options) {
    return new Core(await instantiate(options));
  }

  /** The module of JSON and YAML: what operations need and nothing else. @param {WasmOptions} [options] */
  static async loadText(options) {
    return new Core(await instantiateText(options));
  }

  /** The module that answers from states (js/core/analysis.js). @param {WasmOptions} [options] */
  static async loadAnalysis(options) {
    return new Core(await instantiateAnalysis(options));
  }

  /** Of code that is there already, at once. @param {WebAssembly.Module} compiled */
  static now(compiled) {
    return new Core(instantiateNow(compiled));
  }

  /** @param {WebAssembly.Instance} instance */
  constructor(instance) {
    /** By name less the prefix, which would else be put before it at each call: there are four a file. */
    this.exports = /** @type {Record<string, (...args: number[]) => number>} */ (Object.fromEntries(
      Object.entries(instance.exports).filter(([name]) => name.startsWith(EXPORT_PREFIX))
        .map(([name, run]) => [name.slice(EXPORT_PREFIX.length), run])));
    this.memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
    /** True after a trap: the heap can no longer be trusted. */
    this.dead = false;
    this.scratch = this.alloc(16); // out-parameters
  }

  /** A view of the whole heap, good until the next call into wasm. */
  heapU8() {
    return new Uint8Array(this.memory.buffer);
  }

  /**
   * Calls an export. A trap (out of bounds, unreachable, stack overflow) ends this instance: it is
   * marked dead, and whoever uses it loads another.
   *
   * @param {string} name  less the prefix `bw_wasm_`
   * @param {...number} args
   */
  call(name, ...args) {
    if (this.dead) throw new BoresError('ERR_INTERNAL', `the core failed before ${name}`);
    try {
      return this.exports[name](...args);
    } catch (cause) {
      this.dead = true;
      throw new BoresError('ERR_INTERNAL', `the core failed in ${name}: `
        + `${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }

  /**
   * @param {number} nbytes
   * @returns {number} a pointer; end with free()
   * @throws {BoresError} ERR_NOMEM
   */
  alloc(nbytes) {
    // A size beyond 32 bits would be cut on its way into wasm.
    const pointer = nbytes <= MAX_ALLOCATION ? this.call('alloc', nbytes) >>> 0 : 0;
    if (pointer === 0) {
      throw new BoresError('ERR_NOMEM', `${nbytes} bytes of memory were refused`, { needed: nbytes });
    }
    return pointer;
  }

  /** @param {number} pointer */
  free(pointer) {
    this.call('free', pointer);
  }

  /**
   * Memory for bytes that are given to an operation at once. Whoever asks next gets the same, unless it is large.
   * @param {number} nbytes
   * @returns {number} a pointer; end with leaveRoom()
   * @throws {BoresError} ERR_NOMEM
   */
  takeRoom(nbytes) {
    return nbytes > ROOM_BYTES ? this.alloc(nbytes) : this.#room ||= this.alloc(ROOM_BYTES);
  }

  /** @param {number} pointer  0: none was taken */
  leaveRoom(pointer) {
    if (pointer !== 0 && pointer !== this.#room && !this.dead) this.free(pointer);
  }

  /** @param {number} pointer @param {number} length */
  view(pointer, length) {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  /** A copy out of the heap. @param {number} pointer @param {number} length */
  copyOut(pointer, length) {
    return copyOf(this.memory.buffer, pointer, length);
  }

  /**
   * Copies bytes in and gives them to `use`; they are freed afterwards.
   * @template T
   * @param {Uint8Array} bytes
   * @param {(pointer: number) => T} use
   * @returns {T}
   */
  withBytes(bytes, use) {
    const pointer = this.alloc(bytes.length);
    try {
      this.view(pointer, bytes.length).set(bytes);
      return use(pointer);
    } finally {
      if (!this.dead) this.free(pointer);
    }
  }

  /** @param {number} pointer  to NUL-terminated text */
  readText(pointer) {
    const heap = this.heapU8();
    return utf8Decoder.decode(heap.subarray(pointer, heap.indexOf(0, pointer)));
  }

  /** The error that C recorded last. */
  lastError() {
    const at = this.call('last_error') >>> 0;
    const view = new DataView(this.memory.buffer, at, 32);
    const key = this.readText(view.getUint32(8, true));
    const needed = view.getFloat64(16, true), limit = view.getFloat64(24, true);
    return new BoresError(this.readText(view.getUint32(0, true)),
      this.readText(view.getUint32(4, true)),
      { ...(key && { key }), ...(limit > 0 && { needed, limit }) });
  }

  /** @param {number} status  of a fallible call; 0 is fine @throws {BoresError} */
  check(status) {
    if (status !== 0) throw this.lastError();
  }

  /** @returns {number} a store handle, end with storeFree() */
  storeNew() {
    const store = this.call('store_new') >>> 0;
    if (store === 0) throw this.lastError();
    return store;
  }

  /** @param {number} store */
  storeFree(store) {
    this.call('store_free', store);
  }

  /**
   * @param {number} store
   * @param {string} name    of the operation, see ARCHITECTURE.md
   * @param {unknown} params  a Uint8Array in it is an array of bytes
   * @returns {number} an operation handle, end with opFree()
   */
  opBegin(store, name, params) {
    return this.opBeginPacked(store, name, packTree(params, describeBytes));
  }

  /**
   * The same with parameters that are packed already, which may hold arrays: their elements are
   * copied into the heap and stay there until opFree().
   *
   * @param {number} store
   * @param {string} name
   * @param {PackedParams} params
   */
  opBeginPacked(store, name, params) {
    const { patched, blocks } = this.#copyIn(params);
    try {
      const op = this.withBytes(utf8Encoder.encode(`${name}\0`), (namePointer) =>
        this.withBytes(patched, (pointer) =>
          this.call('op_begin', store, namePointer, pointer, patched.length) >>> 0));
      if (op === 0) throw this.lastError();
      this.#blocks.set(op, blocks);
      return op;
    } catch (error) {
      this.#freeAll(blocks);
      throw error;
    }
  }

  /**
   * Copies a packed tree with its arrays' elements in, and frees it all afterwards.
   * @template T
   * @param {PackedParams} params
   * @param {(pointer: number, length: number) => T} use
   * @returns {T}
   */
  withPacked(params, use) {
    const { patched, blocks } = this.#copyIn(params);
    try {
      return this.withBytes(patched, (pointer) => use(pointer, patched.length));
    } finally {
      this.#freeAll(blocks);
    }
  }

  /**
   * Elements into blocks of the heap, and their addresses into a copy of the packed tree.
   * @param {PackedParams} params
   */
  #copyIn({ packed, buffers, pointers }) {
    /** @type {number[]} */
    const blocks = [];
    const patched = packed.slice();
    const view = new DataView(patched.buffer);
    try {
      for (const [index, bytes] of buffers.entries()) {
        const block = this.alloc(bytes.length);
        blocks.push(block);
        this.view(block, bytes.length).set(bytes);
        view.setUint32(pointers[index], block, true);
      }
      return { patched, blocks };
    } catch (error) {
      this.#freeAll(blocks);
      throw error;
    }
  }

  /** @param {number[]} blocks */
  #freeAll(blocks) {
    if (!this.dead) for (const block of blocks) this.free(block);
  }

  /** @param {number} op */
  opFree(op) {
    if (!this.dead) this.call('op_free', op);
    this.#freeAll(this.#blocks.get(op) ?? []);
    this.#blocks.delete(op);
  }

  /** @param {number} op */
  opDone(op) {
    return this.call('op_done', op) !== 0;
  }

  /**
   * @param {number} op
   * @param {number} capacity
   * @returns {Want[]}
   */
  opWants(op, capacity) {
    const count = this.call('op_wants', op, capacity, this.scratch);
    if (count < 0) throw this.lastError();
    const heap = this.heapU8();
    const view = new DataView(this.memory.buffer);
    let at = view.getUint32(this.scratch, true);
    return Array.from({ length: count }, () => {
      const keyEnd = at + WANT_HEAD + view.getUint32(at + 8, true);
      const kind = view.getUint32(at + 4, true);
      const want = {
        id: view.getUint32(at, true),
        list: kind === WANT_LIST,
        key: utf8Decoder.decode(heap.subarray(at + WANT_HEAD, keyEnd)),
        ...(kind === WANT_RANGE && { range: rangeOf(view.getFloat64(at + 12, true),
          view.getFloat64(at + 20, true)) }),
      };
      at = keyEnd;
      return want;
    });
  }

  /**
   * @param {number} op
   * @param {number} id
   * @param {Uint8Array | undefined} bytes  undefined: absent
   */
  opGive(op, id, bytes) {
    if (bytes === undefined) {
      this.check(this.call('op_give', op, id, 0, 0));
    } else {
      this.withBytes(bytes, (pointer) => this.opGiveAt(op, id, pointer, bytes.length));
    }
  }

  /**
   * Gives bytes that are in the heap already.
   * @param {number} op
   * @param {number} id
   * @param {number} pointer
   * @param {number} length
   */
  opGiveAt(op, id, pointer, length) {
    this.check(this.call('op_give', op, id, pointer, length));
  }

  /**
   * @param {number} op
   * @param {number} id
   * @param {readonly string[] | undefined} names  undefined: the storage cannot list
   */
  opGiveListing(op, id, names) {
    if (names === undefined) {
      this.check(this.call('op_give_listing', op, id, 0, 0));
      return;
    }
    const packed = packNames(names);
    this.withBytes(packed, (pointer) =>
      this.check(this.call('op_give_listing', op, id, pointer, packed.length)));
  }

  /**
   * @param {number} op
   * @param {number} id
   * @param {BoresError} error
   */
  opGiveFailure(op, id, error) {
    this.withBytes(utf8Encoder.encode(`${error.code}\0`), (code) =>
      this.withBytes(utf8Encoder.encode(`${error.message}\0`), (message) =>
        this.check(this.call('op_give_failure', op, id, code, message))));
  }

  /**
   * The result of a finished operation, copied out: each array's elements once.
   * @param {number} op
   * @returns {PackedTree}
   */
  opResult(op) {
    return this.copyTree(...this.opResultAt(op));
  }

  /** Where it lies until opFree(), packed. @param {number} op @returns {[pointer: number, length: number]} */
  opResultAt(op) {
    const pointer = this.call('op_result', op, this.scratch) >>> 0;
    if (pointer === 0) throw this.lastError();
    return [pointer, new DataView(this.memory.buffer).getUint32(this.scratch, true)];
  }

  /**
   * A packed tree in the heap, copied out: each array's elements once.
   * @param {number} pointer
   * @param {number} length
   * @returns {PackedTree}
   */
  copyTree(pointer, length) {
    const packed = new Uint8Array(this.copyOut(pointer, length));
    return { packed, buffers: arraysIn(packed).map((array) => this.copyOut(array.pointer, array.nbytes)) };
  }
}

/**
 * @param {number} offset  -1: the last bytes
 * @param {number} length
 * @returns {ByteRange}
 */
function rangeOf(offset, length) {
  return offset < 0 ? { suffixLength: length } : { offset, length };
}

/** @param {readonly string[]} names */
function packNames(names) {
  const encoded = names.map((name) => utf8Encoder.encode(name));
  const packed = new Uint8Array(encoded.reduce((sum, name) => sum + 4 + name.length, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const name of encoded) {
    view.setUint32(at, name.length, true);
    packed.set(name, at + 4);
    at += 4 + name.length;
  }
  return packed;
}
