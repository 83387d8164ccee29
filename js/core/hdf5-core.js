// SPDX-License-Identifier: MIT
// HDF5: the second wasm module, loaded when an HDF5 file is met. It needs synchronous random access,
// so a file is a *source*: an object of the caller's that reads bytes at once.
//
//   const hdf5 = await Hdf5Core.load();
//   const file = hdf5.open(source, { mode: 'r' });
//   const tree = hdf5.run(file, 'load', { group: 'entry_0000000003', fields: null });
//   hdf5.close(file);
//
// Operations have the parameters and results of their namesakes `zarr.*` (ARCHITECTURE.md), but for
//   open      null → {layout: 'nested'|'steps'|'plain'|'empty', attributes, groups, listable,
//             consolidated}
//   node      {path} → {kind: 'group'|'array', attributes, …}; of arrays also shape, maxshape, dtype
//             (NumPy type string, or 'str', or HDF5's class: 'compound', 'vlen', 'reference'), type
//             (HDF5's, as a tree), chunks, layout, filters [{id, name, …}], fill_value, dimension_names
//   children  {path} → [{name, kind: 'group'|'array'|'type'|'soft'|'external', link, address?, target?,
//             file?}] (address: the same for links to the same object) in the
//             order in which the file keeps them; soft links that lead somewhere have the kind of that
//             and `target`
//   array     {path, slice} → an array, or for elements that are no numbers
//             {ndarray: 'str'|'object', shape, data: [one value an element, C order]}
//   bytes     {path, slice} → {bytes: array of uint8, shape, dtype}: elements of fixed size,
//             little-endian and packed, in C order
//   write     {entries: [{idx, meta, data}], count, attributes: null | {…},
//             compression: 'gzip'|'lzf'|null, level: 3, arrays: 'raw'|'record',
//             chunks: null | [length …], statistics: false} → {groups: [name …]}; an entry that is there already is
//             replaced, and so are all attributes of the root
//   remove    {groups: [name …], count} → null
//   clear     null → null; everything is removed
//   flush     null → null; everything has been given to the source when it returns
// A packed value that is not a number or array: strings are strings, compound elements maps,
// variable-length ones lists, references {ref: path | null} or {region_of: path}, and null spaces null.

import { Core } from './core.js';
import { BoresError } from './errors.js';
import { instanceOf } from './instances.js';
import { instantiateHdf5 } from './load.js';
import { packTree } from './pack.js';

/**
 * @import { PackedParams, PackedTree } from './pack.js'
 * @import { WasmOptions } from './load.js'
 */

/**
 * Bytes of one file. Whatever a method throws ends the operation and is thrown by it.
 *
 * @typedef {object} ByteSource
 * @property {() => number} size
 * @property {(offset: number, length: number, view: Uint8Array) => void} read  fills `view`, which is
 *   `length` bytes of the heap and good for the call only; never asked for beyond `size()`
 * @property {(offset: number, view: Uint8Array) => void} [write]  copies `view` away
 * @property {(size: number) => void} [truncate]  cuts or extends (with zeros) to `size`
 * @property {(name: string) => ByteSource | undefined} [sibling]  a file beside this one that it links
 *   to, for external links and virtual datasets; absent: they are refused
 *
 * @typedef {'r' | 'r+' | 'w'} Hdf5Mode  read; read and write; make a new file, whatever was there
 */

const MODES = /** @type {const} */ ({ r: 0, 'r+': 1, w: 2 });
const utf8Encoder = new TextEncoder();
const FAILED = 1, FINE = 0;

/** What a call that failed returns: no pointer, or a status. */
const isNull = (/** @type {number} */ pointer) => pointer === 0;
const isError = (/** @type {number} */ status) => status !== 0;

export class Hdf5Core {
  /** Open files and what they link to, by the number the module knows them by. */
  #sources = /** @type {Map<number, ByteSource>} */ (new Map());
  #nextSource = 1;
  /** What a source threw during the running call. @type {unknown} */
  #thrown = undefined;
  #failed = false;
  #worn = false;
  #core = /** @type {Core} */ (/** @type {unknown} */ (undefined)); // until load() has it

  /**
   * @param {WasmOptions} [options]  `hdf5`, `hdf5Scalar` and `useSimd` matter here
   * @throws {BoresError} ERR_WASM
   */
  static async load(options) {
    const self = new Hdf5Core();
    self.#core = new Core(await instantiateHdf5(self.#imports(), options));
    return self;
  }

  /**
   * True after a trap, and after HDF5 was refused memory, which it does not always get over: drop this
   * object and load another; its open files were not flushed.
   */
  get dead() {
    return this.#core.dead || this.#worn;
  }

