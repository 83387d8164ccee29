// SPDX-License-Identifier: MIT
// A run kept by the browser: `idb:NAME`. Its index is in memory, as of when it was opened or refreshed;
// its segments are cached, the last used 64 MiB of them (`idb-segments.js` says how they lie).

import { BoresError } from '../../core/errors.js';
import { ByteCache } from '../base/byte-cache.js';
import { Connection, databaseNames, deleteDatabase, result } from './idb-connection.js';
import { RunContent, readRun } from './idb-content.js';
import { undo, whileImporting } from './idb-import.js';
import { isSameRun } from './idb-segments.js';
import { openIndexedDbWriter } from './idb-writer.js';
import { checkKey, clipRange } from '../base/keys.js';
import { IndexedStorage } from '../base/place-index.js';
import { webLockOwner } from '../base/web-lock.js';

/** @import { Place, RunRecord } from './idb-segments.js' */
/** @import { ByteRange, ReadOptions, Recovery, Storage, WriterOptions } from '../base/storage.js' */

export { importRun } from './idb-import.js';

const MAX_CACHED = 64 * 1024 * 1024;
const ATTEMPTS = 10; // to read a value that is replaced again and again

/** @implements {Storage} */
export class IndexedDbStorage extends IndexedStorage {
  #connection;
  #content;
  #segments = new ByteCache((/** @type {number} */ number) => this.#load(number), MAX_CACHED);

  /**
   * @param {RunContent} content
   * @param {Connection} connection  ours to close
   */
  constructor(content, connection) {
    super('idb', `idb:${content.name}`, content);
    this.#connection = connection;
    this.#content = content;
  }

  /**
   * @param {string} name
   * @param {ReadOptions & { create?: boolean }} [options]  create: one that is absent is empty; it is
   *   made by its first writer
   * @throws {BoresError} ERR_NOT_FOUND, also for what an import left unfinished
   */
  static async open(name, { create = false, signal } = {}) {
    /** @type {IndexedDbStorage | undefined} */
    let storage;
    const connection = new Connection(name, { onDrop: () => storage?.forget() });
    const content = new RunContent(name);
    try {
      if (await content.refresh(connection) !== undefined) {
        // One that is under way is left alone; one that was killed is cleaned up.
        await whileImporting(name, () => undo(name, connection), () => undefined);
        await content.refresh(connection);
      }
      signal?.throwIfAborted();
      storage = new IndexedDbStorage(content, connection);
      if (content.run !== undefined) return storage;
      throw new BoresError('ERR_NOT_FOUND', `there is no run called idb:${name}`);
    } catch (error) {
      if (create && error instanceof BoresError && error.code === 'ERR_NOT_FOUND') {
        storage ??= new IndexedDbStorage(content, connection);
        return storage;
      }
      connection.close();
      throw error;
    }
  }

  /** Bytes of a value. @param {string} key */
  async size(key) {
    return this.#content.places.get(key)?.length;
  }

  /**
   * Another run of that name, since an import, is taken in as well.
   * @param {ReadOptions} [options]
   */
  async refresh(options) {
    this.assertReadable('', options);
    const { run } = this.#content;
    try {
      await this.#content.refresh(this.#connection);
    } catch (error) {
      const isNotMadeYet = run === undefined && /** @type {BoresError} */ (error).code === 'ERR_NOT_FOUND';
      if (!isNotMadeYet) throw error;
    }
    if (!isSameRun(this.#content.run, run)) this.forget();
  }

  /** Drops what was read: it may be another run by now. */
  forget() {
    this.#segments.clear();
  }

  /** @param {WriterOptions} [options] */
  async openWriter(options) {
    this.assertReadable('', options);
    return openIndexedDbWriter(this.#content, options);
  }

  /**
   * @param {ReadOptions} [options]
   * @returns {Promise<Recovery>}
   */
  async leftovers(options) {
    this.assertReadable('', options);
    const nothing = { dropped: [], restored: [] };
    if (this.#content.run === undefined || await webLockOwner(`bores/${this.#content.name}`)) return nothing;
    const { remains } = await readRun(this.#connection, Infinity);
    return { ...nothing, dropped: remains?.names ?? [] };
  }

  /** @override */
  async release() {
    this.#segments.clear();
    this.#connection.close();
  }

  /**
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {ReadOptions} [options]
   * @override
   */
  async read(key, range, options) {
    this.assertReadable(key, options);
    for (let attempt = 1; ; attempt += 1) {
      const place = this.#content.places.get(key);
      if (place === undefined) {
        checkKey(key); // those that are there have been checked
        return undefined;
      }
      const segment = await this.#segments.get(place.segment);
      options?.signal?.throwIfAborted();
      if (segment.length > 0 || place.length === 0) return this.#cut(key, segment, place, range);
      // A commit since has given the key another value: that one, then.
      if (attempt === ATTEMPTS) {
        throw new BoresError('ERR_STORAGE', `'${key}' in ${this.location} went away while it was read`,
          { key });
      }
      this.#segments.drop(place.segment);
      await this.#content.catchUp(this.#connection);
    }
  }

  /**
   * @param {string} key
   * @param {Uint8Array} segment
   * @param {Place} place
   * @param {ByteRange | undefined} range
   */
  #cut(key, segment, { offset, length }, range) {
    if (offset + length > segment.length) {
      throw new BoresError('ERR_CORRUPT', `${this.location}: '${key}' ends at ` +
        `${offset + length} of a segment of ${segment.length} bytes`, { key });
    }
    const { start, end } = clipRange(length, range ?? { offset: 0, length });
    return segment.slice(offset + start, offset + end);
  }

  /**
   * @param {number} number
   * @returns {Promise<Uint8Array>}  empty when it is not there any more
   */
  async #load(number) {
    const [buffer, run] = await this.#connection.run('readonly', (transaction) => Promise.all([
      result(transaction.objectStore('segments').get(number)),
      result(/** @type {IDBRequest<RunRecord | undefined>} */ (transaction.objectStore('meta').get('run'))),
    ]));
    this.#content.assertSame(run);
    return buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : new Uint8Array(0);
  }
}

/**
 * @typedef {object} RunInfo
 * @property {string} name
 * @property {boolean} complete  false while an import is under way, or after it was killed
 * @property {number} keys
 * @property {number} bytes
 * @property {Date | undefined} created
 */

/** @returns {Promise<RunInfo[]>}  the runs that this origin keeps, by name */
export async function listRuns() {
  const runs = [];
  for (const name of await databaseNames()) {
    const connection = new Connection(name);
    try {
      const { run } = await readRun(connection, Infinity);
      runs.push({
        name, complete: run !== undefined, keys: run?.keys ?? 0, bytes: run?.bytes ?? 0,
        created: run && new Date(run.created),
      });
    } catch (error) {
      const deletedMeanwhile = error instanceof BoresError && error.code === 'ERR_NOT_FOUND';
      if (!deletedMeanwhile) throw error;
    } finally {
      connection.close();
    }
  }
  return runs;
}

/**
 * Deletes a run; one that is not there is deleted already. Who has it open finds it gone.
 * @param {string} name
 */
export async function deleteRun(name) {
  await deleteDatabase(name);
}
