// SPDX-License-Identifier: MIT
// A session: one storage, one store handle in the core, and the calls that go over them. It is the
// same object in this thread and, behind js/worker, in another one; what crosses is plain data.

import { Core } from '../core/core.js';
import { runOperation, runPacked } from '../core/driver.js';
import { BoresError } from '../core/errors.js';
import * as geometry from '../core/geometry.js';
import { openStorage } from './location.js';
import { SessionWriter } from './session-writer.js';

/**
 * @import { PackedTree } from '../core/pack.js'
 * @import { Storage } from '../stores/storage.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 * @typedef {Pick<Session, 'describe' | 'run' | 'usage' | 'compute' | 'lock' | 'append' | 'replaceBegin'
 *   | 'replaceAdd' | 'replaceEnd' | 'replaceAbort' | 'close'>} SessionLike
 */

/** The instance of this thread, made when first needed and again should it have died. */
/** @type {Promise<Core> | undefined} */
let sharedCore;
/** @type {import('../core/load.js').WasmOptions | undefined} */
let wasmOptions;

/**
 * Says where the wasm is, before the first store is opened; for bundlers and servers that do not keep
 * `js/wasm/` beside the code.
 * @param {import('../core/load.js').WasmOptions} options
 */
export function configureWasm(options) {
  wasmOptions = options;
  sharedCore = undefined;
}

/** @returns {import('../core/load.js').WasmOptions | undefined} */
export function configuredWasm() {
  return wasmOptions;
}

/** @returns {Promise<Core>} */
export async function getCore() {
  if (sharedCore && (await sharedCore.catch(() => ({ dead: true }))).dead) sharedCore = undefined;
  sharedCore ??= Core.load(wasmOptions);
  return sharedCore;
}

export class Session {
  /** @type {Storage} */ #storage;
  /** @type {Core | undefined} */ #core;
  /** @type {SessionWriter} */ #writing;
  #handle = 0;
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
    this.#writing = new SessionWriter(storage, async (name, params, options) => {
      const core = await this.#ready(name);
      return runPacked(core, this.#handle, storage, name, params, options);
    });
  }

  /** Where it is and what it is in. */
  async describe() {
    return { kind: this.#storage.kind, location: this.#storage.location };
  }

  /**
   * Runs an operation (ARCHITECTURE.md, "Operations").
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   * @returns {Promise<PackedTree>}
   */
  async run(name, params, options) {
    const core = await this.#ready(name);
    this.#opened ||= name === 'zarr.open';
    return runOperation(core, this.#handle, this.#storage, name, params, options);
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
   * Calls a function of js/core/geometry.js.
   * @param {keyof typeof geometry} name
   * @param {unknown[]} args
   */
  async compute(name, args) {
    const core = await getCore();
    const compute = /** @type {(core: Core, ...args: unknown[]) => unknown} */ (geometry[name]);
    if (typeof compute !== 'function') {
      throw new BoresError('ERR_ARGUMENT', `there is no computation '${String(name)}'`);
    }
    return compute(core, ...args);
  }

  /** @type {SessionWriter['lock']} */
  async lock(...args) {
    return this.#writing.lock(...args);
  }

  /** @type {SessionWriter['append']} */
  async append(...args) {
    return this.#writing.append(...args);
  }

  /** @type {SessionWriter['replaceBegin']} */
  async replaceBegin() {
    return this.#writing.replaceBegin();
  }

  /** @type {SessionWriter['replaceAdd']} */
  async replaceAdd(...args) {
    return this.#writing.replaceAdd(...args);
  }

  /** @type {SessionWriter['replaceEnd']} */
  async replaceEnd(...args) {
    return this.#writing.replaceEnd(...args);
  }

  /** @type {SessionWriter['replaceAbort']} */
  async replaceAbort() {
    return this.#writing.replaceAbort();
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#writing.close();
    } finally {
      this.#release();
      await this.#storage.close();
    }
  }

  #release() {
    if (this.#handle !== 0 && this.#core && !this.#core.dead) this.#core.storeFree(this.#handle);
    this.#handle = 0;
  }

  /**
   * The core with a store handle in it. After a trap both are new, and what the store had learned
   * when it was opened (consolidated metadata) is learned again.
   * @param {string} name  of the operation about to run
   */
  async #ready(name) {
    if (this.#closed) {
      throw new BoresError('ERR_CLOSED', `${this.#storage.location} is closed`);
    }
    const core = await getCore();
    if (core === this.#core && (name !== 'zarr.open' || !this.#opened)) return core;
    this.#release();
    this.#core = core;
    this.#handle = core.storeNew();
    if (this.#opened && name !== 'zarr.open') {
      await runOperation(core, this.#handle, this.#storage, 'zarr.open', null);
    }
    return core;
  }
}
