// SPDX-License-Identifier: MIT
// Zip archives for tests, honest or not: every field of a central header can be overridden.
// Source: PKWARE APPNOTE.TXT 6.3.10, section 4.3.

import { crc32 } from '../../../js/storage/zip/crc32.js';

/** @typedef {'flags' | 'method' | 'crc' | 'packedSize' | 'size' | 'offset'} Field */
/** @typedef {Record<Field, number>} Fields */
/** @typedef {Record<'count' | 'size' | 'offset' | 'disk', number>} EndFields */

/**
 * @typedef {object} ZipMember
 * @property {string | Uint8Array} name
 * @property {Uint8Array} data    as stored
 * @property {number} [host]      the system that it is made by, 0 (MS-DOS) by default
 * @property {number} [extra]     bytes of padding in the local header
 * @property {Partial<Fields>} [claim]  what the central header says instead of the truth
 */

/**
 * @param {ZipMember[]} members
 * @param {{ comment?: string, end?: Partial<EndFields> }} [options]
 *   `end`: what the end record says instead of the truth
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function buildZip(members, { comment = '', end = {} } = {}) {
  /** @type {Uint8Array[]} */
  const parts = [];
  /** @type {Uint8Array[]} */
  const central = [];
  let position = 0;
  for (const { name, data, host = 0, extra = 0, claim = {} } of members) {
    const bytes = typeof name === 'string' ? new TextEncoder().encode(name) : name;
    const told = {
      flags: typeof name === 'string' ? 0x800 : 0,
      method: 0,
      crc: crc32(data),
      packedSize: data.length,
      size: data.length,
      offset: position,
      ...claim,
    };
    const local = [
      u32(0x04034b50),
      u16(20),
      common(told),
      u16(bytes.length),
      u16(extra),
      bytes,
      new Uint8Array(extra),
      data,
    ];
    central.push(
      u32(0x02014b50),
      u16(20 | host << 8),
      u16(20),
      common(told),
      u16(bytes.length),
      u16(0),
      u16(0),
      u16(0),
      u16(0),
      u32(0),
      u32(told.offset),
      bytes,
    );
    parts.push(...local);
    position += total(local);
  }
  const size = total(central);
  const said = { count: members.length, size, offset: position, disk: 0, ...end };
  const text = new TextEncoder().encode(comment);
  return join([
    ...parts,
    ...central,
    u32(0x06054b50),
    u16(said.disk),
    u16(said.disk),
    u16(said.count),
    u16(said.count),
    u32(said.size),
    u32(said.offset),
    u16(text.length),
    text,
  ]);
}

/** @param {Fields} told  those that both headers share, in their order */
function common({ flags, method, crc, packedSize, size }) {
  return join([u16(flags), u16(method), u16(0), u16(0), u32(crc), u32(packedSize), u32(size)]);
}

/** @param {number} value */
function u16(value) {
  return new Uint8Array([value & 0xff, (value >>> 8) & 0xff]);
}

/** @param {number} value */
function u32(value) {
  return new Uint8Array([value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
}

/** @param {Uint8Array[]} parts */
function total(parts) {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** @param {Uint8Array[]} parts */
function join(parts) {
  const bytes = new Uint8Array(total(parts));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
