// SPDX-License-Identifier: MIT
// A file that is changed in memory only: what was written lies over a base that is never touched. Pages
// of 4 KiB, since most of what HDF5 changes in place is smaller (nodes, heaps, the superblock).

import { assertInside } from '../base/byte-source.js';

/**
 * @import { SyncFile } from './sync-file.js'
 * @typedef {{ offset: number, bytes: Uint8Array }} Extent
 */

export const PAGE_BYTES = 4096;
/** Pages that follow on each other are given out together, up to this. */
const MAX_EXTENT = 1024 * 1024;

/** @implements {SyncFile} */
export class OverlayFile {
  /** @type {SyncFile['sibling']} */ sibling;
  #base;
  /** Bytes of the base that still count. */ #baseEnd;
  #size;
  /** @type {Map<number, Uint8Array>} by number */ #pages = new Map();

  /** @param {SyncFile} base  borrowed */
  constructor(base) {
    this.location = base.location;
    this.#base = base;
    this.#size = this.#baseEnd = base.size();
  }

  size() {
    return this.#size;
  }

  get isMissing() {
    return this.#base.isMissing ?? false;
  }

  /** @param {import('../base/storage.js').ReadOptions} [options] */
  async fetchMissing(options) {
    await this.#base.fetchMissing?.(options);
  }

  settle() {
    this.#base.settle?.();
  }

  /** Of the file that it lies over. */
  get baseSize() {
    return this.#base.size();
  }

  /** Whether it differs from its base, as far as is known. */
  get changed() {
    return this.#pages.size > 0 || this.#size !== this.#base.size();
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {Uint8Array} view
   */
  read(offset, length, view) {
    assertInside({ location: this.location, size: this.#size }, offset, length);
    const end = offset + length;
    for (let at = offset; at < end;) {
      const page = this.#pages.get(Math.floor(at / PAGE_BYTES));
      const stop = Math.min(end, page ? pageEnd(at) : this.#cleanEnd(at, end));
      const target = view.subarray(at - offset, stop - offset);
      if (page) target.set(page.subarray(at % PAGE_BYTES, at % PAGE_BYTES + stop - at));
      else this.#readBase(at, target);
      at = stop;
    }
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} bytes
   */
  write(offset, bytes) {
    const end = offset + bytes.length;
    for (let at = offset; at < end;) {
      const stop = Math.min(end, pageEnd(at));
      const isWhole = stop - at === PAGE_BYTES;
      this.#page(Math.floor(at / PAGE_BYTES), isWhole)
        .set(bytes.subarray(at - offset, stop - offset), at % PAGE_BYTES);
      at = stop;
    }
    this.#size = Math.max(this.#size, end);
  }

  /** @param {number} size */
  truncate(size) {
    if (size < this.#size) {
      for (const number of this.#pages.keys()) {
        if (number * PAGE_BYTES >= size) this.#pages.delete(number);
      }
      this.#pages.get(Math.floor(size / PAGE_BYTES))?.fill(0, size % PAGE_BYTES);
      this.#baseEnd = Math.min(this.#baseEnd, size);
    }
    this.#size = size;
  }

  /**
   * What lies over the base, in order; and zeros where it was cut and has grown again.
   * @returns {Generator<Extent>}  the bytes are borrowed until the next one
   */
  * extents() {
    const numbers = this.#changedPages();
    for (let i = 0; i < numbers.length;) {
      let count = 1;
      while (numbers[i + count] === numbers[i] + count && count < MAX_EXTENT / PAGE_BYTES) count += 1;
      const offset = numbers[i] * PAGE_BYTES;
      const bytes = new Uint8Array(Math.min(count * PAGE_BYTES, this.#size - offset));
      this.read(offset, bytes.length, bytes);
      yield { offset, bytes };
      i += count;
    }
  }

  /** Numbers of pages that may differ from the base's. */
  #changedPages() {
    const numbers = new Set(this.#pages.keys());
    const end = Math.min(this.#size, this.#base.size());
    for (let at = this.#baseEnd; at < end; at = pageEnd(at)) numbers.add(Math.floor(at / PAGE_BYTES));
    return [...numbers].filter((number) => number * PAGE_BYTES < this.#size).sort((a, b) => a - b);
  }

  /**
   * @param {number} number
   * @param {boolean} overwritten  all of it, at once
   */
  #page(number, overwritten) {
    const known = this.#pages.get(number);
    if (known) return known;
    const page = new Uint8Array(PAGE_BYTES);
    if (!overwritten) this.#readBase(number * PAGE_BYTES, page);
    this.#pages.set(number, page);
    return page;
  }

  /**
   * Where the pages end that nobody has written to.
   * @param {number} at
   * @param {number} end
   */
  #cleanEnd(at, end) {
    let stop = pageEnd(at);
    while (stop < end && !this.#pages.has(stop / PAGE_BYTES)) stop += PAGE_BYTES;
    return stop;
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} target
   */
  #readBase(offset, target) {
    const length = Math.min(target.length, Math.max(0, this.#baseEnd - offset));
    if (length > 0) this.#base.read(offset, length, target);
    target.fill(0, length);
  }
}

/** @param {number} at */
function pageEnd(at) {
  return (Math.floor(at / PAGE_BYTES) + 1) * PAGE_BYTES;
}
