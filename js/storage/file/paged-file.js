// SPDX-License-Identifier: MIT
// A slow source as a file: pages in memory, the last used within a limit; more than was asked for where
// a reader moves forward, and where it comes back to, since what belongs together lies together. A
// source that reads at once (FileReaderSync, a synchronous request in a worker) is read when a page is
// missing. From any other a read of what is missing fails; `fetchMissing()` then brings it, and whoever
// failed starts again: nothing is dropped before `settle()` says that it is done.

import { BoresError } from '../../core/errors.js';
import { assertInside } from '../base/byte-source.js';

/**
 * @import { ByteSource } from '../base/byte-source.js'
 * @import { ReadOptions } from '../base/storage.js'
 * @import { SyncFile } from './sync-file.js'
 * @typedef {{ first: number, count: number }} Run  of pages, by number
 */

export const PAGE_BYTES = 16 * 1024;
const MAX_AHEAD = 4 * 1024 * 1024;
const MOST_PAGES = MAX_AHEAD / PAGE_BYTES; // of one read
const MAX_CACHED = 64 * 1024 * 1024;
/** Where a reader comes back to, more and more is fetched together, at last a region of 1 MiB. */
const REGION = (1024 * 1024) / PAGE_BYTES;
/** Pages, by how often something was missing in the region. */
const BLOCKS = [1, 1, 4, 16, REGION];

/** @implements {SyncFile} */
export class PagedFile {
  #source;
  /** @type {Map<number, Uint8Array>} the longest unused first */ #pages = new Map();
  #limit;
  /** Behind the last run: where a reader that moves forward goes on. */ #next = -1;
  #ahead = 0;
  /** How often something was missing, by region. @type {Map<number, number>} */ #misses = new Map();
  /** By number, what the reads since the last fetch were in want of. @type {Set<number>} */ #missing = new Set();

  /**
   * @param {ByteSource} source  borrowed
   * @param {{ limit?: number }} [options]  limit: bytes kept
   */
  constructor(source, { limit = MAX_CACHED } = {}) {
    this.location = source.location;
    this.#source = source;
    this.#limit = limit / PAGE_BYTES;
  }

  size() {
    return this.#source.size;
  }

  /** Whether a read has failed for want of pages that fetchMissing() can bring. */
  get isMissing() {
    return this.#missing.size > 0;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {Uint8Array} view
   */
  read(offset, length, view) {
    assertInside(this.#source, offset, length);
    if (length === 0) return;
    const { readSync } = this.#source;
    if (readSync && length > MAX_AHEAD) {
      readSync.call(this.#source, offset, [view.subarray(0, length)]);
      return;
    }
    const first = Math.floor(offset / PAGE_BYTES);
    const last = Math.floor((offset + length - 1) / PAGE_BYTES);
    const runs = this.#absent(first, last);
    if (runs.length > 0) this.#bring(runs);
    this.#copy(first, last, offset, view.subarray(0, length));
    if (readSync) this.settle();
  }

  /**
   * Brings what reads were in want of.
   * @param {ReadOptions} [options]
   */
  async fetchMissing(options) {
    const runs = runsOf([...this.#missing].sort((a, b) => a - b));
    this.#missing.clear();
    await Promise.all(runs.map(async (run) => {
      const { offset, length } = this.#place(run);
      this.#keep(run, await this.#source.read(offset, length, options));
    }));
  }

  /** Whoever was reading has ended: pages beyond the limit go. */
  settle() {
    this.#missing.clear();
    for (const number of this.#pages.keys()) {
      if (this.#pages.size <= this.#limit) return;
      this.#pages.delete(number);
    }
  }

  /**
   * @param {number} first
   * @param {number} last
   * @returns {Run[]}  pages between them that are not there
   */
  #absent(first, last) {
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    return runsOf(numbers.filter((number) => !this.#pages.has(number)));
  }

  /** @param {Run[]} wanted */
  #bring(wanted) {
    const { first } = wanted[0];
    const last = wanted[wanted.length - 1].first + wanted[wanted.length - 1].count - 1;
    const runs = this.#absent(...this.#widened(first, last));
    const { readSync } = this.#source;
    if (!readSync) {
      for (const run of runs) for (let i = 0; i < run.count; i += 1) this.#missing.add(run.first + i);
      const { offset, length } = this.#place(wanted[0]);
      throw new BoresError('ERR_STORAGE',
        `${this.location}: ${length} bytes at ${offset} have not been fetched`);
    }
    for (const run of runs) {
      const { offset, length } = this.#place(run);
      const bytes = new Uint8Array(length);
      readSync.call(this.#source, offset, [bytes]);
      this.#keep(run, bytes);
    }
  }

  /**
   * @param {number} first
   * @param {number} last
   * @returns {[first: number, last: number]}
   */
  #widened(first, last) {
    const end = Math.ceil(this.#source.size / PAGE_BYTES) - 1;
    const region = Math.floor(first / REGION);
    const misses = this.#misses.get(region) ?? 0;
    this.#misses.set(region, misses + 1);
    const block = BLOCKS[Math.min(misses, BLOCKS.length - 1)];
    this.#ahead = first === this.#next ? Math.min(Math.max(1, this.#ahead * 2), MOST_PAGES) : 0;
    const blockEnd = (Math.floor(last / block) + 1) * block - 1;
    const widenedLast = Math.min(end, Math.max(last + this.#ahead, blockEnd));
    this.#next = widenedLast + 1;
    return [Math.floor(first / block) * block, widenedLast];
  }

  /** @param {Run} run */
  #place({ first, count }) {
    const offset = first * PAGE_BYTES;
    return { offset, length: Math.min(count * PAGE_BYTES, this.#source.size - offset) };
  }

  /**
   * @param {Run} run
   * @param {Uint8Array} bytes
   */
  #keep({ first, count }, bytes) {
    for (let i = 0; i < count; i += 1) {
      this.#pages.set(first + i, bytes.slice(i * PAGE_BYTES, (i + 1) * PAGE_BYTES));
    }
  }

  /**
   * @param {number} first
   * @param {number} last
   * @param {number} offset
   * @param {Uint8Array} view
   */
  #copy(first, last, offset, view) {
    for (let number = first; number <= last; number += 1) {
      const page = /** @type {Uint8Array} */ (this.#pages.get(number));
      this.#pages.delete(number);
      this.#pages.set(number, page); // behind the others: it is the latest used
      const start = number * PAGE_BYTES - offset; // of the page in the view
      const part = page.subarray(Math.max(0, -start), view.length - start);
      view.set(part, Math.max(0, start));
    }
  }
}

/**
 * @param {number[]} numbers  of pages, in order
 * @returns {Run[]}  those that follow on each other together
 */
function runsOf(numbers) {
  /** @type {Run[]} */
  const runs = [];
  for (const number of numbers) {
    const run = runs[runs.length - 1];
    const follows = run && run.first + run.count === number && run.count < MOST_PAGES;
    if (follows) run.count += 1;
    else runs.push({ first: number, count: 1 });
  }
  return runs;
}
