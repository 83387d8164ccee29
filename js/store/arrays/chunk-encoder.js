// SPDX-License-Identifier: MIT
// What encodes chunks of arrays: this thread, or the shared ones.

import { LocalEncoder } from '../../formats/local-encoder.js';
import { encodingOf } from '../../formats/encodings.js';
import { NoWorkerError, PoolEncoder } from '../../worker/client.js';

/** @typedef {import('../../formats/session.js').Encoder} Encoder */

/**
 * In this thread.
 * @param {boolean} [checked]  what is encoded is read again and compared
 * @returns {Encoder}
 */
export const localEncoder = (checked = false) => new LocalEncoder({ borrows: false,
  encode: async (params) => (await encodingOf(nameOf(checked)))(params) }, false);

/**
 * In threads, where there can be any.
 * @param {{ checked: boolean, worker?: boolean | 'auto' }} options  worker: false: in this thread
 * @returns {Promise<Encoder>}
 */
export async function openChunkEncoder({ checked, worker }) {
  if (worker === false) return localEncoder(checked);
  return PoolEncoder.open(nameOf(checked), false).catch((error) => {
    if (error instanceof NoWorkerError && worker !== true) return localEncoder(checked);
    throw error;
  });
}

/** @param {boolean} checked */
const nameOf = (checked) => (checked ? 'chunks checked' : 'chunks');
