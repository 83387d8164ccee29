// SPDX-License-Identifier: MIT
// This side of the worker: a session whose calls are messages. One worker serves all
// stores of a page or process; it starts with the first and ends with the last.

import { BoresError } from '../core/errors.js';
import { PoolEncoder } from './encoder-pool.js';
import { WorkerHost } from './host.js';

/**
 * @import { SessionLike, WriterLike } from '../formats/zarr/session.js'
 * @import { Puts } from '../core/encode.js'
 * @import { WasmOptions } from '../core/load.js'
 * @import { HttpOptions } from '../storage/http/http-client.js'
 * @import { HostCallOptions } from './host.js'
 */

export { PoolEncoder };

/** The worker and how many sessions are on it. @typedef {{ host: WorkerHost, sessions: number }} Shared */
/** @type {Promise<Shared> | undefined} */
let shared;

/** A place for one more session on the worker that is running, or on a new one. */
async function enter() {
  for (;;) {
    const starting = shared ??= WorkerHost.start('bores-store')
      .then((host) => ({ host, sessions: 0 }));
    try {
      const place = await starting;
      if (!place.host.ended) {
        place.sessions++;
        return place;
      }
    } catch (error) {
      if (shared === starting) shared = undefined;
      throw error;
    }
    if (shared === starting) shared = undefined;
  }
}

/** @param {Shared} place */
function leave(place) {
  place.sessions--;
  if (place.sessions === 0) place.host.end();
}

/** @implements {SessionLike} */
export class WorkerSession {
  #place;
  #number;
  /** @type {{ kind: string, location: string }} */ #description;
  #closed = false;

  /**
   * @param {string} backend
   * @param {unknown} location  anything that can be cloned to a worker
   * @param {{ signal?: AbortSignal, http?: HttpOptions, [option: string]: unknown }} options
   * @param {WasmOptions} [wasm]  from configureWasm()
   */
  static async open(backend, location, { signal, ...options }, wasm) {
    const place = await enter();
    const number = place.host.newId();
    const { onProgress, ...http } = options.http ?? {};
    try {
      return new WorkerSession(place, number, await place.host.call(number, 'open',
        [wasm, backend, location, { ...options, http }], { signal, onProgress, settles: true }));
    } catch (error) {
      leave(place);
      throw error;
    }
  }

  /**
   * @param {Shared} place
   * @param {number} number
   * @param {{ kind: string, location: string }} description
   */
  constructor(place, number, description) {
    this.#place = place;
    this.#number = number;
    this.#description = description;
    this.writer = new WorkerWriter((method, args, options) => this.#call(method, args, options));
  }

  async describe() {
    return this.#description;
  }

  /** @type {SessionLike['run']} */
  async run(name, params, options) {
    return this.#call('run', [name, params, {}], options);
  }

  /** @type {SessionLike['usage']} */
  async usage(prefix, options) {
    return this.#call('usage', [prefix, {}], options);
  }

  /** @type {SessionLike['compute']} */
  async compute(name, args) {
    return this.#call('compute', [name, args]);
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   * @param {HostCallOptions} [options]
   */
  async #call(method, args, options) {
    if (this.#closed) {
      throw new BoresError('ERR_CLOSED', `${this.#description.location} is closed`);
    }
    return this.#place.host.call(this.#number, method, args, options);
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    const { host } = this.#place;
    try {
      if (!host.ended) await host.call(this.#number, 'close', []);
    } finally {
      leave(this.#place);
    }
  }
}

/** @implements {WriterLike} */
class WorkerWriter {
  #call;

  /** @param {(method: string, args: unknown[], options?: HostCallOptions) => Promise<any>} call */
  constructor(call) {
    this.#call = call;
  }

  /** @type {WriterLike['lock']} */
  async lock({ signal, ...options } = {}) {
    return this.#call('writer.lock', [options], { signal });
  }

  /** @type {WriterLike['unlock']} */
  async unlock() {
    return this.#call('writer.unlock', []);
  }

  /** @type {WriterLike['commit']} */
  async commit(change, options) {
    const transfer = change.puts.flatMap(buffersOf);
    return this.#call('writer.commit', [change, {}], { ...options, transfer, settles: true });
  }

  /** @type {WriterLike['isConsolidated']} */
  async isConsolidated() {
    return this.#call('writer.isConsolidated', []);
  }

  /** @type {WriterLike['consolidate']} */
  async consolidate(puts, options) {
    return this.#call('writer.consolidate', [puts, {}],
      { ...options, transfer: buffersOf(puts), settles: true });
  }

  /** @type {WriterLike['replaceBegin']} */
  async replaceBegin() {
    return this.#call('writer.replaceBegin', []);
  }

  /** @type {WriterLike['replaceAdd']} */
  async replaceAdd(puts) {
    return this.#call('writer.replaceAdd', [puts], { transfer: buffersOf(puts) });
  }

  /** @type {WriterLike['replaceEnd']} */
  async replaceEnd(root) {
    return this.#call('writer.replaceEnd', [root]);
  }

  /** @type {WriterLike['replaceAbort']} */
  async replaceAbort() {
    return this.#call('writer.replaceAbort', []);
  }

  /** @type {WriterLike['recover']} */
  async recover() {
    return this.#call('writer.recover', []);
  }

  /** @type {WriterLike['leftovers']} */
  async leftovers(options) {
    return this.#call('writer.leftovers', [{}], options);
  }
}

/**
 * Each is an array of its own: none is shared by two keys.
 * @param {Puts} puts
 */
function buffersOf(puts) {
  return puts.map(([, bytes]) => bytes.buffer);
}
