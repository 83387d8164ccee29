// SPDX-License-Identifier: MIT
// A storage as zarrita takes one: the same calls, by keys that begin with a slash.

import { clipRange } from './base/keys.js';

/**
 * @import { ByteRange, Storage } from './base/storage.js'
 * @typedef {{ signal?: AbortSignal | null }} ZarritaOptions  as for fetch()
 */

/**
 * @param {Storage} storage  stays the caller's, to close
 * @returns {{ get: (key: string, options?: ZarritaOptions) => Promise<Uint8Array | undefined>,
 *   getRange: (key: string, range: ByteRange, options?: ZarritaOptions) => Promise<Uint8Array | undefined> }}
 */
export function zarritaStore(storage) {
  const named = (/** @type {string} */ key) => key.replace(/^\//, '');
  return {
    get: (key, options) => storage.get(named(key), signalOf(options)),
    getRange: async (key, range, options) => {
      if (storage.getRange) return storage.getRange(named(key), range, signalOf(options));
      const whole = await storage.get(named(key), signalOf(options));
      if (whole === undefined) return undefined;
      const { start, end } = clipRange(whole.length, range);
      return whole.slice(start, end);
    },
  };
}

/** @param {ZarritaOptions} [options] */
function signalOf(options) {
  return options?.signal ? { signal: options.signal } : {};
}
