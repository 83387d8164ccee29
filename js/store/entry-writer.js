// SPDX-License-Identifier: MIT
// The writing half of a DataStore: one commit at a time, in the order of the calls, and the next
// entries encoded while one is committed.

import { abortable } from '../core/waiting.js';
import { backendOf } from '../formats/backends.js';
import { batchesOf, encodeDrafts, toDrafts, toMeta } from './entry-draft.js';
import { StoreLock } from './store-lock.js';

/**
 * @import { EntryMeta } from './store-types.js'
 * @import { Contents } from './contents.js'
 * @import { Draft, Encoded, WriteOptions } from './entry-draft.js'
 * @import { Puts } from '../core/encode.js'
 * @import { Store } from './store-lock.js'
 * @import { Recovery } from '../storage/base/storage.js'
 *
 * Entries that are being encoded, under indices that are right unless an earlier commit fails.
 * @typedef {{ drafts: Draft[], first: number, entries: Promise<Encoded[]>, done: () => void }} Job
 */

/** A replacement is encoded in batches of about this many bytes of arrays. */
const REPLACE_BYTES = 32e6;

export class EntryWriter {
  #store;
  #lock;
  // Neither has a value, which would keep what was written as long as the store is open.
  /** The last job is prepared. @type {Promise<void>} */ #prepared = Promise.resolve();
  /** The last turn has ended. @type {Promise<void>} */ #ended = Promise.resolve();
  /** Jobs that are prepared and have not ended. @type {Set<Job>} */ #jobs = new Set();
  /** Called when one has. */ #onRoom = () => {};

  /**
   * @param {Store} store
   * @param {Contents} contents
   */
  constructor(store, contents) {
    this.#store = store;
    this.#lock = new StoreLock(store, contents);
  }

