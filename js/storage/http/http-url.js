// SPDX-License-Identifier: MIT
// Addresses: of a key below a folder, as messages show them, and of another origin.

import { BoresError } from '../../core/errors.js';

/**
 * @param {string | URL} url
 * @returns {{ before: string, after: string }}  what stands before and behind a key
 */
export function splitUrl(url) {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new BoresError('ERR_ARGUMENT', `'${url}' is not an http: or https: URL`);
  }
  const after = parsed.search;
  parsed.search = '';
  parsed.hash = '';
  return { before: parsed.href.replace(/\/+$/, ''), after };
}

/**
 * @param {string} before  as `splitUrl()` gives it
 * @param {string} key
 * @param {string} after
 */
export function joinUrl(before, key, after) {
  return `${before}/${key.split('/').map(encodeURIComponent).join('/')}${after}`;
}

/**
 * A URL as messages may show it: a query often holds a signature.
 * @param {string} url
 */
export function shown(url) {
  return url.replace(/\?.*$/, '');
}

/**
 * What a page is told where a request had no answer that it may see. A browser does not say why: the
 * server may be down, or not allow it.
 * @param {string} url
 */
export function corsHint(url) {
  return isForeign(url) ? `; if it is there, it must allow pages of ${globalThis.location.origin} to read it `
    + '(CORS: Access-Control-Allow-Origin)' : '';
}

/**
 * Whether a page asks another origin. A suffix range then takes a preflight, which servers that
 * allow simple requests to everybody do not answer.
 * Source: Fetch standard, section "CORS-safelisted request-header".
 *
 * @param {string} url
 */
export function isForeign(url) {
  const { location } = globalThis;
  return location !== undefined && location.origin !== new URL(url).origin;
}
