// SPDX-License-Identifier: MIT
// Entries to keys and bytes in the shared threads.

import { coreCount, threads } from './threads.js';

/**
 * @import { Puts } from '../core/encode.js'
 * @import { CallOptions } from '../formats/session.js'
 * @import { Staged, Staging } from '../storage/base/storage.js'
 * @import { PackedParams } from '../core/pack.js'
 * @typedef {() => PackedParams} Pack  makes the parameters; called when a thread is free
 */

/** Each may hold an entry and what it is encoded to. */
const MOST_THREADS = 4;

/** Memory that parameters travel in, on its way back or free; not more than there are threads. It is
 * used again because what is left to the garbage collectors of so many threads piles up.
 * @type {ArrayBuffer[]} */
let rooms = [];
let users = 0;

/** A store's share of the threads. */
export class PoolEncoder {
  #what;
  #behind;
  #most;
  #closed = false;

  /**
   * @param {string} what  a backend, whose entries, or another name of encodingOf()
   * @param {boolean} behind  whoever makes the entries goes first
   * @throws {import('./host.js').NoWorkerError}
   */
  static async open(what, behind) {
    const most = Math.min(MOST_THREADS, await coreCount());
    await threads.use(async () => {}, { most, behind });
    return new PoolEncoder(what, most, behind);
  }

  /**
   * @param {string} what
   * @param {number} most  threads
   * @param {boolean} behind
   */
  constructor(what, most, behind) {
    users++;
    this.#what = what;
    this.#behind = behind;
    this.#most = most;
  }

  /** How many entries it can work on at a time. */
  get capacity() {
    return this.#most;
  }

  /**
   * @param {Pack} pack
   * @param {CallOptions} [options]
   * @returns {Promise<Puts>}
   */
  async encode(pack, options) {
    return (await this.#call('encode', [], pack, options)).puts;
  }

  /**
   * @param {Pack} pack
   * @param {Staging} staging
   * @param {CallOptions} [options]
   * @returns {Promise<Staged>}
   */
  async stage(pack, staging, options) {
    return (await this.#call('stage', [staging], pack, options)).staged;
  }

  /**
   * @param {'encode' | 'stage'} method
   * @param {unknown[]} args  that come first
   * @param {Pack} pack
   * @param {CallOptions} [options]
   * @returns {Promise<any>}
   */
  async #call(method, args, pack, { signal } = {}) {
    return threads.use(async (host) => {
      const params = pack();
      const room = largeEnough(rooms.pop(), params.buffers);
      const buffers = copyInto(room, params.buffers); // the one copy; it moves
      const result = await host.call(0, method,
        [...args, this.#what, { ...params, buffers }, room, this.#behind], { transfer: [room] });
      if (users > 0) rooms.push(result.room);
      return result;
    }, { most: this.#most, signal, patience: 1, behind: this.#behind });
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    users--;
    if (users === 0) rooms = [];
  }
}

/**
 * @param {ArrayBuffer | undefined} room
 * @param {readonly Uint8Array[]} arrays
 */
function largeEnough(room, arrays) {
  const nbytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return room && room.byteLength >= nbytes ? room : new ArrayBuffer(nbytes);
}

/**
 * @param {ArrayBuffer} room
 * @param {readonly Uint8Array[]} arrays
 */
function copyInto(room, arrays) {
  let at = 0;
  return arrays.map((array) => {
    const copy = new Uint8Array(room, at, array.byteLength);
    copy.set(array);
    at += array.byteLength;
    return copy;
  });
}
