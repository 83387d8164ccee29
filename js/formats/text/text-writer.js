// SPDX-License-Identifier: MIT
// The writing half of a text session: a file is written whole, entry after entry, and takes the
// place of the old one when it is complete.

import { BoresError } from '../../core/errors.js';

/**
 * @import { Puts } from '../../core/encode.js'
 * @import { Sink } from '../../storage/node/file-swap.js'
 * @import { WholeFile } from '../../storage/whole-file.js'
 * @import { SessionWriter } from '../session.js'
 */

/** What stands before, between and behind the items of a file's list. */
const FRAMES = {
  json: { begin: '[\n', between: ',\n', end: '\n]', nothing: '[]' },
  yaml: { begin: '', between: '', end: '', nothing: '[]\n' },
};

/** Entries and what is between them are collected to pieces of at least that many bytes. */
const PIECE_BYTES = 1 << 20;

/** @implements {SessionWriter} */
export class TextWriter {
  #frame;
  #place;
  /** @type {Sink | undefined} */ #sink;
  /** @type {Uint8Array[]} */ #waiting = [];
  #waitingBytes = 0;
  #count = 0;

  /**
   * @param {'json' | 'yaml'} format
   * @param {WholeFile} place
   */
  constructor(format, place) {
    this.#frame = FRAMES[format];
    this.#place = place;
  }

  /** @returns {Promise<{ dropped: string[], restored: string[] }>} */
  async lock() {
    if (!this.#place.replace) {
      throw new BoresError('ERR_READ_ONLY', `${this.#place.location} can only be read`);
    }
    return { dropped: [], restored: [] };
  }

  async unlock() {
    await this.replaceAbort();
  }

  /** @returns {Promise<never>} */
  async commit() {
    throw new BoresError('ERR_APPEND_UNSUPPORTED',
      `${this.#place.location} is written whole, with dump()`);
  }

  async staging() {
    return undefined;
  }

  async isConsolidated() {
    return false;
  }

  /** @returns {Promise<never>} */
  async consolidate() {
    throw new BoresError('ERR_UNSUPPORTED',
      `${this.#place.location}: only Zarr stores have consolidated metadata`);
  }

  async replaceBegin() {
    await this.replaceAbort();
    this.#count = 0;
    await this.lock();
    this.#sink = await this.#place.replace?.();
  }

  /** @param {Puts} puts  of `text.encode` */
  async replaceAdd(puts) {
    for (const [, bytes] of puts) {
      this.#add(this.#count++ === 0 ? this.#frame.begin : this.#frame.between, bytes);
      if (this.#waitingBytes >= PIECE_BYTES) await this.#flush();
    }
  }

  /** @param {unknown} _root  parameters of `zarr.root`: a text has no place for them */
  async replaceEnd(_root) {
    this.#add(this.#count === 0 ? this.#frame.nothing : this.#frame.end, new Uint8Array(0));
    await this.#flush();
    await this.#open().commit();
    this.#sink = undefined;
  }

  async replaceAbort() {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
    await sink?.abort();
  }

  /** @returns {Promise<{ dropped: string[], restored: string[] }>} */
  async recover() {
    return { dropped: [], restored: [] };
  }

  /** @returns {Promise<{ dropped: string[], restored: string[] }>} */
  async leftovers() {
    return { dropped: [], restored: [] };
  }

  /**
   * @param {string} text
   * @param {Uint8Array} bytes
   */
  #add(text, bytes) {
    this.#waiting.push(new TextEncoder().encode(text), bytes);
    this.#waitingBytes += text.length + bytes.length;
  }

  async #flush() {
    const pieces = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const piece of pieces) if (piece.length > 0) await this.#open().write(piece);
  }

  /** @returns {Sink} */
  #open() {
    if (!this.#sink) throw new BoresError('ERR_STATE', 'no replacement has been begun');
    return this.#sink;
  }
}
