// SPDX-License-Identifier: MIT
// Waiting that an AbortSignal ends: for a promise, for a time, for one of a number of places, and for others
// to have their turn.

/**
 * Waits for a promise until the signal ends the wait; what it stands for goes on.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}  rejects with `signal.reason`
 */
export function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
export function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

const SLICE_MS = 12; // how long a thread is kept

/** Who works without a pause lets messages come in now and then: an abort, the end of a worker. */
export class Turns {
  #end = 0;

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  async take(signal) {
    if (performance.now() >= this.#end) {
      await new Promise((resolve) => {
        if (typeof setImmediate === 'function') setImmediate(resolve);
        else setTimeout(resolve);
      });
      this.#end = performance.now() + SLICE_MS;
    }
    signal?.throwIfAborted();
  }
}

/** So many at once, the others in the order in which they came. */
export class Slots {
  #free;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {number} count */
  constructor(count) {
    this.#free = count;
  }

  /**
   * @template T
   * @param {() => Promise<T>} run
   * @param {AbortSignal} [signal]  ends the wait, not what runs
   * @returns {Promise<T>}
   */
  async use(run, signal) {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next(); // the place passes on
    }
  }

  /**
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<void>}
   */
  #wait(signal) {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      const enter = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(enter);
    });
  }
}
