// SPDX-License-Identifier: MIT
// Reads the records of a segment, from wherever they have been read to, up to the last that is whole.

import { Xxh32, xxh32 } from '../base/xxh32.js';
import {
  HEADER_BYTES, HEAD_BYTES, SEAL, TRAILER_BYTES, padded, parseDirectory, parseHead, parseTrailer,
} from './opfs-format.js';

/** @import { Head, SegmentId } from './opfs-format.js' */
/** @typedef {(at: number, length: number) => Promise<Uint8Array> | Uint8Array} Read  clipped at the end */
/** @typedef {{ offset: number, length: number }} Extent  bytes, in a segment */

/**
 * What a segment adds to an index: each key's place, or undefined when it is deleted.
 *
 * @typedef {object} Scanned
 * @property {Map<string, Extent | undefined>} changes
 * @property {number} end      of the last record that is whole
 * @property {boolean} sealed  no record follows
 */

const WINDOW = 256 * 1024; // bytes read at a time where records are small

/**
 * @param {Read} read
 * @param {number} size  of the segment, in bytes
 * @param {SegmentId} id
 * @param {string} location  for messages
 * @param {{ from?: number, live?: boolean }} [options]  from: the end of an earlier scan; live: it
 *   is being written now, so no power has failed since, and no value is to be checked
 * @returns {Promise<Scanned>}
 */
export async function scanSegment(read, size, id, location, { from = HEADER_BYTES, live = false } = {}) {
  /** @type {Scanned} */
  const scanned = { changes: new Map(), end: from, sealed: false };
  if (size <= from) return scanned;
  const windowed = readWindows(read, from);
  const sealAt = parseTrailer(await windowed(Math.max(0, size - TRAILER_BYTES), TRAILER_BYTES), id);
  const seal = sealAt === undefined ? undefined : await readRecord(windowed, id, sealAt, size);
  if (seal?.head.kind === SEAL) {
    const { places, deletes } = parseDirectory(seal.directory, location);
    for (const key of deletes) scanned.changes.set(key, undefined);
    for (const [key, offset, length] of places) scanned.changes.set(key, { offset, length });
    return { ...scanned, end: size, sealed: true };
  }
  const records = [];
  for (let at = from; ;) {
    const record = await readRecord(windowed, id, at, size);
    if (record === undefined || record.head.kind === SEAL) break; // a seal without its trailer
    records.push({ ...record, at });
    at = record.end;
  }
  const durableTo = records.at(-1)?.head.durableTo ?? 0;
  for (const record of records) {
    if (!live && record.at >= durableTo && !await isWhole(read, record)) break;
    take(scanned.changes, record, location);
    scanned.end = record.end;
  }
  return scanned;
}

/**
 * @typedef {object} ScannedRecord
 * @property {Head} head
 * @property {Uint8Array} directory
 * @property {number} valuesAt  offset in the segment
 * @property {number} end       offset of the next record
 */

/**
 * @param {Read} read
 * @param {SegmentId} id
 * @param {number} at
 * @param {number} size
 * @returns {Promise<ScannedRecord | undefined>}  undefined when there is none, or not all of it
 */
async function readRecord(read, id, at, size) {
  const head = parseHead(await read(at, HEAD_BYTES), id, at);
  if (head === undefined) return undefined;
  const valuesAt = at + HEAD_BYTES + padded(head.directoryLength);
  const end = valuesAt + padded(head.valuesLength);
  if (end > size) return undefined;
  const directory = await read(at + HEAD_BYTES, head.directoryLength);
  if (xxh32(directory) !== head.directoryHash) return undefined;
  return { head, directory, valuesAt, end };
}

/**
 * @param {Read} read
 * @param {ScannedRecord} record
 */
async function isWhole(read, { head, valuesAt, end }) {
  const hash = new Xxh32();
  for (let at = valuesAt; at < end; at += WINDOW) hash.update(await read(at, Math.min(WINDOW, end - at)));
  return hash.digest() === head.valuesHash;
}

/**
 * @param {Scanned['changes']} changes
 * @param {ScannedRecord} record
 * @param {string} location
 */
function take(changes, { directory, valuesAt }, location) {
  const { puts, deletes } = parseDirectory(directory, location);
  for (const key of deletes) changes.set(key, undefined);
  let offset = valuesAt;
  for (const [key, length] of puts) {
    changes.set(key, { offset, length });
    offset += length;
  }
}

/**
 * The same, with few reads where many are small and one follows the other.
 * @param {Read} read
 * @param {number} from  what is behind it within a window is read with it
 * @returns {(at: number, length: number) => Promise<Uint8Array>}
 */
function readWindows(read, from) {
  let start = 0;
  let bytes = new Uint8Array(0);
  return async (at, length) => {
    if (at < start || at + length > start + bytes.length) {
      start = bytes.length === 0 && at + length - from <= WINDOW ? from : at;
      bytes = (await read(start, Math.max(at + length - start, WINDOW))).slice();
    }
    return bytes.subarray(at - start, at - start + length);
  };
}
