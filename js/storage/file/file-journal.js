// SPDX-License-Identifier: MIT
// The journal of one commit to a file, as bytes. It lies beside the file as NAME.journal:
//
//   head     64 bytes, durable before the file grows: how long the file was and will be
//   table    24 bytes an extent: where, how long, its checksum
//   extents  what is to be written inside the old file, one after the other
//   end      16 bytes: checksums of head and table; with it the commit is decided
//
// What is new behind the old end of the file lies there already when the journal ends. A journal
// without its end is none: the file is cut to what it was. With it, the extents count as
// written, whether they are or not; writing them twice does no harm. Numbers are little-endian.

import { BoresError } from '../../core/errors.js';
import { OverlayFile } from './overlay-file.js';
import { xxh32 } from '../base/xxh32.js';

/**
 * @import { Extent } from './overlay-file.js'
 * @import { SyncFile } from './sync-file.js'
 *
 * So that a journal is never applied to another file, or to one that others have written since:
 * `print` is a checksum of what the commit leaves as it is, `first` one of the old first sector, which
 * holds HDF5's superblock. `copies`: the whole content is taken from NAME.new, `print` is of that.
 * @typedef {{ oldSize: number, newSize: number, print: number, first: number, copies: boolean }} JournalHead
 * @typedef {JournalHead & { extents: Extent[] }} Journal
 */

export const HEAD_BYTES = 64;
const ROW_BYTES = 24;
const END_BYTES = 16;
const VERSION = 1;
const MAGIC = new TextEncoder().encode('BORESJNL');
const END_MAGIC = new TextEncoder().encode('BORESEND');
const SECTOR = 512; // written as a whole, or not
const PRINT_PAGE = 4096;
const PRINT_PAGES = 16;

/** @param {JournalHead} head */
export function encodeHead({ oldSize, newSize, print, first, copies }) {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, copies ? 1 : 0, true);
  view.setBigUint64(16, BigInt(oldSize), true);
  view.setBigUint64(24, BigInt(newSize), true);
  view.setUint32(32, print, true);
  view.setUint32(36, first, true);
  view.setUint32(60, xxh32(bytes.subarray(0, 60)), true);
  return bytes;
}

/**
 * What follows the head.
 * @param {Uint8Array} head
 * @param {readonly Extent[]} extents
 * @returns {Uint8Array[]}
 */
export function encodeRest(head, extents) {
  const table = new Uint8Array(extents.length * ROW_BYTES);
  const view = new DataView(table.buffer);
  extents.forEach(({ offset, bytes }, i) => {
    view.setBigUint64(i * ROW_BYTES, BigInt(offset), true);
    view.setBigUint64(i * ROW_BYTES + 8, BigInt(bytes.length), true);
    view.setUint32(i * ROW_BYTES + 16, xxh32(bytes), true);
  });
  const end = new Uint8Array(END_BYTES);
  end.set(END_MAGIC);
  new DataView(end.buffer).setUint32(8, extents.length, true);
  new DataView(end.buffer).setUint32(12, checksum(head, table, extents.length), true);
  return [table, ...extents.map(({ bytes }) => bytes), end];
}

/**
 * @param {Uint8Array} bytes  of a journal, whole or not
 * @param {string} name  for the message
 * @returns {JournalHead | undefined}  undefined when not even that is whole
 * @throws {BoresError} ERR_UNSUPPORTED
 */
export function decodeHead(bytes, name) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD_BYTES || !startsWith(bytes, MAGIC)
    || view.getUint32(60, true) !== xxh32(bytes.subarray(0, 60))) return undefined;
  if (view.getUint32(8, true) !== VERSION) {
    throw new BoresError('ERR_UNSUPPORTED', `${name} is a journal of version ${view.getUint32(8, true)}, `
      + `${VERSION} is known: open the file with a newer version`);
  }
  return {
    copies: view.getUint32(12, true) === 1, oldSize: Number(view.getBigUint64(16, true)),
    newSize: Number(view.getBigUint64(24, true)), print: view.getUint32(32, true),
    first: view.getUint32(36, true),
  };
}

/**
 * @param {Uint8Array} bytes
 * @param {string} name  for the message
 * @returns {Journal | undefined}  undefined when it was not written to its end
 */
