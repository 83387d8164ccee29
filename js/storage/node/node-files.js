// SPDX-License-Identifier: MIT
// Files that are written for good: many at a time, and durable before the next step where that is
// asked for. fsync of 455 files takes 0.8 to 2 s one after the other and 0.1 s through libuv's
// four threads; one sync of all takes a third of that. Writing them is faster done synchronously, in
// slices that let others have a turn, and before the first is synced: a file system that is at work on
// its journal lets nobody make files.

import { BoresError } from '../../core/errors.js';
import { Turns } from '../../core/waiting.js';
import { WholeSync } from './node-sync.js';

/**
 * @import { Node } from '../../core/host.js'
 * @typedef {{ descriptor: number, key: string, needed: number }} OpenFile  needed: its bytes
 * @typedef {{ path: string, keys: number }} Tree  a folder with files in it
 */

const OPEN_FILES = 512; // written, and not synced yet
const SYNCS = 128; // at once
const MANY = 128; // files and folders that are worth a program

/**
 * @param {string} key
 * @throws {BoresError} ERR_ARGUMENT
 */
export function checkFileKey(key) {
  if (!key.includes('\\')) return;
  throw new BoresError('ERR_ARGUMENT', `'${key}' holds a backslash, which separates folders on ` +
    'some systems and so is not part of a file name here', { key });
}

export class NodeFiles {
  #node;
  #location;
  #turns = new Turns();
  /** Made for the first batch that is worth it. @type {WholeSync | undefined} */ #whole;

  /**
   * @param {Node} node
   * @param {string} location  what messages call the store
   */
  constructor(node, location) {
    this.#node = node;
    this.#location = location;
  }

  /**
   * Writes files and the folders they are in, below a folder; all of it is durable then, names included,
   * where that is asked for.
   *
   * @param {string} folder  exists
   * @param {Iterable<readonly [path: string, bytes: Uint8Array, key: string]>} files  a path that is
   *   there is written over
   * @param {{ durable: boolean, made: Set<string>, also?: string[], trees?: Tree[], signal?: AbortSignal }} options
   *   made: the folders below `folder` that exist, and that this call adds to; also: other folders
   *   whose names are to be durable, too; trees: what is there, and to be durable with the files
   */
  async write(folder, files, { durable, made, also = [], trees = [], signal }) {
    /** @type {OpenFile[]} */
    const open = [];
    const changed = new Set([folder, ...also]);
    try {
      for (const [path, bytes, key] of files) {
        const needed = bytes.length;
        const write = () => this.attempt(key, () => this.#writeFile(folder, path, bytes, made), needed);
        if (durable) {
          open.push({ descriptor: await this.#withRoom(open, folder, write), key, needed });
          for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
            changed.add(`${folder}/${path.slice(0, at)}`);
          }
        } else {
          const descriptor = write();
          this.attempt(key, () => this.#node.fs.closeSync(descriptor), needed);
        }
        await this.#turns.take(signal);
      }
      if (durable) await this.#settle(open, folder, changed, trees);
    } finally {
      for (const { descriptor } of open) this.#node.fs.closeSync(descriptor);
    }
  }

  /**
   * Makes the names in folders durable.
   * @param {Iterable<string>} folders
   * @param {string} key  for the message
   */
  async syncFolders(folders, key) {
    await this.#syncEach([], folders, key);
  }

  /**
   * Removes a file, or a folder with all that is in it; what is absent is removed already. Links
   * are removed, not followed.
   * @param {string} path
   */
  async remove(path) {
    const { fs } = this.#node;
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      fs.unlinkSync(path);
      return;
    }
    for (const name of fs.readdirSync(path)) await this.remove(`${path}/${name}`);
    fs.rmdirSync(path);
    await this.#turns.take();
  }

  /**
   * @template T
   * @param {string} key  that it is done for
   * @param {() => T} run
   * @param {number} [needed]  bytes
   * @returns {T}
   * @throws {BoresError} ERR_PERMISSION, ERR_QUOTA, ERR_STORAGE, all naming the key
   */
  attempt(key, run, needed = 0) {
    try {
      return run();
    } catch (error) {
      throw this.translate(key, error, needed);
    }
  }

  /**
   * @param {string} key
   * @param {unknown} error
   * @param {number} needed
   */
  translate(key, error, needed) {
    const { code, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === undefined || syscall === undefined) return error; // not the file system's
    const what = `'${key}' in ${this.#location} cannot be written: ${code} in ${syscall}`;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      const limit = this.#free();
      return new BoresError('ERR_QUOTA', `${what}: ${needed} bytes are needed, ${limit ?? 'less'} are free`,
        { key, needed, limit, cause: error });
    }
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    return new BoresError(denied ? 'ERR_PERMISSION' : 'ERR_STORAGE', what, { key, cause: error });
  }

  /**
   * @param {string} folder
   * @param {string} path
   * @param {Uint8Array} bytes
   * @param {Set<string>} made
   * @returns {number}  a descriptor that is open on it
   */
  #writeFile(folder, path, bytes, made) {
    const { fs } = this.#node;
    const slash = path.lastIndexOf('/');
    if (slash > 0) this.#makeFolders(folder, path.slice(0, slash), made);
    const descriptor = fs.openSync(`${folder}/${path}`, 'w');
    try {
      for (let done = 0; done < bytes.length;) {
        done += fs.writeSync(descriptor, bytes, done, bytes.length - done, done);
      }
      return descriptor;
    } catch (error) {
      fs.closeSync(descriptor);
      throw error;
    }
  }

