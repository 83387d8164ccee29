// SPDX-License-Identifier: MIT
// Entries to keys and bytes in this thread, which gets a turn between them.

import { turn } from '../core/driver.js';
import { encode } from '../core/encode.js';

/**
 * @import { Core } from '../core/core.js'
 * @import { Encoder } from './session.js'
 */

/** How long the thread is kept before others have a turn. */
const SLICE_MS = 12;

/** @implements {Encoder} */
export class LocalEncoder {
  capacity = 1;
  #core;
  #sliceEnd = 0;

  /** @param {() => Promise<Core>} core */
  constructor(core) {
    this.#core = core;
  }

  /** @type {Encoder['encode']} */
  async encode(pack, { signal } = {}) {
    if (performance.now() > this.#sliceEnd) {
      await turn();
      this.#sliceEnd = performance.now() + SLICE_MS;
    }
    const core = await this.#core();
    signal?.throwIfAborted();
    return encode(core, 'zarr.encode', pack());
  }

  close() {}
}
