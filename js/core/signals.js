// SPDX-License-Identifier: MIT
// Several abort signals that end together. Each thing under way gets one of its own: Node warns of
// more than ten listeners on one signal, and every fetch adds its own.

export class Signals {
  /** @type {Set<AbortController>} */ #open = new Set();
  #outer;
  #aborted = false;
  /** @type {unknown} */ #reason;
  /** @type {((reason: unknown) => void) | undefined} */ #onAbort;

  /**
   * @param {AbortSignal} [outer]  whose end is theirs
   * @param {(reason: unknown) => void} [onAbort]  called when that ends them
   */
  constructor(outer, onAbort) {
    this.#outer = outer;
    this.#onAbort = onAbort;
    if (outer?.aborted) this.abort(outer.reason);
    else outer?.addEventListener('abort', this.#follow, { once: true });
  }

  #follow = () => {
    this.abort(this.#outer?.reason);
    this.#onAbort?.(this.#reason);
  };

  /** One more; hand it back with close(). */
  open() {
    const controller = new AbortController();
    if (this.#aborted) controller.abort(this.#reason);
    else this.#open.add(controller);
    return controller;
  }

  /** @param {AbortController} controller */
  close(controller) {
    this.#open.delete(controller);
  }

  /**
   * Ends all of them, and those opened from now on. What has ended stays ended with its reason.
   * @param {unknown} [reason]
   */
  abort(reason) {
    this.#outer?.removeEventListener('abort', this.#follow);
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    for (const controller of this.#open) controller.abort(reason);
    this.#open.clear();
  }
}
