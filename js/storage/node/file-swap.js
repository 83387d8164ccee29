// SPDX-License-Identifier: MIT
// A file that takes the place of another one at once: it is written beside it, made durable and
// renamed. Until then, and after a failure or a kill, the old file stands. Runs in Node only.

import { BoresError } from '../../core/errors.js';
import { loadNode } from '../../core/host.js';

/** @import { Node } from '../../core/host.js' */

/**
 * What becomes a file's content, piece by piece. One of commit() and abort() ends it.
 * @typedef {object} Sink
 * @property {(bytes: Uint8Array) => Promise<void>} write  the bytes are borrowed until it resolves
 * @property {() => Promise<void>} commit
 * @property {() => Promise<void>} abort  idempotent; does nothing after commit()
 */

/** Codes of the file system that say what is wrong; the others are ERR_STORAGE. */
const CODES = /** @type {Record<string, string>} */ ({ EACCES: 'ERR_PERMISSION',
  EPERM: 'ERR_PERMISSION', EROFS: 'ERR_READ_ONLY', ENOSPC: 'ERR_QUOTA', EDQUOT: 'ERR_QUOTA',
  ENOENT: 'ERR_NOT_FOUND' });

/** @implements {Sink} */
export class FileSwap {
  #node;
  #path;
  #temporary;
  /** @type {number | undefined} */ #fd;
  #bytes = 0;

  /**
   * @param {string} path  absolute; its folder is made when it is absent
   * @throws {BoresError} ERR_PERMISSION, ERR_READ_ONLY, ERR_STORAGE
   */
  static async open(path) {
    const swap = new FileSwap(await loadNode(), path);
    swap.#attempt((fs) => {
      const { dirname } = swap.#node.path;
      fs.mkdirSync(dirname(path), { recursive: true });
      removeAbandoned(swap.#node, path);
      swap.#fd = fs.openSync(swap.#temporary, 'wx', modeOf(swap.#node, path));
    });
    return swap;
  }

  /**
   * @param {Node} node
   * @param {string} path
   */
  constructor(node, path) {
    this.#node = node;
    this.#path = path;
    const unique = `${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
    this.#temporary = `${prefixOf(node, path)}${unique}`;
  }

  /** @param {Uint8Array} bytes */
  async write(bytes) {
    this.#attempt((fs) => {
      for (let at = 0; at < bytes.length;) {
        at += fs.writeSync(this.#open(), bytes, at, bytes.length - at);
      }
    });
    this.#bytes += bytes.length;
  }

  async commit() {
    const fd = this.#open();
    const { fs, path: { dirname } } = this.#node;
    try {
      await this.#sync(fd);
      this.#fd = undefined;
      this.#attempt(() => fs.closeSync(fd));
      this.#attempt(() => fs.renameSync(this.#temporary, this.#path));
    } catch (error) {
      await this.#discard();
      throw error;
    }
    if (process.platform === 'win32') return; // cannot sync a folder
    const folder = this.#attempt(() => fs.openSync(dirname(this.#path), 'r'));
    try {
      await this.#sync(folder);
    } finally {
      fs.closeSync(folder);
    }
  }

  async abort() {
    if (this.#fd !== undefined) await this.#discard();
  }

  async #discard() {
    const { fs } = this.#node;
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    this.#fd = undefined;
    fs.rmSync(this.#temporary, { force: true });
  }

  #open() {
    if (this.#fd !== undefined) return this.#fd;
    throw new BoresError('ERR_STATE', `${this.#path} is not being written`);
  }

  /** @param {number} fd */
  async #sync(fd) {
    await new Promise((resolve, reject) => {
      this.#node.fs.fsync(fd, (error) =>
        (error ? reject(this.#translate(error)) : resolve(undefined)));
    });
  }

  /**
   * @template T
   * @param {(fs: Node['fs']) => T} run
   */
  #attempt(run) {
    try {
      return run(this.#node.fs);
    } catch (error) {
      throw this.#translate(error);
    }
  }

  /** @param {unknown} cause */
  #translate(cause) {
    const { code, syscall } = /** @type {NodeJS.ErrnoException} */ (cause);
    if (cause instanceof BoresError || syscall === undefined) return cause;
    return new BoresError(CODES[code ?? ''] ?? 'ERR_STORAGE', `'${this.#path}' cannot be written `
      + `after ${this.#bytes} bytes: ${code}`, { cause });
  }
}

/**
 * Beginning of the names under which a file is written before it is whole.
 * @param {Node} node
 * @param {string} file
 */
function prefixOf({ path }, file) {
  return path.join(path.dirname(file), `.${path.basename(file)}.bores-new-`);
}

/**
 * The permissions of the file that is there, else those that new files have.
 * @param {Node} node
 * @param {string} path
 */
function modeOf({ fs }, path) {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat ? stat.mode & 0o777 : 0o666;
}

/**
 * Removes what processes that are no more have left beside a file.
 * @param {Node} node
 * @param {string} file
 */
function removeAbandoned(node, file) {
  const { fs, path } = node;
  const prefix = path.basename(prefixOf(node, file));
  for (const name of fs.readdirSync(path.dirname(file))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0;
    if (pid > 0 && !isAlive(pid)) fs.rmSync(path.join(path.dirname(file), name), { force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
