// SPDX-License-Identifier: MIT
// A Zarr store in a zip archive, over any byte source: bytes, a Blob, a file of Node's, a URL.
//
// The directory is read by `zip-directory.js` rather than by a library. Compared on the 9,562
// entries of a real run (Node 20; ms to open, ES module minified; all MIT but zip.js, BSD-3):
//
//   @zip.js/zip.js 2.24   230–340 ms  210 KB  Zip64, ranges, actively kept; async only
//   unzipit 2.1            60–80 ms    15 KB  Zip64, ranges, kept; async only, offsets private
//   yauzl 3.4           950–1250 ms    Node   Zip64, ranges, kept; events; needs Buffer
//   fflate 0.8               4–25 ms   32 KB  whole archive in memory; no offsets, Zip64 in part
//   zip-directory.js         6–20 ms    3 KB  Zip64, ranges
//
// None gives what the hot path needs: where each value's bytes are, so that one readv per value
// goes straight into the wasm heap (all 9,562 in 35 ms), and errors that name the key. Inflating,
// the hard part, is left to zlib and to the browser. Tests read archives that Python wrote.

import { BoresError } from '../../core/errors.js';
import { crc32 as crc32InScript } from './crc32.js';
import { assertInside } from '../base/byte-source.js';
import { KeyIndex, sumUsage } from '../base/key-index.js';
import { checkFolder, checkKey, clipRange } from '../base/keys.js';
import { isNode, loadNode } from '../../core/host.js';
import { ReadAhead } from '../base/read-ahead.js';
import { StorageBase } from '../base/storage.js';
import { SyncBlocks } from '../base/sync-blocks.js';
import { ATTRIBUTES, zarrRoot } from '../base/zarr-root.js';
import { DEFLATED, STORED, readDirectory } from './zip-directory.js';
import { loadInflater } from './zip-inflate.js';

/** @import { ByteRange, ReadOptions, Storage } from '../base/storage.js' */
/** @import { ByteSource } from '../base/byte-source.js' */
/** @import { ZipEntry } from './zip-directory.js' */
/** @import { Inflater } from './zip-inflate.js' */
/** @typedef {(bytes: Uint8Array) => number} Crc32 */

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;

/** @implements {Storage} */
export class ZipStorage extends StorageBase {
  #source;
  /** @type {SyncBlocks | undefined} where the source answers at once */ #blocks;
  #entries;
  #inflater;
  #crc32;
  /** @type {KeyIndex | undefined} made when first listed */
  #index;
  /** Length of the extra field in local headers: mostly the same in all, so the last is a guess. */
  #extraLength = 0;
  #header = new DataView(new ArrayBuffer(LOCAL_BYTES + 2 * 0xffff));

  /**
   * @param {ByteSource} source
   * @param {Map<string, ZipEntry>} entries  by key
   * @param {Inflater} inflater
   * @param {Crc32} crc32
   * @param {string} [root]  the folder of the archive that the store is
   */
  constructor(source, entries, inflater, crc32, root = '') {
    super('zip', source.location);
    this.root = root;
    this.tag = source.tag;
    this.#source = source;
    if (source.readSync) this.#blocks = new SyncBlocks(/** @type {Required<ByteSource>} */ (source));
    this.#entries = entries;
    this.#inflater = inflater;
    this.#crc32 = crc32;
    const sync = source.readSync !== undefined;
    /** @type {Storage['getSync']} only where nothing has to be waited for */
    this.getSync = sync ? (key, reserve) => this.#getSync(key, reserve) : undefined;
    /** @type {Storage['listSync']} */
    this.listSync = sync ? (prefix) => this.#list(prefix) : undefined;
  }

