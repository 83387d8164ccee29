// SPDX-License-Identifier: MIT
// DataStore: entries of saved data, whatever they are stored in. One class serves every backend;
// a backend is the session's operations and a name.

import { BoresError } from '../core/errors.js';
import { Signals } from '../core/signals.js';
import { WorkerSession } from '../worker/client.js';
import { Contents, indexOf } from './contents.js';
import { EntryWriter } from './entry-writer.js';
import { followIndices } from './follow.js';
import { ModelState } from './model-state.js';
import { formatPath, parsePath, pathText } from './paths.js';
import { checkCell, readSeries } from './series.js';
import { Session, configuredWasm } from './session.js';
import { normalizeSlice } from './slices.js';
import { SparseTensor } from './sparse-tensor.js';
import { readTree } from './tree.js';

/**
 * @import { SessionLike } from './session.js'
 * @import { SliceItem } from './slices.js'
 * @import { Path } from './paths.js'
 * @import { WriteOptions } from './entry-writer.js'
 *
 * @typedef {object} EntryMeta
 * @property {number} idx        position among the entries, from 0
 * @property {string} groupName  its group or key in the store
 * @property {Record<string, any>} meta  what was stored with it, e.g. `{ step: 12 }`
 * @property {number} [step]     the state's step, where the entry is a state
 * @property {number} [time]     seconds
 *
 * @typedef {object} OpenOptions
 * @property {'r' | 'r+' | 'a' | 'w'} [mode]  'r': read; 'r+': read and write what is there; 'a'
 *   (default): the same, made when absent; 'w': emptied before the first write
 * @property {'nested' | 'flat'} [layout]  of what is written; default: the store's, 'nested' in a new one
 * @property {'raw' | 'record'} [arrays]   'record': arrays as the attributes that newer BORES writes
 * @property {readonly number[]} [chunks]  lengths along the axes; default: BORES's
 * @property {{ id: string, [setting: string]: unknown } | null} [compressor]  default: BORES's
 * @property {'strict' | 'relaxed'} [durability]  'strict': on disk, not just with the system, before a
 *   write resolves
 * @property {boolean | 'auto'} [worker]  decode in a worker; 'auto' (default): in a page, where the
 *   location can be sent to one
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} LoadOptions
 * @property {readonly number[]} [indices]  in this order; negative ones count from the end
 * @property {(entry: EntryMeta) => boolean} [predicate]
 * @property {(state: any) => any} [validator]  its result, unless undefined, is what is yielded
 * @property {readonly Path[]} [fields]  paths or beginnings of paths; nothing else is fetched
 *   (`step`, `step_size` and `time` always come)
 * @property {number} [prefetch]  entries read ahead (default 1)
 * @property {'state' | 'raw'} [as]  'raw': the plain tree
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} InventoryItem
 * @property {Path} path        dotted where that is one path only, else the names
 * @property {string[]} names   the path's names
 * @property {number[]} shape
 * @property {string} dtype     NumPy type string, e.g. '<f8'
 * @property {number} nbytes    decoded
 * @property {number[]} [chunks]
 * @property {string} [codec]
 * @property {number} [sparse]  for a sparse tensor: how many values it holds
 *
 * @typedef {object} Problem
 * @property {number} entry
 * @property {string} key
 * @property {string} code
 * @property {string} message
 */

export class DataStore {
  /** @type {SessionLike | undefined} */ #session;
  /** @type {Promise<SessionLike> | undefined} */ #opening;
  #contents;
  #writer;
  #closed = false;

  /**
   * Nothing is read before the first call.
   *
   * @param {string} backend
   * @param {unknown} location  see the README for the forms
   * @param {OpenOptions} [options]
   */
  constructor(backend, location, options = {}) {
    this.backend = backend;
    this.options = options;
    /** @type {string} what a message calls it */
    this.location = describeLocation(location);
    /** @type {unknown} */ this.source = location;
    this.#contents = new Contents((...call) => this.#run(...call), this.location);
    this.#writer = new EntryWriter(this, this.#contents);
  }

