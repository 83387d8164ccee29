// SPDX-License-Identifier: MIT
// The central directory of a zip archive: which keys there are, and where their bytes are.
// It alone counts; local headers are only consulted for where a value begins.
//
// Everything it says is checked against the archive's size before it is believed, so no claim
// makes the reader allocate or seek beyond what is there. Names that would leave a folder are
// refused, archive and all: no honest writer of a store makes them.
// Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3 (Zip64).

import { BoresError } from '../../core/errors.js';
import { checkKey } from '../base/keys.js';
import { decodeName, normalNames } from './zip-names.js';

/** @import { ByteSource } from '../base/byte-source.js' */
/** @import { ReadOptions } from '../base/storage.js' */

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {number} method      0 stored, 8 deflated; others are refused when read
 * @property {boolean} encrypted
 * @property {number} crc         CRC-32 of the value
 * @property {number} packedSize  bytes in the archive
 * @property {number} size        bytes of the value
 * @property {number} offset      of the local header
 * @property {number} nameLength  bytes of the name, as in the local header
 */

export const STORED = 0;
export const DEFLATED = 8;
/** A deflate stream gives at most this many bytes for one: a match of 258 bytes takes two bits. */
const MAX_DEFLATE_RATIO = 1032;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 0xffff;
const MAX_DIRECTORY = 512 * 1024 * 1024;

/** How many bytes of an archive's end hold the end records, whatever its comment. */
export const ZIP_TAIL = END64_BYTES + LOCATOR_BYTES + END_BYTES + MAX_COMMENT;

/**
 * @param {ByteSource} source
 * @param {ReadOptions} [options]
 * @returns {Promise<Map<string, ZipEntry>>}  by name, without folders; of entries with one name the
 *   last, as for Python's zipfile
 * @throws {BoresError} ERR_CORRUPT naming the entry, ERR_UNSUPPORTED, ERR_LIMIT
 */
export async function readDirectory(source, options) {
  const { bytes, ...about } = await locate(source, options);
  return parseDirectory(bytes, about, source.location);
}

/**
 * The directory as it stands there, to be written anew with other entries.
 * @param {ByteSource} source
 * @param {ReadOptions} [options]
 * @returns {Promise<{ begin: number, comment: Uint8Array, lines: { name: string, bytes: Uint8Array }[] }>}  begin:
 *   where it does, and the values end
 * @throws {BoresError} ERR_UNSUPPORTED for an archive behind or before other data, or with names that are read
 *   otherwise than they are written
 */
export async function readLines(source, options) {
  const { bytes, shift, dataEnd, comment, behind } = await locate(source, options);
  const view = viewOf(bytes);
  /** @type {(ZipEntry & { host: number, bytes: Uint8Array })[]} */
  const lines = [];
  for (let at = 0; at < bytes.length;) {
    const line = bytes.slice(at, at + headerLength(view, at));
    lines.push({ ...parseEntry(line, source.location), bytes: line });
    at += line.length;
  }
  const isPlain = normalNames(lines).every((name, i) => name === lines[i].name);
  if (shift === 0 && behind <= 0 && isPlain) return { begin: dataEnd, comment, lines };
  const stranger = shift !== 0 ? `${shift} bytes of something else stand before the archive`
    : `${behind} bytes of something else stand behind the archive`;
  throw new BoresError('ERR_UNSUPPORTED', `${source.location} cannot be added to: `
    + `${isPlain ? stranger : 'its names are not written as ours are'}; convert it to a new one`);
}

/**
 * @param {ByteSource} source
 * @param {ReadOptions} [options]
 */
