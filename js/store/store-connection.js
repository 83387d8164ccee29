// SPDX-License-Identifier: MIT
// Where a store's calls run: a session in this thread or in a worker, and what encodes for it.

import { BoresError } from '../core/errors.js';
import { fromBrowser } from '../storage/base/browser-errors.js';
import { NoWorkerError, PoolEncoder, ThreadReader, WorkerSession, coreCount } from '../worker/client.js';
import { backendOf, openBackend } from '../formats/backends.js';
import { METHODS } from '../formats/session.js';
import { LocalEncoder } from '../formats/local-encoder.js';
import { absoluteLocation, describeLocation, parseLocation } from '../storage/parse-location.js';
import { configuredWasm } from '../core/instances.js';

/**
 * @import { HttpOptions } from '../storage/http/http-client.js'
 * @import { OpenOptions } from './store-types.js'
 * @import { Encoder, Session } from '../formats/session.js'
 */

export { describeLocation };

export class StoreConnection {
  #backend;
  #source;
  #location;
  #options;
  /** @type {Promise<Session> | undefined} */ #opening;
  /** Those that reads may still use. @type {Session[]} */ #former = [];
  /** @type {Promise<Encoder> | undefined} */ #encoder;
  /** @type {Promise<ThreadReader | undefined> | undefined} */ #reader;
  #inBackground = false;
  #closed = false;

  /**
   * Nothing is opened before the first call.
   * @param {string} backend
   * @param {unknown} source
   * @param {string} location  what a message calls it
   * @param {OpenOptions} options
   */
  constructor(backend, source, location, options) {
    this.#backend = backend;
    this.#source = source;
    this.#location = location;
    this.#options = options;
  }

