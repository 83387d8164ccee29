// SPDX-License-Identifier: MIT
// Entries on their way into an HDF5 file. They are written by the module that has the file open, so what
// travels is what the operation takes: packed parameters and, beside them, the arrays' elements.

/**
 * @import { Puts } from '../../core/encode.js'
 * @import { PackedParams } from '../../core/pack.js'
 */

const PARAMS = 'params', POINTERS = 'pointers';

/**
 * @param {PackedParams} params
 * @returns {Puts}  the elements are borrowed
 */
export function toPuts({ packed, buffers, pointers }) {
  return [[PARAMS, packed], [POINTERS, new Uint8Array(Uint32Array.from(pointers).buffer)],
    ...buffers.map((bytes, i) => /** @type {Puts[0]} */ ([String(i), bytes]))];
}

/**
 * @param {Puts} puts  of any number of entries
 * @returns {PackedParams[]}
 */
export function fromPuts(puts) {
  /** @type {PackedParams[]} */
  const all = [];
  for (const [key, bytes] of puts) {
    const last = all[all.length - 1];
    if (key === PARAMS) all.push({ packed: bytes, buffers: [], pointers: [] });
    else if (key === POINTERS) last.pointers = [...new Uint32Array(bytes.slice().buffer)];
    else last.buffers.push(bytes);
  }
  return all;
}
