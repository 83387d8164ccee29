// SPDX-License-Identifier: MIT
// A store's entries read in the shared threads. Each opens the location for itself, read-only, with its
// first task, and reads its root again whenever the store has done so; one that finds another content than
// the store has seen is not asked any more, so that what is read together belongs together.

import { configuredWasm } from '../core/instances.js';
import { unpackTree } from '../core/pack.js';
import { NoWorkerError } from './host.js';
import { threads } from './threads.js';

/**
 * @import { PackedTree } from '../core/pack.js'
 * @import { WorkerHost } from './host.js'
 * @import { CallOptions } from '../formats/session.js'
 * @import { Digester } from '../formats/digesters.js'
 *
 * What the store knows of what it reads: the file, where it is one, and its root as it was read last.
 * @typedef {{ version: string | undefined, root: PackedTree, number: number }} Seen
 *
 * A session in a thread; `checked`: the number of the root that it was compared with last; the analyses that
 * have a digester there, by their keys.
 * @typedef {{ number: number, checked: number, digesters: Map<number, Promise<void>> }} Remote
 */

/** Tasks of a thread: one is there when another ends. */
const DEPTH = 2;

/** What says that the store's own session has to read. */
class NotHereError extends Error {}

export class ThreadReader {
  #backend;
  #location;
  #options;
  #most;
  /** @type {Map<WorkerHost, Promise<Remote>>} */ #sessions = new Map();
  /** By thread, as it was told last. @type {Map<WorkerHost, number>} */ #received = new Map();
  #unusable = false;

  /**
   * @param {string} backend
   * @param {unknown} location  that can be cloned to a worker
   * @param {{ [option: string]: unknown }} options  of the backend's open()
   * @param {number} most  threads
   * @param {number} [price]  how much dearer than that of a file its opening is
   */
  constructor(backend, location, options, most, price = 1) {
    this.price = price;
    this.#backend = backend;
    this.#location = location;
    this.#options = options;
    this.#most = most;
  }

  /** How many threads there are for it. */
  get running() {
    return this.#unusable ? 0 : Math.min(this.#most, threads.running);
  }

  /** Whether one of them has nothing to do. */
  get isFree() {
    return this.running > 0 && threads.hasIdle;
  }

  /** Lets the threads be started, for what comes later. */
  warm() {
    if (!this.#unusable) threads.warm(this.#most);
  }

  /**
   * @param {string} name  of an operation
   * @param {unknown} params
   * @param {Seen} seen
   * @param {CallOptions & { digester?: Digester }} [options]  digester: gives its digest in place of the entry
   * @returns {Promise<PackedTree>}
   * @throws {NotHereError}
   */
  async run(name, params, seen, { signal, digester } = {}) {
    if (this.#unusable) throw new NotHereError();
    try {
      return await threads.use(async (host) => {
        if (this.#unusable) throw new NotHereError();
        const session = await this.#sessionIn(host, seen);
        signal?.throwIfAborted();
        if (!digester) return host.call(session.number, 'run', [name, params, {}], { signal });
        await digesterIn(host, session, digester);
        return host.call(session.number, 'digest', [digester.key, name, params, {}], { signal });
      }, { most: this.#most, depth: DEPTH, signal });
    } catch (error) {
      if (!(error instanceof NoWorkerError)) throw error;
      this.#unusable = true;
      throw new NotHereError();
    }
  }

  /** Lets the threads forget an analysis. @param {number} key */
  async closeDigester(key) {
    await Promise.all([...this.#sessions].map(async ([host, opening]) => {
      const session = await opening.catch(() => undefined);
      if (session?.digesters.delete(key) && !host.ended) await host.call(session.number, 'closeDigester', [key]);
    }));
  }

  /** Bytes that have come to the threads over a network. */
  async received() {
    const counts = await Promise.all([...this.#sessions].map(async ([host, opening]) => {
      const known = this.#received.get(host) ?? 0;
      const session = await opening.catch(() => undefined);
      if (!session || host.ended) return known;
      const received = await host.call(session.number, 'received', []).catch(() => known); // it may die meanwhile
      this.#received.set(host, received);
      return received;
    }));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Lets the threads forget the location. Idempotent. */
  async close() {
    this.#unusable = true;
    const sessions = [...this.#sessions];
    this.#sessions.clear();
    await Promise.all(sessions.map(async ([host, opening]) => {
      const session = await opening.catch(() => undefined);
      if (session) await closeIn(host, session.number);
    }));
  }

  /**
   * The session of a thread, once it has seen what the store has.
   * @param {WorkerHost} host
   * @param {Seen} seen
   */
  async #sessionIn(host, seen) {
    const before = this.#sessions.get(host);
    const session = before ? before.then((known) => this.#checked(host, known, seen))
      : this.#open(host, seen);
    this.#sessions.set(host, session);
    try {
      return await session;
    } catch (error) {
      if (host.ended) throw error; // the thread has died: another one does it
      this.#unusable = true;
      throw new NotHereError();
    }
  }

  /**
   * @param {WorkerHost} host
   * @param {Seen} seen
   * @returns {Promise<Remote>}
   */
  async #open(host, seen) {
    const number = host.newId();
    await host.call(number, 'open', [configuredWasm(), this.#backend, this.#location, this.#options]);
    const session = await this.#checked(host, { number, checked: -1, digesters: new Map() }, seen);
    if (!this.#unusable) return session;
    await closeIn(host, number); // close() has run meanwhile, and did not know of it
    throw new NotHereError();
  }

  /**
   * @param {WorkerHost} host
   * @param {Remote} session
   * @param {Seen} seen
   * @returns {Promise<Remote>}
   */
  async #checked(host, session, seen) {
    if (session.checked >= seen.number) return session;
    try {
      const root = await host.call(session.number, 'run', ['open', null, {}]);
      const version = await host.call(session.number, 'version', []);
      if (version !== seen.version || !holds(root, seen.root)) throw new NotHereError();
      return { ...session, checked: seen.number };
    } catch (error) {
      await closeIn(host, session.number); // nobody knows its number any more
      throw error;
    }
  }
}

/**
 * Opens an analysis's digester in a thread, once.
 * @param {WorkerHost} host
 * @param {Remote} session
 * @param {Digester} digester
 */
async function digesterIn(host, { number, digesters }, { key, seed }) {
  const opening = digesters.get(key) ?? host.call(number, 'openDigester', [key, seed()]);
  digesters.set(key, opening);
  await opening;
}

/** @param {WorkerHost} host @param {number} number */
async function closeIn(host, number) {
  if (!host.ended) await host.call(number, 'close', []).catch(() => {});
}

/**
 * Whether a root has all the entries of another, and perhaps some that were appended since.
 * @param {PackedTree} now
 * @param {PackedTree} before
 */
function holds(now, before) {
  const [root, known] = [now, before].map((tree) => /** @type {any} */ (unpackTree(tree, () => null)));
  return root.layout === known.layout
    && known.groups.every((/** @type {string} */ group, /** @type {number} */ i) => root.groups[i] === group);
}
