// SPDX-License-Identifier: MIT
// One long value read at any place: what an archive is opened over. Sources say where they failed;
// a read that does not bring all the bytes asked for is an error, never a short result.

import { BoresError } from '../../core/errors.js';

/** @import { ReadOptions } from './storage.js' */

/**
 * @typedef {object} ByteSource
 * @property {string} location
 * @property {number} size  bytes
 * @property {string} [tag]  another text where the content may be another
 * @property {(offset: number, length: number, options?: ReadOptions) => Promise<Uint8Array>} read
 *   exactly `length` bytes, borrowed: the source may hand them out again
 * @property {(offset: number, targets: Uint8Array[]) => void} [readSync]
 *   fills the targets one after the other from consecutive bytes
 * @property {() => Promise<void>} close  idempotent
 */

/**
 * @param {Pick<ByteSource, 'location' | 'size'>} source
 * @param {number} offset
 * @param {number} length
 * @throws {BoresError} ERR_CORRUPT: what points outside of the source is damaged, or the source cut
 */
export function assertInside({ location, size }, offset, length) {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new BoresError('ERR_CORRUPT',
    `${location} has ${size} bytes, ${length} at ${offset} are needed`);
}

/** @implements {ByteSource} */
export class BytesSource {
  #bytes;

  /**
   * @param {Uint8Array} bytes  borrowed
   * @param {string} [location]
   */
  constructor(bytes, location = 'bytes') {
    this.location = location;
    this.size = bytes.length;
    this.#bytes = bytes;
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  async read(offset, length) {
    assertInside(this, offset, length);
    return this.#bytes.subarray(offset, offset + length);
  }

  /**
   * @param {number} offset
   * @param {Uint8Array[]} targets
   */
  readSync(offset, targets) {
    let position = offset;
    for (const target of targets) {
      assertInside(this, position, target.length);
      target.set(this.#bytes.subarray(position, position + target.length));
      position += target.length;
    }
  }

  async close() {
    this.#bytes = new Uint8Array(0);
  }
}

/** @implements {ByteSource} */
export class BlobSource {
  #blob;

  /**
   * @param {Blob} blob  a File tells its name
   * @param {string} [location]
   */
  constructor(blob, location = 'name' in blob ? String(blob.name) : 'blob') {
    this.location = location;
    this.size = blob.size;
    this.tag = `${blob.size} ${'lastModified' in blob ? blob.lastModified : ''}`;
    this.#blob = blob;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {ReadOptions} [options]
   */
  async read(offset, length, options) {
    assertInside(this, offset, length);
    const bytes = await readBlob(this.#blob.slice(offset, offset + length), this.location);
    options?.signal?.throwIfAborted();
    if (bytes.length === length) return bytes;
    throw new BoresError('ERR_STORAGE',
      `${this.location} gave ${bytes.length} of ${length} bytes at ${offset}`);
  }

  /** At once, where the host can: in workers. @returns {ByteSource['readSync']} */
  get readSync() {
    if (!hasSyncReader()) return undefined;
    return (offset, targets) => {
      let position = offset;
      for (const target of targets) {
        assertInside(this, position, target.length);
        target.set(readBlobSync(this.#blob.slice(position, position + target.length), this.location));
        position += target.length;
      }
    };
  }

  async close() {}
}

/** Workers have it. */
function hasSyncReader() {
  return 'FileReaderSync' in globalThis;
}

/**
 * @param {Blob} blob
 * @param {string} key  what the error names
 * @throws {BoresError} ERR_STORAGE
 */
function readBlobSync(blob, key) {
  try {
    return new Uint8Array(new (/** @type {any} */ (globalThis).FileReaderSync)().readAsArrayBuffer(blob));
  } catch (cause) {
    throw unreadable(key, cause);
  }
}

/**
 * @param {Blob} blob
 * @param {string} key  what the error names
 * @throws {BoresError} ERR_STORAGE: the file behind it changed or went away since it was chosen
 */
export async function readBlob(blob, key) {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw unreadable(key, cause);
  }
}

/**
 * Chromium takes file names for text in the locale's encoding. Where there is no UTF-8 locale, as in a
 * bare container, it lists a file 'a→b' and cannot open it, with the error of one that has gone.
 *
 * @param {string} key
 * @param {unknown} cause
 */
function unreadable(key, cause) {
  const isAscii = !/[^\x00-\x7f]/.test(key);
  return new BoresError('ERR_STORAGE', `'${key}' cannot be read any more; was it changed or moved since it was `
    + `chosen?${isAscii ? '' : ' A browser that was started without a UTF-8 locale cannot open such a name: '
    + 'start it with LANG=C.UTF-8, or choose the run as a zip.'}`, { key, cause });
}
