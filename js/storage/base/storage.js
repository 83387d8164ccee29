// SPDX-License-Identifier: MIT
// The storage contract: bytes by key. Keys are '/'-joined names without a leading slash
// (`keys.js` says which names are allowed). tests/js/storage runs one suite over every storage
// that claims it.

import { BoresError } from '../../core/errors.js';
import { checkRange } from './keys.js';

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
 * @property {string} [tag]  of one file that is kept as it was opened: another text where its content
 *   may be another
 * @property {boolean} closed   after `close()` every other method fails with ERR_CLOSED
 * @property {(key: string, options?: ReadOptions) => Promise<Bytes>} get
 *   all bytes of a key, `undefined` when absent. The bytes are the caller's own: it may change
 *   or transfer them.
 * @property {(key: string, range: ByteRange, options?: ReadOptions) => Promise<Bytes>} [getRange]
 *   exactly the bytes asked for, clipped at the end of the value; `undefined` when absent
 * @property {(prefix: string, options?: ReadOptions) => Promise<string[] | undefined>} [list]
 *   names one level below a folder ('' is the root, no trailing slash), folders with a trailing
 *   '/', the whole sorted by code unit; an absent folder has none. Storages without it (HTTP)
 *   cannot list, nor can those that answer `undefined`: a bucket that only lets read.
 * @property {(key: string, reserve: (length: number) => Uint8Array) => boolean} [getSync]
 *   `false` when absent; otherwise calls `reserve(length)` once, fills exactly the bytes it
 *   returns and keeps no hold on them. After an error their content is undefined.
 * @property {(key: string, range: ByteRange, reserve: (length: number) => Uint8Array) => boolean} [getRangeSync]
 *   the same for a part of it, clipped as by `getRange`
 * @property {(prefix: string) => string[]} [listSync]
 * @property {(prefix?: string, options?: ReadOptions) => Promise<Usage | undefined>} [usage]
 *   what is stored under a folder; undefined where nothing can be listed
 * @property {(options?: ReadOptions) => Promise<void> | void} [refresh]  lets the next reads see what
 *   others have committed since the storage was opened or last refreshed. Storages without it
 *   always answer with what is there.
 * @property {(options?: WriterOptions) => Promise<Writer>} [openWriter]  makes the store when it is
 *   absent. ERR_LOCKED, naming who and since when, while there is another writer, be it in this
 *   process or tab or in another. Storages without it are read-only.
 * @property {(options?: ReadOptions) => Promise<Recovery>} [leftovers]  what a writer that was killed
 *   left, as `recover()` would report it; nothing is changed. What belongs to a writer that is at
 *   work is not left over.
 * @property {() => Promise<void>} close  idempotent; reads under way may still finish. A writer
 *   has an end of its own.
 */

/**
 * @typedef {object} WriterOptions
 * @property {'strict' | 'relaxed'} [durability]  what a commit that has resolved outlives: 'strict'
 *   (default) a power failure, 'relaxed' a killed process or tab
 * @property {AbortSignal} [signal]  ends the opening
 */

/** A key and its value; the bytes are borrowed until the commit has settled. */
/** @typedef {readonly [key: string, bytes: Uint8Array]} Put */

/**
 * Where other threads may write folders ahead of the commit that puts them: plain data, for
 * `js/storage/stage.js`. Valid until the writer is closed.
 * @typedef {{ kind: 'folder', path: string, location: string }} Staging
 *
 * A new folder at the root that was written ahead: all its keys, as `staging` has them by the name `place`.
 * @typedef {{ folder: string, place: string, keys: number, bytes: number }} Staged
 */

/**
 * One commit. Deletes come first, whatever is put; of two puts of one key the later counts. Names
 * at the root that begin with '.bores-' are the storages' own.
 *
 * @typedef {object} Batch
 * @property {readonly Put[]} puts  in this order where a storage cannot change all at once: the
 *   documents that announce the others last
 * @property {readonly Staged[]} [staged]  for a writer with `staging`, of that: put before `puts`. What the commit
 *   leaves of them when it fails is nobody's
 * @property {readonly string[]} [deletes]  keys, or 'folder/' with all that is below; what is absent
 *   is deleted already
 */

/** So far. @typedef {{ keys: number, bytes: number }} ReplaceProgress */

/**
 * @typedef {object} ReplaceOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: ReplaceProgress) => void} [onProgress]  after each batch
 */

/**
 * Keys, and 'folder/' for all that is below.
 *
 * @typedef {object} Recovery
 * @property {string[]} dropped   of a commit that was interrupted before it was decided
 * @property {string[]} restored  of one that was decided: it is finished
 */

/**
 * The only one of its store. Calls run one after the other, in the order in which they are made.
 *
 * @typedef {object} Writer
 * @property {string} location
 * @property {Recovery} recovered  what `recover()` did when the writer was opened
 * @property {boolean} closed
 * @property {(batch: Batch, options?: { signal?: AbortSignal }) => Promise<void>} commit
 *   all or nothing, for readers and across a kill. Readers see a new folder at the root whole or not
 *   at all. After an error or an abort the old content stands; the writer can be used again
 *   unless the message says that it cannot. ERR_ARGUMENT, ERR_QUOTA with `needed` and `limit`,
 *   ERR_PERMISSION, ERR_STORAGE
 * @property {(batches: AsyncIterable<Batch> | Iterable<Batch>, options?: ReplaceOptions) => Promise<void>} replace
 *   what is given becomes the whole content, at once, when the last batch has come; until then, and
 *   after an error, an abort or a kill, the old content stands. An error of `batches` passes
 *   through unchanged. Durable as 'strict' always, since the old content goes.
 * @property {() => Staging | undefined} [staging]  absent, or undefined: nothing can be written ahead
 * @property {() => Promise<Recovery>} recover  finishes or drops what a killed writer left, or what an
 *   earlier commit of this one could not put right
 * @property {() => Promise<void>} close  waits for the calls under way and lets go of the store;
 *   idempotent
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

/**
 * One that reads a value and a part of it the same way: by read(), which its class has.
 * @abstract
 */
export class RangeStorage extends StorageBase {
  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async get(key, options) {
    return this.read(key, undefined, options);
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    checkRange(range);
    return this.read(key, range, options);
  }

  /**
   * @protected
   * @param {string} _key
   * @param {ByteRange | undefined} _range  undefined: all of it
   * @param {ReadOptions} [_options]
   * @returns {Promise<Uint8Array | undefined>}
   */
  async read(_key, _range, _options) {
    throw new BoresError('ERR_INTERNAL', `${this.location} has no way to read`);
  }
}
