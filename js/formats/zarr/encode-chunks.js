// SPDX-License-Identifier: MIT
// A part of an array as keys and bytes. What is made can be read again and compared before anybody has it: then
// whoever stores it has only to see that the bytes are the same.

import { encode } from '../../core/encode.js';
import { BoresError } from '../../core/errors.js';
import { unpack } from '../../core/pack.js';
import { sameBytes } from './same-bytes.js';
import { MemoryStorage } from '../../storage/memory/memory.js';
import { below, documentBytes } from './document-text.js';
import { ZarrSession, getCore } from './zarr-session.js';

/**
 * @import { Puts } from '../../core/encode.js'
 * @import { PackedParams } from '../../core/pack.js'
 */

/** @param {PackedParams} params  `{ path, document, start, data }`; without data the document is checked */
export async function encodeChunks(params) {
  return encode(await getCore(), 'zarr.encode_chunks', params);
}

/**
 * @param {PackedParams} params  as above
 * @returns {Promise<Puts>}
 * @throws {BoresError} ERR_CORRUPT naming an array that is another when it is read again
 */
export async function encodeChunksChecked(params) {
  const puts = await encodeChunks(params);
  /** @type {any} */ const { path, document, start, data } = unpack(params.packed, ({ shape }) => ({ shape }));
  if (!data) return puts;
  const version = document.zarr_format;
  const session = new ZarrSession(new MemoryStorage([...puts,
    [below(path, version === 3 ? 'zarr.json' : '.zarray'), documentBytes(document)]]));
  try {
    const slice = data.shape.map((/** @type {number} */ n, /** @type {number} */ d) => [start[d], start[d] + n, null]);
    const isSame = await session.lend('array', { path, slice, version, raw: true }, undefined,
      ({ buffers: [bytes] }) => sameBytes(bytes, params.buffers[0]));
    if (isSame) return puts;
  } finally {
    await session.close();
  }
  throw new BoresError('ERR_CORRUPT',
    `${path}: its chunks from [${start.join(', ')}] on are not what they were made of`, { path });
}
