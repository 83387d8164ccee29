// SPDX-License-Identifier: MIT
// This side of the worker: a session whose calls are messages. One worker serves all
// stores of a page or process; it starts with the first, and ends a while after the last.

import { BoresError } from '../core/errors.js';
import { METHODS } from '../formats/session.js';
import { PoolEncoder } from './encoder-pool.js';
import { NoWorkerError, WorkerHost } from './host.js';
import { ThreadReader } from './thread-reader.js';
import { coreCount, idleMs } from './threads.js';

/**
 * @import { Session, SessionWriter } from '../formats/session.js'
 * @import { Puts } from '../core/encode.js'
 * @import { WasmOptions } from '../core/load.js'
 * @import { HttpOptions } from '../storage/http/http-client.js'
 * @import { HostCallOptions } from './host.js'
 */

export { NoWorkerError, PoolEncoder, ThreadReader, coreCount };

/** The worker and how many sessions are on it. @typedef {{ host: WorkerHost, sessions: number }} Shared */
/** @type {Promise<Shared> | undefined} */
let shared;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let idle;

/** A place for one more session on the worker that is running, or on a new one. */
async function enter() {
  for (;;) {
    const starting = shared ??= WorkerHost.start('bores-store')
      .then((host) => ({ host, sessions: 0 }));
    try {
      const place = await starting;
      if (!place.host.ended) {
        clearTimeout(idle);
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
  if (place.sessions > 0) return;
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (place.sessions === 0) place.host.end();
  }, idleMs());
  /** @type {any} */ (idle).unref?.();
}

/** @implements {Session} */
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
  static async open(backend, location, { signal, background, ...options }, wasm) {
    const place = await enter();
    const number = place.host.newId();
    const { onProgress, ...http } = options.http ?? {};
    try {
      if (background) await place.host.call(0, 'recede', []);
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
    const { writer, ...own } = remote((method, args, options) => this.#call(method, args, options));
    /** @type {Session['run']} */ this.run = own.run;
    /** @type {Session['digest']} */ this.digest = own.digest;
    /** @type {Session['openDigester']} */ this.openDigester = own.openDigester;
    /** @type {Session['closeDigester']} */ this.closeDigester = own.closeDigester;
    /** @type {Session['version']} */ this.version = own.version;
    /** @type {Session['usage']} */ this.usage = own.usage;
    /** @type {Session['received']} */ this.received = own.received;
    /** @type {Session['compute']} */ this.compute = own.compute;
    /** @type {SessionWriter} */ this.writer = writer;
  }

  async describe() {
    return this.#description;
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

/**
 * The methods of a session and, in `writer`, of its writer, each of which is a message.
 * @param {(method: string, args: unknown[], options?: HostCallOptions) => Promise<any>} call
 * @returns {any}
 */
function remote(call) {
  const session = { writer: {} };
  for (const [method, { options: at, sends, settles, moves }] of Object.entries(METHODS)) {
    const [name, owner] = method.split('.').reverse();
    const target = /** @type {Record<string, unknown>} */ (owner ? session.writer : session);
    target[name] = async (/** @type {any[]} */ ...args) => {
      const transfer = moves ? buffersOf(moves(...args)) : undefined;
      if (at === undefined) return call(method, args, { transfer });
      const { signal, ...rest } = args[at] ?? {};
      const given = Array.from({ length: at }, (_, i) => args[i]);
      return call(method, [...given, sends ? rest : {}], { signal, transfer, settles });
    };
  }
  return session;
}

/**
 * Each is an array of its own: none is shared by two keys.
 * @param {Puts} puts
 */
function buffersOf(puts) {
  return puts.map(([, bytes]) => bytes.buffer);
}
