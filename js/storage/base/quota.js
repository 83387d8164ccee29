// SPDX-License-Identifier: MIT
// What the browser lets this origin store, and what is said when that was not enough.

import { BoresError } from '../../core/errors.js';

/** @returns {Promise<number>}  bytes that are left, NaN where the browser does not say */
export async function quotaLeft() {
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => undefined);
  const { quota = NaN, usage = NaN } = estimate ?? {};
  return quota - usage;
}

/**
 * @param {string} what  happened
 * @param {{ key?: string, needed?: number, cause?: unknown }} details  needed: bytes
 * @returns {Promise<BoresError>}  ERR_QUOTA; without `limit` where the browser tells none that could
 *   be true: some make the number up, and say 10 GiB where there is nothing left
 */
export async function quotaError(what, { key, needed = 0, cause }) {
  const left = await quotaLeft();
  const limit = left < needed ? Math.max(0, left) : undefined;
  const { name = 'QuotaExceededError', message = '' } = /** @type {Error} */ (cause ?? {});
  const need = needed > 0 ? `${needed} bytes are needed, ` : '';
  const room = limit === undefined ? "the browser's storage is full" : `the browser has room for ${limit}`;
  return new BoresError('ERR_QUOTA', `${what}: ${need}${room} (${name}: ${message})`, {
    ...(key !== undefined && { key }), ...(needed > 0 && { needed }), ...(limit !== undefined && { limit }),
    cause,
  });
}
