// SPDX-License-Identifier: MIT
// DataStore: entries of saved data, whatever they are stored in. One class serves every backend; a
// backend is the session's operations and a name. Nothing is read before the first call.

import { BoresError } from '../core/errors.js';
import { backendOf } from '../formats/backends.js';
import { Contents } from './contents.js';
import { EntryWriter } from './entry-writer.js';
import { followIndices } from './follow.js';
import { checkCall, checkCalls, loadArguments } from './known-options.js';
import { formatPath, parsePath, pathText } from '../values/paths.js';
import { planRepair, repair } from './repair.js';
import { feed } from './reads/feed.js';
import { asRead, readParams } from './reads/one-value.js';
import { Reads } from './reads/reads.js';
import { SERIES_AHEAD, checkCell, makeSeries } from './reads/series.js';
import { readStatistics } from './reads/statistics.js';
import { describeLocation } from '../storage/parse-location.js';
import { StoreConnection } from './store-connection.js';
import { readTree } from '../values/tree.js';
import { rootProblems, verifyEntries } from './reads/verify-store.js';

/**
 * @import { PackedTree } from '../core/pack.js'
 * @import { Session } from '../formats/session.js'
 * @import { SliceItem } from '../values/slices.js'
 * @import { Path } from '../values/paths.js'
 * @import { WriteOptions } from './entry-draft.js'
 * @import { Fed } from './reads/feed.js'
 * @import { Statistics, StatisticsOptions } from './reads/statistics.js'
 * @import { Verification } from './reads/verify-store.js'
 * @import { Store } from './store-lock.js'
 * @import { EntryMeta, InventoryItem, LoadOptions, Loadable, OpenOptions, Problem, Repair } from './store-types.js'
 *
 * What the library's own classes use of a store, and its users do not.
 * @typedef {Store & { useWorkers: () => Promise<void>, locate: Contents['locate'],
 *   feed: (fields: readonly (readonly (string | null)[])[], fed: Fed, signal?: AbortSignal) =>
 *     AsyncGenerator<void, void, void> }} Internals
 */

/** @type {(store: DataStore) => Internals} */
export let internalsOf;
/** Whether it has them: a proxy of one does not. @type {(store: unknown) => boolean} */
export let isOwnStore;

export class DataStore {
  static {
    internalsOf = (store) => store.#internals;
    isOwnStore = (store) => typeof store === 'object' && store !== null && #internals in store;
  }

  #connection;
  #reads;
  #contents;
  /** Made for who writes first. @type {EntryWriter | undefined} */ #writer;
  #internals;
  #closed = false;

  /**
   * @param {string} backend
   * @param {unknown} location  see the README for the forms
   * @param {OpenOptions} [options]
   */
  constructor(backend, location, options = {}) {
    checkCall('a store', options);
    this.backend = backend;
    this.options = options;
    /** What a message calls it. */ this.location = describeLocation(location);
    /** @type {unknown} */ this.source = location;
    this.#connection = new StoreConnection(backend, location, this.location, options);
    this.#reads = new Reads(this.#connection);
    this.#contents = new Contents((...call) => this.#run(...call), this.location);
    /** @type {Internals} */
    this.#internals = {
      backend, options, location: this.location,
      session: () => this.#connection.session(),
      encoder: () => this.#connection.encoder(),
      useWorkers: () => this.#useWorkers(),
      locate: (idx, call) => this.#contents.locate(idx, call),
      feed: (...states) => feed(this.#reads, this.#contents, ...states),
    };
  }

  get closed() { return this.#closed; }

  #writing() {
    this.#assertOpen();
    return this.#writer ??= new EntryWriter(this.#internals, this.#contents);
  }

  /** Whether `append` works on this backend. */
  get supportsAppend() {
    return backendOf(this.backend).supportsAppend;
  }

