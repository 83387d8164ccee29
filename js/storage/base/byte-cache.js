// SPDX-License-Identifier: MIT
// Pieces of stored bytes by number, the last used within a limit, each loaded once however many ask.

/** @template {number | string} I */
export class ByteCache {
  #load;
  #limit;
  /** The longest unused first. @type {Map<I, Promise<Uint8Array>>} */ #pieces = new Map();
  /** Bytes of those that are there. @type {Map<I, number>} */ #sizes = new Map();
  #total = 0;

  /**
   * @param {(id: I) => Promise<Uint8Array>} load
   * @param {number} limit  bytes
   */
  constructor(load, limit) {
    this.#load = load;
    this.#limit = limit;
  }

  /**
   * @param {I} id
   * @returns {Promise<Uint8Array>}  shared: not to be changed
   */
  get(id) {
    const known = this.#pieces.get(id);
    const piece = known ?? this.#load(id);
    this.#pieces.delete(id);
    this.#pieces.set(id, piece); // behind the others: it is the latest used
    if (known === undefined) {
      piece.then(({ length }) => this.#keep(id, piece, length), () => this.#forget(id, piece));
    }
    return piece;
  }

  /** @param {I} id */
  drop(id) {
    this.#pieces.delete(id);
    this.#total -= this.#sizes.get(id) ?? 0;
    this.#sizes.delete(id);
  }

  clear() {
    this.#pieces.clear();
    this.#sizes.clear();
    this.#total = 0;
  }

  /**
   * @param {I} id
   * @param {Promise<Uint8Array>} piece
   * @param {number} length  bytes
   */
  #keep(id, piece, length) {
    if (this.#pieces.get(id) !== piece) return; // dropped on its way
    this.#sizes.set(id, length);
    this.#total += length;
    for (const oldest of this.#pieces.keys()) {
      if (this.#total <= this.#limit) return;
      if (oldest !== id && this.#sizes.has(oldest)) this.drop(oldest); // else on its way still
    }
  }

  /**
   * What could not be loaded is tried again by the next who asks.
   * @param {I} id
   * @param {Promise<Uint8Array>} piece
   */
  #forget(id, piece) {
    if (this.#pieces.get(id) === piece) this.#pieces.delete(id);
  }
}
