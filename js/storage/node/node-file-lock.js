// SPDX-License-Identifier: MIT
// One writer at a time for a file of Node's file system: the lock of a folder of its own beside it, which
// is there as long as somebody writes.

import { BoresError } from '../../core/errors.js';
import { LockFile, identity, ownerOf } from './node-lock.js';
import { lockedError } from '../base/store-writer.js';
import { sleep } from '../../core/waiting.js';

/** @import { Node } from '../../core/host.js' */

const ATTEMPTS = 20;

export class FileLock {
  #node;
  #folder;
  #lock;

  /**
   * @param {Node} node
   * @param {string} folder
   * @param {LockFile} lock
   */
  constructor(node, folder, lock) {
    this.#node = node;
    this.#folder = folder;
    this.#lock = lock;
  }

  /**
   * @param {Node} node
   * @param {string} path  of the file, in a folder that exists
   * @param {AbortSignal} [signal]
   * @returns {Promise<FileLock>}
   * @throws {BoresError} ERR_LOCKED naming the owner
   */
  static async acquire(node, path, signal) {
    const folder = folderOf(node, path);
    for (let attempt = 1; ; attempt += 1) {
      const lock = await claim(node, folder, path, signal);
      if (lock) return new FileLock(node, folder, lock);
      if (attempt === ATTEMPTS) {
        throw new BoresError('ERR_STORAGE', `${path} cannot be locked: its lock's folder goes away`);
      }
      await sleep(5 + Math.random() * 20, signal);
    }
  }

  /** Idempotent. */
  release() {
    this.#lock.release();
    try {
      this.#node.fs.rmdirSync(this.#folder);
    } catch (error) { // another claimant is in it, or has removed it
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) throw error;
    }
  }
}

/**
 * Who writes a file, if anybody.
 * @param {Node} node
 * @param {string} path
 */
export function fileOwner(node, path) {
  return ownerOf(node, folderOf(node, path));
}

/**
 * @param {Node} node
 * @param {string} folder
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<LockFile | undefined>}  undefined when the folder was removed meanwhile
 */
async function claim(node, folder, path, signal) {
  try {
    node.fs.mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const before = identity(node, folder);
  try {
    const lock = await LockFile.acquire(node, folder, signal);
    if (before !== '' && identity(node, folder) === before) return lock; // it stays while the lock is in it
    lock.release();
    return undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    const owner = codeOf(error) === 'ERR_LOCKED' ? ownerOf(node, folder) : undefined;
    throw owner ? lockedError(path, owner, `; if that is not so, delete ${folder}`) : error;
  }
}

/**
 * @param {Node} node
 * @param {string} file
 */
function folderOf({ path }, file) {
  return `${path.dirname(file)}/.${path.basename(file)}.bores-lock`;
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
}