  get closed() {
    return this.#closed;
  }

  /** Whether `append` works on this backend. */
  get supportsAppend() {
    return true;
  }

  /**
   * Decodes and encodes in a worker from now on, where the location can be sent to one. Called
   * before the first use; a store that is in use stays where it is.
   */
  async useWorker() {
    if (!this.#opening && this.options.worker !== false && !staysHere(this.source)) {
      this.options = { ...this.options, worker: true };
    }
  }

  /**
   * The calls below this store, for those who draw: `session.compute('gridFaces', [grid])` runs
   * where the store decodes.
   * @returns {Promise<SessionLike>}
   */
  session() {
    if (this.#closed) {
      return Promise.reject(new BoresError('ERR_CLOSED', `${this.location} is closed`));
    }
    this.#opening ??= this.#connect().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #connect() {
    const { worker = 'auto', mode = 'a', signal, ...options } = this.options;
    signal?.throwIfAborted();
    const create = mode === 'a' || mode === 'w';
    this.#session = wantsWorker(worker, this.source)
      ? await WorkerSession.open(this.source, { ...options, create }, configuredWasm())
      : await Session.open(this.source, { ...options, create, signal });
    return this.#session;
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {{ signal?: AbortSignal }} [options]
   */
  async #run(name, params, options) {
    const session = await this.session();
    return readTree(await session.run(name, params, options));
  }

  /**
   * The layout that entries have on disk and the root's attributes.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ layout: string, count: number, attributes: Record<string, any> }>}
   */
  async describe(options) {
    const { layout, groups, attributes } = await this.#contents.refresh(options);
    return { layout, count: groups.length, attributes };
  }

  /**
   * Every entry's metadata; no array is read.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  async entries(options) {
    return this.#contents.entries(options);
  }

  /** @returns {Promise<number>} */
  async count() {
    return (await this.#contents.refresh()).groups.length;
  }

  /** The highest index, -1 when there is no entry. */
  async maxIndex() {
    return this.#contents.maxIndex();
  }

  /**
   * @param {LoadOptions} [options]
   * @returns {AsyncGenerator<any, void, void>}
   * @throws {BoresError} ERR_INDEX_RANGE before anything is read
   */
  async* load({ indices, predicate, validator, fields, prefetch = 1, as = 'state', signal } = {}) {
    const wanted = await this.#select(indices, predicate, { signal });
    const names = fields?.map((field) => parsePath(field));
    const reads = new Signals(signal);
    /** @type {Promise<any>[]} */
    const ahead = [];
    let next = 0;
    const fill = () => {
      while (next < wanted.length && ahead.length <= prefetch) {
        const read = reads.open();
        const reading = this.#loadEntry(wanted[next++], names, as, { signal: read.signal })
          .finally(() => reads.close(read));
        reading.catch(() => {}); // reported when its turn comes
        ahead.push(reading);
      }
    };
    try {
      for (fill(); ahead.length > 0; fill()) {
        const value = await ahead.shift();
        const checked = await validator?.(value);
        yield checked === undefined ? value : checked;
      }
    } finally {
      reads.abort(); // what was read ahead in vain
      await Promise.allSettled(ahead);
    }
  }

  /**
   * @param {readonly number[] | undefined} indices
   * @param {LoadOptions['predicate']} predicate
   * @param {{ signal?: AbortSignal }} options
   * @returns {Promise<string[]>}
   */
  async #select(indices, predicate, options) {
    if (indices) {
      return (await this.#contents.locateAll(indices, options)).map(({ group }) => group);
    }
    if (!predicate) return [...(await this.#contents.refresh(options)).groups];
    return (await this.entries(options)).filter(predicate).map(({ groupName }) => groupName);
  }

  /**
   * @param {string} group
   * @param {string[][] | undefined} fields
   * @param {'state' | 'raw'} as
   * @param {{ signal?: AbortSignal }} options
   */
  async #loadEntry(group, fields, as, options) {
    const { data } = await this.#run('zarr.load', { group, fields: fields ?? null }, options);
    return as === 'raw' ? data : ModelState.from(data);
  }

  /**
   * One value of an entry: an array (or the part of it that `slice` says, for which only its
   * chunks are read), a sparse tensor, a number, a text, or a group as a plain tree.
   *
   * @param {number} idx
   * @param {Path} path
   * @param {{ slice?: readonly SliceItem[], signal?: AbortSignal }} [options]
   * @returns {Promise<any>}
   * @throws {BoresError} ERR_INDEX_RANGE, ERR_NOT_FOUND naming the path, and what reading throws
   */
  async read(idx, path, { slice, signal } = {}) {
    const { group, layout } = await this.#contents.locate(idx, { signal });
    return this.#readAt(group, layout, parsePath(path), slice, { signal });
  }

  /**
   * @param {string} group
   * @param {string} layout
   * @param {string[]} path
   * @param {readonly SliceItem[] | undefined} slice
   * @param {{ signal?: AbortSignal }} options
   */
  async #readAt(group, layout, path, slice, options) {
    const value = await this.#run('zarr.read',
      { group, layout, path, slice: normalizeSlice(slice) }, options);
    if (!SparseTensor.isRecord(value)) return value;
    const tensor = new SparseTensor(value);
    return slice === undefined ? tensor : tensor.toDense().slice(...slice);
  }

