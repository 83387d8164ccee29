// SPDX-License-Identifier: MIT
// Following a store that another process appends to: what is there, then each entry as it comes.

import { sleep } from '../core/waiting.js';
import { indexOf } from './contents.js';

/** @import { Contents } from './contents.js' */

/**
 * The indices of entries, as they become whole: what is unfinished is none of the content's.
 *
 * @param {Contents} contents
 * @param {{ fromIdx?: number, pollMs?: number, signal?: AbortSignal }} [options]
 * @returns {AsyncGenerator<number, void, void>}  ends only by `signal` or return()
 */
export async function* followIndices(contents, { fromIdx = 0, pollMs = 1000, signal } = {}) {
  let next = fromIdx;
  for (;;) {
    const content = await contents.refresh({ signal });
    const indices = content.groups.map((_, position) => indexOf(content, position));
    for (const idx of indices) {
      if (idx < next) continue;
      next = idx + 1;
      yield idx;
    }
    signal?.throwIfAborted();
    await sleep(pollMs, signal);
  }
}
