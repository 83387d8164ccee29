// SPDX-License-Identifier: MIT
// Many small synchronous reads of a file as few larger ones. A block of the file that is looked into
// a second time is read whole and kept, so that reading one value costs that value, and reading all of
// an archive costs one system call for some fifty of them.

/** @import { ByteSource } from './byte-source.js' */

const BLOCK = 256 * 1024;
const MOST_BLOCKS = 32;

export class SyncBlocks {
  #source;
  /** By number, the longest unused first; undefined: looked into once. */
  #blocks = /** @type {Map<number, Uint8Array | undefined>} */ (new Map());

  /** The memory of a block that was forgotten. @type {Uint8Array | undefined} */ #spare;

  /** @param {Required<Pick<ByteSource, 'readSync' | 'size'>>} source */
  constructor(source) {
    this.#source = source;
  }

  /**
   * Fills the targets one after the other from consecutive bytes.
   * @param {number} offset
   * @param {Uint8Array[]} targets
   */
  read(offset, targets) {
    let length = 0;
    for (const target of targets) length += target.length;
    const number = Math.floor(offset / BLOCK);
    const start = number * BLOCK;
    const block = offset + length <= start + BLOCK ? this.#block(number, start) : undefined;
    if (block === undefined || offset + length > start + block.length) {
      this.#source.readSync(offset, targets);
      return;
    }
    let at = offset - start;
    for (const target of targets) {
      target.set(block.subarray(at, at + target.length));
      at += target.length;
    }
  }

  /**
   * @param {number} number
   * @param {number} start  of the block in the file
   */
  #block(number, start) {
    let block = this.#blocks.get(number);
    if (block === undefined && this.#blocks.has(number)) {
      block = (this.#spare ?? new Uint8Array(BLOCK)).subarray(0, this.#source.size - start);
      this.#spare = undefined;
      this.#source.readSync(start, [block]);
    }
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    if (this.#blocks.size > MOST_BLOCKS) this.#forgetOldest();
    return block;
  }

  #forgetOldest() {
    const [[number, block]] = this.#blocks;
    this.#blocks.delete(number);
    if (block?.length === BLOCK) this.#spare = block;
  }
}
