// SPDX-License-Identifier: MIT
// A file in memory for Hdf5Core, with what happened to it.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** @import { ByteSource } from '../../js/core/hdf5-core.js' */

/** Bytes in memory that can be read, written and cut. */
export class MemorySource {
  #capacity;

  /** @param {Uint8Array} [bytes]  copied */
  constructor(bytes = new Uint8Array(0)) {
    this.#capacity = Uint8Array.from(bytes);
    this.length = bytes.length;
    this.bytesRead = 0;
    this.reads = 0;
  }

  get bytes() {
    return this.#capacity.subarray(0, this.length);
  }

  size() {
    return this.length;
  }

  /** @type {ByteSource['read']} */
  read(offset, length, view) {
    if (offset + length > this.length) throw new RangeError(`${length} bytes at ${offset}`);
    this.reads += 1;
    this.bytesRead += length;
    view.set(this.#capacity.subarray(offset, offset + length));
  }

  /** @param {number} offset @param {Uint8Array} view */
  write(offset, view) {
    this.#reserve(offset + view.length);
    this.#capacity.set(view, offset);
    this.length = Math.max(this.length, offset + view.length);
  }

  /** @param {number} size */
  truncate(size) {
    this.#reserve(size);
    if (size > this.length) this.#capacity.fill(0, this.length, size);
    this.length = size;
  }

  /** @param {number} size */
  #reserve(size) {
    if (size <= this.#capacity.length) return;
    const grown = new Uint8Array(Math.max(size, this.#capacity.length * 2));
    grown.set(this.bytes);
    this.#capacity = grown;
  }
}

/** One that finds the files beside it. */
export class FolderSource extends MemorySource {
  #folder;

  /** @param {string} file */
  constructor(file) {
    super(readFileSync(file));
    this.#folder = path.dirname(file);
  }

  /** @param {string} name @returns {FolderSource | undefined} */
  sibling(name) {
    try {
      return new FolderSource(path.join(this.#folder, path.basename(name)));
    } catch {
      return undefined;
    }
  }
}
