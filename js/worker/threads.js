// SPDX-License-Identifier: MIT
// Threads for work that any of them can do, shared by all stores of a page or process. One starts when
// there is work for it, and stays for a while after the last, since starting costs more than a small
// task does; none keeps a process alive.

import { isNode, loadNode } from '../core/host.js';
import { configuredWasm } from '../core/instances.js';
import { WorkerHost } from './host.js';

/**
 * @import { WasmOptions } from '../core/load.js'
 *
 * One thread: how many tasks it has, what configureWasm() said when it was started, and whether it has
 * receded behind who makes what it encodes, which it cannot take back.
 * @typedef {{ host: WorkerHost, tasks: number, wasm: WasmOptions | undefined, behind: boolean }} Thread
 * @typedef {{ depth: number, behind: boolean, start: (thread: Thread) => void,
 *   fail: (error: unknown) => void }} Waiting
 *
 * @typedef {object} UseOptions
 * @property {AbortSignal} [signal]  ends waiting for a thread; what runs knows of it by itself
 * @property {number} most           threads that there may be for such work
 * @property {number} [depth]        tasks a thread may have at a time: the next is there when one ends
 * @property {number} [patience]     tasks that wait for each thread before another is started
 * @property {boolean} [behind]      the work lets its thread recede: what does not is done by another one
 */

const MOST_THREADS = 16;
/**
 * How long threads without work are kept: to start one and to compile what it runs takes 200 ms of a core. A page
 * whose viewers are gone should have its memory back sooner.
 */
export const idleMs = () => (isNode() ? 60_000 : 10_000);

/** How many threads can run at a time. */
export async function coreCount() {
  const cores = isNode() ? (await loadNode()).os.availableParallelism()
    : globalThis.navigator?.hardwareConcurrency ?? 2;
  return Math.max(1, Math.min(MOST_THREADS, cores));
}

class Threads {
  /** @type {Set<Thread>} */ #threads = new Set();
  /** @type {Waiting[]} */ #waiting = [];
  #starting = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #idle;

  /** Those that can take work at once that must not recede. */
  get running() {
    return [...this.#threads].filter(({ behind }) => !behind).length;
  }

  /** Whether one of these has nothing to do. */
  get hasIdle() {
    return [...this.#threads].some(({ tasks, behind }) => tasks === 0 && !behind);
  }

  /**
   * Runs work in a thread. Where the thread dies of it, or the wasm in it, it is done again in another,
   * once: what was killed by chance succeeds, and what kills threads does not kill all of them.
   *
   * @template T
   * @param {(host: WorkerHost) => Promise<T>} work
   * @param {UseOptions} options
   * @returns {Promise<T>}
   * @throws {import('./host.js').NoWorkerError} where no thread can be started; what the work throws
   */
  async use(work, options) {
    for (let again = false; ; again = true) {
      const thread = await this.#acquire(options);
      try {
        return await work(thread.host);
      } catch (error) {
        if (/** @type {any} */ (error)?.code === 'ERR_INTERNAL') thread.host.end();
        if (again || !thread.host.ended) throw error;
      } finally {
        this.#release(thread);
      }
    }
  }

  /**
   * @param {UseOptions} options
   * @returns {Promise<Thread>}
   */
  #acquire({ signal, most, depth = 1, patience = 0, behind = false }) {
    signal?.throwIfAborted();
    clearTimeout(this.#idle);
    this.#dropUseless(!behind);
    const thread = this.#leastBusy(depth, behind);
    if (!thread || thread.tasks > 0) this.#growIfNeeded(most, patience, thread ? 0 : 1);
    if (thread) {
      thread.tasks++;
      thread.behind ||= behind;
      return Promise.resolve(thread);
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal?.removeEventListener('abort', abort);
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      };
      const abort = () => {
        leave();
        reject(signal?.reason);
      };
      /** @type {Waiting} */
      const waiting = {
        depth,
        behind,
        start: (free) => {
          leave();
          free.tasks++;
          free.behind ||= behind;
          resolve(free);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /**
   * @param {number} depth
   * @param {boolean} behind  whether it may have receded
   * @returns {Thread | undefined}
   */
  #leastBusy(depth, behind) {
    /** @type {Thread | undefined} */
    let best;
    for (const thread of this.#threads) {
      if ((behind || !thread.behind) && thread.tasks < (best?.tasks ?? depth)) best = thread;
    }
    return best;
  }

  /**
   * Starts a thread. One that cannot be started fails all who wait, when there is no other.
   * @param {number} most
   * @param {number} patience
   * @param {number} more  that are about to wait
   */
  #growIfNeeded(most, patience, more) {
    const size = this.#threads.size + this.#starting;
    const isDue = size === 0 || this.#waiting.length + more > patience * size;
    if (size >= most || !isDue) return;
    this.#starting++;
    const wasm = configuredWasm();
    startThread(wasm).then((host) => {
      this.#starting--;
      /** @type {Thread} */
      const thread = { host, tasks: 1, wasm, behind: false };
      this.#threads.add(thread);
      this.#release(thread);
    }, (error) => {
      this.#starting--;
      if (this.#threads.size + this.#starting > 0) return;
      for (const { fail } of this.#waiting) fail(error);
    });
  }

  /** Starts as many as there may be, without waiting for them. @param {number} most */
  warm(most) {
    this.#dropUseless(true);
    while (this.#threads.size + this.#starting < most) this.#growIfNeeded(most, 0, 1);
  }

  /**
   * Ends those that died, and idle ones whose wasm is not what configureWasm() says now, or that have receded
   * where others are needed.
   * @param {boolean} [recededToo]
   */
  #dropUseless(recededToo = this.#waiting.some(({ behind }) => !behind)) {
    for (const thread of this.#threads) {
      const isOld = thread.tasks === 0
        && (thread.wasm !== configuredWasm() || (recededToo && thread.behind));
      if (isOld) thread.host.end();
      if (thread.host.ended) this.#threads.delete(thread);
    }
  }

  /** @param {Thread} thread */
  #release(thread) {
    thread.tasks--;
    this.#dropUseless();
    for (const waiting of [...this.#waiting]) {
      const free = this.#leastBusy(waiting.depth, waiting.behind);
      if (free) waiting.start(free);
    }
    if (this.#waiting.length > 0) this.#growIfNeeded(1, 0, 0); // all have died, or receded
    if ([...this.#threads].every(({ tasks }) => tasks === 0)) this.#endLater();
  }

  #endLater() {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      for (const { host, tasks } of this.#threads) if (tasks === 0) host.end();
      this.#dropUseless();
    }, idleMs());
    /** @type {any} */ (this.#idle).unref?.();
  }
}

/** @param {WasmOptions | undefined} wasm */
async function startThread(wasm) {
  const host = await WorkerHost.start('bores-pool');
  if (wasm) await host.call(0, 'configure', [wasm]);
  return host;
}

/** Of this page or process. */
export const threads = new Threads();