  /**
   * @param {readonly unknown[]} items  one commit: all of them or none
   * @param {WriteOptions} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  append(items, options = {}) {
    const prepared = this.#prepared.then(() => this.#prepare(items, options));
    this.#prepared = prepared.then(() => {}, () => {});
    const turn = this.#inTurn(prepared, options.signal, (job) => this.#commit(job, options));
    const done = () => prepared.then((job) => job.done(), () => {});
    turn.then(done, done);
    return turn;
  }

  /**
   * @param {Iterable<unknown> | AsyncIterable<unknown>} items
   * @param {WriteOptions} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  dump(items, options = {}) {
    return this.exclusively(options, (lock) =>
      lock.replace((add) => this.#addAll(items, options, add), options.signal,
        options.rootAttributes));
  }

  /**
   * Alone with the lock: after all that was called before, before what is called later.
   * @template T
   * @param {{ signal?: AbortSignal }} options
   * @param {(lock: StoreLock, recovered: Recovery) => Promise<T>} run
   * @returns {Promise<T>}
   */
  exclusively(options, run) {
    const turn = this.#inTurn(this.#prepared, options.signal, async () =>
      run(this.#lock, await this.#lock.take(options)));
    this.#prepared = turn.then(() => {}, () => {});
    return turn;
  }

  /** Lets others write when all that was called for has ended; the next call takes the lock again. */
  async unlock() {
    await this.#ended;
    await this.#lock.release();
  }

  /** Waits for all that was called for, and brings consolidated metadata up to date. */
  async end() {
    await this.#ended;
    const { consolidate } = this.#store.options;
    if (!backendOf(this.#store.backend).consolidates) return;
    const wanted = consolidate ? this.#lock.changed : this.#lock.consolidatedIsOld;
    if (!wanted || consolidate === false) return;
    await this.exclusively({}, (lock) => lock.consolidate({})).catch((error) => {
      // Nobody has asked for it: the old document stays, and with `count` it still serves.
      if (consolidate || error.code !== 'ERR_LIMIT') throw error;
    });
  }

  /**
   * Runs `commit` after what was called before. An abort ends the wait; what runs knows of it.
   * @template Prepared, T
   * @param {Promise<Prepared>} prepared
   * @param {AbortSignal | undefined} signal
   * @param {(prepared: Prepared) => Promise<T>} commit
   * @returns {Promise<T>}
   */
  #inTurn(prepared, signal, commit) {
    const before = this.#ended;
    prepared.catch(() => {}); // reported by the turn
    const turn = abortable(before.then(() => prepared), signal).then(commit);
    this.#ended = Promise.allSettled([before, prepared, turn]).then(() => {});
    return turn;
  }

  /**
   * @param {readonly unknown[]} items
   * @param {WriteOptions} options
   * @returns {Promise<Job>}
   */
  async #prepare(items, options) {
    options.signal?.throwIfAborted();
    await this.#lock.take(options);
    await this.#room();
    const drafts = await toDrafts(items, options);
    options.signal?.throwIfAborted();
    this.#lock.assertAppendable();
    const first = this.#lock.root.nextIndex + this.#entriesAhead();
    const entries = this.#encode(drafts, first, options);
    entries.catch(() => {}); // reported when it is its turn to be committed
    /** @type {Job} */
    const job = { drafts, first, entries, done: () => {
      this.#jobs.delete(job);
      this.#onRoom();
    } };
    this.#jobs.add(job);
    return job;
  }

  /**
   * One job is encoded while another is committed; of small ones as many as keep the encoder busy
   * when the one that is committed is as large as they are.
   */
  async #room() {
    const { capacity } = await this.#store.encoder();
    while (this.#jobs.size > 1 && this.#entriesAhead() > 2 * capacity) {
      await new Promise((resolve) => { this.#onRoom = () => resolve(undefined); });
    }
  }

  /** How many will be there once all jobs are committed, beside those that are. */
  #entriesAhead() {
    return [...this.#jobs].reduce((sum, { drafts }) => sum + drafts.length, 0);
  }

  /**
   * @param {Job} job
   * @param {WriteOptions} options
   * @returns {Promise<EntryMeta[]>}
   */
  async #commit({ drafts, first, entries, done }, options) {
    try {
      const encoded = await abortable(entries, options.signal);
      await options.after;
      if (drafts.length === 0 && !options.rootAttributes) return [];
      await this.#lock.recoverIfNeeded();
      const { nextIndex } = this.#lock.root;
      // Where an earlier one failed, the indices are others.
      const final = nextIndex === first ? encoded : await this.#encode(drafts, nextIndex, options);
      const metas = drafts.map((draft, offset) => toMeta(draft, nextIndex + offset));
      await this.#lock.add(final, metas, options);
      return metas;
    } finally {
      done();
    }
  }

  /**
   * Encodes batch after batch, each while the one before is written.
   * @param {Iterable<unknown> | AsyncIterable<unknown>} items
   * @param {WriteOptions} options
   * @param {(puts: Puts[]) => Promise<void>} add
   */
  async #addAll(items, { onProgress, ...options }, add) {
    /** @type {EntryMeta[]} */
    const metas = [];
    /** @type {Promise<void>} */
    let adding = Promise.resolve();
    for await (const batch of batchesOf(items, REPLACE_BYTES)) {
      options.signal?.throwIfAborted();
      const drafts = await toDrafts(batch, options);
      const encoder = await this.#store.encoder();
      const puts = /** @type {Puts[]} */ (
        await encodeDrafts(encoder, drafts, metas.length, this.#lock.encoding, options));
      await adding;
      adding = add(puts);
      adding.catch(() => {}); // reported by the next wait
      for (const draft of drafts) metas.push(toMeta(draft, metas.length));
      onProgress?.({ done: metas.length });
    }
    await adding;
    return metas;
  }

  /**
   * @param {Draft[]} drafts
   * @param {number} first
   * @param {WriteOptions} options
   */
  async #encode(drafts, first, options) {
    return encodeDrafts(await this.#store.encoder(), drafts, first, this.#lock.encoding, options, this.#lock.staging);
  }
}
