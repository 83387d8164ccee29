// SPDX-License-Identifier: MIT
// Raw deflate to bytes of a known number: node:zlib where there is one, at once; else the
// browser's DecompressionStream, which can only be waited for. Output beyond the known
// number ends the work, so a stream that claims little and holds much costs nothing.

import { isNode, loadNode } from '../../core/host.js';

/**
 * @typedef {object} Inflater
 * @property {(packed: Uint8Array, size: number) => Promise<Uint8Array>} inflate
 *   rejects when the stream is damaged or does not hold exactly `size` bytes
 * @property {(packed: Uint8Array, size: number) => Uint8Array} [inflateSync]
 */

/** @returns {Promise<Inflater>} */
export async function loadInflater() {
  if (!isNode()) return { inflate: inflateStream };
  const { zlib } = await loadNode();
  /** @type {(packed: Uint8Array, size: number) => Uint8Array} */
  const inflateSync = (packed, size) => {
    const bytes = zlib.inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
    return assertLength(bytes, size);
  };
  return { inflateSync, inflate: async (packed, size) => inflateSync(packed, size) };
}

/**
 * @param {Uint8Array} packed
 * @param {number} size
 */
async function inflateStream(packed, size) {
  const input = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (packed)]).stream();
  const reader = input.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const bytes = new Uint8Array(size);
  let used = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return assertLength(bytes.subarray(0, used), size);
    if (used + value.length > size) {
      await reader.cancel();
      throw new Error(`it holds more than ${size} bytes`);
    }
    bytes.set(value, used);
    used += value.length;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} size
 */
function assertLength(bytes, size) {
  if (bytes.length === size) return bytes;
  throw new Error(`it holds ${bytes.length} bytes instead of ${size}`);
}
