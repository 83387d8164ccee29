// SPDX-License-Identifier: MIT
// What browsers throw, as errors of ours: a DOMException has no code that says more than its name, and
// names no location.

import { BoresError } from '../../core/errors.js';

const CODES = /** @type {Record<string, string>} */ ({
  QuotaExceededError: 'ERR_QUOTA', NotAllowedError: 'ERR_PERMISSION', SecurityError: 'ERR_PERMISSION',
  NoModificationAllowedError: 'ERR_LOCKED',
});

/**
 * Whether it is a browser's error that is to become one of ours. What ends a call by a signal is not.
 * @param {unknown} error
 * @returns {error is DOMException}
 */
export function isBrowsers(error) {
  return typeof DOMException === 'function' && error instanceof DOMException;
}

/**
 * @param {unknown} error
 * @param {string} what  was done, at which location: the message begins with it
 * @param {{ key?: string, signal?: AbortSignal }} [details]
 * @returns {unknown}  the same, unless it is a browser's
 */
export function fromBrowser(error, what, { key, signal } = {}) {
  if (!isBrowsers(error) || (signal?.aborted && error === signal.reason)) return error;
  const { name, message } = error;
  return new BoresError(CODES[name] ?? 'ERR_STORAGE', `${what}: ${name}: ${message}`,
    { ...(key !== undefined && { key }), cause: error });
}

/**
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} run
 * @param {{ key?: string, signal?: AbortSignal }} [details]
 * @returns {Promise<T>}
 */
export async function withBrowserErrors(what, run, details) {
  try {
    return await run();
  } catch (error) {
    throw fromBrowser(error, what, details);
  }
}
