// SPDX-License-Identifier: MIT
// A record whose readers are told what changed. Changes made together are told together, in
// a microtask, so a reader never sees half of one.

/**
 * @template {object} T
 */
export class Observable {
  /** @type {T} */ #values;
  /** @type {Set<{ keys: readonly (keyof T)[], call: (values: Readonly<T>) => void }>} */
  #readers = new Set();
  /** @type {Set<keyof T>} */ #changed = new Set();

  /** @param {T} values */
  constructor(values) {
    this.#values = values;
  }

  /** @returns {Readonly<T>} */
  get now() {
    return this.#values;
  }

  /**
   * Takes new values for some names; what is equal to the old one is no change.
   * @param {Partial<T>} patch
   */
  set(patch) {
    const quiet = this.#changed.size === 0;
    for (const [name, value] of Object.entries(patch)) {
      const key = /** @type {keyof T} */ (name);
      if (Object.is(this.#values[key], value)) continue;
      this.#changed.add(key);
      this.#values = { ...this.#values, [key]: value };
    }
    if (quiet && this.#changed.size > 0) queueMicrotask(() => this.#tell());
  }

  /**
   * Calls `call` once now and then after every change of one of `keys`.
   * @param {readonly (keyof T)[]} keys
   * @param {(values: Readonly<T>) => void} call
   * @returns {() => void}  ends it
   */
  watch(keys, call) {
    const reader = { keys, call };
    this.#readers.add(reader);
    call(this.#values);
    return () => this.#readers.delete(reader);
  }

  #tell() {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const { keys, call } of [...this.#readers]) {
      if (keys.some((key) => changed.has(key))) call(this.#values);
    }
  }
}
