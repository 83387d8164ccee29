// SPDX-License-Identifier: MIT
// Entries to keys and bytes in this thread, which gets a turn between them.

import { turn } from '../core/driver.js';

/**
 * @import { Backend } from './backends.js'
 * @import { Encoder } from './session.js'
 */

/** How long the thread is kept before others have a turn. */
const SLICE_MS = 12;

/** @implements {Encoder} */
export class LocalEncoder {
  capacity = 1;
  #backend;
  #sliceEnd = 0;

  /** @param {Backend} backend */
  constructor(backend) {
    this.#backend = backend;
  }

  /** @type {Encoder['encode']} */
  async encode(pack, { signal } = {}) {
    if (performance.now() > this.#sliceEnd) {
      await turn();
      this.#sliceEnd = performance.now() + SLICE_MS;
    }
    signal?.throwIfAborted();
    return this.#backend.encode(pack());
  }

  close() {}
}
