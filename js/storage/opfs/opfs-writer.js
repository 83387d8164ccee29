// SPDX-License-Identifier: MIT
// Commits to a log in the origin-private file system: one record for a batch. In a page, which has no
// synchronous handles, a worker writes.

import { BoresError } from '../../core/errors.js';
import { assertFits, expandDeletes } from '../base/batch.js';
import { fromBrowser, isBrowsers } from '../base/browser-errors.js';
import { currentGeneration, listSegments, unpublishedNames } from './opfs-files.js';
import { encodeDirectory, padded } from './opfs-format.js';
import { OpfsLog } from './opfs-log.js';
import { RemoteLog } from './opfs-remote.js';
import { PlaceIndex } from '../base/place-index.js';
import { quotaError } from '../base/quota.js';
import { StoreWriter } from '../base/store-writer.js';
import { hasSyncHandles } from './sync-handle.js';
import { Turns } from '../../core/waiting.js';
import { acquireWebLock, webLockOwner } from '../base/web-lock.js';

/** @import { CheckedBatch } from '../base/batch.js' */
/** @import { LogContent, LogPlace } from './opfs-content.js' */
/** @import { Shape } from './opfs-log.js' */
/** @import { Committer } from '../base/store-writer.js' */
/** @import { Put, Recovery, WriterOptions } from '../base/storage.js' */

/**
 * @typedef {object} WrittenLog
 * @property {string} location
 * @property {LogContent} content  of the storage that opens the writer; kept up to date
 * @property {FileSystemDirectoryHandle} directory
 * @property {OpfsLog | RemoteLog} log  ours to close
 * @property {() => Promise<void>} release  of the lock
 */

const PART_BYTES = 4 * 1024 * 1024; // of a record, written at a time

/**
 * @param {string} location
 * @param {LogContent} content
 * @param {() => Promise<FileSystemDirectoryHandle>} makeDirectory
 * @param {WriterOptions & { segmentBytes: number }} options
 */
export async function openOpfsWriter(location, content, makeDirectory, options) {
  const { durability = 'strict', segmentBytes, signal } = options;
  const release = await acquireWebLock(`bores/${location}`, location, signal);
  let committer;
  try {
    const directory = await makeDirectory();
    const Log = hasSyncHandles() ? OpfsLog : RemoteLog;
    const log = new Log(directory, segmentBytes, location);
    committer = new OpfsCommitter({ location, content, directory, log, release }, durability);
  } catch (error) {
    await release();
    throw error;
  }
  return StoreWriter.open(location, committer);
}

/**
 * @param {string} location
 * @param {FileSystemDirectoryHandle | undefined} directory
 * @returns {Promise<Recovery>}
 */
export async function opfsLeftovers(location, directory) {
  const isBusy = await webLockOwner(`bores/${location}`) !== undefined;
  if (directory === undefined || isBusy) return { dropped: [], restored: [] };
  const segments = await listSegments(directory);
  const current = await currentGeneration(directory, segments);
  return { dropped: await unpublishedNames(directory, segments, current), restored: [] };
}

/** @implements {Committer} */
class OpfsCommitter {
  /** @type {unknown} */ broken;
  #store;
  #durable;
  #turns = new Turns(); // else a worker whose calls are all synchronous could not even be terminated

  /**
   * @param {WrittenLog} store
   * @param {'strict' | 'relaxed'} durability
   */
  constructor(store, durability) {
    this.#store = store;
    this.#durable = durability === 'strict';
  }

  /**
   * @param {CheckedBatch} batch
   * @param {AbortSignal} [signal]
   */
  async write(batch, signal) {
    await this.#turns.take(signal);
    const { places } = this.#store.content;
    const changes = await this.#append(batch, places, this.#durable);
    this.#store.content.take(changes);
  }

