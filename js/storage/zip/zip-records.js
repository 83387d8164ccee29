// SPDX-License-Identifier: MIT
// The records of a zip archive as they are written: values stored as they are, Zip64 where 32 bits do not do.
// Source: PKWARE APPNOTE 6.3.9, 4.3 and 4.5.3.

import { BoresError } from '../../core/errors.js';

/** @typedef {{ name: Uint8Array, crc: number, size: number, offset: number }} Written */

/** What the 32 and 16 bits of a field cannot say. */
const MAX_32 = 0xffffffff, MAX_16 = 0xffff;
/** Names are UTF-8. (4.4.4, bit 11) */
const UTF8_FLAG = 0x0800;
/** 1980-01-01, so that the same store is the same file. */
const DATE = 0x21;

/** Little-endian fields, one after the other: [bytes, value]. @param {[number, number][]} fields */
function record(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return bytes;
}

/** @param {...Uint8Array} parts */
function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * What stands before a value.
 * @param {string} key
 * @param {Omit<Written, 'offset'>} entry
 * @throws {BoresError} ERR_LIMIT
 */
export function localHeader(key, { name, crc, size }) {
  if (name.length > MAX_16 || size >= MAX_32) {
    throw new BoresError('ERR_LIMIT', `'${key}' is too long for a zip`, { key });
  }
  return joined(record([[4, 0x04034b50], [2, 20], [2, UTF8_FLAG], [2, 0], [2, 0], [2, DATE],
    [4, crc], [4, size], [4, size], [2, name.length], [2, 0]]), name);
}

/** Its line in the directory. @param {Written} entry */
export function centralHeader({ name, crc, size, offset }) {
  const far = offset >= MAX_32;
  const extra = far ? record([[2, 1], [2, 8], [8, offset]]) : new Uint8Array(0);
  return joined(record([[4, 0x02014b50], [2, far ? 45 : 20], [2, far ? 45 : 20],
    [2, UTF8_FLAG], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size],
    [2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0],
    [4, far ? MAX_32 : offset]]), name, extra);
}

/**
 * What follows the directory.
 * @param {{ count: number, begin: number, length: number, comment?: Uint8Array }} directory
 */
export function endRecords({ count, begin, length, comment = new Uint8Array(0) }) {
  const needs64 = count >= MAX_16 || begin >= MAX_32 || length >= MAX_32;
  const end64 = needs64 ? joined(record([[4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count],
    [8, count], [8, length], [8, begin]]), record([[4, 0x07064b50], [4, 0], [8, begin + length], [4, 1]]))
    : new Uint8Array(0);
  return joined(end64, record([[4, 0x06054b50], [2, 0], [2, 0], [2, Math.min(count, MAX_16)],
    [2, Math.min(count, MAX_16)], [4, Math.min(length, MAX_32)], [4, Math.min(begin, MAX_32)],
    [2, comment.length]]), comment);
}
