// SPDX-License-Identifier: MIT
// Entries to keys and bytes in this thread, which gets a turn between them.

import { Turns } from '../core/waiting.js';

/**
 * @import { Backend } from './backends.js'
 * @import { Encoder } from './session.js'
 */

/** @implements {Encoder} */
export class LocalEncoder {
  capacity = 1;
  #backend;
  #moves;
  #turns = new Turns();

  /**
   * @param {Pick<Backend, 'encode' | 'borrows'>} backend
   * @param {boolean} moves  the result goes to another thread, and none of the caller's arrays with it
   */
  constructor(backend, moves) {
    this.#backend = backend;
    this.#moves = moves;
  }

  /** @type {Encoder['encode']} */
  async encode(pack, { signal } = {}) {
    await this.#turns.take(signal);
    const puts = await this.#backend.encode(pack());
    if (!this.#moves || !this.#backend.borrows) return puts;
    return puts.map(([key, bytes]) => [key, new Uint8Array(bytes)]);
  }

  close() {}
}