  /**
   * @param {string} folder
   * @param {string} path
   * @param {Set<string>} made
   */
  #makeFolders(folder, path, made) {
    if (made.has(path)) return;
    const slash = path.lastIndexOf('/');
    if (slash > 0) this.#makeFolders(folder, path.slice(0, slash), made);
    this.#node.fs.mkdirSync(`${folder}/${path}`);
    made.add(path);
  }

  /**
   * A descriptor more, once those that are open leave room for it.
   * @param {OpenFile[]} open
   * @param {string} folder  that they are below
   * @param {() => number} write
   * @returns {Promise<number>}
   */
  async #withRoom(open, folder, write) {
    if (open.length >= OPEN_FILES) await this.#settle(open, folder);
    try {
      return write();
    } catch (error) {
      const isFull = /** @type {any} */ (error).cause?.code === 'EMFILE' && open.length > 0;
      if (!isFull) throw error;
      await this.#settle(open, folder);
      return write();
    }
  }

  /**
   * Makes files durable, and the names in folders, and closes the files.
   * @param {OpenFile[]} open  is empty then; after a failure it holds those that are still open
   * @param {string} folder  that all are below
   * @param {Set<string>} [folders]
   * @param {Tree[]} [trees]
   */
  async #settle(open, folder, folders = new Set(), trees = []) {
    const key = open[0]?.key ?? '';
    const count = trees.reduce((sum, { keys }) => sum + keys, open.length + folders.size);
    if (count < MANY || !await (this.#whole ??= new WholeSync(this.#node)).attempt(folder)) {
      for (const { path } of trees) await this.#syncEach([], this.#walk(path), key);
      await this.#syncEach(open, folders, key);
    }
    for (let file = open.pop(); file; file = open.pop()) this.#node.fs.closeSync(file.descriptor);
  }

  /**
   * @param {OpenFile[]} open  it takes those out that it closes
   * @param {Iterable<string>} paths  of folders, and of files that others have written
   * @param {string} key  for messages about these
   */
  async #syncEach(open, paths, key) {
    const { fs } = this.#node;
    const isWindows = process.platform === 'win32';
    const syncs = new Together();
    try {
      for (let file = open.pop(); file; file = open.pop()) await syncs.add(this.#syncAndClose(file));
      for (const path of paths) {
        const isSkipped = isWindows && this.attempt(key, () => fs.statSync(path).isDirectory()); // it cannot
        if (isSkipped) continue;
        const descriptor = this.attempt(key, () => fs.openSync(path, isWindows ? 'r+' : 'r'));
        await syncs.add(this.#syncAndClose({ descriptor, key, needed: 0 }));
      }
    } finally {
      await syncs.ended(); // so that no descriptor is left open
    }
    syncs.throwFailure();
  }

  /**
   * A folder, and all that is in it.
   * @param {string} path
   * @returns {Generator<string>}
   */
  * #walk(path) {
    for (const entry of this.#node.fs.readdirSync(path, { withFileTypes: true })) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) yield* this.#walk(inner);
      else yield inner;
    }
    yield path;
  }

  /**
   * @param {OpenFile} file
   * @returns {Promise<void>}
   */
  #syncAndClose({ descriptor, key, needed }) {
    const { fs } = this.#node;
    return new Promise((resolve, reject) => {
      fs.fsync(descriptor, (failed) => {
        try {
          fs.closeSync(descriptor);
          if (failed) throw failed;
          resolve();
        } catch (error) {
          reject(this.translate(key, error, needed));
        }
      });
    });
  }

  /** Bytes that this process may still write. */
  #free() {
    try {
      const { bavail, bsize } = this.#node.fs.statfsSync(this.#location);
      return bavail * bsize;
    } catch {
      return undefined;
    }
  }
}

/** What runs side by side, a bounded number at a time; one failure does not hide the others' ends. */
class Together {
  /** @type {Set<Promise<void>>} */ #running = new Set();
  /** @type {unknown[]} */ #failures = [];

  /**
   * @param {Promise<void>} task
   * @returns {Promise<void>}  resolves when there is room for another one
   */
  async add(task) {
    const tracked = task.catch((error) => void this.#failures.push(error))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    while (this.#running.size >= SYNCS) await Promise.race(this.#running);
    this.throwFailure();
  }

  async ended() {
    await Promise.all(this.#running);
  }

  /** @throws the first of the failures */
  throwFailure() {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}
