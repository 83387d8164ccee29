// SPDX-License-Identifier: MIT
// How a store lies in a directory of the origin-private file system: as a log, since a file for each
// value would cost a millisecond and more. A log is a row of segments, `bores-GENERATION-NUMBER.log`:
//
//   header    64 bytes, with the mark that its generation is published in segment 0, and a tag that no
//             other file has: who knows an older index sees that a log was deleted and made anew
//   records   one for each commit: head (48), directory (JSON, padded to 16), values (padded to 16)
//   seal      in every segment but the last: a record whose directory tells all places of the segment,
//             and a trailer (16 bytes) that says where it is
//
// The head of a record is written after all the rest of it: where it is valid, the record is whole, but
// for a power failure, after which checksums tell. A replacement is a generation of its own, published
// when it is complete; the one of the highest number that is published counts. All numbers are
// little-endian; the checksums' seeds are where a thing is, so that nothing old passes for new.

import { BoresError } from '../../core/errors.js';
import { checkKey } from '../base/keys.js';
import { xxh32 } from '../base/xxh32.js';

export const HEADER_BYTES = 64;
export const HEAD_BYTES = 48;
export const TRAILER_BYTES = 16;
export const COMMIT = 1;
export const SEAL = 2;
const PUBLISHED_AT = 32; // in the header
const TAG_AT = 44;
export const TAG_BYTES = 16;
const MAGIC = { log: 0x474f4c42, published: 0x42555042, record: 0x43455242, trailer: 0x4c414553 };
const VERSION = 1;

/** @typedef {{ generation: number, number: number }} SegmentId */

/**
 * @typedef {object} Head
 * @property {number} kind             COMMIT or SEAL
 * @property {number} directoryLength  bytes, without padding
 * @property {number} directoryHash
 * @property {number} valuesLength     bytes, without padding
 * @property {number} valuesHash       of the values and their padding
 * @property {number} durableTo        offset in the segment: what is before was flushed before this
 */

/**
 * What a record's directory says. `puts` lie one after the other in the record's values; a seal has
 * `places` in the segment instead.
 *
 * @typedef {object} Directory
 * @property {[key: string, length: number][]} [puts]
 * @property {[key: string, offset: number, length: number][]} [places]
 * @property {string[]} [deletes]
 */

/** @param {SegmentId} id */
export function segmentName({ generation, number }) {
  return `bores-${String(generation).padStart(6, '0')}-${String(number).padStart(6, '0')}.log`;
}

/**
 * @param {string} name  of a file
 * @returns {SegmentId | undefined}
 */
export function parseSegmentName(name) {
  const match = /^bores-(\d{6,9})-(\d{6,9})\.log$/.exec(name);
  return match === null ? undefined : { generation: Number(match[1]), number: Number(match[2]) };
}

/** @param {number} length  bytes */
export function padded(length) {
  return Math.ceil(length / 16) * 16;
}

/**
 * @param {SegmentId} id
 * @param {Uint8Array} tag  of TAG_BYTES
 * @returns {Uint8Array}  not published
 */
export function encodeHeader({ generation, number }, tag) {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  [MAGIC.log, VERSION, generation, number].forEach((word, i) => view.setUint32(4 * i, word, true));
  view.setUint32(16, xxh32(header.subarray(0, 16)), true);
  header.set(tag, TAG_AT);
  return header;
}

/**
 * The part of segment 0's header that publishes its generation.
 * @param {number} generation
 * @returns {{ at: number, bytes: Uint8Array }}
 */
export function encodePublished(generation) {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC.published, true);
  view.setUint32(4, generation, true);
  view.setUint32(8, xxh32(bytes.subarray(0, 8), generation), true);
  return { at: PUBLISHED_AT, bytes };
}

/**
 * @param {Uint8Array} bytes  of the file's beginning
 * @param {SegmentId} id
 * @returns {{ published: boolean, tag: string } | undefined}  undefined when it was not written to its end
 * @throws {BoresError} ERR_UNSUPPORTED for a later version
 */
