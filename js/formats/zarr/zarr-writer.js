// SPDX-License-Identifier: MIT
// The writing half of a session: keys and bytes of entries, committed with the root that counts them
// by the storage's writer. One commit an append, one swap a replacement.

import { encode } from '../../core/encode.js';
import { BoresError } from '../../core/errors.js';
import { packTree } from '../../core/pack.js';
import { WriterBase } from '../session.js';
import { CONSOLIDATED, ROOT_V3 } from './documents.js';
import { assertOurs } from './foreign-files.js';

/**
 * @import { Core } from '../../core/core.js'
 * @import { Puts } from '../../core/encode.js'
 * @import { Storage, Writer } from '../../storage/base/storage.js'
 * @import { CallOptions, Change, SessionWriter } from '../session.js'
 */

/**
 * @implements {SessionWriter}
 * @extends {WriterBase<Writer>}
 */
export class ZarrWriter extends WriterBase {
  #storage;
  #core;
  /** @type {{ feed: Feed, done: Promise<void> } | undefined} */ #replacing;

  /**
   * @param {Storage} storage
   * @param {() => Promise<Core>} core
   */
  constructor(storage, core) {
    super(storage);
    this.#storage = storage;
    this.#core = core;
  }

  /**
   * @param {Change} change
   * @param {CallOptions} [options]
   */
  async commit({ puts, staged = [], deletes = [], root }, { signal } = {}) {
    const writer = await this.locked();
    const rootPuts = await this.#encodeRoot(root);
    await writer.commit({ puts: [...puts.flat(), ...rootPuts], staged,
      deletes: deletes.map((group) => `${group}/`) }, { signal });
  }

  /** @override */
  async isConsolidated() {
    const names = await this.#storage.list?.('') ?? [];
    return names.includes(CONSOLIDATED)
      || (names.includes(ROOT_V3) && hasConsolidated(await this.#storage.get(ROOT_V3)));
  }

  /**
   * Puts consolidated metadata beside the root.
   * @param {Puts} puts  of `zarr.consolidate`
   * @param {CallOptions} [options]
   */
  async consolidate(puts, { signal } = {}) {
    const writer = await this.locked();
    await writer.commit({ puts }, { signal });
  }

  /**
   * Begins to replace the content. Batches are added one by one; nothing is visible before
   * replaceEnd(), and replaceAbort() (or a kill) leaves what was there.
   * @throws {BoresError} ERR_FOREIGN_FILES naming what is there and not the store's
   */
  async replaceBegin() {
    const writer = await this.locked();
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

  /** @override */
  async replaceAbort() {
    const replacing = this.#replacing;
    this.#replacing = undefined;
    replacing?.feed.fail(new BoresError('ERR_ABORTED', 'the replacement was given up'));
    await replacing?.done.catch(() => {});
  }

  /** @override */
  get cannotBeWritten() {
    return this.#storage.kind === 'custom' ? 'it has no commit(batch), without which half of an entry could stay'
      : `'${this.#storage.kind}' storages cannot be written`;
  }

  #replacement() {
    if (!this.#replacing) throw new BoresError('ERR_STATE', 'no replacement has been begun');
    return this.#replacing;
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

/**
 * Looks at the text: attributes may hold NaN, which is no JSON. A text that only looks like it costs a
 * document written anew.
 * @param {Uint8Array | undefined} root  its `zarr.json`
 */
function hasConsolidated(root) {
  return root !== undefined && /"consolidated_metadata"\s*:\s*\{/.test(new TextDecoder().decode(root));
}
