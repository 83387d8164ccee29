// SPDX-License-Identifier: MIT
// Commits to a run in IndexedDB: one transaction for a batch, which the browser does whole or not at
// all. It adds segments and a page of the index, and deletes the segments that no key needs any
// more. A replacement writes its segments beside, as an import does, and one transaction at the end
// makes them the run.

import { BoresError } from '../../core/errors.js';
import { assertFits, expandDeletes } from '../base/batch.js';
import { Connection, STORES, result } from './idb-connection.js';
import { readRun } from './idb-content.js';
import { assertImporting, removeRemains } from './idb-import.js';
import { packBatch } from './idb-pack.js';
import { PageMerger } from './idb-pages.js';
import { PAGE_KEYS, isSameRun, toPage } from './idb-segments.js';
import { PlaceIndex } from '../base/place-index.js';
import { quotaError } from '../base/quota.js';
import { randomId } from '../base/random-id.js';
import { StoreWriter } from '../base/store-writer.js';
import { acquireWebLock } from '../base/web-lock.js';

/** @import { CheckedBatch } from '../base/batch.js' */
/** @import { RunContent } from './idb-content.js' */
/** @import { ImportRecord, Place, RunRecord } from './idb-segments.js' */
/** @import { Committer } from '../base/store-writer.js' */
/** @import { Recovery, WriterOptions } from '../base/storage.js' */

/** @typedef {RunRecord & { firstPage: number, nextPage: number, nextSegment: number }} WrittenRun */
/** @typedef {[key: string, place: Place | undefined][]} Changes  undefined: deleted */

/**
 * @param {RunContent} content  of the storage that opens the writer; kept up to date
 * @param {WriterOptions} [options]
 */
export async function openIndexedDbWriter(content, { durability = 'strict', signal } = {}) {
  const location = `idb:${content.name}`;
  const release = await acquireWebLock(`bores/${content.name}`, location, signal);
  return StoreWriter.open(location, new IndexedDbCommitter(content, durability, release));
}

/** @implements {Committer} */
class IndexedDbCommitter {
  #content;
  #durability;
  #release;
  #connection;
  #run = /** @type {WrittenRun} */ ({});
  #merger = new PageMerger([]);
  /** How many keys need a segment. @type {Map<number, number>} */ #uses = new Map();

  /**
   * @param {RunContent} content
   * @param {'strict' | 'relaxed'} durability
   * @param {() => Promise<void>} release
   */
  constructor(content, durability, release) {
    this.#content = content;
    this.#durability = durability;
    this.#release = release;
    this.#connection = new Connection(content.name);
  }

