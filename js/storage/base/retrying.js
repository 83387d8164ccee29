// SPDX-License-Identifier: MIT
// Reading files of a browser that somebody else writes: one that was changed between the look at it and
// the reading fails to be read, and is looked at again.

import { BoresError } from '../../core/errors.js';
import { fromBrowser } from './browser-errors.js';
import { sleep } from '../../core/waiting.js';

const ATTEMPTS = 200; // while a writer commits without a pause
const ATTEMPT_MS = 8;
const RELEASE_ATTEMPTS = 100;
const RELEASE_MS = 20;
/** What reading a file that has changed fails with: NotReadable in Chromium, Abort in Firefox. */
const CHANGED = new Set(['NotReadableError', 'AbortError', 'NotFoundError']);

/**
 * Retries what a writer has interrupted.
 *
 * @template T
 * @param {string} location
 * @param {() => Promise<T>} run
 * @param {{ signal?: AbortSignal, replaced?: () => Promise<void> }} [options]  replaced(): called
 *   before another attempt when a file was gone
 * @returns {Promise<T>}
 */
export async function retrying(location, run, { signal, replaced } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (cause) {
      signal?.throwIfAborted();
      const { name, message } = /** @type {DOMException} */ (cause);
      if (!CHANGED.has(name)) throw fromBrowser(cause, `${location} cannot be read`, { signal });
      if (attempt === ATTEMPTS && name === 'NotFoundError') {
        throw new BoresError('ERR_STORAGE', `${location} is not there any more: it was deleted since it was `
          + `opened (${name}: ${message})`, { cause });
      }
      if (attempt === ATTEMPTS) {
        throw new BoresError('ERR_STORAGE', `${location} changes too quickly to be read: ${name}: ` +
          message, { cause });
      }
      if (name === 'NotFoundError') await replaced?.();
      await sleep(Math.random() * ATTEMPT_MS, signal);
    }
  }
}

/**
 * Tries again for a moment while a file has a lock: of a worker that was terminated, or a page that was
 * reloaded, the browser takes its own time to forget it.
 *
 * @template T
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function whenReleased(run) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const isHeld = /** @type {DOMException} */ (error).name === 'NoModificationAllowedError';
      if (!isHeld || attempt === RELEASE_ATTEMPTS) throw error;
      await sleep(RELEASE_MS, undefined);
    }
  }
}
