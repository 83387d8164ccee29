// SPDX-License-Identifier: MIT
// Which keys are allowed, and which part of a value a range means. One rule for all storages,
// so that a key that is refused by a directory is not accepted by a zip of the same run: no empty
// names, no '.' or '..' (a URL parser folds even an escaped '..'), no NUL, no lone surrogate (it
// has no UTF-8 form). Any other character is a name's own business: BORES uses U+2192 and '%'.

import { BoresError } from '../../core/errors.js';

/** @import { ByteRange } from './storage.js' */

const FORBIDDEN_NAME = /(?:^|\/)\.{0,2}(?:\/|$)|\0/;

/**
 * @param {unknown} key
 * @returns {asserts key is string}
 * @throws {BoresError} ERR_ARGUMENT naming the key
 */
export function checkKey(key) {
  if (typeof key !== 'string') {
    throw new BoresError('ERR_ARGUMENT', `a key is a string, not ${describe(key)}`);
  }
  if (FORBIDDEN_NAME.test(key) || !key.isWellFormed()) {
    throw new BoresError('ERR_ARGUMENT', `'${key}' is not a key: names joined by '/', none of ` +
      `them empty, '.' or '..', without NUL or lone surrogates`, { key });
  }
}

/**
 * @param {unknown} folder  '' is the root
 * @returns {asserts folder is string}
 */
export function checkFolder(folder) {
  if (folder !== '') checkKey(folder);
}

/**
 * @param {number} total  length of the value in bytes
 * @param {ByteRange} range
 * @returns {{ start: number, end: number }}  within [0, total]
 */
export function clipRange(total, range) {
  checkRange(range);
  if ('suffixLength' in range) {
    return { start: Math.max(0, total - range.suffixLength), end: total };
  }
  const start = Math.min(range.offset, total);
  return { start, end: Math.min(start + range.length, total) };
}

/**
 * @param {ByteRange} range
 * @throws {BoresError} ERR_ARGUMENT
 */
export function checkRange(range) {
  const parts = 'suffixLength' in range ? [range.suffixLength] : [range.offset, range.length];
  for (const part of parts) {
    if (!Number.isSafeInteger(part) || part < 0) {
      throw new BoresError('ERR_ARGUMENT', `a range is made of whole numbers of bytes from 0 up, ` +
        `not ${JSON.stringify(range)}`);
    }
  }
}

/** @param {unknown} value */
function describe(value) {
  return value === null ? 'null' : typeof value;
}
