// SPDX-License-Identifier: MIT
// A directory of Node's file system, a file per key. Runs in Node only.
//
// Reading is synchronous at heart, which beats 32 concurrent promises by four times on a store of many
// small chunks. Most values are read whole by one call, and are what the file held then; nothing else
// is asked about them. A larger one, or a part, is read straight into the reserved bytes, between two fstats that
// catch a writer who changes the file meanwhile: the reader gets an error, never a mixture or zeros. A
// writer that renames a new file into place is invisible: the open descriptor still has the whole old
// one. A writer of ours that replaces everything swaps the whole directory: what seems absent is looked
// for again when the directory is another one by then.
//
// Symbolic links are followed, as by zarr-python: who can write the directory may point a name at
// any file its reader may read. Keys themselves never leave the directory (`keys.js`).
// Only regular files are values: O_NONBLOCK keeps a FIFO from blocking the open.

import { BoresError } from '../../core/errors.js';
import { isReserved } from '../base/batch.js';
import { checkFolder, checkKey, checkRange, clipRange } from '../base/keys.js';
import { loadNode } from '../../core/host.js';
import { checkFileKey } from './node-files.js';
import { identity } from './node-lock.js';
import { awaitSwap } from './node-swap.js';
import { directoryLeftovers, openDirectoryWriter } from './node-writer.js';
import { RangeStorage } from '../base/storage.js';

/** @import { ByteRange, ReadOptions, Storage, WriterOptions } from '../base/storage.js' */
/** @import { Node } from '../../core/host.js' */
/** @import { Stats } from 'node:fs' */

/** What one call reads: most chunks, and all metadata that are not out of the ordinary. */
const SMALL = new Uint8Array(64 * 1024);

/** @implements {Storage} */
export class DirectoryStorage extends RangeStorage {
  #node;
  #root;
  #identity; // of the root, '' until there is one

  /**
   * @param {Node} node
   * @param {string} root  absolute
   */
  constructor(node, root) {
    super('directory', root);
    this.#node = node;
    this.#root = root;
    this.#identity = identity(node, root);
  }

  /**
   * @param {string} directory
   * @param {{ create?: boolean }} [options]  create: it is going to be written. One that is absent is
   *   empty, and made by its first writer; a commit that a killed writer had decided is finished, so
   *   that who reads before the first write sees what that will add to
   * @throws {BoresError} ERR_NOT_FOUND, or ERR_ARGUMENT when it is a file
   */
  static async open(directory, { create = false } = {}) {
    const node = await loadNode();
    const root = node.path.resolve(directory);
    const found = awaitSwap(node, root);
    const stat = found ? node.fs.statSync(root, { throwIfNoEntry: false }) : undefined;
    if (stat === undefined) {
      if (create && !found) return new DirectoryStorage(node, root);
      throw new BoresError('ERR_NOT_FOUND', `there is no directory '${root}'`);
    }
    if (!stat.isDirectory()) {
      throw new BoresError('ERR_ARGUMENT', `'${root}' is not a directory`);
    }
    if (create) await finishCommit(node, root);
    return new DirectoryStorage(node, root);
  }

