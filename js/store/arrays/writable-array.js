// SPDX-License-Identifier: MIT
// Arrays that are written: any Zarr, of either version. A write is one commit, as an append is: whole
// chunks are encoded, and of those that it covers in part the rest is read first.

import { BoresError } from '../../core/errors.js';
import { packTree } from '../../core/pack.js';
import { below, documentBytes } from '../../formats/zarr/document-text.js';
import { ZarrSession } from '../../formats/zarr/zarr-session.js';
import { openStorage } from '../../storage/location.js';
import { describeLocation } from '../../storage/parse-location.js';
import { NdArray } from '../../values/nd-array.js';
import { resolveSlice } from '../../values/slices.js';
import { itemsizeOf, nameOf, typestrOfV3 } from './array-document.js';
import { chunksBeyond, cutThrough, layOver, touched } from './chunk-grid.js';
import { localEncoder } from './chunk-encoder.js';
import { checkCalls } from '../known-options.js';
import { Node } from '../open-node.js';

/**
 * @import { Storage, Writer } from '../../storage/base/storage.js'
 * @import { AxisRange, SliceItem } from '../../values/slices.js'
 * @import { Puts } from '../../core/encode.js'
 * @import { Encoder } from './chunk-encoder.js'
 * @import { HttpOptions } from '../../storage/http/http-client.js'
 * @import { S3Options } from '../../storage/s3/s3-bucket.js'
 * @typedef {{ durability?: 'strict' | 'relaxed', s3?: S3Options, http?: HttpOptions,
 *   signal?: AbortSignal }} PlaceOptions
 *
 * What a commit is to put and delete, with other arrays' changes where it likes, and whom it tells that it was made.
 * @typedef {{ puts: [string, Uint8Array][], deletes: string[], done: () => void }} Change
 * @typedef {[document: Record<string, any>, attributes: Record<string, any>, zarrFormat: 2 | 3,
 *   overwrite: boolean]} Definition
 */

/** What makes an array, as a change. @type {(array: WritableArray, ...definition: Definition) => Promise<Change>} */
export let defining;
/**
 * As many rows as `to` says, of which the last are new, as a change. Where it cuts through chunks that are there,
 * they are read, after a commit of its own that takes away what is beyond.
 * @type {(array: WritableArray, rows: [from: number, to: number], data: ArrayBufferView, signal?: AbortSignal) =>
 *   Promise<Change>}
 */
export let extending;

export class WritableArray {
  static {
    defining = (array, ...definition) => array.#defining(...definition);
    extending = (array, ...rows) => array.#inTurn(() => array.#extending(...rows));
  }

  #storage;
  #writer;
  #session;
  #prefix;
  #shares;
  #encoder;
  /** @type {Record<string, any>} */ #document = {};
  /** @type {Record<string, any>} */ #attributes = {};
  /** @type {Promise<unknown>} */ #last = Promise.resolve();