  /** Encodes and writes in workers from now on; what has to stay in this thread is at least encoded there. */
  async #useWorkers() {
    if (this.options.worker === false) return;
    await this.#writer?.unlock();
    await this.#connection.useWorkers();
  }

  /**
   * Geometry of a grid, computed where the store decodes (in a page: not in its thread): the function of
   * js/core/geometry.js that has this name, 'gridFaces' or 'pickCell', say, or 'askCells' of js/core/cells.js.
   * @param {Parameters<Session['compute']>[0]} name
   * @param {unknown[]} args  less the first, the core; what can be cloned to a worker
   * @returns {Promise<any>}  what the function gives
   * @throws {BoresError} what the function throws, ERR_CLOSED
   */
  async compute(name, args) {
    return (await this.#connection.session()).compute(name, args);
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {{ signal?: AbortSignal }} [options]
   */
  async #run(name, params, options) {
    return readTree(await this.#reads.run(name, params, options));
  }

  /**
   * The layout that entries have on disk, the root's attributes and, of Zarr, the version.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ layout: string, count: number, attributes: Record<string, any>, zarrFormat?: 2 | 3 }>}
   */
  async describe(options) {
    const { layout, groups, attributes, zarrFormat } = await this.#contents.refresh(options);
    return { layout, count: groups.length, attributes, ...(zarrFormat && { zarrFormat }) };
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
   * @param {Loadable | LoadOptions} [typeOrOptions]  a class with `from(tree)`: ModelState by default
   * @param {LoadOptions} [options]
   * @returns {AsyncGenerator<any, void, void>}
   * @throws {BoresError} ERR_INDEX_RANGE before anything is read, ERR_ARGUMENT
   */
  async* load(typeOrOptions, options) {
    const { type, prefetch, signal, ...given } = loadArguments(typeOrOptions, options);
    const { indices, predicate, validator, fields } = given;
    const groups = await this.#select(indices, predicate, { signal });
    const names = fields?.map((field) => parsePath(field)) ?? null;
    const entries = this.#reads.inOrder('load', groups.map((group) => ({ group, fields: names })),
      { signal, ahead: prefetch, isExact: prefetch !== undefined });
    for await (const entry of entries) {
      const { data } = readTree(/** @type {PackedTree} */ (entry));
      const value = type === undefined ? data : type.from(data);
      const checked = await validator?.(value);
      yield checked === undefined ? value : checked;
    }
  }

  /**
   * @param {readonly number[] | undefined} indices
   * @param {LoadOptions['predicate']} predicate
   * @param {{ signal?: AbortSignal }} options
   * @returns {Promise<string[]>}
   */
  async #select(indices, predicate, options) {
    if (indices) return (await this.#contents.locateAll(indices, options)).map(({ group }) => group);
    if (!predicate) return [...(await this.#contents.refresh(options)).groups];
    return (await this.entries(options)).filter(predicate).map(({ groupName }) => groupName);
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
    const value = await this.#run('read', readParams(group, layout, parsePath(path), slice), { signal });
    return asRead(value, slice);
  }

  /**
   * One cell through time: only the chunks that hold it are read.
   *
   * @param {Path} path
   * @param {readonly number[]} cell  [i, j, k]
   * @param {{ indices?: readonly number[], signal?: AbortSignal }} [options]
   * @returns {Promise<import('./reads/series.js').Series>}  time in seconds; NaN where an entry has no step
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
    const slice = [...checkCell(cell)];
    const series = await makeSeries(chosen, cell, this.#readEach(
      chosen.map(({ groupName }) => readParams(groupName, layout, names, slice)), slice, signal));
    if (series) return series;
    throw new BoresError('ERR_NOT_FOUND', `${this.location}: none of ${chosen.length} entries has `
      + `'${pathText(names)}'`, { path: pathText(names) });
  }

  /** @param {unknown[]} list  parameters @param {readonly SliceItem[]} slice @param {AbortSignal} [signal] */
  async* #readEach(list, slice, signal) {
    for await (const tree of this.#reads.inOrder('read', list, { signal, ahead: SERIES_AHEAD, mayLack: true })) {
      yield tree && asRead(readTree(tree), slice);
    }
  }

  /**
   * Extremes, mean and histogram of an array, of each entry and of all: kept beside the data, else counted in the core.
   * @param {Path} path
   * @param {StatisticsOptions} [options]
   * @returns {Promise<Statistics>}  ERR_NOT_FOUND when no entry has such an array
   */
  async statistics(path, { indices, ...options } = {}) {
    const groups = await this.#select(indices, undefined, options);
    const { layout } = await this.#contents.known();
    return readStatistics(this.#reads, { groups, layout, backend: this.backend }, parsePath(path), options);
  }

  /**
   * Which arrays an entry has; none of the large ones is read.
   * @param {number} idx
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<InventoryItem[]>}
   */
  async inventory(idx, options) {
    const { group } = await this.#contents.locate(idx, options);
    const items = await this.#run('inventory', { group }, options);
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
    for await (const idx of followIndices(this.#contents, options)) {
      yield* this.load({ indices: [idx], fields, as, signal: options.signal });
    }
  }

  /**
   * Decodes every chunk and parses every document; of a hierarchy without entries all that is there.
   *
   * @param {{ indices?: readonly number[], signal?: AbortSignal,
   *   onProgress?: (progress: { done: number, total: number }) => void }} [options]
   * @returns {Promise<Verification>}
   */
  async verify({ indices, signal, onProgress } = {}) {
    const content = await this.#contents.refresh({ signal });
    const isPlain = content.layout === 'plain';
    const groups = indices ? await this.#select(indices, undefined, { signal }) : isPlain ? [''] : content.groups;
    const result = await verifyEntries(this.#reads, content, [...groups],
      { signal, onProgress });
    if (!indices && !isPlain) result.problems.push(...rootProblems(content,
      await this.#contents.unfinished({ signal }), backendOf(this.backend).rootDocument));
    result.ok = result.problems.length === 0;
    return result;
  }

  /**
   * Stored bytes and keys in all; undefined where the location cannot tell (HTTP).
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ bytes: number, keys: number } | undefined>}
   */
  async usage(options) {
    return (await this.#connection.session()).usage('', options);
  }

  /** Bytes that have come over a network so far, compressed as they came. @returns {Promise<number>} */
  received() { return this.#connection.received(); }

  /**
   * Adds one entry. When it resolves the entry is committed: a reader sees all of it, and a crash
   * does not take it away. Until then its arrays must not change. What a killed writer has left
   * unfinished at the end of the store is written over, as BORES does.
   *
   * @param {unknown} item  a state or any tree
   * @param {WriteOptions} [options]
   * @returns {Promise<EntryMeta>}
   * @throws {BoresError} ERR_APPEND_UNSUPPORTED where a file can only be written whole, ERR_READ_ONLY,
   *   ERR_LOCKED naming the other writer, ERR_QUOTA, ERR_STORAGE; what was there stands
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
    this.#assertOpen();
    if (!this.supportsAppend) {
      throw new BoresError('ERR_APPEND_UNSUPPORTED', `${this.location}: ${this.backend} files are `
        + 'written whole, by dump() or `bores convert`; nothing can be appended');
    }
    return this.#writing().append([...items], options);
  }

  /**
   * Replaces the content, atomically: a failure or a crash leaves what was there.
   * @param {Iterable<unknown> | AsyncIterable<unknown>} items
   * @param {WriteOptions} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  async dump(items, options) {
    return this.#writing().dump(items, options);
  }

  /** Removes every entry, atomically. @param {{ signal?: AbortSignal }} [options] */
  async clear(options) {
    await this.dump([], options);
  }

  /**
   * Writes `.zmetadata`, all metadata in one document: with it, a web server that cannot list folders
   * serves the store. Appending does not change it; close() brings it up to date.
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ bytes: number }>}  how long the document is
   */
  async consolidate(options = {}) {
    this.#assertOpen();
    if (!backendOf(this.backend).consolidates) {
      throw new BoresError('ERR_UNSUPPORTED',
        `${this.location} is ${this.backend}: its metadata are in one place`);
    }
    return this.#writing().exclusively(options, (lock) => lock.consolidate(options));
  }

  /**
   * Drops what interrupted writers left half done, and rights the root's `count`. Whole entries
   * are never touched.
   * @param {{ dryRun?: boolean, signal?: AbortSignal }} [options]  dryRun: only says what it would do
   * @returns {Promise<Repair>}
   */
  async repair({ dryRun = false, signal } = {}) {
    this.#assertOpen();
    return dryRun ? planRepair(await this.#connection.session(), this.#contents, { signal })
      : this.#writing().exclusively({ signal }, (lock, recovered) =>
        repair(lock, recovered, this.#contents, { signal }));
  }

  #assertOpen() {
    if (this.#closed) throw new BoresError('ERR_CLOSED', `${this.location} is closed`);
  }

  /** Idempotent; waits for what is being written. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#writer?.end();
    } finally {
      await this.#connection.close();
    }
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

checkCalls(DataStore, { // load() has two places
  describe: 0, entries: 0, read: 2, series: 2, statistics: 1, inventory: 1, follow: 0, verify: 0, usage: 0,
  append: 1, appendAll: 1, dump: 1, clear: 0, consolidate: 0, repair: 0,
});
