// SPDX-License-Identifier: MIT
// A Zarr store that is written as one zip: values stored as they are (they are compressed already), in
// the order in which they come, the directory behind them. Zip64 where 32 bits do not do. It takes
// the place of what was there when it is complete, and is then read as any other zip.
//
// Written here, since libraries keep the whole archive in memory (fflate, jszip) or write its parts
// twice; what is needed is a header before each value. Source: PKWARE APPNOTE 6.3.9, 4.3 and 4.5.3.

import { BoresError } from '../../core/errors.js';
import { BytesSource } from '../base/byte-source.js';
import { crc32 } from './crc32.js';
import { StorageBase } from '../base/storage.js';
import { StoreWriter } from '../base/store-writer.js';
import { ZipStorage } from './zip.js';

/**
 * @import { ByteSource } from '../base/byte-source.js'
 * @import { Sink } from '../node/file-swap.js'
 * @import { Storage, WriterOptions } from '../base/storage.js'
 *
 * @typedef {object} Place  where the file is; see js/storage/whole-file.js
 * @property {string} location
 * @property {() => Promise<ByteSource | undefined>} source
 * @property {() => Promise<Sink>} [replace]
 * @property {() => Promise<void>} close
 *
 * @typedef {{ name: Uint8Array, crc: number, size: number, offset: number }} Written
 */

/** What the 32 and 16 bits of a field cannot say. */
const MAX_32 = 0xffffffff, MAX_16 = 0xffff;
/** Names are UTF-8. (4.4.4, bit 11) */
const UTF8_FLAG = 0x0800;
/** 1980-01-01, so that the same store is the same file. */
const DATE = 0x21;

/** @implements {Storage} */
export class ZipOutputStorage extends StorageBase {
  #place;
  /** @type {Storage} what is there now */ #content;

  /**
   * @param {Place} place  ours to close
   */
  static async open(place) {
    return new ZipOutputStorage(place, await read(place));
  }

  /**
   * @param {Place} place
   * @param {Storage} content
   */
  constructor(place, content) {
    super('zip', place.location);
    this.#place = place;
    this.#content = content;
  }

  /** @type {Storage['get']} */
  get(key, options) {
    return this.#content.get(key, options);
  }

  /** @type {Required<Storage>['list']} */
  list(prefix, options) {
    return /** @type {Required<Storage>} */ (this.#content).list(prefix, options);
  }

  /** @type {Required<Storage>['usage']} */
  usage(prefix, options) {
    return /** @type {Required<Storage>} */ (this.#content).usage(prefix, options);
  }

  /** @param {WriterOptions} [options] */
  async openWriter(options) {
    options?.signal?.throwIfAborted();
    if (!this.#place.replace) {
      throw new BoresError('ERR_READ_ONLY', `${this.location} can only be read`);
    }
    return StoreWriter.open(this.location, {
      write: async () => {
        throw new BoresError('ERR_APPEND_UNSUPPORTED',
          `${this.location} is a zip, which is written whole, with dump()`);
      },
      swap: (batches, signal) => this.#write(batches, signal),
      settle: async () => ({ dropped: [], restored: [] }),
      release: async () => {},
    });
  }

  /** @override */
  async release() {
    await this.#content.close();
    await this.#place.close();
  }

  /**
   * @param {AsyncIterable<{ puts: readonly (readonly [string, Uint8Array])[] }>} batches
   * @param {AbortSignal} [signal]
   */
  async #write(batches, signal) {
    const sink = await /** @type {Required<Place>} */ (this.#place).replace();
    const archive = new Archive(sink);
    try {
      for await (const { puts } of batches) {
        for (const [key, bytes] of puts) {
          signal?.throwIfAborted();
          await archive.add(key, bytes);
        }
      }
      await archive.end();
      signal?.throwIfAborted();
      await sink.commit();
    } catch (error) {
      await sink.abort();
      throw error;
    }
    await this.#content.close();
    this.#content = await read(this.#place);
  }
}

/** @param {Place} place */
async function read(place) {
  const source = await place.source();
  const empty = source === undefined || source.size === 0;
  if (empty) await source?.close();
  return ZipStorage.open(empty ? new BytesSource(emptyArchive(), place.location) : source);
}

function emptyArchive() {
  const end = new Uint8Array(22);
  new DataView(end.buffer).setUint32(0, 0x06054b50, true);
  return end;
}

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

class Archive {
  #sink;
  #offset = 0;
  /** @type {Written[]} */ #entries = [];

  /** @param {Sink} sink */
  constructor(sink) {
    this.#sink = sink;
  }

  /**
   * @param {string} key
   * @param {Uint8Array} bytes
   */
  async add(key, bytes) {
    const name = new TextEncoder().encode(key);
    const [size, crc] = [bytes.length, crc32(bytes)];
    if (name.length > MAX_16 || size > MAX_32) {
      throw new BoresError('ERR_LIMIT', `'${key}' is too long for a zip`, { key });
    }
    this.#entries.push({ name, crc, size, offset: this.#offset });
    await this.#put(record([[4, 0x04034b50], [2, 20], [2, UTF8_FLAG], [2, 0], [2, 0], [2, DATE],
      [4, crc], [4, size], [4, size], [2, name.length], [2, 0]]));
    await this.#put(name);
    await this.#put(bytes);
  }

  async end() {
    const begin = this.#offset, count = this.#entries.length;
    for (const { name, crc, size, offset } of this.#entries) {
      const far = offset >= MAX_32;
      const extra = far ? record([[2, 1], [2, 8], [8, offset]]) : new Uint8Array(0);
      await this.#put(record([[4, 0x02014b50], [2, far ? 45 : 20], [2, far ? 45 : 20],
        [2, UTF8_FLAG], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size],
        [2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0],
        [4, far ? MAX_32 : offset]]));
      await this.#put(name);
      await this.#put(extra);
    }
    const length = this.#offset - begin;
    if (count >= MAX_16 || begin >= MAX_32 || length >= MAX_32) {
      const end64 = this.#offset;
      await this.#put(record([[4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count],
        [8, count], [8, length], [8, begin]]));
      await this.#put(record([[4, 0x07064b50], [4, 0], [8, end64], [4, 1]]));
    }
    await this.#put(record([[4, 0x06054b50], [2, 0], [2, 0], [2, Math.min(count, MAX_16)],
      [2, Math.min(count, MAX_16)], [4, Math.min(length, MAX_32)], [4, Math.min(begin, MAX_32)],
      [2, 0]]));
  }

  /** @param {Uint8Array} bytes */
  async #put(bytes) {
    if (bytes.length === 0) return;
    await this.#sink.write(bytes);
    this.#offset += bytes.length;
  }
}
