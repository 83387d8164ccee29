// SPDX-License-Identifier: MIT
// What is encoded, by name: a backend's entries and parts of arrays. Each is loaded when it is asked for, so that
// a thread that encodes loads nothing that opens or reads.

import { encodeZarr } from '../core/encode.js';

/**
 * @import { Puts } from '../core/encode.js'
 * @import { PackedParams } from '../core/pack.js'
 * @typedef {(params: PackedParams, options?: { together?: boolean }) => Promise<Puts>} Encoding
 */

/** @type {Record<string, () => Promise<Encoding>>} */
const ENCODINGS = {
  zarr: async () => encodeZarr,
  chunks: async () => (await import('./zarr/encode-chunks.js')).encodeChunks,
  'chunks checked': async () => (await import('./zarr/encode-chunks.js')).encodeChunksChecked,
};

/**
 * How a backend's entries are encoded, or what has a name of its own.
 * @param {string} name
 * @returns {Promise<Encoding>}
 */
export async function encodingOf(name) {
  return Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name]() : (await import('./backends.js')).backendOf(name).encode;
}