  /**
   * @param {ByteSource} source  the storage's from now on, closed with it
   * @param {ReadOptions} [options]
   * @throws {BoresError} ERR_CORRUPT for what is not a whole zip archive
   */
  static async open(source, options) {
    try {
      const entries = await readDirectory(source, options);
      const inflater = await loadInflater();
      const crc32 = (isNode() ? (await loadNode()).zlib.crc32 : undefined) ?? crc32InScript;
      const stored = () => [...entries.values()].every(({ method }) => method === STORED);
      const atOnce = source.readSync && (inflater.inflateSync !== undefined || stored());
      const reader = atOnce ? source : new ReadAhead(source);
      // A store that is being made may have its attributes first.
      const root = entries.has(ATTRIBUTES) ? '' : zarrRoot(entries.keys()) ?? '';
      return new ZipStorage(reader, belowRoot(entries, root), inflater, crc32, root);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async get(key, options) {
    const entry = this.#find(key, options);
    if (entry === undefined) return undefined;
    const packed = await this.#readPacked(entry, key, 0, entry.packedSize, options);
    const value = entry.method === STORED ? packed.slice()
      : await attemptInflate(() => this.#inflater.inflate(packed, entry.size), this.location, key);
    this.#checkSum(entry, value, key);
    options?.signal?.throwIfAborted();
    return value;
  }

  /**
   * A range of a stored value is read alone, and so without a check sum.
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    const entry = this.#find(key, options);
    const { start, end } = clipRange(entry?.size ?? 0, range);
    if (entry === undefined) return undefined;
    if (entry.method !== STORED) return (await this.get(key, options))?.slice(start, end);
    const part = await this.#readPacked(entry, key, start, end - start, options);
    options?.signal?.throwIfAborted();
    return part.slice();
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    return this.#list(prefix, options);
  }

  /** Names of all that is in it. */
  names() {
    return [...this.#entries.keys()];
  }

  /**
   * A value as a source of its own; closing it leaves the archive open. One that is deflated is inflated as a whole
   * when it is first read.
   * @param {string} key  of names()
   * @returns {ByteSource}
   */
  sourceOf(key) {
    const { size, method } = /** @type {ZipEntry} */ (this.#find(key));
    const location = `${this.location}/${key}`;
    /** @type {Promise<Uint8Array> | undefined} */ let whole;
    const inflate = async (/** @type {ReadOptions | undefined} */ options) => {
      whole ??= /** @type {Promise<Uint8Array>} */ (this.get(key, options));
      try {
        return await whole;
      } catch (error) {
        whole = undefined; // it may be asked for again
        throw error;
      }
    };
    return {
      location, size, tag: this.tag,
      read: async (offset, length, options) => {
        assertInside({ location, size }, offset, length);
        if (method !== STORED) return (await inflate(options)).subarray(offset, offset + length);
        return /** @type {Promise<Uint8Array>} */ (this.getRange(key, { offset, length }, options));
      },
      close: async () => { whole = undefined; },
    };
  }

  /**
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return sumUsage(sizes(this.#entries), prefix);
  }

  /** @override */
  async release() {
    await this.#source.close();
  }

  /**
   * @param {string} key
   * @param {(length: number) => Uint8Array} reserve
   */
  #getSync(key, reserve) {
    const entry = this.#find(key);
    if (entry === undefined) return false;
    const value = reserve(entry.size);
    if (entry.method === STORED) {
      this.#readSync(entry, key, value);
    } else {
      const packed = new Uint8Array(entry.packedSize);
      this.#readSync(entry, key, packed);
      const { inflateSync } = /** @type {Required<Inflater>} */ (this.#inflater);
      value.set(attemptInflate(() => inflateSync(packed, entry.size), this.location, key));
    }
    this.#checkSum(entry, value, key);
    return true;
  }

  /**
   * Header and value in one read, as long as the extra field has the length it had before.
   *
   * @param {ZipEntry} entry
   * @param {string} key
   * @param {Uint8Array} target  of `packedSize` bytes
   */
  #readSync(entry, key, target) {
    const blocks = /** @type {SyncBlocks} */ (this.#blocks);
    const fixed = LOCAL_BYTES + entry.nameLength;
    const fits = entry.offset + fixed + this.#extraLength + target.length <= this.#source.size;
    const header = new Uint8Array(this.#header.buffer, 0, fixed + (fits ? this.#extraLength : 0));
    blocks.read(entry.offset, fits ? [header, target] : [header]);
    const extraLength = this.#checkHeader(entry, this.#header, key);
    if (fits && extraLength === this.#extraLength) return;
    this.#extraLength = extraLength;
    blocks.read(entry.offset + fixed + extraLength, [target]);
  }

  /**
   * @param {ZipEntry} entry
   * @param {string} key
   * @param {number} start   in the packed bytes
   * @param {number} length
   * @param {ReadOptions} [options]
   * @returns {Promise<Uint8Array>}  borrowed
   */
  async #readPacked(entry, key, start, length, options) {
    const fixed = LOCAL_BYTES + entry.nameLength;
    const whole = start === 0 ? fixed + this.#extraLength + length : fixed;
    const there = Math.min(whole, this.#source.size - entry.offset);
    const bytes = await this.#source.read(entry.offset, there, options);
    const extraLength = this.#checkHeader(entry, new DataView(bytes.buffer, bytes.byteOffset), key);
    this.#extraLength = extraLength;
    const begin = fixed + extraLength + start;
    if (start === 0 && begin + length <= bytes.length) return bytes.subarray(begin, begin + length);
    return this.#source.read(entry.offset + begin, length, options);
  }

  /**
   * @param {ZipEntry} entry
   * @param {DataView} header
   * @param {string} key
   * @returns {number}  length of its extra field
   */
  #checkHeader(entry, header, key) {
    const [nameLength, extraLength] = [header.getUint16(26, true), header.getUint16(28, true)];
    const signed = header.getUint32(0, true) === LOCAL_SIGNATURE;
    if (signed && nameLength === entry.nameLength) return extraLength;
    throw new BoresError('ERR_CORRUPT',
      `${this.location}: there is no local header for '${key}' at ${entry.offset}`, { key });
  }

  /**
   * @param {ZipEntry} entry
   * @param {Uint8Array} value
   * @param {string} key
   */
  #checkSum(entry, value, key) {
    const found = this.#crc32(value);
    if (found === entry.crc) return;
    throw new BoresError('ERR_CHECKSUM', `${this.location}: '${key}' has CRC-32 ${hex(found)}, ` +
      `the archive says ${hex(entry.crc)}`, { key });
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  #find(key, options) {
    this.assertReadable(key, options);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      checkKey(key); // those that are there have been checked
      return undefined;
    }
    if (!entry.encrypted && (entry.method === STORED || entry.method === DEFLATED)) return entry;
    const how = entry.encrypted ? 'encrypted' : `compressed by zip method ${entry.method}`;
    throw new BoresError('ERR_UNSUPPORTED', `${this.location}: '${key}' is ${how}; stored and ` +
      'deflated entries can be read', { key });
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  #list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    this.#index ??= new KeyIndex(this.#entries.keys());
    return this.#index.list(prefix);
  }
}

/**
 * The entries of the Zarr store in the archive, by key below its root.
 * @param {Map<string, ZipEntry>} entries
 * @param {string} root
 */
function belowRoot(entries, root) {
  if (root === '') return entries;
  const below = new Map();
  for (const [name, entry] of entries) {
    if (name.startsWith(`${root}/`)) below.set(name.slice(root.length + 1), entry);
  }
  return below;
}

/**
 * @template {Uint8Array | Promise<Uint8Array>} T
 * @param {() => T} run
 * @param {string} location
 * @param {string} key
 * @returns {T}
 */
function attemptInflate(run, location, key) {
  const fail = (/** @type {unknown} */ cause) => {
    throw new BoresError('ERR_CORRUPT', `${location}: '${key}' cannot be inflated: ` +
      `${/** @type {Error} */ (cause).message}`, { key, cause });
  };
  try {
    const result = run();
    return /** @type {T} */ (result instanceof Promise ? result.catch(fail) : result);
  } catch (error) {
    return fail(error);
  }
}

/** @param {Map<string, ZipEntry>} entries */
function* sizes(entries) {
  for (const [key, { size }] of entries) yield /** @type {[string, number]} */ ([key, size]);
}

/** @param {number} crc */
function hex(crc) {
  return crc.toString(16).padStart(8, '0');
}
