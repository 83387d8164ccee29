// SPDX-License-Identifier: MIT
// What an HTTP answer is worth: is it the range that was asked for, is its body whole, is it still
// the same version. Servers, proxies and development servers get each of these wrong, and a wrong
// answer taken for a chunk would be silent, wrong data.
// Source: RFC 9110, sections 8.6 (Content-Length), 8.8 (validators), 14.4 (Content-Range).

import { BoresError } from '../../core/errors.js';

/** @import { ByteRange } from '../base/storage.js' */

/**
 * The range to ask for instead of the first byte alone: Vite's server, which is sirv, takes the last
 * byte's number 0 for none, and answers `bytes=0-0` with the whole.
 *
 * @param {{ offset: number, length: number }} range  at least one byte
 * @returns {{ offset: number, length: number }}
 */
export function askedRange({ offset, length }) {
  return { offset, length: offset === 0 ? Math.max(2, length) : length };
}

/**
 * The Content-Range of a 206, checked against what was asked for.
 *
 * @param {Response} response
 * @param {string} key
 * @param {ByteRange} [range]  at least one byte; without it, the whole
 * @returns {{ start: number, end: number, total: number | undefined }}  `end` exclusive
 */
export function checkContentRange(response, key, range = { offset: 0, length: Infinity }) {
  const header = response.headers.get('content-range');
  const isWhole = 'offset' in range && range.length === Infinity;
  const asked = isWhole ? 'all of it' : JSON.stringify(range);
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header ?? '');
  const fail = (/** @type {string} */ why) => {
    throw httpError(key, `${asked} was asked for, Content-Range is '${header}': ${why}`);
  };
  if (!match) {
    return fail(header === null && response.type === 'cors'
      ? 'a server of another origin must name it in Access-Control-Expose-Headers'
      : 'not one range of bytes');
  }
  const [start, last] = [Number(match[1]), Number(match[2])];
  const total = match[3] === '*' ? undefined : Number(match[3]);
  const end = last + 1;
  if (end <= start || end > (total ?? Infinity) || !Number.isSafeInteger(total ?? last)) {
    return fail('it contradicts itself');
  }
  if ('suffixLength' in range) {
    if (total === undefined) return fail('the length of the whole is missing');
    const due = Math.max(0, total - range.suffixLength);
    if (start !== due || end !== total) return fail('another part');
  } else if (start !== range.offset || end !== Math.min(start + range.length, total ?? Infinity)) {
    return fail('another part');
  }
  return { start, end, total };
}

/**
 * The number of bytes a body will have, where the headers tell. They do not where the body is
 * compressed in transit: Content-Length then counts the compressed bytes, and a page cannot even
 * see that for another origin.
 *
 * @param {Response} response
 * @returns {number | undefined}
 */
export function declaredLength(response) {
  if (encodingOf(response) !== 'identity') return undefined;
  if (response.type === 'cors' && response.status !== 206) return undefined;
  const length = response.headers.get('content-length');
  return length !== null && /^\d+$/.test(length) ? Number(length) : undefined;
}

/**
 * The number of bytes that are sent of a body that is compressed in transit, where the headers tell.
 *
 * @param {Response} response
 * @returns {number | undefined}
 */
export function packedLength(response) {
  const length = response.headers.get('content-length');
  return encodingOf(response) !== 'identity' && length !== null && /^\d+$/.test(length) ? Number(length) : undefined;
}

/** How a body is compressed, as far as a page can see it. @param {Response} response */
export function encodingOf(response) {
  return response.headers.get('content-encoding') || 'identity';
}

/**
 * @typedef {object} Body
 * @property {Uint8Array} bytes  what came: fewer or more than announced when the server lied
 * @property {unknown} [cut]     why no more came, where the connection failed
 */

/**
 * @param {Response} response
 * @param {number | undefined} length  where it is known; the reading ends behind it
 * @param {number} limit               more bytes than this end with `overLimit()`
 * @param {(length: number) => BoresError} overLimit
 * @param {(length: number) => void} onChunk  called for each piece that arrives
 * @returns {Promise<Body>}
 */
export async function readBody(response, length, limit, overLimit, onChunk) {
  if (response.body === null) return { bytes: new Uint8Array(0) };
  const reader = response.body.getReader();
  let bytes = new Uint8Array(0);
  let used = 0;
  try {
    if (length !== undefined && length > limit) throw overLimit(length);
    bytes = new Uint8Array(length ?? 0);
    while (used <= (length ?? limit)) {
      const { done, value } = await reader.read();
      if (done) break;
      onChunk(value.length);
      if (used + value.length > limit) throw overLimit(used + value.length);
      bytes = grown(bytes, used, used + value.length);
      bytes.set(value, used);
      used += value.length;
    }
    return { bytes: bytes.subarray(0, used) };
  } catch (error) {
    if (error instanceof BoresError) throw error;
    return { bytes: bytes.subarray(0, used), cut: error };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} used
 * @param {number} needed
 */
function grown(bytes, used, needed) {
  if (needed <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(needed, used * 2));
  larger.set(bytes.subarray(0, used));
  return larger;
}

/**
 * What tells one version of a resource from another; `undefined` where the server gives nothing.
 * A weak mark, and the suffix that servers add to the tag of a compressed answer, do not count.
 *
 * @param {Response} response
 */
export function versionOf(response) {
  const tag = response.headers.get('etag');
  if (tag !== null) return tag.replace(/^W\//, '').replace(/[-;](gzip|br|zstd|deflate)"$/, '"');
  return response.headers.get('last-modified') ?? undefined;
}

/**
 * Whether an answer is a web page: what development servers send for a path they do not know, and
 * proxies when they want a login. No value of ours looks like that.
 *
 * @param {Response} response
 * @param {Uint8Array} bytes
 */
export function isWebPage(response, bytes) {
  if (!response.headers.get('content-type')?.startsWith('text/html')) return false;
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 256)).trimStart();
  return /^<(!doctype html|html|head|script)\b/i.test(start);
}

/**
 * A range that begins behind the end is an empty one; the answer must bear that out.
 *
 * @param {Response} response
 * @param {string} key
 * @param {ByteRange} range
 */
export function beyondEnd(response, key, range) {
  const match = /^bytes \*\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  const total = match ? Number(match[1]) : undefined;
  const offset = 'offset' in range ? range.offset : 0;
  if (total !== undefined && offset < total) {
    throw httpError(key,
      `${JSON.stringify(range)} was refused although the whole has ${total} bytes`);
  }
  return { bytes: new Uint8Array(0), start: total ?? offset, total };
}

/**
 * @param {string} key
 * @param {string | undefined} before
 * @param {string} now
 */
export function changed(key, before, now) {
  return httpError(key, `it changed on the server between two reads: was ${before}, is ${now}`);
}

/**
 * @param {string} key
 * @param {string} why
 * @param {unknown} [cause]
 */
export function httpError(key, why, cause) {
  return new BoresError('ERR_HTTP', `'${key}': ${why}`, { key, cause });
}
