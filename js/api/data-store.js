// SPDX-License-Identifier: MIT
// DataStore: entries of saved data, whatever they are stored in. One class serves every backend;
// a backend is the session's operations and a name.

import { BoresError } from '../core/errors.js';
import { WorkerSession } from '../worker/client.js';
import { ModelState } from './model-state.js';
import { NdArray } from './nd-array.js';
import { formatPath, parsePath, pathText } from './paths.js';
import { Session, configuredWasm } from './session.js';
import { normalizeSlice } from './slices.js';
import { SparseTensor } from './sparse-tensor.js';
import { readTree } from './tree.js';

/**
 * @import { SessionLike } from './session.js'
 * @import { SliceItem } from './slices.js'
 * @import { Path } from './paths.js'
 *
 * @typedef {object} EntryMeta
 * @property {number} idx        position among the entries, from 0
 * @property {string} groupName  its group or key in the store
 * @property {Record<string, any>} meta  what was stored with it, e.g. `{ step: 12 }`
 * @property {number} [step]     the state's step, where the entry is a state
 * @property {number} [time]     seconds
 *
 * @typedef {object} OpenOptions
 * @property {'r' | 'r+' | 'a' | 'w'} [mode]
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
 * @typedef {{ layout: string, groups: string[], attributes: Record<string, any> }} Content
 *   what the root says
 *
 * @typedef {object} Problem
 * @property {number} entry
 * @property {string} key
 * @property {string} code
 * @property {string} message
 */

/** Series read this many entries at a time. */
const SERIES_CONCURRENCY = 8;
/** Entries whose metadata are asked for in one operation. */
const ENTRIES_AT_ONCE = 512;