  /**
   * @param {ByteSource} source
   * @param {{ mode?: Hdf5Mode }} [options]
   * @returns {number} a handle, end with close()
   * @throws {BoresError} ERR_CORRUPT for what is no HDF5 file, or what the source threw
   */
  open(source, { mode = 'r' } = {}) {
    if (mode !== 'r' && !(source.write && source.truncate)) {
      throw new BoresError('ERR_ARGUMENT', 'this HDF5 file cannot be written to');
    }
    const id = this.#add(source);
    try {
      return this.#call(isNull, 'hdf5_open', id, MODES[mode]);
    } catch (error) {
      this.#sources.delete(id);
      throw error;
    }
  }

  /**
   * @param {number} file
   * @param {string} operation  of the list at the top
   * @param {unknown} params    plain values; what holds arrays goes through runPacked()
   * @returns {PackedTree}
   */
  run(file, operation, params = null) {
    return this.runPacked(file, operation, packTree(params));
  }

  /**
   * @param {number} file
   * @param {string} operation
   * @param {PackedParams} params  copied into the heap for the call
   * @returns {PackedTree}
   */
  runPacked(file, operation, params) {
    const core = this.#core;
    return core.withPacked(params, (pointer, length) =>
      core.withBytes(utf8Encoder.encode(`${operation}\0`), (name) => {
        const result = this.#call(isNull, 'hdf5_run', file, name, pointer, length, core.scratch);
        try {
          return core.copyTree(result, new DataView(core.memory.buffer).getUint32(core.scratch, true));
        } finally {
          core.call('hdf5_result_free', file);
        }
      }));
  }

  /**
   * Flushes and closes; the handle is gone even if that fails.
   * @param {number} file
   */
  close(file) {
    if (this.dead) return;
    this.#call(isError, 'hdf5_close', file);
  }

  /**
   * @param {{ maxArrayBytes?: number, maxHeapBytes?: number }} limits  of one array (2 GiB), and of what
   *   HDF5 itself may allocate (256 MiB)
   */
  setLimits({ maxArrayBytes = 0, maxHeapBytes = 0 }) {
    this.#core.call('set_limits', maxArrayBytes, 0);
    this.#core.call('hdf5_set_heap_limit', maxHeapBytes);
  }

  /** @param {ByteSource} source */
  #add(source) {
    const id = this.#nextSource++;
    this.#sources.set(id, source);
    return id;
  }

  /**
   * Calls into the module; should that fail after a source threw, what it threw is the reason.
   * @param {(result: number) => boolean} failed
   * @param {string} name
   * @param {...number} args
   */
  #call(failed, name, ...args) {
    this.#thrown = undefined;
    this.#failed = false;
    const result = this.#core.call(name, ...args) >>> 0;
    if (!failed(result)) return result;
    this.#worn ||= this.#core.call('hdf5_heap_refused') !== 0;
    throw this.#failed ? this.#thrown : this.#core.lastError();
  }

  /**
   * An import: nothing may be thrown through C.
   * @param {(source: ByteSource) => number | void} use
   * @param {number} id
   * @param {number} [onFailure]
   */
  #host(use, id, onFailure = FAILED) {
    try {
      const source = this.#sources.get(id);
      if (!source) throw new BoresError('ERR_INTERNAL', `there is no HDF5 source ${id}`);
      return use(source) ?? FINE;
    } catch (error) {
      this.#thrown = error;
      this.#failed = true;
      return onFailure;
    }
  }

  /** What the module calls. Offsets are doubles: exact up to 2^53. */
  #imports() {
    return {
      /** @type {(id: number, offset: number, length: number, pointer: number) => number} */
      read: (id, offset, length, pointer) => this.#host((source) =>
        source.read(offset, length >>> 0, this.#core.view(pointer >>> 0, length >>> 0)), id),
      /** @type {(id: number, offset: number, length: number, pointer: number) => number} */
      write: (id, offset, length, pointer) => this.#host((source) =>
        source.write?.(offset, this.#core.view(pointer >>> 0, length >>> 0)), id),
      /** @type {(id: number, size: number) => number} */
      truncate: (id, size) => this.#host((source) => source.truncate?.(size), id),
      /** @type {(id: number) => number} */
      size: (id) => this.#host((source) => source.size(), id, -1),
      /** @type {(id: number, name: number) => number} */
      sibling: (id, name) => this.#host((source) => {
        const sibling = source.sibling?.(this.#core.readText(name >>> 0));
        return sibling ? this.#add(sibling) : 0;
      }, id, 0),
      /** @type {(id: number) => void} */
      released: (id) => { this.#sources.delete(id); },
    };
  }
}

/** The instance of this thread. @returns {Promise<Hdf5Core>} */
export const getHdf5Core = () => instanceOf(Hdf5Core.load);

/**
 * Runs what uses it; an error that has ended it says so.
 * @template T
 * @param {Hdf5Core} core
 * @param {string} location
 * @param {() => T} run
 * @returns {T}
 */
export function withInstance(core, location, run) {
  try {
    return run();
  } catch (error) {
    if (!core.dead || (error instanceof BoresError && error.code === 'ERR_LIMIT')) throw error;
    throw new BoresError('ERR_INTERNAL', `${location}: the HDF5 module failed and is started anew for the `
      + `next call: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
