// SPDX-License-Identifier: MIT
// What was read lately, up to a number of bytes; the least recently used goes first.

/**
 * @template T
 */
export class ByteCache {
  /** @type {Map<string, { item: T, nbytes: number }>} */ #entries = new Map();
  #nbytes = 0;

  /** @param {number} limit  bytes; one item larger than that is still kept, alone */
  constructor(limit) {
    this.limit = limit;
  }

  /** @param {string} key @returns {T | undefined} */
  get(key) {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.item;
  }

  /** @param {string} key */
  has(key) {
    return this.#entries.has(key);
  }

  /** @param {string} key @param {T} item @param {number} nbytes */
  set(key, item, nbytes) {
    this.delete(key);
    this.#entries.set(key, { item, nbytes });
    this.#nbytes += nbytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#nbytes <= this.limit || oldest === key) break;
      this.delete(oldest);
    }
  }

  /** @param {string} key */
  delete(key) {
    this.#nbytes -= this.#entries.get(key)?.nbytes ?? 0;
    this.#entries.delete(key);
  }
}