  /**
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async swap(batches, signal) {
    const { content, log } = this.#store;
    /** @type {PlaceIndex<LogPlace>} */
    const fresh = new PlaceIndex();
    await this.#attempt('', 0, () => log.beginReplacement());
    try {
      for await (const batch of batches) {
        await this.#turns.take(signal);
        for (const [key, place] of await this.#append(batch, fresh, false)) {
          if (place) fresh.set(key, place);
        }
      }
      signal?.throwIfAborted();
      await this.#attempt('', 0, () => log.publishReplacement());
    } catch (error) {
      await log.abandonReplacement().catch((/** @type {unknown} */ second) => { this.broken = second; });
      throw error;
    }
    content.replace(fresh);
  }

  /** @returns {Promise<Recovery>} */
  async settle() {
    const { content, directory, location, log } = this.#store;
    const { dropped } = await this.#attempt('', 0, () => log.open());
    content.writing = false;
    await content.refresh(directory, location);
    content.writing = true;
    this.broken = undefined;
    return { dropped, restored: [] };
  }

  async release() {
    const { content, log, release } = this.#store;
    content.writing = false;
    try {
      await this.#attempt('', 0, async () => log.close());
    } finally {
      await release();
    }
  }

  /**
   * Writes a record.
   *
   * @param {CheckedBatch} batch
   * @param {PlaceIndex<LogPlace>} places  that it changes
   * @param {boolean} durable
   * @returns {Promise<[key: string, place: LogPlace | undefined][]>}  undefined: deleted
   */
  async #append(batch, places, durable) {
    assertFits(batch, places, places.folders);
    const deletes = [...expandDeletes(batch.deletes, places, places.folders)];
    if (batch.puts.length + deletes.length === 0) return [];
    const puts = batch.puts.map(([key, { length }]) => /** @type {[string, number]} */ ([key, length]));
    const directory = encodeDirectory({ puts, deletes });
    const shape = { directoryLength: directory.length, valuesLength: batch.bytes, durable };
    const written = await this.#attempt(puts[0]?.[0] ?? deletes[0], batch.bytes,
      () => this.#appendParts(directory, batch.puts, shape));
    let offset = written.valuesAt;
    const added = puts.map(([key, length]) => {
      const place = { ...written.id, tag: written.tag, offset, length };
      offset += length;
      return /** @type {[string, LogPlace]} */ ([key, place]);
    });
    return [...deletes.map((key) => /** @type {[string, undefined]} */ ([key, undefined])), ...added];
  }

  /**
   * @param {Uint8Array} directory
   * @param {readonly Put[]} puts
   * @param {Shape} shape
   */
  async #appendParts(directory, puts, shape) {
    const { log } = this.#store;
    try {
      for (const part of parts(directory, puts, shape)) {
        const written = await log.append(part, shape);
        if (written) return written;
        await this.#turns.take();
      }
      throw new BoresError('ERR_STORAGE', 'the record has no end');
    } catch (error) {
      await log.cancel().catch((/** @type {unknown} */ second) => { this.broken = second; });
      throw error;
    }
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
    } catch (cause) {
      const what = key === '' ? `${this.#store.location} cannot be written`
        : `'${key}' in ${this.#store.location} cannot be written`;
      if (isBrowsers(cause) && cause.name === 'QuotaExceededError') {
        throw await quotaError(what, { key, needed, cause });
      }
      throw fromBrowser(cause, what, { key });
    }
  }
}

/**
 * A record after its head, in parts that share their memory: each is to be written before the next.
 *
 * @param {Uint8Array} directory
 * @param {readonly Put[]} puts
 * @param {Shape} shape
 */
function* parts(directory, puts, { directoryLength, valuesLength }) {
  const total = padded(directoryLength) + padded(valuesLength);
  const part = new Uint8Array(Math.min(total, PART_BYTES));
  let used = 0;
  const padding = new Uint8Array(16);
  const pad = (/** @type {number} */ length) => padding.subarray(0, padded(length) - length);
  for (const bytes of [directory, pad(directoryLength), ...puts.map(([, value]) => value), pad(valuesLength)]) {
    for (let done = 0; done < bytes.length;) {
      const count = Math.min(bytes.length - done, part.length - used);
      part.set(bytes.subarray(done, done + count), used);
      done += count;
      used += count;
      if (used < part.length) continue;
      yield part;
      used = 0;
    }
  }
  if (used > 0) yield part.subarray(0, used);
}
