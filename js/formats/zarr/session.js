// SPDX-License-Identifier: MIT
// A session: one storage, one store handle in the core, and the calls that go over them. It is the
// same object in this thread and, behind js/worker, in another one; what crosses is plain data.

import { Core } from '../../core/core.js';
import { runOperation } from '../../core/driver.js';
import { BoresError } from '../../core/errors.js';
import * as geometry from '../../core/geometry.js';
import { instanceOf } from '../../core/instances.js';
import { openStorage } from '../../storage/location.js';
import { SessionWriter } from './session-writer.js';

/**
 * @import { Puts } from '../../core/encode.js'
 * @import { PackedParams, PackedTree } from '../../core/pack.js'
 * @import { Storage } from '../../storage/base/storage.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 *
 * What turns entries into keys and bytes, in this thread or in others. `pack` makes the parameters of
 * the backend's `encode`; it is called when it is the entry's turn.
 * @typedef {object} Encoder
 * @property {number} capacity  how many entries it can work on at a time
 * @property {(pack: () => PackedParams, options?: CallOptions) => Promise<Puts>} encode
 * @property {() => void} close
 *
 * @typedef {Pick<SessionWriter, 'lock' | 'unlock' | 'commit' | 'isConsolidated' | 'consolidate' | 'replaceBegin'
 *   | 'replaceAdd' | 'replaceEnd' | 'replaceAbort' | 'recover' | 'leftovers'>} WriterLike
 * @typedef {Pick<Session, 'describe' | 'run' | 'usage' | 'compute' | 'close'>
 *   & { writer: WriterLike }} SessionLike
 */

/** @returns {Promise<Core>} */
export const getCore = () => instanceOf(Core.load);

/**
 * Calls a function of js/core/geometry.js.
 * @param {keyof typeof geometry} name
 * @param {unknown[]} args
 */
export async function compute(name, args) {
  const core = await getCore();
  const run = /** @type {(core: Core, ...args: unknown[]) => unknown} */ (geometry[name]);
  if (typeof run !== 'function') {
    throw new BoresError('ERR_ARGUMENT', `there is no computation '${String(name)}'`);
  }
  return run(core, ...args);
}

/**
 * What the core keeps of a store (parsed metadata, `.zmetadata`). It is freed when it has been
 * replaced, or the session closed, and the last operation that uses it has ended.
 */
class StoreHandle {
  #users = 1;
  #retired = false;

  /** @param {Core} core  held by the caller, who ends that with release() */
  constructor(core) {
    this.core = core;
    this.pointer = core.storeNew();
  }

  hold() {
    this.#users++;
    return this;
  }

  release() {
    this.#users--;
    this.#end();
  }

  retire() {
    this.#retired = true;
    this.#end();
  }

  #end() {
    if (!this.#retired || this.#users > 0 || this.pointer === 0) return;
    if (!this.core.dead) this.core.storeFree(this.pointer);
    this.pointer = 0;
  }
}

export class Session {
  /** @type {Storage} */ #storage;
  /** @type {StoreHandle | undefined} */ #handle;
  /** @type {Promise<unknown> | undefined} */ #reopening;
  #opened = false;
  #closed = false;

  /**
   * @param {unknown} location
   * @param {object} [options]  of `openStorage`
   */
  static async open(location, options) {
    return new Session(await openStorage(location, options));
  }

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    this.writer = new SessionWriter(storage, () => this.#core());
  }

  /** Where it is and what it is in. */
  async describe() {
    return { kind: this.#storage.kind, location: this.#storage.location };
  }

  /**
   * Runs an operation (ARCHITECTURE.md, "Operations").
   * @param {string} name  less the prefix, `zarr.`, which is this backend's
   * @param {unknown} params
   * @param {CallOptions} [options]
   * @returns {Promise<PackedTree>}
   */
  async run(name, params, options) {
    if (name === 'open') return this.#open(options);
    return this.#with(({ core, pointer }) =>
      runOperation(core, pointer, this.#storage, `zarr.${name}`, params, options));
  }

  /**
   * Stored bytes and keys below a folder; undefined where the storage cannot tell.
   * @param {string} [prefix]
   * @param {CallOptions} [options]
   */
  async usage(prefix = '', options) {
    return this.#storage.usage?.(prefix, options);
  }

  /**
   * @param {Parameters<typeof compute>[0]} name
   * @param {unknown[]} args
   */
  async compute(name, args) {
    return compute(name, args);
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.writer.close();
    } finally {
      this.#handle?.retire();
      await this.#storage.close();
    }
  }

  /**
   * Reads the root into a new handle, which takes the place of the old one when it is complete:
   * what runs meanwhile goes on with the old.
   * @param {CallOptions} [options]
   */
  async #open(options) {
    const handle = new StoreHandle(await this.#core());
    try {
      const { core, pointer } = handle;
      await this.#storage.refresh?.(options);
      const root = await runOperation(core, pointer, this.#storage, 'zarr.open', null, options);
      this.#opened = true;
      this.#replaceHandle(handle);
      return root;
    } catch (error) {
      handle.retire();
      throw error;
    } finally {
      handle.release();
    }
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
      handle.release();
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
    this.#handle?.retire();
    this.#handle = handle;
    if (this.#closed) handle.retire();
  }

  async #core() {
    this.#assertOpen();
    const core = await getCore();
    this.#assertOpen(); // close() may have run meanwhile
    return core;
  }

  #assertOpen() {
    if (this.#closed) throw new BoresError('ERR_CLOSED', `${this.#storage.location} is closed`);
  }
}
