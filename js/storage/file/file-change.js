// SPDX-License-Identifier: MIT
// One commit's changes of a file, done and undone. Where each byte goes is known when it is made.

import { encodeHead, firstOf, printOf } from './file-journal.js';
import { toSyncFile } from './file-medium.js';
import { PAGE_BYTES } from './overlay-file.js';

/**
 * @import { MediumFile } from './file-medium.js'
 * @import { Extent, OverlayFile } from './overlay-file.js'
 */

export class Change {
  /** @type {Extent[]} in order, the first page alone */ inside = [];
  #overlay;
  #oldSize;
  /** @type {Extent[]} */ #before = [];

  /**
   * @param {MediumFile} file
   * @param {OverlayFile} overlay
   */
  constructor(file, overlay) {
    this.file = file;
    this.#overlay = overlay;
    this.#oldSize = file.size();
    const border = Math.max(this.#oldSize, PAGE_BYTES); // a new file is none without its first page
    for (const { offset, bytes } of overlay.extents()) {
      for (const [from, to] of [[0, PAGE_BYTES], [PAGE_BYTES, border]]) {
        const start = Math.max(offset, from), end = Math.min(offset + bytes.length, to);
        if (start < end) this.inside.push({ offset: start, bytes: bytes.slice(start - offset, end - offset) });
      }
    }
  }

  head() {
    const file = toSyncFile(this.file, this.#overlay.location);
    const newSize = this.#overlay.size();
    const print = printOf(file, this.inside, Math.min(this.#oldSize, newSize));
    return encodeHead({ oldSize: this.#oldSize, newSize, print, first: firstOf(file, this.#oldSize), copies: false });
  }

  /** @returns {boolean} whether there was anything to do */
  grow() {
    const newSize = this.#overlay.size();
    if (newSize <= this.#oldSize) return false;
    const border = Math.max(this.#oldSize, PAGE_BYTES);
    for (const { offset, bytes } of this.#overlay.extents()) {
      const part = bytes.subarray(Math.max(0, border - offset));
      if (part.length > 0) this.file.write(Math.max(offset, border), part);
    }
    if (this.file.size() < newSize) this.file.truncate(newSize);
    return true;
  }

  /** In place, the first page last. */
  write() {
    for (const { offset, bytes } of this.inside) {
      const before = new Uint8Array(Math.max(0, Math.min(bytes.length, this.#oldSize - offset)));
      this.file.read(offset, before.length, before);
      this.#before.push({ offset, bytes: before });
    }
    writeInside(this.file, this.inside);
  }

  /** @returns {boolean} whether there was anything to do; it cannot be undone */
  cut() {
    const newSize = this.#overlay.size();
    if (newSize >= this.#oldSize) return false;
    this.file.truncate(newSize);
    return true;
  }

  undo() {
    for (const { offset, bytes } of this.#before) this.file.write(offset, bytes);
    if (this.file.size() > this.#oldSize) this.file.truncate(this.#oldSize);
  }
}

/**
 * @param {MediumFile} file
 * @param {Extent[]} extents  in order
 */
export function writeInside(file, extents) {
  for (const { offset, bytes } of [...extents].reverse()) file.write(offset, bytes);
}

