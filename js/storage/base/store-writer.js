// SPDX-License-Identifier: MIT
// The writer of every storage: calls one after the other, batches that are checked before anything
// is written, an end. How a batch gets into the medium, and what a kill leaves, is its committer's.

import { BoresError } from '../../core/errors.js';
import { checkBatch } from './batch.js';

/**
 * @import { CheckedBatch } from './batch.js'
 * @import { Batch, Recovery, ReplaceOptions, Staging, Writer } from './storage.js'
 *
 * Called for one thing at a time.
 * @typedef {object} Committer
 * @property {(batch: CheckedBatch, signal?: AbortSignal) => Promise<void>} write  all or nothing
 * @property {(batches: AsyncIterable<CheckedBatch>, signal?: AbortSignal) => Promise<void>} swap
 *   makes the content of the batches; all or nothing. It passes on what `batches` throws.
 * @property {() => Promise<Recovery>} settle  finishes or drops what was left
 * @property {() => Promise<void>} release  lets go of the store
 * @property {() => Staging} [staging]  where folders can be written ahead
 * @property {unknown} [broken]  why nothing may be written before settle() has put it right
 */

/** @typedef {{ describe: string, since: number }} Owner  who writes, and since when (ms, Unix time) */

/** @implements {Writer} */
export class StoreWriter {
  /** @type {Recovery} */ recovered = { dropped: [], restored: [] };
  #committer;
  #closed = false;
  /** @type {Promise<void> | undefined} */ #closing;
  /** @type {Promise<unknown>} */ #last = Promise.resolve();

  /**
   * @param {string} location
   * @param {Committer} committer  holds the store's lock; released by close()
   */
  constructor(location, committer) {
    this.location = location;
    this.#committer = committer;
  }

  /**
   * A writer that has put right what the one before left.
   * @param {string} location
   * @param {Committer} committer  released when that fails
   */
  static async open(location, committer) {
    const writer = new StoreWriter(location, committer);
    try {
      writer.recovered = await committer.settle();
      return writer;
    } catch (error) {
      await committer.release().catch(() => undefined); // the first error says more
      throw error;
    }
  }

  get closed() {
    return this.#closed;
  }

  staging() {
    return this.#committer.staging?.();
  }

  /**
   * @param {Batch} batch
   * @param {{ signal?: AbortSignal }} [options]
   */
  async commit(batch, { signal } = {}) {
    this.#assertOpen();
    if (batch.staged?.length && !this.#committer.staging) {
      throw new BoresError('ERR_INTERNAL', `nothing is written ahead in ${this.location}`);
    }
    const checked = checkBatch(batch);
    await this.#inTurn(async () => {
      this.#assertWhole();
      signal?.throwIfAborted();
      await this.#committer.write(checked, signal);
    });
  }

  /**
   * @param {AsyncIterable<Batch> | Iterable<Batch>} batches
   * @param {ReplaceOptions} [options]
   */
  async replace(batches, options = {}) {
    this.#assertOpen();
    await this.#inTurn(async () => {
      this.#assertWhole();
      options.signal?.throwIfAborted();
      await this.#committer.swap(checkedBatches(batches, options), options.signal);
    });
  }

  /** @returns {Promise<Recovery>} */
  async recover() {
    this.#assertOpen();
    return this.#inTurn(() => this.#committer.settle());
  }

  close() {
    this.#closed = true;
    this.#closing ??= this.#last.then(() => this.#committer.release());
    return this.#closing;
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }

  /**
   * @template T
   * @param {() => Promise<T>} run
   * @returns {Promise<T>}
   */
  #inTurn(run) {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #assertOpen() {
    if (this.#closed) throw new BoresError('ERR_CLOSED', `the writer of ${this.location} is closed`);
  }

  #assertWhole() {
    const cause = this.#committer.broken;
    if (cause === undefined) return;
    throw new BoresError('ERR_STORAGE', `${this.location} cannot be written: an earlier commit could ` +
      'neither be finished nor undone; call recover() when its cause is gone, or open a new writer',
    { cause });
  }
}

/**
 * @param {AsyncIterable<Batch> | Iterable<Batch>} batches
 * @param {ReplaceOptions} options
 * @returns {AsyncGenerator<CheckedBatch>}
 */
async function* checkedBatches(batches, { signal, onProgress }) {
  const progress = { keys: 0, bytes: 0 };
  for await (const batch of batches) {
    signal?.throwIfAborted();
    const checked = checkBatch(batch);
    yield checked;
    progress.keys += checked.puts.length;
    progress.bytes += checked.bytes;
    onProgress?.({ ...progress });
  }
  signal?.throwIfAborted();
}

/**
 * @param {string} location
 * @param {Owner} owner
 * @param {string} [advice]
 */
export function lockedError(location, { describe, since }, advice = '') {
  return new BoresError('ERR_LOCKED', `${location} is being written by ${describe} since ` +
    `${new Date(since).toISOString()}${advice}`);
}
