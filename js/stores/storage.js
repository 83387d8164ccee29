// SPDX-License-Identifier: MIT
// The storage contract: bytes by key. Keys are '/'-joined names without a leading slash
// (`keys.js` says which names are allowed). tests/contract/ runs one suite over every storage
// that claims it.

import { BoresError } from '../core/errors.js';

/**
 * @typedef {object} ReadOptions
 * @property {AbortSignal} [signal]  rejects with `signal.reason`
 */

/**
 * What part of a value: `length` bytes from `offset`, or the last `suffixLength` bytes.
 * @typedef {{ offset: number, length: number } | { suffixLength: number }} ByteRange
 */

/** @typedef {Uint8Array | undefined} Bytes */
/** @typedef {{ bytes: number, keys: number }} Usage */

/**
 * @typedef {object} Storage
 * @property {string} kind      'memory', 'directory', 'idb', 'handle', 'files', 'zip', 'http',
 *   'custom'
 * @property {string} location  what a message calls it
 * @property {boolean} closed   after `close()` every other method fails with ERR_CLOSED
 * @property {(key: string, options?: ReadOptions) => Promise<Bytes>} get
 *   all bytes of a key, `undefined` when absent. The bytes are the caller's own: it may change
 *   or transfer them.
 * @property {(key: string, range: ByteRange, options?: ReadOptions) => Promise<Bytes>} [getRange]
 *   exactly the bytes asked for, clipped at the end of the value; `undefined` when absent
 * @property {(prefix: string, options?: ReadOptions) => Promise<string[]>} [list]
 *   names one level below a folder ('' is the root, no trailing slash), folders with a trailing
 *   '/', the whole sorted by code unit; an absent folder has none. Storages without it (HTTP)
 *   cannot list.
 * @property {(key: string, reserve: (length: number) => Uint8Array) => boolean} [getSync]
 *   `false` when absent; otherwise calls `reserve(length)` once, fills exactly the bytes it
 *   returns and keeps no hold on them. After an error their content is undefined.
 * @property {(prefix: string) => string[]} [listSync]
 * @property {(prefix?: string, options?: ReadOptions) => Promise<Usage>} [usage]
 *   what is stored under a folder
 * @property {() => Promise<void>} close  idempotent; reads under way may still finish
 */

/**
 * What every storage of ours has: a name for messages, and an end.
 */
export class StorageBase {
  #closed = false;

  /**
   * @param {string} kind
   * @param {string} location
   */
  constructor(kind, location) {
    this.kind = kind;
    this.location = location;
  }

  get closed() {
    return this.#closed;
  }

  /**
   * @param {string} key  what was asked for
   * @param {ReadOptions} [options]
   * @throws {BoresError} ERR_CLOSED; or the signal's reason
   */
  assertReadable(key, options) {
    if (this.#closed) {
      throw new BoresError('ERR_CLOSED',
        `${this.location} is closed; '${key}' was asked for`, { key });
    }
    options?.signal?.throwIfAborted();
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    await this.release();
  }

  /** Lets go of what the storage holds; runs once. */
  async release() {}

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}
