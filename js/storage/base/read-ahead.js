// SPDX-License-Identifier: MIT
// Many small reads of a slow source as few large ones. The source is cut into blocks; what is
// asked for in one go is fetched together, neighbours in one read, and a reader that moves
// forward is met with twice as much each time, up to `MAX_READ`. So a run of small chunks in a zip
// on a web server costs a request for each 4 MiB instead of one for each chunk, while a single
// look at a metadata document fetches one block.

import { abortable } from '../../core/waiting.js';
import { assertInside } from './byte-source.js';

/** @import { ByteSource } from './byte-source.js' */
/** @import { ReadOptions } from './storage.js' */

const BLOCK = 256 * 1024;
const MAX_READ = 4 * 1024 * 1024; // also: values beyond it are read directly
const MAX_CACHED = 32 * 1024 * 1024;

/** @implements {ByteSource} */
export class ReadAhead {
  #source;
  /** @type {Map<number, Promise<Uint8Array>>} by number, the longest unused first */
  #blocks = new Map();
  /** @type {Map<number, PromiseWithResolvers<Uint8Array>>} wanted since the last fetch */
  #wanted = new Map();
  #nextBlock = -1; // behind the last fetch: what a reader that moves forward wants next
  #ahead = 0; // blocks fetched beyond those wanted

  /** @param {ByteSource} source  ours to close */
  constructor(source) {
    this.#source = source;
    this.location = source.location;
    this.size = source.size;
    this.tag = source.tag;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {ReadOptions} [options]
   */
  async read(offset, length, options) {
    options?.signal?.throwIfAborted();
    assertInside(this, offset, length);
    if (length > MAX_READ) return this.#source.read(offset, length, options);
    const first = Math.floor(offset / BLOCK);
    const last = Math.floor((offset + Math.max(length, 1) - 1) / BLOCK);
    const pending = [];
    for (let block = first; block <= last; block += 1) pending.push(this.#block(block));
    // What is fetched serves others, too, so it goes on.
    const blocks = await abortable(Promise.all(pending), options?.signal);
    const start = offset - first * BLOCK;
    if (blocks.length === 1) return blocks[0].subarray(start, start + length);
    return joined(blocks, start, length);
  }

  async close() {
    this.#blocks.clear();
    await this.#source.close();
  }

  /** @param {number} number */
  #block(number) {
    const known = this.#blocks.get(number);
    if (known !== undefined) {
      this.#blocks.delete(number); // and behind the others again: it is the latest used
      this.#blocks.set(number, known);
      return known;
    }
    if (this.#wanted.size === 0) queueMicrotask(() => this.#fetch());
    return this.#want(number);
  }

  /** @param {number} number */
  #want(number) {
    const wanted = /** @type {PromiseWithResolvers<Uint8Array>} */ (withResolvers());
    this.#wanted.set(number, wanted);
    this.#blocks.set(number, wanted.promise);
    return wanted.promise;
  }

  /** Fetches what was wanted in this turn of the event loop, and what will be next. */
  #fetch() {
    const last = Math.max(...this.#wanted.keys());
    const forward = Math.min(...this.#wanted.keys()) === this.#nextBlock;
    this.#ahead = forward ? Math.min(Math.max(1, this.#ahead * 2), MAX_READ / BLOCK) : 0;
    const count = Math.ceil(this.size / BLOCK);
    for (let i = 1; i <= this.#ahead && last + i < count; i += 1) {
      if (this.#blocks.has(last + i)) break;
      this.#want(last + i).catch(() => undefined); // nobody waits for it yet
    }
    this.#nextBlock = last + this.#ahead + 1;
    for (const run of neighbours([...this.#wanted.keys()])) {
      void this.#fetchRun(run[0], run.map((number) => this.#take(number)));
    }
    this.#evict();
  }

  /** @param {number} number */
  #take(number) {
    const wanted = /** @type {PromiseWithResolvers<Uint8Array>} */ (this.#wanted.get(number));
    this.#wanted.delete(number);
    return wanted;
  }

  /**
   * @param {number} first  block number
   * @param {PromiseWithResolvers<Uint8Array>[]} run  that block and those behind it
   */
  async #fetchRun(first, run) {
    const offset = first * BLOCK;
    try {
      const length = Math.min(run.length * BLOCK, this.size - offset);
      const bytes = await this.#source.read(offset, length);
      run.forEach((wanted, i) => wanted.resolve(bytes.subarray(i * BLOCK, (i + 1) * BLOCK)));
    } catch (error) {
      run.forEach((wanted, i) => {
        this.#blocks.delete(first + i); // the next reader tries again
        wanted.reject(error);
      });
    }
  }

  #evict() {
    for (const number of this.#blocks.keys()) {
      if (this.#blocks.size * BLOCK <= MAX_CACHED) return;
      this.#blocks.delete(number); // who waits for it holds the promise
    }
  }
}

/**
 * @param {number[]} numbers  of blocks
 * @returns {number[][]}  those that follow on each other together, as many as one read may take
 */
function neighbours(numbers) {
  /** @type {number[][]} */
  const runs = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.at(-1) === number - 1 && run.length < MAX_READ / BLOCK) run.push(number);
    else runs.push([number]);
  }
  return runs;
}

/**
 * @param {Uint8Array[]} blocks
 * @param {number} start  in the first one
 * @param {number} length
 */
function joined(blocks, start, length) {
  const bytes = new Uint8Array(length);
  let position = -start;
  for (const block of blocks) {
    const from = Math.max(0, -position);
    bytes.set(block.subarray(from, length - position), position + from);
    position += block.length;
  }
  return bytes;
}

/**
 * Promise.withResolvers(), which Node 20 lacks.
 * @template T
 * @returns {PromiseWithResolvers<T>}
 */
function withResolvers() {
  /** @type {any} */
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