export function parseHeader(bytes, id) {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  const words = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  if (words[0] !== MAGIC.log || view.getUint32(16, true) !== xxh32(bytes.subarray(0, 16))) return undefined;
  if (words[1] !== VERSION) {
    throw new BoresError('ERR_UNSUPPORTED', `${segmentName(id)} is of version ${words[1]}, known is ${VERSION}`);
  }
  if (words[2] !== id.generation || words[3] !== id.number) return undefined;
  const mark = encodePublished(id.generation);
  const published = mark.bytes.every((byte, i) => byte === bytes[mark.at + i]);
  return { published, tag: tagText(bytes.subarray(TAG_AT, TAG_AT + TAG_BYTES)) };
}

/** @param {Uint8Array} tag */
export function tagText(tag) {
  return Array.from(tag, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @param {Head} head
 * @param {SegmentId} id
 * @param {number} offset  of the record in its segment
 */
export function encodeHead(head, id, offset) {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC.record, true);
  view.setUint32(4, head.kind, true);
  view.setUint32(8, head.directoryLength, true);
  view.setUint32(12, head.directoryHash, true);
  view.setBigUint64(16, BigInt(head.valuesLength), true);
  view.setUint32(24, head.valuesHash, true);
  view.setBigUint64(32, BigInt(head.durableTo), true);
  view.setUint32(44, xxh32(bytes.subarray(0, 44), seedOf(id, offset)), true);
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {SegmentId} id
 * @param {number} offset  of the record in its segment
 * @returns {Head | undefined}  undefined when there is none
 */
export function parseHead(bytes, id, offset) {
  if (bytes.length < HEAD_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== MAGIC.record) return undefined;
  if (view.getUint32(44, true) !== xxh32(bytes.subarray(0, 44), seedOf(id, offset))) return undefined;
  return {
    kind: view.getUint32(4, true),
    directoryLength: view.getUint32(8, true),
    directoryHash: view.getUint32(12, true),
    valuesLength: Number(view.getBigUint64(16, true)),
    valuesHash: view.getUint32(24, true),
    durableTo: Number(view.getBigUint64(32, true)),
  };
}

/**
 * The end of a sealed segment.
 * @param {SegmentId} id
 * @param {number} offset  of the seal
 */
export function encodeTrailer(id, offset) {
  const bytes = new Uint8Array(TRAILER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC.trailer, true);
  view.setBigUint64(4, BigInt(offset), true);
  view.setUint32(12, xxh32(bytes.subarray(0, 12), seedOf(id, 0)), true);
  return bytes;
}

/**
 * @param {Uint8Array} bytes  the last of a segment
 * @param {SegmentId} id
 * @returns {number | undefined}  where its seal is
 */
export function parseTrailer(bytes, id) {
  const view = viewOf(bytes);
  if (bytes.length < TRAILER_BYTES || view.getUint32(0, true) !== MAGIC.trailer) return undefined;
  if (view.getUint32(12, true) !== xxh32(bytes.subarray(0, 12), seedOf(id, 0))) return undefined;
  return Number(view.getBigUint64(4, true));
}

/** @param {Directory} directory */
export function encodeDirectory(directory) {
  return new TextEncoder().encode(JSON.stringify(directory));
}

/**
 * @param {Uint8Array} bytes  whose checksum was right
 * @param {string} location   for the message
 * @returns {Required<Directory>}
 * @throws {BoresError} ERR_CORRUPT
 */
export function parseDirectory(bytes, location) {
  try {
    const { puts = [], places = [], deletes = [] } = JSON.parse(new TextDecoder().decode(bytes));
    for (const [key, ...numbers] of [...puts, ...places]) {
      checkKey(key);
      if (!numbers.every(isOffset)) {
        throw new TypeError(`'${key}' is at ${numbers}`);
      }
    }
    deletes.forEach(checkKey);
    return { puts, places, deletes };
  } catch (cause) {
    throw new BoresError('ERR_CORRUPT', `${location} holds a directory that is not one of ours: ` +
      `${/** @type {Error} */ (cause).message}`, { cause });
  }
}

/** @param {unknown} value */
function isOffset(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * @param {SegmentId} id
 * @param {number} offset
 */
function seedOf({ generation, number }, offset) {
  return Math.imul(generation, 0x9e3779b1) ^ Math.imul(number, 0x85ebca77) ^ (offset / 16);
}

/** @param {Uint8Array} bytes */
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