  /**
   * @param {unknown} location
   * @param {string} path
   * @param {PlaceOptions & { create?: boolean }} options
   */
  static async attach(location, path, { durability, ...options }) {
    const storage = await openStorage(location, options);
    if (!storage.openWriter) {
      await storage.close();
      throw new BoresError('ERR_READ_ONLY', `${describeLocation(location)} cannot be written to`);
    }
    try {
      return new WritableArray(storage, await storage.openWriter({ durability, signal: options.signal }),
        path.replace(/^\/+|\/+$/g, ''));
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  /**
   * @param {Storage} storage
   * @param {Writer} writer
   * @param {string} path
   * @param {{ shares?: boolean, encoder?: Encoder }} [options]  shares: storage and writer are others' as well, who
   *   close them, and the encoder
   */
  constructor(storage, writer, path, { shares = false, encoder = localEncoder() } = {}) {
    this.#shares = shares;
    this.#encoder = encoder;
    this.#storage = storage;
    this.#writer = writer;
    this.#session = new ZarrSession(storage);
    this.#prefix = path;
    this.path = path;
    /** @type {2 | 3} */ this.zarrFormat = 3;
  }

  /** @returns {number[]} */
  get shape() { return [...this.#document.shape]; }

  /** What is stored as one: a shard, if there are any. @returns {number[]} */
  get grid() {
    return this.zarrFormat === 2 ? this.#document.chunks : this.#document.chunk_grid.configuration.chunk_shape;
  }

  get attributes() { return this.#attributes; }

  /** @param {Definition} definition */
  async define(...definition) {
    const { puts, deletes } = await this.#defining(...definition);
    await this.#commit(puts, deletes);
  }

  /** @param {Definition} definition @returns {Promise<Change>} */
  async #defining(...[document, attributes, zarrFormat, overwrite]) {
    this.zarrFormat = zarrFormat;
    this.#document = document;
    this.#attributes = attributes;
    await this.#encode(); // is refused here, if it is
    const names = ['zarr.json', '.zarray', '.zgroup'];
    const there = await Promise.all(names.map((name) => this.#storage.get(below(this.#prefix, name))));
    if (!overwrite && there.some((bytes) => bytes !== undefined)) {
      throw new BoresError('ERR_NOT_EMPTY', `${this.#storage.location}: '${this.#prefix}' is there already; `
        + "'overwrite' replaces it", { path: this.#prefix });
    }
    const deletes = there.some(Boolean) ? await this.#old() : [];
    return { puts: [...await this.#groups(), ...this.#documents()], deletes, done: () => {} };
  }

  /** What is replaced: the folder, or at the root all that is no writer's. @returns {Promise<string[]>} */
  async #old() {
    if (this.#prefix) return [`${this.#prefix}/`];
    const names = await this.#storage.list?.('');
    if (names) return names.filter((name) => !name.startsWith('.bores-'));
    throw new BoresError('ERR_UNSUPPORTED', `${this.#storage.location} lists nothing: what to replace is unknown`);
  }

  /** Reads what is there. */
  async load() {
    const node = await Node.open(this.#session, this.#prefix);
    if (node.kind !== 'array') {
      throw new BoresError('ERR_ARGUMENT', `'${this.#prefix}' is a group, not an array`, { path: this.#prefix });
    }
    this.zarrFormat = node.zarrFormat ?? 2;
    this.#attributes = node.attributes;
    const key = below(this.#prefix, this.zarrFormat === 3 ? 'zarr.json' : '.zarray');
    this.#document = JSON.parse(new TextDecoder().decode(await this.#storage.get(key)));
    this.#document.fill_value = node.fillValue; // exact, which JavaScript's parser is not
  }

  /** Groups above that are not there yet. @returns {Promise<[string, Uint8Array][]>} */
  async #groups() {
    const names = this.#prefix === '' ? [] : this.#prefix.split('/');
    const name = this.zarrFormat === 3 ? 'zarr.json' : '.zgroup';
    const group = this.zarrFormat === 3 ? { zarr_format: 3, node_type: 'group', attributes: {} } : { zarr_format: 2 };
    const folders = names.map((_, depth) => names.slice(0, depth).join('/'));
    const missing = await Promise.all(folders.map(async (folder) =>
      (await this.#storage.get(below(folder, name)) === undefined ? folder : undefined)));
    for (const folder of missing) if (folder !== undefined) await this.#assertNoOther(folder);
    return missing.filter((folder) => folder !== undefined)
      .map((folder) => [below(/** @type {string} */ (folder), name), documentBytes(group)]);
  }

  /** Readers would see one of the two versions, and not what is in the other. @param {string} folder */
  async #assertNoOther(folder) {
    const [other, version] = this.zarrFormat === 3 ? ['.zgroup', 2] : ['zarr.json', 3];
    if (await this.#storage.get(below(folder, other)) === undefined) return;
    throw new BoresError('ERR_ARGUMENT', `${this.#storage.location}: '${folder}' is of Zarr version ${version}, the `
      + `array of ${this.zarrFormat}: { zarrFormat: ${version} }`, { path: folder });
  }

  /** @returns {[string, Uint8Array][]} */
  #documents(document = this.#document) {
    if (this.zarrFormat === 3) {
      return [[below(this.#prefix, 'zarr.json'), documentBytes({ ...document, attributes: this.#attributes })]];
    }
    return [[below(this.#prefix, '.zarray'), documentBytes(document)],
      ...(Object.keys(this.#attributes).length > 0
        ? [/** @type {[string, Uint8Array]} */ (
          [below(this.#prefix, '.zattrs'), documentBytes(this.#attributes)])] : [])];
  }

  /**
   * Writes elements, at once: readers see all of them or none.
   *
   * @param {NdArray<any> | ArrayBufferView} data  elements, whose numbers are converted to this dtype; as a
   *   Uint8Array or DataView, bytes, little-endian in C order; as many as the slice takes
   * @param {{ slice?: readonly SliceItem[], signal?: AbortSignal }} [options]
   * @throws {BoresError} ERR_ARGUMENT for another number of elements, ERR_INDEX_RANGE
   */
  write(data, { slice, signal } = {}) {
    return this.#inTurn(async () => {
      const ranges = resolveSlice(slice, this.shape).map(ascending);
      const counts = ranges.map(({ count }) => count);
      const bytes = this.#bytesOf(data, counts);
      if (bytes.length === 0) return;
      const { start, shape, whole } = touched(ranges, this.grid, this.shape);
      const part = whole ? bytes : await this.#merged(bytes, ranges, start, shape, signal);
      await this.#commit(await this.#encode({ start, shape, bytes: part }, this.#document, signal), [], signal);
    });
  }

  /**
   * @param {[from: number, to: number]} rows
   * @param {ArrayBufferView} data
   * @param {AbortSignal} [signal]
   * @returns {Promise<Change>}
   */
  async #extending(rows, data, signal) {
    const shape = [rows[1], ...this.shape.slice(1)];
    const ranges = resolveSlice([rows], shape);
    const { whole, ...part } = touched(ranges, this.grid, shape);
    if (rows[1] < this.shape[0] || !whole) await this.#resize(shape, signal);
    const bytes = this.#bytesOf(data, ranges.map(({ count }) => count));
    const document = { ...this.#document, shape };
    const chunks = await this.#encode({ ...part,
      bytes: whole ? bytes : await this.#merged(bytes, ranges, part.start, part.shape, signal) }, document, signal);
    return { puts: [...this.#documents(document), ...chunks], deletes: [], done: () => { this.#document = document; } };
  }

  /**
   * Another length: what is beyond it is gone, what is new has the fill value.
   * @param {readonly number[]} shape
   * @param {{ signal?: AbortSignal }} [options]
   */
  resize(shape, { signal } = {}) {
    return this.#inTurn(() => this.#resize(shape, signal));
  }

  /** @param {readonly number[]} shape @param {AbortSignal} [signal] */
  async #resize(shape, signal) {
    const before = this.#document;
    if (shape.length !== before.shape.length || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
      throw new BoresError('ERR_ARGUMENT',
        `resize: [${shape.join(', ')}] is no shape of ${before.shape.length} axes`);
    }
    const gone = chunksBeyond(shape, this.grid, this.shape).map((coord) => this.#chunkKey(coord));
    const cut = await this.#partsCut(shape, signal);
    const kept = { ...before, shape: shape.map((n, d) => Math.min(n, before.shape[d])) }; // the rest is filled up
    this.#document = { ...before, shape: [...shape] };
    try {
      const chunks = new Map();
      for (const part of cut) for (const [key, bytes] of await this.#encode(part, kept, signal)) chunks.set(key, bytes);
      await this.#commit([...this.#documents(), ...chunks], gone, signal);
    } catch (error) {
      this.#document = before;
      throw error;
    }
  }

  /**
   * Replaces the attributes.
   * @param {Record<string, any>} attributes
   */
  setAttributes(attributes) {
    return this.#inTurn(async () => {
      const before = this.#attributes;
      this.#attributes = { ...attributes };
      try {
        const isAway = this.zarrFormat === 2 && Object.keys(attributes).length === 0;
        await this.#commit(this.#documents(), isAway ? [below(this.#prefix, '.zattrs')] : []);
      } catch (error) {
        this.#attributes = before;
        throw error;
      }
    });
  }

  /** The array as openNode() gives it, of this connection. @returns {Promise<Node>} */
  async node() {
    await this.#last;
    return Node.open(this.#session, this.#prefix);
  }

  async close() {
    await this.#last;
    if (this.#shares) {
      await this.#session.release();
      return;
    }
    await this.#writer.close();
    await this.#session.close();
  }

  async [Symbol.asyncDispose]() { await this.close(); }

  /** @template T @param {() => Promise<T>} task @returns {Promise<T>} */
  #inTurn(task) {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => {});
    return turn;
  }

  get #typestr() {
    return this.zarrFormat === 2 ? this.#document.dtype : typestrOfV3(this.#document.data_type);
  }

  /** @param {any} data @param {number[]} counts @returns {Uint8Array} */
  #bytesOf(data, counts) {
    const typestr = this.#typestr;
    const wanted = nameOf(typestr);
    const isBytes = data instanceof Uint8Array || data instanceof DataView;
    const numbers = wanted && !isBytes && ArrayBuffer.isView(data)
      ? new NdArray(/** @type {any} */ (data)) : data;
    let source = numbers;
    if (numbers instanceof NdArray) {
      source = (wanted && numbers.dtype !== wanted ? numbers.astype(wanted) : numbers).data;
    }
    if (!ArrayBuffer.isView(source)) {
      throw new BoresError('ERR_ARGUMENT', 'write: data must be an NdArray of numbers, a typed array or bytes');
    }
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    const due = counts.reduce((product, count) => product * count, itemsizeOf(typestr));
    if (bytes.length !== due) {
      throw new BoresError('ERR_ARGUMENT', `write: ${bytes.length} bytes of data, [${counts.join(', ')}] elements `
        + `of ${typestr} take ${due}`);
    }
    return bytes;
  }

  /**
   * What is there, and the new elements over it.
   * @param {Uint8Array} bytes
   * @param {AxisRange[]} ranges
   * @param {number[]} start
   * @param {number[]} shape
   * @param {AbortSignal} [signal]
   */
  async #merged(bytes, ranges, start, shape, signal) {
    const node = await Node.open(this.#session, this.#prefix);
    const part = await this.#read(node, { start, shape }, signal);
    layOver(part, bytes, ranges, start, shape, itemsizeOf(this.#typestr));
    return part;
  }

  /**
   * @param {{ start: number[], shape: number[], bytes: Uint8Array }} [part]  none: the document is checked
   * @param {Record<string, any>} [document]
   * @param {AbortSignal} [signal]
   * @returns {Promise<Puts>}
   */
  async #encode(part, document = this.#document, signal = undefined) {
    const data = part && { part };
    const itemsize = part && itemsizeOf(this.#typestr);
    return this.#encoder.encode(() => packTree({ path: this.#prefix, document, start: part?.start ?? [], data },
      (value) => (value === data && part ? { kind: 'V', itemsize: /** @type {number} */ (itemsize), unit: '',
        shape: part.shape, bytes: part.bytes } : undefined)), { signal });
  }

  /**
   * What stays of the chunks that a shape cuts through: written again, they hold nothing beyond it.
   * @param {readonly number[]} shape
   * @param {AbortSignal} [signal]
   */
  async #partsCut(shape, signal) {
    const parts = cutThrough(shape, this.grid, this.shape);
    if (parts.length === 0) return [];
    const node = await Node.open(this.#session, this.#prefix);
    return Promise.all(parts.map(async (part) => ({ ...part, bytes: await this.#read(node, part, signal) })));
  }

  /**
   * @param {Node} node
   * @param {{ start: number[], shape: number[] }} part
   * @param {AbortSignal} [signal]
   */
  async #read(node, { start, shape }, signal) {
    const slice = start.map((from, d) => /** @type {[number, number]} */ ([from, from + shape[d]]));
    return (await node.readBytes({ signal, slice })).bytes;
  }

  /** @param {number[]} coord */
  #chunkKey(coord) {
    const encoding = this.#document.chunk_key_encoding;
    const isDefault = (encoding?.name ?? encoding) === 'default';
    const separator = this.zarrFormat === 2 ? this.#document.dimension_separator ?? '.'
      : encoding.configuration?.separator ?? (isDefault ? '/' : '.');
    const name = isDefault ? ['c', ...coord] : coord.length === 0 ? [0] : coord;
    return below(this.#prefix, name.join(separator));
  }

  /**
   * @param {[string, Uint8Array][]} puts
   * @param {string[]} [deletes]
   * @param {AbortSignal} [signal]
   */
  async #commit(puts, deletes = [], signal) {
    await this.#writer.commit({ puts, deletes }, { signal });
    await this.#storage.refresh?.();
  }
}

/** The same elements, from the lowest index up; a write has no use for another order. @param {AxisRange} range */
function ascending(range) {
  if (range.step < 0) throw new BoresError('ERR_ARGUMENT', 'write: a slice with a negative step');
  return range;
}

checkCalls(WritableArray, { write: 1, resize: 1, setAttributes: 1 });
