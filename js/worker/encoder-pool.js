// SPDX-License-Identifier: MIT
// Threads that encode, shared by all stores of a page or process. One starts with the first entry,
// another when two or more wait for each that runs; they end with the last store that uses them.

import { isNode, loadNode } from '../core/host.js';
import { WorkerHost } from './host.js';

/**
 * @import { Puts } from '../core/encode.js'
 * @import { WasmOptions } from '../core/load.js'
 * @import { CallOptions } from '../formats/session.js'
 * @import { PackedParams } from '../core/pack.js'
 * @typedef {() => PackedParams} Pack  makes the parameters; called when a thread is free
 * @typedef {{ start: (host: WorkerHost) => void, fail: (error: unknown) => void }} Waiting
 */

const MOST_THREADS = 4;

async function threadsWanted() {
  const cores = isNode() ? (await loadNode()).os.availableParallelism()
    : globalThis.navigator?.hardwareConcurrency ?? 2;
  return Math.max(1, Math.min(MOST_THREADS, cores));
}

class Pool {
  /** @type {WorkerHost[]} */ #idle = [];
  /** @type {Waiting[]} */ #waiting = [];
  /** Memory that parameters travel in, on its way back or free; not more than there are threads. It
   * is used again because what is left to the garbage collectors of so many threads piles up.
   * @type {ArrayBuffer[]} */ #rooms = [];
  /** Those that run or are being started. */
  #size = 0;
  #ended = false;
  #wasm;
  #limit;

  /**
   * @param {number} limit  threads at the most
   * @param {WasmOptions} [wasm]
   */
  constructor(limit, wasm) {
    this.#limit = limit;
    this.#wasm = wasm;
  }

  get limit() {
    return this.#limit;
  }

  /**
   * Starts the first thread.
   * @throws {import('./host.js').NoWorkerError}
   */
  async start() {
    if (this.#size === 0) this.#release(await this.#acquire());
  }

  /**
   * @param {string} backend
   * @param {Pack} pack
   * @param {CallOptions} [options]
   * @returns {Promise<Puts>}
   */
  async encode(backend, pack, { signal } = {}) {
    const host = await this.#acquire(signal);
    try {
      const params = pack();
      const room = largeEnough(this.#rooms.pop(), params.buffers);
      const buffers = copyInto(room, params.buffers); // the one copy; it moves
      const result = await host.call(0, 'encode', [backend, { ...params, buffers }, room],
        { transfer: [room] });
      this.#rooms.push(result.room);
      return result.puts;
    } finally {
      this.#release(host);
    }
  }

  end() {
    this.#ended = true;
    for (const host of this.#idle) host.end();
    this.#idle = [];
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<WorkerHost>}
   */
  #acquire(signal) {
    signal?.throwIfAborted();
    const idle = this.#idle.pop();
    if (idle) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal?.removeEventListener('abort', abort);
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      };
      const abort = () => {
        leave();
        reject(signal?.reason);
      };
      const waiting = {
        start: (/** @type {WorkerHost} */ host) => {
          leave();
          resolve(host);
        },
        fail: (/** @type {unknown} */ error) => {
          leave();
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiting);
      if (this.#size === 0 || (this.#size < this.#limit && this.#waiting.length >= 2 * this.#size)) {
        this.#grow();
      }
    });
  }

  /** A thread that cannot be started fails all who wait, when there is no other. */
  #grow() {
    this.#size++;
    this.#start().then((host) => this.#release(host), (error) => {
      this.#size--;
      if (this.#size === 0) for (const { fail } of this.#waiting) fail(error);
    });
  }

  async #start() {
    const host = await WorkerHost.start('bores-encoder');
    if (this.#wasm) await host.call(0, 'configure', [this.#wasm]);
    return host;
  }

  /** @param {WorkerHost} host */
  #release(host) {
    if (host.ended || this.#ended) {
      host.end();
      this.#size--;
      if (this.#waiting.length > 0 && this.#size === 0) this.#grow();
      return;
    }
    const next = this.#waiting[0];
    if (next) next.start(host);
    else this.#idle.push(host);
  }
}

/**
 * @param {ArrayBuffer | undefined} room
 * @param {readonly Uint8Array[]} arrays
 */
function largeEnough(room, arrays) {
  const nbytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return room && room.byteLength >= nbytes ? room : new ArrayBuffer(nbytes);
}

/**
 * @param {ArrayBuffer} room
 * @param {readonly Uint8Array[]} arrays
 */
function copyInto(room, arrays) {
  let at = 0;
  return arrays.map((array) => {
    const copy = new Uint8Array(room, at, array.byteLength);
    copy.set(array);
    at += array.byteLength;
    return copy;
  });
}

/** @type {Pool | undefined} */
let shared;
let users = 0;

/** A store's share of the pool. */
export class PoolEncoder {
  #backend;
  #pool;
  #closed = false;

  /**
   * @param {string} backend
   * @param {WasmOptions} [wasm]  from configureWasm()
   * @throws {import('./host.js').NoWorkerError}
   */
  static async open(backend, wasm) {
    const limit = await threadsWanted();
    const pool = shared ??= new Pool(limit, wasm);
    users++;
    try {
      await pool.start();
      return new PoolEncoder(backend, pool);
    } finally {
      leave(); // the encoder has counted itself
    }
  }

  /**
   * @param {string} backend
   * @param {Pool} pool
   */
  constructor(backend, pool) {
    users++;
    this.#backend = backend;
    this.#pool = pool;
  }

  /** How many entries it can work on at a time. */
  get capacity() {
    return this.#pool.limit;
  }

  /**
   * @param {Pack} pack
   * @param {CallOptions} [options]
   * @returns {Promise<Puts>}
   */
  async encode(pack, options) {
    return this.#pool.encode(this.#backend, pack, options);
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    leave();
  }
}

/** One user less: the last one ends the threads. */
function leave() {
  users--;
  if (users > 0) return;
  shared?.end();
  shared = undefined;
}
