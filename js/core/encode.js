// SPDX-License-Identifier: MIT
// Entries as keys and bytes. Encoding wants nothing from a storage, so it runs in one go, in whichever
// thread has a core.

import { unpack } from './pack.js';

/**
 * @import { Core } from './core.js'
 * @import { PackedParams, PackedTree } from './pack.js'
 *
 * Keys and bytes, in the order in which they are to be written.
 * @typedef {[key: string, bytes: Uint8Array<ArrayBuffer>][]} Puts
 */

/**
 * @param {Core} core
 * @param {'zarr.encode' | 'zarr.root' | 'zarr.encode_chunks' | 'text.encode'} name
 * @param {PackedParams} params
 * @returns {Puts}
 */
export function encode(core, name, params) {
  const op = core.opBeginPacked(0, name, params);
  try {
    core.opDone(op);
    return readPuts(core.opResult(op));
  } finally {
    core.opFree(op);
  }
}

/**
 * @param {PackedTree} tree  `{ puts: { key: bytes } }`
 * @returns {Puts}
 */
export function readPuts({ packed, buffers }) {
  let next = 0;
  const { puts } = /** @type {{ puts: Record<string, Uint8Array<ArrayBuffer>> }} */ (
    unpack(packed, () => new Uint8Array(buffers[next++])));
  return Object.entries(puts);
}
