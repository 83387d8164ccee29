// SPDX-License-Identifier: MIT
// The writing half of a session: keys and bytes of entries, committed with the root that counts them
// by the storage's writer. One commit an append, one swap a replacement.

import { encode } from '../../core/encode.js';
import { BoresError } from '../../core/errors.js';
import { packTree } from '../../core/pack.js';
import { assertOurs } from './foreign-files.js';

/**
 * @import { Core } from '../../core/core.js'
 * @import { Puts } from '../../core/encode.js'
 * @import { Recovery, Storage, Writer, WriterOptions } from '../../storage/base/storage.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 *
 * @typedef {object} Change
 * @property {Puts[]} puts        of entries
 * @property {string[]} [deletes] groups
 * @property {unknown} root       parameters of `zarr.root`
 */

export class SessionWriter {
  #storage;
  #core;
  /** @type {Promise<Writer> | undefined} */ #writer;
  /** @type {{ feed: Feed, done: Promise<void> } | undefined} */ #replacing;

  /**
   * @param {Storage} storage
   * @param {() => Promise<Core>} core
   */
  constructor(storage, core) {
    this.#storage = storage;
    this.#core = core;
  }

  /**
   * Becomes the one writer of the storage, until unlock() or close().
   * @param {WriterOptions} [options]
   * @returns {Promise<Recovery>}  what a killed writer had left
   * @throws {BoresError} ERR_LOCKED naming the other writer, ERR_READ_ONLY
   */
  async lock(options = {}) {
    if (!this.#storage.openWriter) {
      throw new BoresError('ERR_READ_ONLY',
        `${this.#storage.location} is read-only: '${this.#storage.kind}' storages cannot be written`);
    }
    this.#writer ??= this.#storage.openWriter(options).catch((error) => {
      this.#writer = undefined;
      throw error;
    });
    return (await this.#writer).recovered;
  }

  /** Lets others write. */
  async unlock() {
    await this.replaceAbort();
    const writer = this.#writer;
    this.#writer = undefined;
    await (await writer?.catch(() => undefined))?.close();
  }

  /**
   * All or nothing.
   * @param {Change} change
   * @param {CallOptions} [options]
   */
  async commit({ puts, deletes = [], root }, { signal } = {}) {
    const writer = await this.#locked();
    const rootPuts = await this.#encodeRoot(root);
    await writer.commit({ puts: [...puts.flat(), ...rootPuts],
      deletes: deletes.map((group) => `${group}/`) }, { signal });
  }

  /** Whether there are consolidated metadata, old or not. */
  async isConsolidated() {
    return (await this.#storage.list?.(''))?.includes('.zmetadata') ?? false;
  }

  /**
   * Puts consolidated metadata beside the root.
   * @param {Puts} puts  of `zarr.consolidate`
   * @param {CallOptions} [options]
   */
  async consolidate(puts, { signal } = {}) {
    const writer = await this.#locked();
    await writer.commit({ puts }, { signal });
  }

  /**
   * Begins to replace the content. Batches are added one by one; nothing is visible before
   * replaceEnd(), and replaceAbort() (or a kill) leaves what was there.
   * @throws {BoresError} ERR_FOREIGN_FILES naming what is there and not the store's
   */
  async replaceBegin() {
    const writer = await this.#locked();
    await assertOurs(this.#storage);
    const feed = new Feed();
    const done = writer.replace(feed, {});
    done.catch(() => {}); // reported by whichever call comes next
    this.#replacing = { feed, done };
  }

  /**
   * @param {Puts} puts
   * @returns {Promise<void>}  resolves when they are written and the next are wanted
   */
  async replaceAdd(puts) {
    const { feed, done } = this.#replacement();
    await Promise.race([feed.push({ puts }), done]);
  }

  /** @param {unknown} root  parameters of `zarr.root` */
  async replaceEnd(root) {
    const { feed, done } = this.#replacement();
    const puts = await this.#encodeRoot(root);
    await Promise.race([feed.push({ puts }), done]);
    feed.end();
    this.#replacing = undefined;
    await done;
  }

  async replaceAbort() {
    const replacing = this.#replacing;
    this.#replacing = undefined;
    replacing?.feed.fail(new BoresError('ERR_ABORTED', 'the replacement was given up'));
    await replacing?.done.catch(() => {});
  }

  /**
   * After a commit that failed: finishes or drops what it could not put right.
   * @returns {Promise<Recovery>}
   */
  async recover() {
    return (await this.#locked()).recover();
  }

  /**
   * What a killed writer left in the storage; nothing is changed.
   * @param {CallOptions} [options]
   * @returns {Promise<Recovery>}
   */
  async leftovers(options) {
    return await this.#storage.leftovers?.(options) ?? { dropped: [], restored: [] };
  }

  async close() {
    await this.unlock();
  }

  #replacement() {
    if (!this.#replacing) throw new BoresError('ERR_STATE', 'no replacement has been begun');
    return this.#replacing;
  }

  #locked() {
    if (!this.#writer) throw new BoresError('ERR_STATE', 'write without the lock');
    return this.#writer;
  }

  /** @param {unknown} root */
  async #encodeRoot(root) {
    return encode(await this.#core(), 'zarr.root', packTree(root));
  }
}

/** Batches that one side pushes and the other iterates over, one at a time. */
class Feed {
  /** @type {{ batch: { puts: Puts }, taken: () => void } | undefined} */ #next;
  #ended = false;
  /** @type {unknown} */ #error;
  #wake = () => {};

  /**
   * @param {{ puts: Puts }} batch
   * @returns {Promise<void>}  resolves when it has been written and the next is asked for
   */
  push(batch) {
    return new Promise((resolve) => {
      this.#next = { batch, taken: () => resolve() };
      this.#wake();
    });
  }

  end() {
    this.#ended = true;
    this.#wake();
  }

  /** @param {unknown} error */
  fail(error) {
    this.#error = error;
    this.#wake();
  }

  async* [Symbol.asyncIterator]() {
    for (;;) {
      if (this.#error) throw this.#error;
      const next = this.#next;
      if (next) {
        this.#next = undefined;
        yield next.batch;
        next.taken();
      } else if (this.#ended) {
        return;
      } else {
        await new Promise((resolve) => { this.#wake = () => resolve(undefined); });
      }
    }
  }
}