  /**
   * @param {CheckedBatch} batch
   * @param {AbortSignal} [signal]
   */
  async write(batch, signal) {
    const { places } = this.#content;
    assertFits(batch, places, places.folders);
    const packed = packBatch(batch.puts, this.#run.nextSegment, (key) => places.has(key));
    const gone = expandDeletes(batch.deletes, places, places.folders);
    /** @type {Map<string, Place | undefined>} */
    const changes = new Map([...gone].map((key) => [key, undefined]));
    for (const [key, place] of packed.places) changes.set(key, place);
    if (changes.size === 0) return;

    const number = this.#run.nextPage;
    const { page, merged, accept } = this.#merger.plan([...changes.keys()], number,
      (key) => (changes.has(key) ? changes.get(key) : places.get(key)));
    const uses = this.#usesAfter(changes);
    const dead = [...uses].filter(([segment, count]) => count === 0 && this.#uses.has(segment));
    const run = {
      ...this.#run, ...this.#sizeAfter(changes), nextPage: number + 1, nextSegment: packed.nextSegment,
    };
    await this.#change([...changes.keys()][0], batch.bytes, run, ([segments, index]) => {
      for (const [segment, bytes] of packed.segments) segments.put(bytes, segment);
      for (const [segment] of dead) segments.delete(segment);
      index.put(page, number);
      for (const old of merged) index.delete(old);
    }, { signal });
    accept();
    for (const [segment, count] of uses) {
      if (count === 0) this.#uses.delete(segment);
      else this.#uses.set(segment, count);
    }
    this.#run = run;
    this.#content.committed(run, changes);
  }

  /**
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async swap(batches, signal) {
    const { nextSegment: firstSegment, nextPage: firstPage } = this.#run;
    const beside = new Beside({ firstSegment, firstPage, id: randomId(), names: [] });
    const { id } = beside.record;
    try {
      await this.#attempt('', 0, () => this.#connection.run('readwrite', async (transaction) => {
        await this.#assertOurs(transaction, id);
        transaction.objectStore('meta').put(beside.record, 'import');
      }));
      for await (const batch of batches) {
        const segments = beside.add(batch);
        await this.#attempt(batch.puts[0]?.[0] ?? '', batch.bytes, () => (
          this.#connection.run('readwrite', async (transaction) => {
            await assertImporting(transaction, id);
            for (const [number, bytes] of segments) transaction.objectStore('segments').put(bytes, number);
            transaction.objectStore('meta').put(beside.record, 'import');
          }, 'strict')));
      }
      signal?.throwIfAborted();
      const { pages, nextSegment, size } = beside;
      const run = { ...this.#run, ...size, firstPage, nextPage: firstPage + pages.length, nextSegment };
      await this.#change(beside.record.names?.[0] ?? '', 0, run, ([segments, index, meta]) => {
        segments.delete(IDBKeyRange.upperBound(firstSegment, true));
        index.delete(IDBKeyRange.upperBound(firstPage, true));
        pages.forEach((page, i) => index.put(page, firstPage + i));
        meta.delete('import');
      }, { importing: id });
    } catch (error) {
      await removeRemains(this.#connection, id).catch(() => undefined); // else the next writer does it
      throw error;
    }
    await this.#attempt('', 0, () => this.#readAll());
  }

  /** @returns {Promise<Recovery>} */
  async settle() {
    // Later, after an error, what somebody has deleted is not made anew in silence.
    const isFirst = this.#run.created === undefined;
    if (isFirst) await this.#make();
    const { remains } = await readRun(this.#connection, Infinity);
    if (remains !== undefined) await removeRemains(this.#connection);
    await this.#readAll(isFirst);
    return { dropped: remains?.names ?? [], restored: [] };
  }

  async release() {
    this.#content.writing = false;
    this.#connection.close();
    await this.#release();
  }

  /** Makes a run of no keys when there is none. */
  async #make() {
    const connection = new Connection(this.#content.name, { create: true });
    try {
      await connection.run('readwrite', async (transaction) => {
        const meta = transaction.objectStore('meta');
        if (await result(meta.get('run')) !== undefined) return;
        /** @type {RunRecord} */
        const run = { format: 1, keys: 0, bytes: 0, created: Date.now(), id: randomId() };
        meta.put(run, 'run');
      }, this.#durability);
    } finally {
      connection.close(); // the writer's own does not make what somebody deletes
    }
  }

  /**
   * Begins with what is there.
   * @param {boolean} [isFirst]  whichever run it is
   */
  async #readAll(isFirst = false) {
    const { run, pages } = await readRun(this.#connection, undefined);
    if (run === undefined) {
      throw new BoresError('ERR_NOT_FOUND', `there is no run called idb:${this.#content.name}`);
    }
    if (!isFirst) this.#content.assertSame(run);
    this.#content.writing = true;
    this.#content.adopt({ run, pages });
    this.#merger = new PageMerger(pages);
    this.#uses.clear();
    let last = -1;
    for (const [, { segment }] of this.#content.places.entries()) {
      this.#uses.set(segment, (this.#uses.get(segment) ?? 0) + 1);
      last = Math.max(last, segment);
    }
    this.#run = { nextSegment: last + 1, nextPage: this.#content.lastPage + 1, firstPage: 0, ...run };
  }

  /**
   * One transaction that leads from the record that we know to the next.
   *
   * @param {string} key      for the message
   * @param {number} needed   bytes, for the message
   * @param {WrittenRun} run  the next record
   * @param {(stores: IDBObjectStore[]) => void} change
   * @param {{ signal?: AbortSignal, importing?: string }} [options]  importing: the replacement of ours
   *   that this ends
   */
  async #change(key, needed, run, change, { signal, importing } = {}) {
    let aborted = false;
    run.commit = randomId();
    const body = async (/** @type {IDBTransaction} */ transaction) => {
      const stores = STORES.map((name) => transaction.objectStore(name));
      const found = /** @type {RunRecord | undefined} */ (await result(stores[2].get('run')));
      // A transaction that was committed just before the connection was lost runs a second time.
      if (isSameRun(found, run) && found?.commit === run.commit) return;
      await this.#assertOurs(transaction, importing);
      if (importing !== undefined) await assertImporting(transaction, importing);
      aborted = signal?.aborted ?? false;
      signal?.throwIfAborted();
      change(stores);
      stores[2].put(run, 'run');
    };
    try {
      await this.#attempt(key, needed, () => this.#connection.run('readwrite', body, this.#durability));
    } catch (error) {
      throw aborted ? signal?.reason : error;
    }
  }

  /**
   * That nobody else has written, or is about to: there are pages without Web Locks, where two writers
   * may not know of each other.
   *
   * @param {IDBTransaction} transaction
   * @param {string} [importing]  our own replacement
   * @throws {BoresError} ERR_LOCKED
   */
  async #assertOurs(transaction, importing) {
    const meta = transaction.objectStore('meta');
    const [found, other] = await Promise.all([
      result(/** @type {IDBRequest<RunRecord | undefined>} */ (meta.get('run'))),
      result(/** @type {IDBRequest<ImportRecord | undefined>} */ (meta.get('import'))),
    ]);
    const { commit, nextPage } = this.#run;
    const isKnown = isSameRun(found, this.#run) && found?.commit === commit
      && (found?.nextPage ?? nextPage) === nextPage;
    if (isKnown && (other === undefined || other.id === importing)) return;
    throw new BoresError('ERR_LOCKED', `idb:${this.#content.name} ${isKnown ? 'is being' : 'was'} changed by `
      + 'another writer');
  }

  /**
   * @template T
   * @param {string} key
   * @param {number} needed  bytes
   * @param {() => Promise<T>} run
   */
  async #attempt(key, needed, run) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof BoresError)) throw error;
      const what = `'${key}' in idb:${this.#content.name} cannot be written`;
      const { cause = error } = error;
      if (error.code !== 'ERR_QUOTA') {
        throw new BoresError(error.code, `${what}: ${error.message}`, { key, cause });
      }
      throw await quotaError(what, { key, needed, cause });
    }
  }

  /**
   * How many keys will need each segment that a commit concerns.
   * @param {Map<string, Place | undefined>} changes
   */
  #usesAfter(changes) {
    /** @type {Map<number, number>} */
    const uses = new Map();
    const count = (/** @type {Place | undefined} */ place, /** @type {1 | -1} */ by) => {
      if (place === undefined) return;
      const now = uses.get(place.segment) ?? this.#uses.get(place.segment) ?? 0;
      uses.set(place.segment, now + by);
    };
    for (const [key, place] of changes) {
      count(this.#content.places.get(key), -1);
      count(place, 1);
    }
    return uses;
  }

  /** @param {Map<string, Place | undefined>} changes */
  #sizeAfter(changes) {
    let { keys, bytes } = this.#run;
    for (const [key, place] of changes) {
      const before = this.#content.places.get(key);
      keys += Number(place !== undefined) - Number(before !== undefined);
      bytes += (place?.length ?? 0) - (before?.length ?? 0);
    }
    return { keys, bytes };
  }
}

/** A content that is being written beside the one that stands. */
class Beside {
  /** @type {PlaceIndex<Place>} */ #places = new PlaceIndex();

  /** @param {ImportRecord} record */
  constructor(record) {
    this.record = record;
    this.nextSegment = record.firstSegment;
  }

  /**
   * @param {CheckedBatch} batch
   * @returns {[number: number, bytes: ArrayBuffer][]}  segments to be written
   */
  add(batch) {
    assertFits(batch, this.#places, this.#places.folders);
    const packed = packBatch(batch.puts, this.nextSegment, (key) => this.#places.has(key));
    for (const [key, place] of packed.places) this.#places.set(key, place);
    this.nextSegment = packed.nextSegment;
    this.record = { ...this.record, names: this.#places.folders.list('') };
    return packed.segments;
  }

  get size() {
    const { keys, bytes } = this.#places.usage('');
    return { keys, bytes };
  }

  get pages() {
    const all = [...this.#places.entries()];
    const pages = [];
    for (let from = 0; from === 0 || from < all.length; from += PAGE_KEYS) {
      pages.push(toPage(all.slice(from, from + PAGE_KEYS)));
    }
    return pages; // one at least, for its number
  }
}