export function decodeJournal(bytes, name) {
  const head = decodeHead(bytes, name);
  const endAt = bytes.length - END_BYTES;
  if (!head || endAt < HEAD_BYTES || !startsWith(bytes.subarray(endAt), END_MAGIC)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(endAt + 8, true);
  const tableEnd = HEAD_BYTES + count * ROW_BYTES;
  if (tableEnd > endAt) return undefined;
  const table = bytes.subarray(HEAD_BYTES, tableEnd);
  if (checksum(bytes.subarray(0, HEAD_BYTES), table, count) !== view.getUint32(endAt + 12, true)) {
    return undefined;
  }
  /** @type {Extent[]} */
  const extents = [];
  let at = tableEnd;
  for (let row = HEAD_BYTES; row < tableEnd; row += ROW_BYTES) {
    const part = bytes.subarray(at, at + Number(view.getBigUint64(row + 8, true)));
    if (xxh32(part) !== view.getUint32(row + 16, true)) return undefined;
    extents.push({ offset: Number(view.getBigUint64(row, true)), bytes: part });
    at += part.length;
  }
  return at === endAt ? { ...head, extents } : undefined;
}

/**
 * A checksum of the first pages that a commit does not touch: they are the same before it, after it,
 * and in between.
 *
 * @param {SyncFile} file
 * @param {readonly Extent[]} extents  in order
 * @param {number} end  how much of the file it leaves, at most
 */
export function printOf(file, extents, end) {
  const page = new Uint8Array(PRINT_PAGE);
  let print = 0;
  let next = 0;
  let taken = 0;
  for (let at = 0; at + PRINT_PAGE <= end && taken < PRINT_PAGES; at += PRINT_PAGE) {
    while (next < extents.length && extents[next].offset + extents[next].bytes.length <= at) next += 1;
    if (next < extents.length && extents[next].offset < at + PRINT_PAGE) continue;
    file.read(at, PRINT_PAGE, page);
    print = xxh32(page, print);
    taken += 1;
  }
  return print;
}

/**
 * A checksum of a file's first sector, as far as it was there before a commit.
 * @param {SyncFile} file
 * @param {number} oldSize
 */
export function firstOf(file, oldSize) {
  const sector = new Uint8Array(Math.min(SECTOR, file.size(), oldSize || SECTOR));
  file.read(0, sector.length, sector);
  // A commit that makes a file writes its beginning last.
  return oldSize === 0 && sector.every((byte) => byte === 0) ? 0 : xxh32(sector);
}

/**
 * A file as it is with its journal: what was decided counts, what was not is not there.
 *
 * @param {SyncFile} file
 * @param {Uint8Array} bytes  of the journal
 * @param {string} name  of the journal, for messages
 * @returns {{ file: SyncFile, journal?: Journal, head?: JournalHead }}  head: of one that is not whole and
 *   whose commit may have made the file longer
 * @throws {BoresError} ERR_CORRUPT for the journal of another file
 */
export function withJournal(file, bytes, name) {
  const journal = decodeJournal(bytes, name);
  const head = journal ?? decodeHead(bytes, name);
  if (head === undefined || journal?.copies) return { file, ...(journal && { journal }) };
  const overlay = new OverlayFile(file);
  if (journal) {
    for (const extent of journal.extents) overlay.write(extent.offset, extent.bytes);
    overlay.truncate(journal.newSize);
    assertBelongs(file, overlay, journal, name);
    return { file: overlay, journal };
  }
  const { oldSize, first } = head;
  if (file.size() <= oldSize || firstOf(file, oldSize) !== first) return { file };
  overlay.truncate(oldSize);
  return { file: overlay, head };
}

/**
 * @param {SyncFile} file     as it is
 * @param {SyncFile} overlay  with the journal
 * @param {Journal} journal
 * @param {string} name
 */
function assertBelongs(file, overlay, journal, name) {
  const { oldSize, newSize, extents, print, first } = journal;
  const size = file.size();
  const end = Math.min(oldSize, newSize);
  const why = size < end || size > Math.max(oldSize, newSize)
    ? `the file has ${size} bytes, had ${oldSize} and is to have ${newSize}`
    : ![first, firstOf(overlay, oldSize)].includes(firstOf(file, oldSize)) ? 'its beginning is another'
      : printOf(file, extents, end) !== print ? 'its content is another' : undefined;
  if (why === undefined) return;
  throw new BoresError('ERR_CORRUPT', `${name} was left by an interrupted writer, and ${file.location} has `
    + `been changed since (${why}); if the file is right as it is, delete the journal`);
}

/**
 * @param {Uint8Array} head
 * @param {Uint8Array} table
 * @param {number} count
 */
function checksum(head, table, count) {
  return xxh32(table, xxh32(head, count));
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} start
 */
function startsWith(bytes, start) {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}
