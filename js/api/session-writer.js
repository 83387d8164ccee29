// SPDX-License-Identifier: MIT
// The writing half of a session: the core encodes entries to keys and bytes, the storage's writer
// commits them. One commit an append, one swap a replacement.

import { BoresError } from '../core/errors.js';
import { packTree, unpack } from '../core/pack.js';

/**
 * @import { PackedTree } from '../core/pack.js'
 * @import { Storage, Writer, WriterOptions } from '../stores/storage.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 * @typedef {(name: string, params: PackedTree, options?: CallOptions) => Promise<PackedTree>} Encode
 *
 * What comes of `zarr.encode` and `zarr.root`: keys and bytes, in the order they are to be written.
 * @typedef {[key: string, bytes: Uint8Array][]} Puts
 */

export class SessionWriter {
  #storage;
  #encode;
  /** @type {Promise<Writer> | undefined} */ #writer;
  /** @type {{ feed: Feed, done: Promise<void> } | undefined} */ #replacing;

  /**
   * @param {Storage} storage
   * @param {Encode} encode  runs an operation of the core
   */
  constructor(storage, encode) {
    this.#storage = storage;
    this.#encode = encode;
  }

  /**
   * Becomes the one writer of the storage, until close().
   * @param {WriterOptions} [options]
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
    await this.#writer;
  }

  /**
   * Encodes entries and commits them with the root that counts them, all or nothing.
   * @param {PackedTree} entries  parameters of `zarr.encode`, packed
   * @param {unknown} root        parameters of `zarr.root`
   * @param {CallOptions} [options]
   */
  async append(entries, root, options = {}) {
    const writer = await this.#locked();
    const puts = await this.#encodeEntries(entries, options);
    puts.push(...await this.#encodeRoot(root));
    await writer.commit({ puts }, { signal: options.signal });
  }

  /**
   * Begins to replace the content. Batches are added one by one; nothing is visible before
   * replaceEnd(), and replaceAbort() (or a kill) leaves what was there.
   */
  async replaceBegin() {
    const writer = await this.#locked();
    const feed = new Feed();
    const done = writer.replace(feed, {});
    done.catch(() => {}); // reported by whichever call comes next
    this.#replacing = { feed, done };
  }

  /**
   * @param {PackedTree} entries
   * @param {CallOptions} [options]
   */
  async replaceAdd(entries, options) {
    const { feed, done } = this.#replacement();
    await Promise.race([feed.push({ puts: await this.#encodeEntries(entries, options) }), done]);
  }

  /** @param {unknown} root  parameters of `zarr.root` */
  async replaceEnd(root) {
    const { feed, done } = this.#replacement();
    await Promise.race([feed.push({ puts: await this.#encodeRoot(root) }), done]);
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

  async close() {
    await this.replaceAbort();
    const writer = this.#writer;
    this.#writer = undefined;
    await (await writer)?.close();
  }

  #replacement() {
    if (!this.#replacing) throw new BoresError('ERR_STATE', 'no replacement has been begun');
    return this.#replacing;
  }

  #locked() {
    if (!this.#writer) throw new BoresError('ERR_STATE', 'write without the lock');
    return this.#writer;
  }

  /**
   * @param {PackedTree} entries
   * @param {CallOptions} [options]
   */
  async #encodeEntries(entries, options) {
    return readPuts(await this.#encode('zarr.encode', entries, options));
  }

  /** @param {unknown} root */
  async #encodeRoot(root) {
    return readPuts(await this.#encode('zarr.root', packTree(root)));
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

/**
 * @param {PackedTree} tree  `{ puts: { key: bytes } }`
 * @returns {Puts}
 */
function readPuts({ packed, buffers }) {
  let next = 0;
  const { puts } = /** @type {{ puts: Record<string, Uint8Array> }} */ (
    unpack(packed, () => new Uint8Array(buffers[next++])));
  return Object.entries(puts);
}