async function locate(source, options) {
  const tailOffset = Math.max(0, source.size - ZIP_TAIL);
  const tail = viewOf(await source.read(tailOffset, source.size - tailOffset, options));
  const end = findEnd(tail, source.location);
  const found = readEnd(tail, end);
  const end64 = await readEnd64(source, tail, tailOffset, end, options);
  const { disk, count, size, offset } = end64 ?? found;
  const endOffset = end64?.position ?? tailOffset + end;
  if (disk !== 0) {
    throw new BoresError('ERR_UNSUPPORTED',
      `${source.location} is part ${disk + 1} of a split zip archive`);
  }
  // What stands before the archive (a self-extractor) shifts every offset in it.
  const shift = endOffset - size - offset;
  if (!(shift >= 0 && size <= source.size)) { // also when NaN
    throw corrupt(source.location, `the central directory of ${size} bytes at ${offset} does not ` +
      `end before its end record at ${endOffset}: the archive is cut or damaged`);
  }
  if (size > MAX_DIRECTORY) {
    throw new BoresError('ERR_LIMIT', `the central directory of ${source.location} has ${size} ` +
      `bytes, the limit is ${MAX_DIRECTORY}`, { needed: size, limit: MAX_DIRECTORY });
  }
  const bytes = await source.read(offset + shift, size, options);
  const commentBytes = tail.getUint16(end + 20, true);
  const comment = new Uint8Array(tail.buffer, tail.byteOffset + end + END_BYTES).slice(0, commentBytes);
  const behind = tail.byteLength - end - END_BYTES - commentBytes;
  return { bytes, count, shift, dataEnd: offset + shift, comment, behind };
}

/**
 * The last record whose comment ends with the archive; failing that, the last before other bytes
 * that something has put behind the archive.
 *
 * @param {DataView} tail
 * @param {string} location
 * @returns {number}  where in the tail the end record begins
 */
function findEnd(tail, location) {
  let followed = -1;
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const behind = tail.byteLength - (at + END_BYTES + tail.getUint16(at + 20, true));
    if (behind === 0) return at;
    if (behind > 0 && followed < 0) followed = at;
  }
  if (followed >= 0) return followed;
  throw corrupt(location, 'there is no end record: not a zip archive, or cut');
}

/**
 * @param {DataView} tail
 * @param {number} at
 */
function readEnd(tail, at) {
  return {
    disk: tail.getUint16(at + 4, true),
    count: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  };
}

/**
 * The Zip64 end record, where there is one. It is where its locator says, or, behind data that was
 * put before the archive, right before the locator.
 *
 * @param {ByteSource} source
 * @param {DataView} tail
 * @param {number} tailOffset
 * @param {number} end  of the plain end record, in the tail
 * @param {ReadOptions} [options]
 */
async function readEnd64(source, tail, tailOffset, end, options) {
  const locator = end - LOCATOR_BYTES;
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR_SIGNATURE) return undefined;
  for (const position of [readUint64(tail, locator + 8), tailOffset + locator - END64_BYTES]) {
    if (!(position >= 0 && position + END64_BYTES <= tailOffset + locator)) continue;
    const record = viewOf(await source.read(position, END64_BYTES, options));
    if (record.getUint32(0, true) !== END64_SIGNATURE) continue;
    return {
      position,
      disk: record.getUint32(16, true),
      count: readUint64(record, 32),
      size: readUint64(record, 40),
      offset: readUint64(record, 48),
    };
  }
  throw corrupt(source.location, 'the Zip64 end record is not where it should be');
}

/**
 * @param {Uint8Array} bytes
 * @param {{ count: number, shift: number, dataEnd: number }} about  entries; what to add to
 *   offsets; where the last value must have ended
 * @param {string} location
 */
function parseDirectory(bytes, { count, shift, dataEnd }, location) {
  const view = viewOf(bytes);
  /** @type {(ZipEntry & { host: number })[]} */
  const found = [];
  let position = 0;
  while (position < bytes.length) {
    const whole = headerLength(view, position);
    if (position + whole > bytes.length) {
      const last = found.at(-1)?.name ?? '';
      throw corrupt(location, `the central directory is cut or damaged behind '${last}'`);
    }
    const entry = parseEntry(bytes.subarray(position, position + whole), location);
    entry.offset += shift;
    position += whole;
    found.push(entry);
  }
  if (found.length % 0x10000 !== count % 0x10000) { // the plain end record has no more than 16 bits
    throw corrupt(location,
      `the central directory holds ${found.length} entries, its end record says ${count}`);
  }
  return byName(found, dataEnd, location);
}

/**
 * @param {(ZipEntry & { host: number })[]} found
 * @param {number} dataEnd
 * @param {string} location
 */
