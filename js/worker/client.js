// SPDX-License-Identifier: MIT
// This side of the worker: a session whose calls are messages. One worker serves all
// stores of a page or process; it starts with the first and ends with the last.

import { BoresError } from '../core/errors.js';

/**
 * @import { CallOptions, SessionLike } from '../api/session.js'
 * @typedef {{ postMessage(message: unknown): void, terminate(): unknown }} Thread
 * @typedef {{ resolve: (value: any) => void, reject: (reason: unknown) => void }} Waiting
 */

/** @type {Promise<Host> | undefined} */
let sharedHost;
/** @type {(() => Worker) | undefined} */
let makeWorker;

/**
 * Says how the worker is started, for bundlers that do not understand
 * `new Worker(new URL('./server.js', import.meta.url), { type: 'module' })`.
 * @param {(() => Worker) | undefined} make
 */
export function configureWorker(make) {
  makeWorker = make;
}

class Host {
  /** @type {Map<number, Waiting>} */ #waiting = new Map();
  /** @type {Thread | undefined} */ #thread;
  #nextId = 1;
  #sessions = 0;

  static async start() {
    const host = new Host();
    host.#thread = typeof Worker === 'function' ? host.#startWorker() : await host.#startThread();
    return host;
  }

  #startWorker() {
    const worker = makeWorker?.()
      ?? new Worker(new URL('./server.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => this.#settle(data);
    worker.onerror = (event) => this.#fail(event.message ?? 'its script could not be loaded');
    return worker;
  }

  async #startThread() {
    const { Worker: NodeWorker } = await import(
      /* webpackIgnore: true */ /* @vite-ignore */ 'node:worker_threads');
    const worker = new NodeWorker(new URL('./server.js', import.meta.url));
    worker.on('message', (data) => {
      this.#settle(data);
      if (this.#waiting.size === 0) worker.unref(); // an idle store keeps no process alive
    });
    worker.on('error', (error) => this.#fail(error.message));
    worker.on('exit', (code) => this.#fail(`exit code ${code}`));
    worker.unref();
    return {
      postMessage: (/** @type {unknown} */ message) => {
        worker.ref();
        worker.postMessage(message);
      },
      terminate: () => worker.terminate(),
    };
  }

  /** @param {{ id: number, result?: unknown, error?: any }} answer */
  #settle({ id, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(reviveError(error));
    else waiting?.resolve(result);
  }

  /** Nobody can use it any more, and a new session needs a new one. */
  get ended() {
    return this.#thread === undefined;
  }

  /** @param {string} message */
  #fail(message) {
    for (const { reject } of this.#waiting.values()) {
      reject(new BoresError('ERR_WORKER', `the worker ended: ${message}`));
    }
    this.#waiting.clear();
    this.#thread?.terminate();
    this.#thread = undefined;
  }

  /** A number for a new session. */
  enter() {
    this.#sessions++;
    return this.#nextId++;
  }

  leave() {
    this.#sessions--;
    if (this.#sessions > 0) return;
    this.#thread?.terminate();
    this.#thread = undefined;
  }

  /**
   * @param {number} session
   * @param {string} method
   * @param {unknown[]} args
   * @param {CallOptions} [options]
   * @returns {Promise<any>}
   */
  async call(session, method, args, { signal } = {}) {
    signal?.throwIfAborted();
    const thread = this.#thread;
    if (!thread) throw new BoresError('ERR_WORKER', 'the worker has ended');
    const id = this.#nextId++;
    const abort = () => {
      thread.postMessage({ abort: id });
      this.#waiting.get(id)?.reject(signal?.reason);
      this.#waiting.delete(id);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        try {
          thread.postMessage({ id, session, method, args });
        } catch (cause) { // a location that cannot be cloned
          this.#waiting.delete(id);
          reject(new BoresError('ERR_ARGUMENT',
            `this location cannot be used from a worker; open it with { worker: false }`, { cause }));
        }
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

/** @param {{ name: string, message: string, code?: string }} error */
function reviveError({ name, message, code, ...fields }) {
  return code === undefined ? Object.assign(new Error(message), { name })
    : name === 'BoresError' ? new BoresError(code, message, fields)
      : new DOMException(message, name);
}

/** A place for one more session on the worker that is running, or on a new one. */
async function enterHost() {
  for (;;) {
    const starting = sharedHost ??= Host.start();
    const host = await starting.catch((cause) => {
      if (sharedHost === starting) sharedHost = undefined;
      throw new BoresError('ERR_WORKER', `no worker can be started: ${cause.message}`, { cause });
    });
    if (!host.ended) return { host, number: host.enter() };
    if (sharedHost === starting) sharedHost = undefined;
  }
}

/** @implements {SessionLike} */
export class WorkerSession {
  /** @type {Host} */ #host;
  #number;
  /** @type {{ kind: string, location: string }} */ #description;
  #closed = false;

  /**
   * @param {unknown} location  anything that can be cloned to a worker
   * @param {object} options
   * @param {object} [wasm]     from configureWasm()
   */
  static async open(location, options, wasm) {
    const { host, number } = await enterHost();
    try {
      return new WorkerSession(host, number,
        await host.call(number, 'open', [location, options, wasm]));
    } catch (error) {
      host.leave();
      throw error;
    }
  }

  /**
   * @param {Host} host
   * @param {number} number
   * @param {{ kind: string, location: string }} description
   */
  constructor(host, number, description) {
    this.#host = host;
    this.#number = number;
    this.#description = description;
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

  /** @type {SessionLike['lock']} */
  async lock({ signal, ...options } = {}) {
    return this.#call('lock', [options], { signal });
  }

  /** @type {SessionLike['append']} */
  async append(entries, root, options) {
    return this.#call('append', [entries, root, {}], options);
  }

  /** @type {SessionLike['replaceBegin']} */
  async replaceBegin() {
    return this.#call('replaceBegin', []);
  }

  /** @type {SessionLike['replaceAdd']} */
  async replaceAdd(entries, options) {
    return this.#call('replaceAdd', [entries, {}], options);
  }

  /** @type {SessionLike['replaceEnd']} */
  async replaceEnd(root) {
    return this.#call('replaceEnd', [root]);
  }

  /** @type {SessionLike['replaceAbort']} */
  async replaceAbort() {
    return this.#call('replaceAbort', []);
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   * @param {CallOptions} [options]
   */
  async #call(method, args, options) {
    if (this.#closed) {
      throw new BoresError('ERR_CLOSED', `${this.#description.location} is closed`);
    }
    return this.#host.call(this.#number, method, args, options);
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (!this.#host.ended) await this.#host.call(this.#number, 'close', []);
    } finally {
      this.#host.leave();
    }
  }
}
