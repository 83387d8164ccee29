// SPDX-License-Identifier: MIT
// Files that answer at once, as HDF5 needs them: any place, exactly the bytes asked for, or an error.
// What cannot answer at once (IndexedDB, a web server from a page) is read through `paged-file.js`,
// which says what is missing, fetches it, and is asked again.

import { assertInside } from '../base/byte-source.js';

/**
 * @import { ByteSource } from '../base/byte-source.js'
 * @import { ReadOptions } from '../base/storage.js'
 *
 * @typedef {object} SyncFile
 * @property {string} location  what a message calls it
 * @property {() => number} size  bytes
 * @property {(offset: number, length: number, view: Uint8Array) => void} read
 *   exactly `length` bytes into the beginning of the view, which is not kept. ERR_CORRUPT beyond the end
 * @property {(offset: number, bytes: Uint8Array) => void} [write]  they are not kept; the file grows as
 *   needed
 * @property {(size: number) => void} [truncate]  what is added is zeros
 * @property {boolean} [isMissing]  whether a read has failed for want of what fetchMissing() can bring
 * @property {(options?: ReadOptions) => Promise<void>} [fetchMissing]
 * @property {(name: string) => SyncFile | undefined} [sibling]  a file beside this one, that it links to
 * @property {() => void} [settle]  whoever was reading has ended: what was fetched may be dropped
 */

/**
 * Runs what reads a file, again each time that something has been fetched for it. Its result counts
 * when nothing was missing on the way: who looks for damage takes what has not come yet for some, and
 * goes on.
 *
 * @template T
 * @param {SyncFile} file
 * @param {() => T} run  without any effect when it throws
 * @param {ReadOptions & { drop?: (result: T) => void }} [options]  drop: of a result that does not count
 * @returns {Promise<T>}
 */
export async function whenFetched(file, run, options) {
  try {
    for (;;) {
      try {
        const result = run();
        if (!file.isMissing) return result;
        options?.drop?.(result);
      } catch (error) {
        if (!file.isMissing) throw error;
      }
      await file.fetchMissing?.(options);
      options?.signal?.throwIfAborted();
    }
  } finally {
    file.settle?.();
  }
}

/** A source that reads at once, as a file. @implements {SyncFile} */
export class SourceFile {
  /** @type {SyncFile['sibling']} */ sibling;
  #source;

  /** @param {ByteSource} source  with readSync; borrowed */
  constructor(source) {
    this.location = source.location;
    this.#source = source;
  }

  size() {
    return this.#source.size;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {Uint8Array} view
   */
  read(offset, length, view) {
    assertInside(this.#source, offset, length);
    this.#source.readSync?.(offset, [view.subarray(0, length)]);
  }
}

/** Nothing yet. @implements {SyncFile} */
export class EmptyFile {
  /** @param {string} location */
  constructor(location) {
    this.location = location;
  }

  size() {
    return 0;
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  read(offset, length) {
    assertInside({ location: this.location, size: 0 }, offset, length);
  }
}
