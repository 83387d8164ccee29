// SPDX-License-Identifier: MIT
// Work of which only the newest matters.

/** Runs one thing at a time; a new one aborts the one before. */
export class Latest {
  #controller = new AbortController();

  /**
   * @param {(signal: AbortSignal) => Promise<void>} work  what it rejects with after it was
   *   aborted is nobody's business
   * @param {(error: unknown) => void} onError
   * @returns {Promise<void>}  when it is over, in whatever way
   */
  run(work, onError) {
    this.cancel();
    const { signal } = this.#controller;
    return work(signal).catch((error) => { if (!signal.aborted) onError(error); });
  }

  cancel() {
    this.#controller.abort();
    this.#controller = new AbortController();
  }
}

/**
 * Runs one thing at a time and lets it finish; of what is asked for meanwhile only the last
 * is done then. So a slider that is dragged shows steps on its way, each of them whole.
 */
export class Newest {
  /** @type {Promise<void> | null} */ #running = null;
  /** @type {(() => Promise<void>) | null} */ #next = null;

  /**
   * @param {() => Promise<void>} work  must not reject
   * @returns {Promise<void>}  when nothing is left to do
   */
  run(work) {
    this.#next = work;
    this.#running ??= this.#drain();
    return this.#running;
  }

  async #drain() {
    while (this.#next !== null) {
      const now = this.#next;
      this.#next = null;
      await now();
    }
    this.#running = null;
  }
}
