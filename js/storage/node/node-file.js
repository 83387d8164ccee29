// SPDX-License-Identifier: MIT
// A file of Node's file system as a byte source: one descriptor, positioned reads, all of them
// synchronous. Several targets are filled by one readv, so that a header lands beside and the value
// straight in its place. Runs in Node only.

import { BoresError } from '../../core/errors.js';
import { assertInside } from '../base/byte-source.js';
import { loadNode } from '../../core/host.js';

/** @import { ByteSource } from '../base/byte-source.js' */
/** @import { ReadOptions } from '../base/storage.js' */
/** @import { Node } from '../../core/host.js' */

/** @implements {ByteSource} */
export class NodeFileSource {
  #fs;
  #fd;
  #closed = false;

  /**
   * @param {Node} node
   * @param {string} path
   * @param {number} fd    ours to close
   * @param {import('node:fs').Stats} stat
   */
  constructor({ fs }, path, fd, { size, ino, mtimeMs }) {
    this.location = path;
    this.size = size;
    this.tag = `${ino} ${size} ${mtimeMs}`;
    this.#fs = fs;
    this.#fd = fd;
  }

  /**
   * @param {string} file
   * @throws {BoresError} ERR_NOT_FOUND, ERR_ARGUMENT when it is not a file, ERR_STORAGE
   */
  static async open(file) {
    const node = await loadNode();
    const path = node.path.resolve(file);
    let fd;
    try {
      fd = node.fs.openSync(path, node.readFlags);
      const stat = node.fs.fstatSync(fd);
      if (!stat.isFile()) throw new BoresError('ERR_ARGUMENT', `'${path}' is not a regular file`);
      return new NodeFileSource(node, path, fd, stat);
    } catch (error) {
      if (fd !== undefined) node.fs.closeSync(fd);
      if (error instanceof BoresError) throw error;
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === 'ENOENT') throw new BoresError('ERR_NOT_FOUND', `there is no file '${path}'`);
      throw new BoresError('ERR_STORAGE', `'${path}' cannot be opened: ${code}`, { cause: error });
    }
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {ReadOptions} [options]
   */
  async read(offset, length, options) {
    options?.signal?.throwIfAborted();
    assertInside(this, offset, length);
    const bytes = new Uint8Array(length);
    this.readSync(offset, [bytes]);
    return bytes;
  }

  /**
   * @param {number} offset
   * @param {Uint8Array[]} targets
   */
  readSync(offset, targets) {
    let due = 0;
    for (const target of targets) due += target.length;
    assertInside(this, offset, due);
    if (due === 0) return;
    const done = this.#attempt(() => this.#fs.readvSync(this.#fd, targets, offset));
    if (done < due) this.#finish(offset, targets, done);
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#fs.closeSync(this.#fd);
  }

  /**
   * The rest of a read that the system broke up.
   * @param {number} offset
   * @param {Uint8Array[]} targets
   * @param {number} done  bytes that are there
   */
  #finish(offset, targets, done) {
    let begin = 0; // of the target in the whole
    for (const target of targets) {
      const end = begin + target.length;
      while (done < end) {
        const count = this.#attempt(
          () => this.#fs.readSync(this.#fd, target, done - begin, end - done, offset + done));
        if (count === 0) {
          throw new BoresError('ERR_STORAGE', `'${this.location}' became shorter while it was ` +
            `read: ${this.size} bytes before, it ends at ${offset + done} now`);
        }
        done += count;
      }
      begin = end;
    }
  }

  /**
   * @template T
   * @param {() => T} run
   */
  #attempt(run) {
    try {
      return run();
    } catch (cause) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (cause);
      throw new BoresError('ERR_STORAGE', `'${this.location}' cannot be read: ${code}`, { cause });
    }
  }
}