  /**
   * One cell through time: only the chunks that hold it are read.
   *
   * @param {Path} path
   * @param {readonly number[]} cell  [i, j, k]
   * @param {{ indices?: readonly number[], signal?: AbortSignal }} [options]
   * @returns {Promise<import('./series.js').Series>}  time in seconds; NaN where an entry has no step
   *   or time, or lacks the property
   * @throws {BoresError} ERR_NOT_FOUND when no entry has the property
   */
  async series(path, cell, { indices, signal } = {}) {
    const names = parsePath(path);
    const entries = await this.entries({ signal });
    const { layout } = await this.#contents.known();
    const chosen = indices
      ? (await this.#contents.locateAll(indices, { signal })).map(({ position }) => entries[position])
      : entries;
    const series = await readSeries(chosen, checkCell(cell), signal, ({ groupName }, options) =>
      this.#readAt(groupName, layout, names, [...cell], options));
    if (series) return series;
    throw new BoresError('ERR_NOT_FOUND', `${this.location}: none of ${chosen.length} entries has `
      + `'${pathText(names)}'`, { path: pathText(names) });
  }

  /**
   * Which arrays an entry has; none of the large ones is read.
   * @param {number} idx
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<InventoryItem[]>}
   */
  async inventory(idx, options) {
    const { group } = await this.#contents.locate(idx, options);
    const items = await this.#run('zarr.inventory', { group }, options);
    return items.map((/** @type {any} */ { path, ...item }) =>
      ({ path: formatPath(path), names: path, ...item }));
  }

  /**
   * What is there, then each entry that this or another process appends. Never ends by itself.
   *
   * @param {{ fromIdx?: number, pollMs?: number } & Pick<LoadOptions, 'fields' | 'as' | 'signal'>}
   *   [options]  pollMs: how often to look, 1000 by default
   * @returns {AsyncGenerator<any, void, void>}
   */
  async* follow({ fields, as, ...options } = {}) {
    const usage = async (/** @type {string} */ group) =>
      (await this.session()).usage(group, { signal: options.signal });
    for await (const idx of followIndices({ contents: this.#contents, usage }, options)) {
      yield* this.load({ indices: [idx], fields, as, signal: options.signal });
    }
  }

  /**
   * Decodes every chunk and parses every document.
   *
   * @param {{ indices?: readonly number[], signal?: AbortSignal,
   *   onProgress?: (progress: { done: number, total: number }) => void }} [options]
   * @returns {Promise<{ ok: boolean, problems: Problem[], entries: number, arrays: number,
   *   chunks: number, nbytes: number }>}
   */
  async verify({ indices, signal, onProgress } = {}) {
    const content = await this.#contents.refresh({ signal });
    const { groups, attributes } = content;
    const wanted = indices ? await this.#select(indices, undefined, { signal }) : groups;
    const result = { ok: true, problems: /** @type {Problem[]} */ ([]), entries: wanted.length,
      arrays: 0, chunks: 0, nbytes: 0 };
    for (const [done, group] of wanted.entries()) {
      onProgress?.({ done, total: wanted.length });
      const { problems, arrays, chunks, nbytes } = await this.#run('zarr.verify', { group }, { signal });
      const entry = indexOf(content, groups.indexOf(group));
      result.problems.push(...problems.map((/** @type {any} */ problem) => ({ entry, ...problem })));
      result.arrays += arrays;
      result.chunks += chunks;
      result.nbytes += nbytes;
    }
    onProgress?.({ done: wanted.length, total: wanted.length });
    if (!indices && Number.isInteger(attributes.count) && attributes.count !== groups.length) {
      result.problems.push({ entry: -1, key: '.zattrs', code: 'ERR_METADATA',
        message: `.zattrs: count is ${attributes.count}, there are ${groups.length} entries` });
    }
    result.ok = result.problems.length === 0;
    return result;
  }

  /**
   * Stored bytes and keys in all; undefined where the location cannot tell (HTTP).
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ bytes: number, keys: number } | undefined>}
   */
  async usage(options) {
    return (await this.session()).usage('', options);
  }

  /**
   * Adds one entry. When it resolves the entry is committed: a reader sees all of it, and a crash
   * does not take it away.
   *
   * @param {unknown} item  a state or any tree
   * @param {WriteOptions} [options]
   * @returns {Promise<EntryMeta>}
   * @throws {BoresError} ERR_READ_ONLY, ERR_LOCKED naming the other writer, ERR_QUOTA, ERR_STORAGE; what
   *   was there stands
   */
  async append(item, options) {
    return (await this.appendAll([item], options))[0];
  }

  /**
   * Adds several entries in one commit: all of them or none.
   * @param {readonly unknown[]} items
   * @param {WriteOptions} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  async appendAll(items, options) {
    return this.#writer.append(items, options);
  }

  /**
   * Replaces the content, atomically: a failure or a crash leaves what was there.
   * @param {Iterable<unknown> | AsyncIterable<unknown>} items
   * @param {WriteOptions & { onProgress?: (progress: { done: number }) => void }} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  async dump(items, options) {
    return this.#writer.dump(items, options);
  }

  /** Removes every entry, atomically. */
  async clear() {
    await this.#writer.dump([]);
  }

  /** Idempotent; what is under way may still finish. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    const opening = this.#opening;
    if (opening) await (await opening.catch(() => undefined))?.close();
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/** @param {any} location */
function describeLocation(location) {
  if (typeof location === 'string') return location;
  if (location instanceof URL) return location.href;
  if (Array.isArray(location)) return `${location.length} files`;
  if (ArrayBuffer.isView(location)) return `${location.byteLength} bytes in memory`;
  return typeof location?.name === 'string' && location.name !== '' ? location.name
    : typeof location?.location === 'string' ? location.location : 'a custom storage';
}

/**
 * @param {boolean | 'auto'} worker
 * @param {any} location
 */
function wantsWorker(worker, location) {
  if (worker !== 'auto') return worker;
  const inPage = typeof Window === 'function' && typeof Worker === 'function';
  return inPage && !staysHere(location);
}

/**
 * Locations that belong to this thread: memory, and storages made by the caller.
 * @param {any} location
 */
function staysHere(location) {
  return (typeof location === 'string' && location.startsWith('memory:'))
    || typeof location?.get === 'function';
}

