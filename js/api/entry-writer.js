// SPDX-License-Identifier: MIT
// The writing half of a DataStore: what becomes of an item before it is encoded, which index it gets,
// and one write at a time, in the order of the calls.

import { BoresError } from '../core/errors.js';
import { stateBytes } from './state-bytes.js';
import { toStored } from './stored-tree.js';
import { writeTree } from './tree.js';

/**
 * @import { EntryMeta, OpenOptions } from './data-store.js'
 * @import { Contents } from './contents.js'
 * @import { SessionLike } from './session.js'
 *
 * @typedef {object} WriteOptions
 * @property {(item: any) => any} [validator]  its result, unless undefined, is what is written
 * @property {Record<string, any> | ((item: any) => Record<string, any>)} [meta]  kept with the entry
 * @property {AbortSignal} [signal]
 *
 * What the root says, as far as writing goes.
 * @typedef {{ layout: string, nextIndex: number, count: number, attributes: Record<string, any> }} Root
 *
 * @typedef {{ session: () => Promise<SessionLike>, options: OpenOptions, location: string }} Store
 */

/** A replacement is encoded in batches of about this many bytes of arrays. */
const BATCH_BYTES = 64e6;

export class EntryWriter {
  #store;
  #contents;
  /** @type {Promise<unknown>} */ #last = Promise.resolve();
  #locked = false;
  #truncated = false;

  /**
   * @param {Store} store
   * @param {Contents} contents
   */
  constructor(store, contents) {
    this.#store = store;
    this.#contents = contents;
  }

  /**
   * @param {readonly unknown[]} items  one commit: all of them or none
   * @param {WriteOptions} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  append(items, options = {}) {
    return this.#inTurn(async () => {
      const { session, root } = await this.#begin(options);
      if (root.layout === 'steps') {
        throw new BoresError('ERR_APPEND_UNSUPPORTED', `${this.#store.location} is in the 'steps' `
          + 'layout of BORES 0.0.1, which is only read; copy it to a new store');
      }
      const entries = await this.#prepare(items, root.nextIndex, options);
      if (entries.length === 0) return [];
      await session.append(writeTree({ ...this.#encoding(root.layout), entries }),
        { count: root.count + entries.length, attributes: root.attributes },
        { signal: options.signal });
      return this.#done(entries, false);
    });
  }

  /**
   * @param {Iterable<unknown> | AsyncIterable<unknown>} items
   * @param {WriteOptions & { onProgress?: (progress: { done: number }) => void }} [options]
   * @returns {Promise<EntryMeta[]>}
   */
  dump(items, options = {}) {
    return this.#inTurn(async () => {
      await this.#lock(options);
      return this.#replace(items, options);
    });
  }

  /**
   * @template T
   * @param {() => Promise<T>} write
   * @returns {Promise<T>}
   */
  #inTurn(write) {
    const turn = this.#last.then(write);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /**
   * @param {Iterable<unknown> | AsyncIterable<unknown>} items
   * @param {WriteOptions & { onProgress?: (progress: { done: number }) => void }} options
   */
  async #replace(items, { onProgress, ...options }) {
    const session = await this.#store.session();
    const { layout } = await this.#contents.known();
    await session.replaceBegin();
    /** @type {any[]} */
    const written = [];
    try {
      for await (const batch of batches(items)) {
        options.signal?.throwIfAborted();
        const entries = await this.#prepare(batch, written.length, options);
        await session.replaceAdd(writeTree({ ...this.#encoding(layout), entries }),
          { signal: options.signal });
        written.push(...entries.map(({ idx, meta }) => ({ idx, meta })));
        onProgress?.({ done: written.length });
      }
      await session.replaceEnd({ count: written.length });
    } catch (error) {
      await session.replaceAbort();
      throw error;
    }
    this.#truncated = true;
    return this.#done(written, true);
  }

  /** @param {string} layout  that the store has */
  #encoding(layout) {
    const { layout: wanted, arrays, chunks, compressor } = this.#store.options;
    return {
      layout: wanted ?? (layout === 'flat' ? 'flat' : 'nested'),
      ...(arrays && { arrays }), ...(chunks && { chunks }),
      ...(compressor !== undefined && { compressor }),
    };
  }

  /**
   * @param {readonly unknown[]} items
   * @param {number} firstIndex
   * @param {WriteOptions} options
   */
  async #prepare(items, firstIndex, { validator, meta }) {
    return Promise.all(items.map(async (item, offset) => {
      const checked = await validator?.(item);
      const value = checked === undefined ? item : checked;
      return {
        idx: firstIndex + offset,
        meta: (typeof meta === 'function' ? meta(value) : meta) ?? {},
        data: toStored(value),
      };
    }));
  }

  /**
   * @param {{ idx: number, meta: Record<string, any> }[]} entries
   * @param {boolean} replaced
   */
  #done(entries, replaced) {
    const metas = entries.map(({ idx, meta }) =>
      ({ idx, groupName: `entry_${String(idx).padStart(10, '0')}`, meta }));
    this.#contents.written(metas, replaced);
    return metas;
  }

  /**
   * Ready to append: the lock is held, and what the root says is known under it.
   * @param {WriteOptions} options
   */
  async #begin(options) {
    const fresh = await this.#lock(options);
    if (this.#store.options.mode === 'w' && !this.#truncated) await this.#replace([], options);
    return { session: await this.#store.session(), root: await this.#contents.root(fresh) };
  }

  /**
   * Takes the storage's writer, once: what the root said before that may be stale.
   * @param {WriteOptions} options
   * @returns {Promise<boolean>}  whether it was taken now
   */
  async #lock({ signal }) {
    const { mode, durability } = this.#store.options;
    if (mode === 'r') {
      throw new BoresError('ERR_READ_ONLY', `${this.#store.location} was opened with mode 'r'`);
    }
    if (this.#locked) return false;
    await (await this.#store.session()).lock({ durability, signal });
    this.#locked = true;
    return true;
  }
}

/**
 * Groups items so that a batch of them is worth a call, and no more memory than that is held.
 * @param {Iterable<unknown> | AsyncIterable<unknown>} items
 */
async function* batches(items) {
  /** @type {unknown[]} */
  let batch = [];
  let nbytes = 0;
  for await (const item of items) {
    batch.push(item);
    nbytes += stateBytes(item);
    if (nbytes >= BATCH_BYTES) {
      yield batch;
      batch = [];
      nbytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
