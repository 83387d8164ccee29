// SPDX-License-Identifier: MIT
// A store in the origin-private file system: `opfs:PATH`. Its index is in memory, as of when it was
// opened or refreshed; blocks of its log are cached, the last used 64 MiB (`opfs-format.js` says how
// it lies).

import { BoresError } from '../../core/errors.js';
import { ByteCache } from '../base/byte-cache.js';
import { checkKey, clipRange } from '../base/keys.js';
import { LogContent } from './opfs-content.js';
import { fileOf, tagOf } from './opfs-files.js';
import { parseSegmentName } from './opfs-format.js';
import { SEGMENT_BYTES } from './opfs-log.js';
import { openOpfsWriter, opfsLeftovers } from './opfs-writer.js';
import { retrying } from '../base/retrying.js';
import { IndexedStorage } from '../base/place-index.js';

/** @import { LogPlace } from './opfs-content.js' */
/** @import { ByteRange, ReadOptions, Storage, WriterOptions } from '../base/storage.js' */
/** @typedef {(create: boolean) => Promise<FileSystemDirectoryHandle | undefined>} FindDirectory */

const BLOCK_BYTES = 1024 * 1024;
const MAX_CACHED = 64 * 1024 * 1024;

/** @implements {Storage} */
export class OpfsStorage extends IndexedStorage {
  #find;
  #segmentBytes;
  /** @type {FileSystemDirectoryHandle | undefined} */ #directory;
  #content;
  #blocks = new ByteCache((/** @type {string} */ id) => this.#load(id), MAX_CACHED);

  /**
   * @param {FindDirectory} find  the directory of the log; undefined when it is absent and not to be made
   * @param {string} location
   * @param {number} segmentBytes
   */
  constructor(find, location, segmentBytes) {
    const content = new LogContent();
    super('opfs', location, content);
    this.#content = content;
    this.#find = find;
    this.#segmentBytes = segmentBytes;
  }

  /**
   * @param {FindDirectory} find
   * @param {string} location  the same for all who open the log: its writer's lock has this name
   * @param {ReadOptions & { segmentBytes?: number }} [options]  segmentBytes: of the files that writers
   *   make, but for a last record
   */
  static async open(find, location, { segmentBytes = SEGMENT_BYTES, signal } = {}) {
    const storage = new OpfsStorage(find, location, segmentBytes);
    await storage.refresh({ signal });
    return storage;
  }

  /** @param {ReadOptions} [options] */
  async refresh(options) {
    this.assertReadable('', options);
    this.#directory ??= await this.#find(false);
    await this.#content.refresh(this.#directory, this.location);
    options?.signal?.throwIfAborted();
  }

  /** @param {WriterOptions} [options] */
  async openWriter(options) {
    this.assertReadable('', options);
    return openOpfsWriter(this.location, this.#content, async () => {
      this.#directory = await this.#find(true);
      return /** @type {FileSystemDirectoryHandle} */ (this.#directory);
    }, { ...options, segmentBytes: this.#segmentBytes });
  }

  /** @param {ReadOptions} [options] */
  async leftovers(options) {
    this.assertReadable('', options);
    return opfsLeftovers(this.location, this.#directory);
  }

  /** @override */
  async release() {
    this.#blocks.clear();
  }

  /**
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {ReadOptions} [options]
   * @override
   */
  async read(key, range, options) {
    this.assertReadable(key, options);
    let wasThere = false;
    return retrying(this.location, async () => {
      options?.signal?.throwIfAborted();
      const place = this.#content.places.get(key);
      if (place === undefined) {
        checkKey(key); // those that are there have been checked
        if (!wasThere) return undefined;
        throw new BoresError('ERR_STORAGE', `'${key}' in ${this.location} went away while it was read`, { key });
      }
      wasThere = true;
      const { start, end } = clipRange(place.length, range ?? { offset: 0, length: place.length });
      const bytes = await this.#bytes(key, place, place.offset + start, place.offset + end);
      options?.signal?.throwIfAborted();
      return bytes;
    }, { signal: options?.signal, replaced: () => this.refresh(options) });
  }

  /**
   * @param {string} key
   * @param {LogPlace} place
   * @param {number} start  in the segment
   * @param {number} end
   */
  async #bytes(key, place, start, end) {
    const bytes = new Uint8Array(end - start);
    for (let at = start; at < end;) {
      const number = Math.floor(at / BLOCK_BYTES);
      const blockEnd = Math.min(end, (number + 1) * BLOCK_BYTES);
      const name = `${place.generation}/${place.number}/${number}/${place.tag}`;
      const block = await this.#block(name, blockEnd - number * BLOCK_BYTES);
      const part = block.subarray(at - number * BLOCK_BYTES, blockEnd - number * BLOCK_BYTES);
      if (part.length < blockEnd - at) {
        throw new BoresError('ERR_CORRUPT', `${this.location}: '${key}' ends at ${end} of a segment that ` +
          `ends at ${at + part.length}`, { key });
      }
      bytes.set(part, at - start);
      at = blockEnd;
    }
    return bytes;
  }

  /**
   * @param {string} id
   * @param {number} length  that is needed: the last block of a segment may have been shorter when it
   *   was read
   */
  async #block(id, length) {
    const block = await this.#blocks.get(id);
    if (block.length >= length) return block;
    this.#blocks.drop(id);
    return this.#blocks.get(id);
  }

  /** @param {string} id */
  async #load(id) {
    const [generation, number, block] = id.split('/', 3).map(Number);
    const segment = { generation, number };
    const file = await fileOf(/** @type {FileSystemDirectoryHandle} */ (this.#directory), segment);
    if (await tagOf(file, segment) !== id.split('/')[3]) {
      throw new BoresError('ERR_STORAGE', `${this.location} was replaced since it was opened: open it again`);
    }
    const part = file.slice(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
    return new Uint8Array(await part.arrayBuffer());
  }
}

/**
 * Whether a directory is a log, and not one of a file for each key.
 *
 * @param {FileSystemDirectoryHandle} directory
 * @param {{ orEmpty?: boolean }} [options]  orEmpty: or may become one
 */
export async function isLog(directory, { orEmpty = false } = {}) {
  let isEmpty = true;
  for await (const name of directory.keys()) {
    if (parseSegmentName(name)) return true;
    isEmpty = false;
  }
  return orEmpty && isEmpty;
}