  /**
   * @param {string} key
   * @param {(length: number) => Uint8Array} reserve
   */
  getSync(key, reserve) {
    return this.#withFile(key, (fd) => {
      const count = this.#readSmall(fd);
      if (count > 0) reserve(count).set(SMALL.subarray(0, count));
      else this.#readPart(key, fd, undefined, reserve);
    });
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {(length: number) => Uint8Array} reserve
   */
  getRangeSync(key, range, reserve) {
    checkRange(range);
    return this.#withFile(key, (fd) => this.#readPart(key, fd, range, reserve));
  }

  /**
   * @param {string} key
   * @param {(fd: number) => void} use
   * @returns {boolean}  false: there is no such file
   */
  #withFile(key, use) {
    const path = this.#path(key);
    if (isReserved(key)) return false;
    const { fs } = this.#node;
    const fd = this.#attempt(key, () => fs.openSync(path, this.#node.readFlags));
    if (fd === undefined) return false;
    try {
      use(fd);
      return true;
    } catch (error) {
      throw this.#translate(key, error);
    } finally {
      fs.closeSync(fd);
    }
  }

  /**
   * @param {number} fd
   * @returns {number}  bytes of all that is in the file; 0 when it has more, nothing, or is no file
   */
  #readSmall(fd) {
    try {
      const count = this.#node.fs.readSync(fd, SMALL, 0, SMALL.length, 0);
      return count < SMALL.length ? count : 0;
    } catch {
      return 0; // the other way says what is wrong
    }
  }

  /**
   * @param {string} key
   * @param {number} fd
   * @param {ByteRange | undefined} range  undefined: all of it
   * @param {(length: number) => Uint8Array} reserve
   */
  #readPart(key, fd, range, reserve) {
    const { fs } = this.#node;
    const before = this.#value(key, fs.fstatSync(fd));
    const { start, end } = clipRange(before.size, range ?? { offset: 0, length: before.size });
    const target = reserve(end - start);
    let done = 0;
    while (done < target.length) {
      const count = fs.readSync(fd, target, done, target.length - done, start + done);
      if (count === 0) break;
      done += count;
    }
    this.#assertUnchanged(key, before, fs.fstatSync(fd), done, target.length);
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    this.assertReadable(prefix, options);
    return this.listSync(prefix);
  }

  /** @param {string} prefix */
  listSync(prefix) {
    const path = this.#folderPath(prefix);
    if (isReserved(prefix)) return [];
    const { fs } = this.#node;
    const entries = this.#attempt(prefix, () => fs.readdirSync(path, { withFileTypes: true })) ?? [];
    const shown = prefix === '' ? entries.filter(({ name }) => !isReserved(name)) : entries;
    return shown.map((entry) => {
      const folder = entry.isSymbolicLink()
        ? this.#target(`${path}/${entry.name}`)?.isDirectory()
        : entry.isDirectory();
      return folder ? `${entry.name}/` : entry.name;
    }).sort();
  }

  /**
   * Counts regular files; links to folders are not entered, so a loop of links ends.
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    const total = { bytes: 0, keys: 0 };
    const pending = [this.#folderPath(prefix)];
    const { fs } = this.#node;
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      this.assertReadable(prefix, options);
      const path = folder;
      const entries = await fs.promises.readdir(path, { withFileTypes: true })
        .catch((error) => this.#absentAs(prefix, error, []));
      for (const entry of entries) {
        const child = `${path}/${entry.name}`;
        if (path === this.#root && isReserved(entry.name)) continue;
        if (entry.isDirectory()) pending.push(child);
        const stat = entry.isDirectory() ? undefined : this.#target(child);
        if (!stat?.isFile()) continue;
        total.bytes += stat.size;
        total.keys += 1;
      }
    }
    return total;
  }

  /** @param {WriterOptions} [options] */
  async openWriter(options) {
    this.assertReadable('', options);
    return openDirectoryWriter(this.#node, this.#root, options);
  }

  /** @param {ReadOptions} [options] */
  async leftovers(options) {
    this.assertReadable('', options);
    return directoryLeftovers(this.#node, this.#root);
  }

  /**
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {ReadOptions} [options]
   * @override
   */
  async read(key, range, options) {
    const path = this.#path(key, options);
    if (isReserved(key)) return undefined;
    const { fs } = this.#node;
    const open = () => fs.promises.open(path, this.#node.readFlags)
      .catch((error) => this.#absentAs(key, error, undefined));
    let seen = this.#identity;
    let handle = await open();
    while (handle === undefined && this.#movedFor(key, seen)) {
      seen = this.#identity;
      handle = await open();
    }
    if (handle === undefined) return undefined;
    try {
      const before = this.#value(key, await handle.stat());
      const { start, end } = clipRange(before.size, range ?? { offset: 0, length: before.size });
      const target = new Uint8Array(end - start);
      let done = 0;
      while (done < target.length) {
        options?.signal?.throwIfAborted();
        const length = Math.min(target.length - done, 4 << 20); // a bound on the wait for an abort
        const { bytesRead } = await handle.read(target, done, length, start + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      this.#assertUnchanged(key, before, await handle.stat(), done, target.length);
      options?.signal?.throwIfAborted();
      return target;
    } catch (error) {
      if (options?.signal?.aborted) throw options.signal.reason;
      throw this.#translate(key, error);
    } finally {
      await handle.close();
    }
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  #path(key, options) {
    this.assertReadable(key, options);
    checkKey(key);
    checkFileKey(key);
    return `${this.#root}/${key}`;
  }

  /** @param {string} prefix */
  #folderPath(prefix) {
    checkFolder(prefix);
    if (prefix !== '') return this.#path(prefix);
    this.assertReadable(prefix);
    return this.#root;
  }

  /**
   * @param {string} key
   * @param {Stats} stat
   */
  #value(key, stat) {
    if (stat.isFile()) return stat;
    const what = stat.isDirectory() ? 'a directory' : 'neither a file nor a directory';
    throw new BoresError('ERR_CORRUPT',
      `'${key}' in ${this.location} is ${what} where a value is expected`, { key });
  }

  /**
   * @param {string} key
   * @param {Stats} before
   * @param {Stats} after
   * @param {number} done  bytes read
   * @param {number} due   bytes asked for
   */
  #assertUnchanged(key, before, after, done, due) {
    if (done === due && after.size === before.size && after.mtimeMs === before.mtimeMs) return;
    throw new BoresError('ERR_STORAGE', `'${key}' in ${this.location} changed while it was read: ` +
      `${before.size} bytes before, ${after.size} after, ${done} of ${due} read`, { key });
  }

  /**
   * What a path leads to, `undefined` when it leads nowhere: one broken link must not hide its
   * neighbours. Reading it says what is wrong.
   * @param {string} path
   */
  #target(path) {
    try {
      return this.#node.fs.statSync(path);
    } catch {
      return undefined;
    }
  }

  /**
   * @template T
   * @param {string} key
   * @param {() => T} run
   * @returns {T | undefined}  undefined when there is no such path
   */
  #attempt(key, run) {
    for (;;) {
      try {
        return run();
      } catch (error) {
        this.#absentAs(key, error, undefined);
        if (!this.#movedFor(key)) return undefined;
      }
    }
  }

  /**
   * Whether the directory is another one than at the last look, so that what seemed absent may be
   * there.
   * @param {string} key  that seemed so
   * @param {string} [seen]  the identity at that look: another read under way may have learned of
   *   the new one since
   */
  #movedFor(key, seen = this.#identity) {
    let now = identity(this.#node, this.#root);
    if (now === '' && awaitSwap(this.#node, this.#root)) now = identity(this.#node, this.#root);
    if (now === seen) return false;
    if (now === '') {
      throw new BoresError('ERR_NOT_FOUND', `${this.location} is not there any more; '${key}' was ` +
        'asked for', { key });
    }
    this.#identity = now;
    return true;
  }

  /**
   * @template T
   * @param {string} key
   * @param {unknown} error
   * @param {T} absent  what to answer when there is no such path, or a file where a folder is due
   * @returns {T}
   */
  #absentAs(key, error, absent) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return absent;
    throw this.#translate(key, error);
  }

  /**
   * @param {string} key
   * @param {unknown} error
   */
  #translate(key, error) {
    const { code, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
    if (syscall === undefined) return error; // ours, or the caller's from reserve()
    return new BoresError('ERR_STORAGE', `'${key}' in ${this.location} cannot be read: ${code}`,
      { key, cause: error });
  }
}

/**
 * Finishes what a killed writer had decided; who cannot write here reads what there is.
 * @param {Node} node
 * @param {string} root
 */
async function finishCommit(node, root) {
  try {
    if (directoryLeftovers(node, root).restored.length === 0) return;
    await (await openDirectoryWriter(node, root)).close();
  } catch {
    // The first write says why.
  }
}