export class DataStore {
  /** @type {SessionLike | undefined} */ #session;
  /** @type {Promise<SessionLike> | undefined} */ #opening;
  /** @type {Content | undefined} */ #content;
  /** @type {Map<string, EntryMeta>} */ #metas = new Map();
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
  }

  get closed() {
    return this.#closed;
  }

  /** Whether `append` works on this backend. */
  get supportsAppend() {
    return false;
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
    const { worker = 'auto', ...options } = this.options;
    this.options.signal?.throwIfAborted();
    const { signal: _, ...cloneable } = options;
    this.#session = wantsWorker(worker, this.source)
      ? await WorkerSession.open(this.source, cloneable, configuredWasm())
      : await Session.open(this.source, options);
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
   * What the root says now. Cheap: one listing and two documents.
   * @param {{ signal?: AbortSignal }} [options]
   */
  async #refresh(options) {
    const { layout, groups, attributes } = await this.#run('zarr.open', null, options);
    this.#content = { layout, groups, attributes };
    return this.#content;
  }

  /** @param {{ signal?: AbortSignal }} [options] */
  async #known(options) {
    return this.#content ?? this.#refresh(options);
  }

  /**
   * The layout that entries have on disk and the root's attributes.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ layout: string, count: number, attributes: Record<string, any> }>}
   */
  async describe(options) {
    const { layout, groups, attributes } = await this.#refresh(options);
    return { layout, count: groups.length, attributes };
  }

  /**
   * Every entry's metadata; no array is read.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  async entries(options) {
    const { groups } = await this.#refresh(options);
    const missing = groups.filter((group) => !this.#metas.has(group));
    for (let at = 0; at < missing.length; at += ENTRIES_AT_ONCE) {
      await this.#readMetas(missing.slice(at, at + ENTRIES_AT_ONCE), options);
    }
    return groups.map((group, position) => this.#metaOf(group, position));
  }

  /**
   * @param {string[]} groups
   * @param {{ signal?: AbortSignal }} [options]
   */
  async #readMetas(groups, options) {
    const entries = await this.#run('zarr.entries', { groups }, options);
    for (const entry of entries) this.#metas.set(entry.group, toEntryMeta(entry));
  }

  /**
   * @param {string} group
   * @param {number} position
   */
  #metaOf(group, position) {
    const entry = /** @type {EntryMeta} */ (this.#metas.get(group));
    return { ...entry, idx: this.#content?.layout === 'steps' ? position : entry.idx };
  }

  /** @returns {Promise<number>} */
  async count() {
    return (await this.#refresh()).groups.length;
  }

  /** The highest index, -1 when there is no entry. */
  async maxIndex() {
    const { groups } = await this.#refresh();
    return groups.length === 0 ? -1 : this.#indexOf(groups.length - 1);
  }

  /** @param {number} position */
  #indexOf(position) {
    const { layout, groups } = /** @type {Content} */ (this.#content);
    return layout === 'steps' ? position : Number(/\d+$/.exec(groups[position])?.[0] ?? position);
  }

  /**
   * Where an index is among the groups.
   * @param {number} idx
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ group: string, position: number, layout: string }>}
   */
  async #locate(idx, options) {
    if (!Number.isInteger(idx)) {
      throw new BoresError('ERR_ARGUMENT', `an entry's index is an integer, not ${String(idx)}`);
    }
    let content = await this.#known(options);
    let position = this.#positionOf(idx);
    if (position === -1) {
      content = await this.#refresh(options); // it may have come since
      position = this.#positionOf(idx);
    }
    if (position === -1) {
      throw new BoresError('ERR_INDEX_RANGE', `${this.location}: entry ${idx} was asked for, there `
        + `are ${content.groups.length} entries`, { entry: idx });
    }
    return { group: content.groups[position], position, layout: content.layout };
  }

  /** @param {number} idx */
  #positionOf(idx) {
    const { groups } = /** @type {Content} */ (this.#content);
    if (idx < 0) return groups.length + idx >= 0 ? groups.length + idx : -1;
    if (idx < groups.length && this.#indexOf(idx) === idx) return idx;
    return groups.findIndex((_, position) => this.#indexOf(position) === idx);
  }

  /**
   * @param {LoadOptions} [options]
   * @returns {AsyncGenerator<any, void, void>}
   * @throws {BoresError} ERR_INDEX_RANGE before anything is read
   */
  async* load({ indices, predicate, validator, fields, prefetch = 1, as = 'state', signal } = {}) {
    const wanted = await this.#select(indices, predicate, { signal });
    const names = fields?.map((field) => parsePath(field));
    /** @type {Promise<any>[]} */
    const ahead = [];
    let next = 0;
    const fill = () => {
      while (next < wanted.length && ahead.length <= prefetch) {
        const reading = this.#loadEntry(wanted[next++], names, as, { signal });
        reading.catch(() => {}); // reported when its turn comes
        ahead.push(reading);
      }
    };
    try {
      for (fill(); ahead.length > 0; fill()) {
        const value = await ahead.shift();
        const checked = validator?.(value);
        yield checked === undefined ? value : await checked;
      }
    } finally {
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
      const located = await Promise.all([...indices].map((idx) => this.#locate(idx, options)));
      return located.map(({ group }) => group);
    }
    if (!predicate) return (await this.#refresh(options)).groups;
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
    const { group, layout } = await this.#locate(idx, { signal });
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
   * @returns {Promise<{ step: Float64Array, time: Float64Array, value: Float64Array }>}
   *   time in seconds; NaN where an entry has no step or time, or lacks the property
   */
  async series(path, cell, { indices, signal } = {}) {
    const names = parsePath(path);
    const entries = await this.entries({ signal });
    const chosen = indices ? await this.#chooseEntries(entries, indices, signal) : entries;
    const { layout } = await this.#known();
    const value = new Float64Array(chosen.length).fill(NaN);
    let found = 0, next = 0;
    const work = async () => {
      while (next < chosen.length) {
        const at = next++;
        try {
          const read = await this.#readAt(chosen[at].groupName, layout, names, [...cell], { signal });
          value[at] = Number(read instanceof NdArray ? read.data[0] : read);
          found++;
        } catch (error) {
          if (!(error instanceof BoresError && error.code === 'ERR_NOT_FOUND')) throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: SERIES_CONCURRENCY }, work));
    if (found === 0 && chosen.length > 0) {
      throw new BoresError('ERR_NOT_FOUND', `${this.location}: none of ${chosen.length} entries has `
        + `'${pathText(names)}'`, { path: pathText(names) });
    }
    return {
      step: Float64Array.from(chosen, ({ step, meta }) => Number(step ?? meta.step ?? NaN)),
      time: Float64Array.from(chosen, ({ time }) => time ?? NaN),
      value,
    };
  }

  /**
   * @param {EntryMeta[]} entries
   * @param {readonly number[]} indices
   * @param {AbortSignal} [signal]
   */
  async #chooseEntries(entries, indices, signal) {
    const located = await Promise.all(indices.map((idx) => this.#locate(idx, { signal })));
    return located.map(({ position }) => entries[position]);
  }

  /**
   * Which arrays an entry has; none of the large ones is read.
   * @param {number} idx
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<InventoryItem[]>}
   */
  async inventory(idx, options) {
    const { group } = await this.#locate(idx, options);
    const items = await this.#run('zarr.inventory', { group }, options);
    return items.map((/** @type {any} */ { path, ...item }) =>
      ({ path: formatPath(path), names: path, ...item }));
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
    const { groups, attributes } = await this.#refresh({ signal });
    const wanted = indices ? await this.#select(indices, undefined, { signal }) : groups;
    const result = { ok: true, problems: /** @type {Problem[]} */ ([]), entries: wanted.length,
      arrays: 0, chunks: 0, nbytes: 0 };
    for (const [done, group] of wanted.entries()) {
      onProgress?.({ done, total: wanted.length });
      const { problems, arrays, chunks, nbytes } = await this.#run('zarr.verify', { group }, { signal });
      const entry = this.#indexOf(groups.indexOf(group));
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

/** @param {any} entry */
function toEntryMeta({ idx, group, meta, step, time }) {
  return { idx, groupName: group, meta, ...(typeof step === 'number' && { step }),
    ...(typeof time === 'number' && { time }) };
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
  const staysHere = (typeof location === 'string' && location.startsWith('memory:'))
    || typeof location?.get === 'function';
  return inPage && !staysHere;
}

