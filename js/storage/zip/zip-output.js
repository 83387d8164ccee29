// SPDX-License-Identifier: MIT
// A Zarr store that is written as one zip: values stored as they are (they are compressed already), in
// the order in which they come, the directory behind them. It takes the place of what was there when it is
// complete, and is then read as any other zip. A file of Node's is also added to: `zip-file.js`.
//
// Written here, since libraries keep the whole archive in memory (fflate, jszip) or write its parts
// twice; what is needed is a header before each value.

import { BoresError } from '../../core/errors.js';
import { BytesSource } from '../base/byte-source.js';
import { crc32 } from './crc32.js';
import { StorageBase } from '../base/storage.js';
import { StoreWriter } from '../base/store-writer.js';
import { centralHeader, endRecords, localHeader } from './zip-records.js';
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
 * @import { Written } from './zip-records.js'
 */

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

export function emptyArchive() {
  const end = new Uint8Array(22);
  new DataView(end.buffer).setUint32(0, 0x06054b50, true);
  return end;
}

/** An archive written front to back. */
export class Archive {
  #sink;
  #offset = 0;
  /** @type {Written[]} */ #entries = [];

  /** @param {{ write: (bytes: Uint8Array) => unknown }} sink */
  constructor(sink) {
    this.#sink = sink;
  }

  /**
   * @param {string} key
   * @param {Uint8Array} bytes
   */
  async add(key, bytes) {
    const entry = { name: new TextEncoder().encode(key), crc: crc32(bytes), size: bytes.length, offset: this.#offset };
    await this.#put(localHeader(key, entry));
    await this.#put(bytes);
    this.#entries.push(entry);
  }

  async end() {
    const begin = this.#offset;
    for (const entry of this.#entries) await this.#put(centralHeader(entry));
    await this.#put(endRecords({ count: this.#entries.length, begin, length: this.#offset - begin }));
  }

  /** @param {Uint8Array} bytes */
  async #put(bytes) {
    if (bytes.length === 0) return;
    await this.#sink.write(bytes);
    this.#offset += bytes.length;
  }
}
