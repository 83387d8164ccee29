// SPDX-License-Identifier: MIT
// Entries as keys and bytes. Encoding wants nothing from a storage, so it runs in one go, in whichever
// thread has a core.

import { Core } from './core.js';
import { BoresError } from './errors.js';
import { unzeroed } from './host.js';
import { instanceOf } from './instances.js';
import { arraysIn, decodeText } from './pack.js';

/**
 * @import { PackedParams, PackedTree } from './pack.js'
 *
 * Keys and bytes, in the order in which they are to be written.
 * @typedef {[key: string, bytes: Uint8Array<ArrayBuffer>][]} Puts
 */

/** Of `{ puts: { … } }`, packed: what comes before the first key. */
const HEAD = 18;

/**
 * @param {Core} core
 * @param {'zarr.encode' | 'zarr.root' | 'zarr.encode_chunks' | 'text.encode'} name
 * @param {PackedParams} params
 * @param {{ together?: boolean }} [options]  together: all bytes in one buffer, for who writes them at once
 * @returns {Puts}
 */
export function encode(core, name, params, { together = false } = {}) {
  const op = core.opBeginPacked(0, name, params);
  try {
    core.opDone(op);
    const puts = putsIn(core.view(...core.opResultAt(op)));
    return together ? copyTogether(core, puts)
      : puts.map(([key, { pointer, nbytes }]) => [key, new Uint8Array(core.copyOut(pointer, nbytes))]);
  } finally {
    core.opFree(op);
  }
}

/**
 * Entries of a Zarr store, by the module of this thread.
 * @param {PackedParams} params
 * @param {{ together?: boolean }} [options]
 * @returns {Promise<Puts>}
 */
export async function encodeZarr(params, options) {
  return encode(await instanceOf(Core.load), 'zarr.encode', params, options);
}

/**
 * @param {PackedTree} tree  `{ puts: { key: bytes } }`
 * @returns {Puts}
 */
export function readPuts({ packed, buffers }) {
  return putsIn(packed).map(([key], i) => [key, new Uint8Array(buffers[i])]);
}

/**
 * As a map they would be an object of hundreds of members that nobody asks for by name.
 * @param {Uint8Array} packed  `{ puts: { key: bytes } }`
 * @returns {[key: string, bytes: { pointer: number, nbytes: number }][]}
 */
function putsIn(packed) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const arrays = arraysIn(packed);
  if (view.getUint32(1, true) !== 1 || view.getUint32(HEAD - 4, true) !== arrays.length) {
    throw new BoresError('ERR_INTERNAL', 'what is encoded is not keys and bytes');
  }
  let at = HEAD;
  return arrays.map((array) => {
    const end = at + 4 + view.getUint32(at, true);
    const key = decodeText(packed, at + 4, end);
    at = array.at + 4; // behind its pointer
    return [key, array];
  });
}

/**
 * @param {Core} core
 * @param {ReturnType<typeof putsIn>} puts
 * @returns {Puts}
 */
function copyTogether(core, puts) {
  const all = unzeroed(puts.reduce((sum, [, { nbytes }]) => sum + nbytes, 0));
  let end = 0;
  return puts.map(([key, { pointer, nbytes }]) => {
    const bytes = all.subarray(end, end += nbytes);
    bytes.set(core.view(pointer, nbytes));
    return [key, bytes];
  });
}
