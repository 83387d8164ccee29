// SPDX-License-Identifier: MIT
// A run kept by the browser: `idb:NAME`. Its index is in memory, its segments are cached, the last
// used 64 MiB of them (`idb-segments.js` says how they lie).

import { BoresError } from '../core/errors.js';
import { Connection, databaseNames, deleteDatabase, result } from './idb-connection.js';
import { readPages } from './idb-segments.js';
import { undo, whileImporting } from './idb-import.js';
import { KeyIndex, sumUsage } from './key-index.js';
import { checkFolder, checkKey, clipRange } from './keys.js';
import { StorageBase } from './storage.js';

/** @import { ByteRange, ReadOptions, Storage } from './storage.js' */
/** @import { ImportRecord, Place, RunRecord } from './idb-segments.js' */

export { importRun } from './idb-import.js';

const MAX_CACHED = 64 * 1024 * 1024;

/** @implements {Storage} */
export class IndexedDbStorage extends StorageBase {
  #connection;
  #places;
  /** @type {KeyIndex | undefined} made when first listed */
  #index;
  /** @type {Map<number, Promise<Uint8Array>>} the longest unused first */
  #segments = new Map();
  /** @type {Map<number, number>} bytes of the segments that are there */
  #cached = new Map();
  #cachedBytes = 0;

  /**
   * @param {string} name
   * @param {Connection} connection  ours to close
   * @param {Map<string, Place>} places
   */
  constructor(name, connection, places) {
    super('idb', `idb:${name}`);
    this.#connection = connection;
    this.#places = places;
  }

  /**
   * @param {string} name
   * @param {ReadOptions} [options]
   * @throws {BoresError} ERR_NOT_FOUND, also for what an import left unfinished
   */
  static async open(name, options) {
    const connection = new Connection(name);
    try {
      let { run, remains, pages } = await readRun(connection);
      if (remains !== undefined) {
        // One that is under way is left alone; one that was killed is cleaned up.
        await whileImporting(name, () => undo(name, connection), () => undefined);
        ({ run, pages } = await readRun(connection));
      }
      options?.signal?.throwIfAborted();
      if (run !== undefined) return new IndexedDbStorage(name, connection, readPages(pages));
      throw new BoresError('ERR_NOT_FOUND', `there is no run called idb:${name}`);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async get(key, options) {
    const place = this.#find(key, options);
    return place && this.#read(key, place, 0, place.length, options);
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    const place = this.#find(key, options);
    const { start, end } = clipRange(place?.length ?? 0, range);
    return place && this.#read(key, place, start, end, options);
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    this.#index ??= new KeyIndex(this.#places.keys());
    return this.#index.list(prefix);
  }

  /**
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return sumUsage(sizes(this.#places), prefix);
  }

  /** @override */
  async release() {
    this.#segments.clear();
    this.#connection.close();
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  #find(key, options) {
    this.assertReadable(key, options);
    const place = this.#places.get(key);
    if (place === undefined) checkKey(key); // those that are there have been checked
    return place;
  }

  /**
   * @param {string} key
   * @param {Place} place
   * @param {number} start  in the value
   * @param {number} end
   * @param {ReadOptions} [options]
   */
  async #read(key, { segment, offset, length }, start, end, options) {
    const bytes = await this.#segment(segment);
    options?.signal?.throwIfAborted();
    if (offset + length > bytes.length) {
      throw new BoresError('ERR_CORRUPT', `${this.location}: '${key}' ends at ` +
        `${offset + length} of a segment of ${bytes.length} bytes`, { key });
    }
    return bytes.slice(offset + start, offset + end);
  }

  /** @param {number} number */
  #segment(number) {
    let segment = this.#segments.get(number);
    if (segment === undefined) {
      segment = this.#load(number);
      segment.catch(() => this.#segments.delete(number)); // the next reader tries again
    } else {
      this.#segments.delete(number); // and behind the others again: it is the latest used
    }
    this.#segments.set(number, segment);
    return segment;
  }

  /** @param {number} number */
  async #load(number) {
    const buffer = await this.#connection.run('readonly',
      (transaction) => result(transaction.objectStore('segments').get(number)));
    if (!(buffer instanceof ArrayBuffer)) {
      throw new BoresError('ERR_STORAGE',
        `${this.location} was replaced since it was opened: open it again`);
    }
    this.#keep(number, buffer.byteLength);
    return new Uint8Array(buffer);
  }

  /**
   * @param {number} number
   * @param {number} length  bytes
   */
  #keep(number, length) {
    this.#cached.set(number, length);
    this.#cachedBytes += length;
    for (const oldest of this.#segments.keys()) {
      if (this.#cachedBytes <= MAX_CACHED) return;
      const bytes = this.#cached.get(oldest);
      if (oldest === number || bytes === undefined) continue; // on its way still
      this.#segments.delete(oldest);
      this.#cached.delete(oldest);
      this.#cachedBytes -= bytes;
    }
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
      const { run } = await readRun(connection);
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

/**
 * @param {Connection} connection
 */
function readRun(connection) {
  return connection.run('readonly', async (transaction) => {
    const meta = transaction.objectStore('meta');
    const [run, remains, pages] = await Promise.all([
      result(/** @type {IDBRequest<RunRecord | undefined>} */ (meta.get('run'))),
      result(/** @type {IDBRequest<ImportRecord | undefined>} */ (meta.get('import'))),
      result(transaction.objectStore('index').getAll()),
    ]);
    return { run, remains, pages };
  });
}

/** @param {Map<string, Place>} places */
function* sizes(places) {
  for (const [key, { length }] of places) yield /** @type {[string, number]} */ ([key, length]);
}
