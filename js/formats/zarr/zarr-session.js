// SPDX-License-Identifier: MIT
// A session over the keys of a storage: a Zarr hierarchy.

import { Core } from '../../core/core.js';
import { lendOperation, runOperation } from '../../core/driver.js';
import { BoresError } from '../../core/errors.js';
import { instanceOf } from '../../core/instances.js';
import { sleep } from '../../core/waiting.js';
import { openStorage } from '../../storage/location.js';
import { SessionBase, StoreHandle } from '../session.js';
import { DOCUMENT_LIMITS } from './documents.js';
import { withListings } from './unlisted-folders.js';
import { ZarrWriter } from './zarr-writer.js';

/**
 * @import { PackedTree } from '../../core/pack.js'
 * @import { Storage } from '../../storage/base/storage.js'
 * @import { CallOptions, Session } from '../session.js'
 */

/** @returns {Promise<Core>} */
export const getCore = () => instanceOf(Core.load);

/** Kinds of storages that do not list, or do so with nothing where they may not. */
const UNLISTED = new Set(['http', 's3']);

/** @implements {Session} */
export class ZarrSession extends SessionBase {
  /** @type {Storage} */ #storage;
  #lists;
  /** @type {ZarrWriter | undefined} */ #writer;
  /** @type {StoreHandle | undefined} */ #handle;
  /** @type {Promise<unknown> | undefined} */ #reopening;
  #opened = false;

  /**
   * @param {unknown} location
   * @param {object} [options]  of `openStorage`
   */
  static async open(location, options) {
    return new ZarrSession(await openStorage(location, options));
  }

  /** @param {Storage} storage */
  constructor(storage) {
    super(storage);
    this.#lists = !UNLISTED.has(storage.kind);
    this.#storage = this.#lists ? storage : withListings(storage);
  }

  /** Made for who writes first. */
  get writer() {
    return this.#writer ??= new ZarrWriter(this.#storage, () => this.#core());
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   * @returns {Promise<PackedTree>}
   */
  async run(name, params, options) {
    if (name === 'open') return this.#open(options);
    return this.#with(({ core, pointer }) =>
      runOperation(core, pointer, this.#storage, `zarr.${name}`, params,
        { ...options, limits: DOCUMENT_LIMITS }));
  }

  /** @override @type {SessionBase['lend']} */
  async lend(name, params, options, use) {
    return this.#with(({ core, pointer }) =>
      lendOperation(core, pointer, this.#storage, `zarr.${name}`, params,
        { ...options, limits: DOCUMENT_LIMITS }, use));
  }

  /** @override */
  async version() {
    return this.#storage.tag;
  }

  /** @type {Session['usage']} */
  async usage(prefix = '', options) {
    return this.#storage.usage?.(prefix, options);
  }

  /** @override */
  async closeWriter() {
    return this.#writer?.unlock();
  }

  /** @override */
  async release() {
    await this.#handle?.retire();
  }

  /**
   * Reads the root into a new handle, which takes the place of the old one when it is complete:
   * what runs meanwhile goes on with the old.
   * @param {CallOptions} [options]
   * @param {boolean} [again]  once more where a writer has just begun
   * @returns {Promise<any>}
   */
  async #open(options, again = true) {
    const handle = new StoreHandle(await this.#core());
    try {
      const { core, pointer } = handle;
      await this.#storage.refresh?.(options);
      const root = await runOperation(core, pointer, this.#storage, 'zarr.open', null,
        { ...options, limits: DOCUMENT_LIMITS });
      this.#opened = true;
      this.#replaceHandle(handle);
      return root;
    } catch (error) {
      await handle.retire();
      const absent = error instanceof BoresError && error.code === 'ERR_NOT_FOUND';
      if (again && absent && this.#lists && await this.#hasBegun(options)) return this.#open(options, false);
      throw error;
    } finally {
      await handle.release();
    }
  }

  /**
   * Whether a root is there after all: a writer may have made it after it was asked for, and before the folder was
   * listed; zarr-python has it under another name first.
   * @param {CallOptions} [options]
   */
  async #hasBegun(options) {
    for (const wait of [0, 10, 20]) {
      if (wait > 0) await sleep(wait, options?.signal);
      for (const key of ['.zgroup', 'zarr.json']) if (await this.#storage.get(key, options)) return true;
    }
    return false;
  }

  /**
   * @template T
   * @param {(handle: StoreHandle) => Promise<T>} use
   * @returns {Promise<T>}
   */
  async #with(use) {
    const handle = await this.#hold();
    try {
      return await use(handle);
    } finally {
      await handle.release();
    }
  }

  /** The current handle, held for the caller. */
  async #hold() {
    for (;;) {
      const core = await this.#core();
      if (this.#handle?.core === core) return this.#handle.hold();
      if (!this.#opened) {
        const handle = new StoreHandle(core);
        this.#replaceHandle(handle);
        return handle;
      }
      // After a trap: what was learned when the store was opened is learned again, once for all.
      this.#reopening ??= this.#open().finally(() => { this.#reopening = undefined; });
      await this.#reopening;
    }
  }

  /** @param {StoreHandle} handle */
  #replaceHandle(handle) {
    void this.#handle?.retire();
    this.#handle = handle;
    if (this.closed) void handle.retire();
  }

  async #core() {
    this.assertOpen();
    const core = await getCore();
    this.assertOpen(); // close() may have run meanwhile
    return core;
  }
}