function byName(found, dataEnd, location) {
  /** @type {Map<string, ZipEntry>} */
  const entries = new Map();
  for (const [i, name] of normalNames(found).entries()) {
    const entry = found[i];
    entry.name = name;
    if ((name === '' || name.endsWith('/')) && entry.size === 0) continue;
    checkEntry(entry, dataEnd, location);
    entries.set(name, entry);
  }
  return entries;
}

/**
 * @param {DataView} view
 * @param {number} at
 * @returns {number}  bytes of the central header there; infinite when there is none
 */
function headerLength(view, at) {
  if (at + CENTRAL_BYTES > view.byteLength || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
    return Infinity;
  }
  const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  return CENTRAL_BYTES + name + extra + comment;
}

/**
 * @param {Uint8Array} bytes  one central header, with its variable parts
 * @param {string} location
 * @returns {ZipEntry & { host: number }}  host: the system that the archive was made by
 */
function parseEntry(bytes, location) {
  const view = viewOf(bytes);
  const flags = view.getUint16(8, true);
  const nameLength = view.getUint16(28, true);
  const nameEnd = CENTRAL_BYTES + nameLength;
  const { name, isUtf8 } = decodeName(bytes.subarray(CENTRAL_BYTES, nameEnd));
  if ((flags & 0x800) !== 0 && !isUtf8) {
    throw corrupt(location, `the name '${name}' is not the UTF-8 it should be`, name);
  }
  const entry = {
    name,
    host: view.getUint8(5),
    method: view.getUint16(10, true),
    encrypted: (flags & 1) !== 0,
    crc: view.getUint32(16, true),
    packedSize: view.getUint32(20, true),
    size: view.getUint32(24, true),
    offset: view.getUint32(42, true),
    nameLength,
  };
  /** @type {('size' | 'packedSize' | 'offset')[]} the order in the Zip64 field */
  const large = ['size', 'packedSize', 'offset'];
  const missing = large.filter((field) => entry[field] === 0xffffffff);
  if (missing.length > 0) {
    const field = findExtra(view, nameEnd, nameEnd + view.getUint16(30, true), 1);
    missing.forEach((what, i) => {
      if (field === undefined || (i + 1) * 8 > field.length) {
        throw corrupt(location, `'${name}' lacks its Zip64 ${what}`, name);
      }
      entry[what] = readUint64(view, field.start + i * 8);
    });
  }
  return entry;
}

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} end
 * @param {number} id
 */
function findExtra(view, start, end, id) {
  for (let at = start; at + 4 <= end;) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > end) return undefined;
    if (view.getUint16(at, true) === id) return { start: at + 4, length };
    at += 4 + length;
  }
  return undefined;
}

/**
 * @param {ZipEntry} entry
 * @param {number} dataEnd
 * @param {string} location
 */
function checkEntry(entry, dataEnd, location) {
  const { name, method, encrypted, packedSize, size, offset, nameLength } = entry;
  const fail = (/** @type {string} */ why) => {
    throw corrupt(location, `'${name}' ${why}`, name);
  };
  try {
    checkKey(name);
  } catch {
    fail('is not a name within the archive');
  }
  if (name.includes('\\')) fail('holds a backslash, which leads out of folders on some systems');
  if (!(offset + LOCAL_BYTES + nameLength + packedSize <= dataEnd)) { // also when NaN
    fail(`claims ${packedSize} bytes at ${offset}, the values end at ${dataEnd}`);
  }
  if (!Number.isSafeInteger(size)) fail(`claims ${size} bytes`);
  if (method === STORED && !encrypted && size !== packedSize) {
    fail(`is stored, in ${packedSize} bytes instead of ${size}`);
  }
  if (method === DEFLATED && size > packedSize * MAX_DEFLATE_RATIO) {
    fail(`claims ${size} bytes, more than ${packedSize} deflated ones can hold`);
  }
}

/**
 * @param {DataView} view
 * @param {number} at
 * @returns {number}  NaN beyond 2^53, where no archive reaches
 */
function readUint64(view, at) {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : NaN;
}

/** @param {Uint8Array} bytes */
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * @param {string} location
 * @param {string} why
 * @param {string} [key]
 */
function corrupt(location, why, key) {
  return new BoresError('ERR_CORRUPT', `${location}: ${why}`, { key });
}