  /** @returns {Promise<Session>} */
  async session() {
    if (this.#closed) throw new BoresError('ERR_CLOSED', `${this.#location} is closed`);
    this.#opening ??= this.#open().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** @returns {Promise<Encoder>} */
  async encoder() {
    const session = await this.session();
    const backend = backendOf(this.#backend);
    const moves = this.#inBackground || session.isRemote === true;
    const local = new LocalEncoder(backend, moves);
    this.#encoder ??= moves && !backend.borrows
      ? PoolEncoder.open(this.#backend, this.#inBackground).catch((error) => {
        if (!isDispensable(error, this.#options.worker)) throw error;
        return local;
      })
      : Promise.resolve(local);
    return this.#encoder;
  }

  /** What reads in threads beside the session; undefined where that cannot be, or brings nothing. */
  async reader() {
    return this.#reader ??= this.#makeReader();
  }

  /** Bytes that have come over a network, here and in threads. */
  async received() {
    const [session, reader] = await Promise.all([this.session(), this.#reader]);
    return await session.received() + (await reader?.received() ?? 0);
  }

  /** @returns {Promise<ThreadReader | undefined>} */
  async #makeReader() {
    const { mode, signal, worker, http: { onProgress, ...http } = {}, ...options } = this.#options;
    if (worker === false || http.fetch || !opensAlike(this.#source)) return undefined;
    const most = await coreCount() - 1;
    if (most === 0) return undefined;
    const price = parseLocation(this.#source).kind === 'http' ? HTTP_PRICE : PRICES[this.#backend] ?? 1;
    return new ThreadReader(this.#backend, absoluteLocation(this.#source), { ...options, http }, most, price);
  }

  /** From now on calls run in workers, as far as the location can be sent to one. */
  async useWorkers() {
    if (this.#inBackground) return;
    this.#inBackground = true;
    const session = await this.#opening?.catch(() => undefined);
    if (session && !session.isRemote && !staysHere(this.#source)) {
      this.#former.push(session);
      this.#opening = undefined;
    }
    const encoder = await this.#encoder;
    this.#encoder = undefined;
    encoder?.close();
  }

  /** @returns {Promise<Session>} */
  async #open() {
    const { mode = 'a', ...options } = this.#options;
    const create = mode === 'a' || mode === 'w';
    const truncate = mode === 'w';
    return openSession(this.#backend, this.#source,
      { ...options, create, truncate, background: this.#inBackground });
  }

  /** Idempotent. */
  async close() {
    if (this.#closed) return;
    this.#closed = true;
    (await this.#encoder?.catch(() => undefined))?.close();
    await (await this.#reader)?.close();
    const open = [...this.#former, await this.#opening?.catch(() => undefined)];
    const ends = await Promise.allSettled(open.map((session) => session?.close()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
}

/**
 * A session in this thread or, where that is wanted, in a worker; where none can be started, in this
 * thread all the same, unless a worker was asked for in so many words.
 * @param {string} backend
 * @param {unknown} location
 * @param {{ worker?: boolean | 'auto', background?: boolean, signal?: AbortSignal, http?: HttpOptions,
 *   [option: string]: unknown }} options
 * @returns {Promise<Session>}
 */
export async function openSession(backend, location, { worker = 'auto', background = false, ...options }) {
  options.signal?.throwIfAborted();
  const name = describeLocation(location);
  try {
    if (wantsWorker(background || worker, location, options.http)) {
      try {
        const session = await WorkerSession.open(backend, absoluteLocation(location),
          { ...options, background }, configuredWasm());
        return guarded(session, name, true);
      } catch (error) {
        if (!isDispensable(error, worker)) throw error;
      }
    }
    return guarded(await openBackend(backend, location, options), name);
  } catch (error) {
    throw fromBrowser(error, `${name} cannot be opened`, options);
  }
}

/**
 * A session whose errors are ours: what a browser throws on the way (DOMExceptions of its storages, in
 * this thread or handed over by a worker) has no code that says more than its name.
 *
 * @param {Session} session
 * @param {string} location  what messages call it
 * @param {boolean} [isRemote]  in another thread
 * @returns {Session}
 */
function guarded(session, location, isRemote = false) {
  /** @type {any} */
  const copy = { isRemote, writer: {} };
  for (const method of ['describe', 'close', ...Object.keys(METHODS)]) {
    const [name, owner] = method.split('.').reverse();
    const target = () => /** @type {any} */ (owner === undefined ? session : session.writer);
    (owner === undefined ? copy : copy.writer)[name] = async (/** @type {any[]} */ ...args) => {
      try {
        return await target()[name](...args);
      } catch (error) {
        throw fromBrowser(error, location, { signal: signalIn(args) });
      }
    };
  }
  return copy;
}

/** @param {any[]} args  the last may be options @returns {AbortSignal | undefined} */
function signalIn(args) {
  const last = args[args.length - 1];
  return last?.signal instanceof AbortSignal ? last.signal : undefined;
}

/**
 * Whether what failed is a worker that nobody has asked for.
 * @param {unknown} error
 * @param {boolean | 'auto'} [worker]
 */
function isDispensable(error, worker) {
  return error instanceof NoWorkerError && worker !== true;
}

/**
 * @param {boolean | 'auto'} worker
 * @param {any} location
 * @param {HttpOptions} [http]  whose fetch() cannot be called from another thread
 */
function wantsWorker(worker, location, http) {
  if (worker !== 'auto') return worker && !staysHere(location);
  const inPage = typeof Window === 'function' && typeof Worker === 'function';
  return inPage && !staysHere(location) && !http?.fetch;
}

/**
 * Locations that belong to this thread: memory, and storages made by the caller.
 * @param {any} location
 */
function staysHere(location) {
  return (typeof location === 'string' && location.startsWith('memory:'))
    || location instanceof Map || typeof location?.get === 'function';
}

/** Of opening what is on a server, where each thread fetches again what tells where entries are. */
const HTTP_PRICE = 40;
/** The same of a format whose files each thread looks through again. @type {Record<string, number>} */
const PRICES = { eclipse: 4 };

/** Locations that several sessions see the same content of: files, folders of them, and what servers have. */
const ALIKE = new Set(['path', 'http', 'blob', 'files', 'handle']);

/**
 * @param {unknown} location
 */
function opensAlike(location) {
  return ALIKE.has(parseLocation(location).kind);
}
