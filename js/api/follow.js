// SPDX-License-Identifier: MIT
// Following a store that another process appends to: what is there, then each entry as it comes.

/**
 * @import { Contents } from './contents.js'
 * @typedef {{ bytes: number, keys: number } | undefined} Usage
 * @typedef {object} Watched
 * @property {Contents} contents
 * @property {(group: string) => Promise<Usage>} usage  what is stored of an entry
 */

/**
 * The indices of entries that are whole, as they become so. Our own writers commit an entry and the
 * root's `count` together. BORES writes an entry key by key and its `count` at the end, so the last
 * entry of such a store is taken to be whole when the next one has begun, or when nothing of it has
 * changed from one look to the next.
 *
 * @param {Watched} watched
 * @param {{ fromIdx?: number, pollMs?: number, signal?: AbortSignal }} [options]
 * @returns {AsyncGenerator<number, void, void>}  ends only by `signal` or return()
 */
export async function* followIndices({ contents, usage }, { fromIdx = 0, pollMs = 1000, signal } = {}) {
  let next = fromIdx;
  /** @type {{ group: string, usage: Usage } | undefined} */
  let lastLook;
  for (;;) {
    const { layout, groups, attributes } = await contents.refresh({ signal });
    const indices = groups.map((_, position) => contents.indexOf(position));
    const counted = Number.isInteger(attributes.count) ? attributes.count : 0;
    for (const [position, idx] of indices.entries()) {
      if (idx < next) continue;
      const isLast = position === groups.length - 1;
      if (isLast && counted < groups.length && layout !== 'empty') {
        const now = { group: groups[position], usage: await usage(groups[position]) };
        const settled = sameLook(lastLook, now);
        lastLook = now;
        if (!settled) break;
      }
      next = idx + 1;
      yield idx;
    }
    await pause(pollMs, signal);
  }
}

/**
 * @param {{ group: string, usage: Usage } | undefined} before
 * @param {{ group: string, usage: Usage }} now
 */
function sameLook(before, now) {
  return before !== undefined && before.group === now.group
    && before.usage?.bytes === now.usage?.bytes && before.usage?.keys === now.usage?.keys;
}

/**
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
