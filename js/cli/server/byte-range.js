// SPDX-License-Identifier: MIT
// The Range header of a request.
// Source: RFC 9110, sections 13.1.5 (If-Range) and 14.1.2 (byte ranges).

/**
 * The one range that is asked for; several at once are answered with the whole, as is a range of
 * another version than the one that is there.
 *
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {number} size  of the whole, in bytes
 * @param {string} tag   of the version that is there
 * @returns {{ start: number, end: number } | 'outside' | null}  `end` inclusive; null for the whole
 */
export function rangeOf({ range, 'if-range': condition }, size, tag) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (condition !== undefined && condition !== tag) return null;
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  return start > end || start >= size ? 'outside' : { start, end };
}
