// SPDX-License-Identifier: MIT
// A file of Node's file system as a place: read with what a writer has decided, written by one at a
// time. Beside NAME lie NAME.journal while a commit is written, .NAME.bores-new while the whole is
// replaced, and .NAME.bores-lock while there is a writer. Runs in Node only.

import { BoresError } from '../../core/errors.js';
import { FileCommitter, startWriter } from '../file/file-committer.js';
import { withJournal } from '../file/file-journal.js';
import { assertOpen } from '../file/file-place.js';
import { loadNode } from '../../core/host.js';
import { NodeFileSource } from './node-file.js';
import { FileLock, fileOwner } from './node-file-lock.js';
import { NodeMedium } from './node-medium.js';
import { SourceFile } from '../file/sync-file.js';

/** @import { FilePlace, FileWriter, Snapshot } from '../file/file-place.js' */
/** @import { Node } from '../../core/host.js' */
/** @import { ReadOptions, Recovery, WriterOptions } from '../base/storage.js' */

const ATTEMPTS = 100; // to read a journal that comes and goes

/** @implements {FilePlace} */
export class NodeFilePlace {
  kind = 'file';
  closed = false;
  #node;
  #create;

  /**
   * @param {Node} node
   * @param {string} path  absolute
   * @param {boolean} create  absent is empty
   */
  constructor(node, path, create) {
    this.location = path;
    this.#node = node;
    this.#create = create;
  }

  /**
   * @param {string} file
   * @param {{ create?: boolean }} [options]  create: one that is absent is made by its first writer
   */
  static async open(file, { create = false } = {}) {
    const node = await loadNode();
    const path = node.path.resolve(file);
    const exists = node.fs.existsSync(path);
    // What it is a link to is written and replaced, not the link.
    return new NodeFilePlace(node, exists ? node.fs.realpathSync(path) : path, create);
  }

  /**
   * @param {ReadOptions} [options]
   * @returns {Promise<Snapshot | undefined>}
   */
  async snapshot(options) {
    for (let attempt = 1; ; attempt += 1) {
      assertOpen(this, options);
      const version = this.#state();
      const snapshot = this.#open(version);
      if (this.#state() === version) return snapshot;
      snapshot?.close();
      if (attempt === ATTEMPTS) {
        throw new BoresError('ERR_STORAGE', `${this.location} changes faster than it can be read`);
      }
      await new Promise((resolve) => { setTimeout(resolve, 1); });
    }
  }

  /** @param {ReadOptions} [options] */
  async version(options) {
    assertOpen(this, options);
    return this.#state();
  }

  async usage() {
    const { size = 0 } = this.#stat(this.location) ?? {};
    return { bytes: Number(size), keys: 1 };
  }

  /**
   * @param {WriterOptions} [options]
   * @returns {Promise<FileWriter>}
   */
  async openWriter({ durability = 'strict', signal } = {}) {
    assertOpen(this, { signal });
    const medium = new NodeMedium(this.#node, this.location);
    await medium.makeFolder();
    const lock = await FileLock.acquire(this.#node, this.location, signal)
      .catch((error) => Promise.reject(medium.translate(error)));
    const committer = new FileCommitter(medium, durability);
    try {
      const end = async () => {
        try {
          lock.release();
        } catch (error) {
          throw medium.translate(error);
        }
      };
      return { ...await startWriter(committer), close: end };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** @returns {Promise<Recovery>} */
  async leftovers() {
    const { fs, path } = this.#node;
    const medium = new NodeMedium(this.#node, this.location);
    /** @type {Recovery} */
    const left = { dropped: [], restored: [] };
    if (fileOwner(this.#node, this.location)) return left;
    const journal = this.#readJournal();
    if (journal) {
      const snapshot = this.#openFile();
      const { journal: whole } = snapshot ? withJournal(snapshot.file, journal, medium.nameOf('.journal'))
        : { journal: undefined };
      snapshot?.close();
      if (whole) left.restored.push(path.basename(this.location));
      else left.dropped.push(medium.nameOf('.journal'));
    }
    if (fs.statSync(medium.pathOf('.new'), { throwIfNoEntry: false })) left.dropped.push(medium.nameOf('.new'));
    return left;
  }

  async close() {
    this.closed = true;
  }

  /**
   * @param {string} version
   * @returns {Snapshot | undefined}
   */
  #open(version) {
    const journal = this.#readJournal();
    const opened = this.#openFile();
    if (!opened) return undefined;
    try {
      const { file } = journal ? withJournal(opened.file, journal, `${this.location}.journal`) : opened;
      const siblings = new Siblings(this.#node, this.location);
      file.sibling = (name) => siblings.open(name);
      const close = () => {
        opened.close();
        siblings.close();
      };
      if (file.size() > 0 || !this.#create) return { file, version, close };
      opened.close();
      return undefined;
    } catch (error) {
      opened.close();
      if (this.#state() !== version) return undefined; // it was read while it changed
      throw error;
    }
  }

  #openFile() {
    const { fs, readFlags } = this.#node;
    let fd = -1;
    try {
      fd = fs.openSync(this.location, readFlags);
      const stat = fs.fstatSync(fd);
      if (!stat.isFile()) throw new BoresError('ERR_ARGUMENT', `'${this.location}' is not a regular file`);
      const source = new NodeFileSource(this.#node, this.location, fd, stat);
      return { file: new SourceFile(source), close: () => void source.close() };
    } catch (error) {
      if (fd !== -1) fs.closeSync(fd);
      const { code, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === 'ENOENT' && this.#create) return undefined;
      if (code === 'ENOENT') throw new BoresError('ERR_NOT_FOUND', `there is no file '${this.location}'`);
      if (syscall === undefined) throw error;
      throw new BoresError(code === 'EACCES' || code === 'EPERM' ? 'ERR_PERMISSION' : 'ERR_STORAGE',
        `'${this.location}' cannot be opened: ${code}`, { cause: error });
    }
  }

  #readJournal() {
    const { fs } = this.#node;
    const path = `${this.location}.journal`;
    if (!this.#stat(path)) return undefined;
    try {
      const fd = fs.openSync(path, 'r');
      try {
        const bytes = new Uint8Array(fs.fstatSync(fd).size);
        for (let done = 0, count = 1; count > 0 && done < bytes.length; done += count) {
          count = fs.readSync(fd, bytes, done, bytes.length - done, done);
        }
        return bytes;
      } finally {
        fs.closeSync(fd);
      }
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === 'ENOENT') return undefined;
      throw new BoresError('ERR_STORAGE', `'${path}' cannot be read: ${code}`, { cause: error });
    }
  }

  /** What changes with the file and its journal. */
  #state() {
    const file = this.#stat(this.location);
    if (!file) return '';
    const journal = this.#stat(`${this.location}.journal`);
    return [file, ...(journal ? [journal] : [])]
      .map(({ ino, size, mtimeNs }) => `${ino}:${size}:${mtimeNs}`).join('+');
  }

  /** @param {string} path */
  #stat(path) {
    return this.#node.fs.statSync(path, { throwIfNoEntry: false, bigint: true });
  }
}

/** Files that a file links to, open as long as it is: in its own folder or below, whatever a link says. */
class Siblings {
  #node;
  #folder;
  /** @type {Map<string, { file: SourceFile, source: NodeFileSource }>} */ #opened = new Map();

  /**
   * @param {Node} node
   * @param {string} path
   */
  constructor(node, path) {
    this.#node = node;
    this.#folder = node.path.dirname(path);
  }

  /** @param {string} name */
  open(name) {
    const { fs, path, readFlags } = this.#node;
    const full = path.resolve(this.#folder, name);
    if (name === '' || !full.startsWith(this.#folder + path.sep)) return undefined;
    const known = this.#opened.get(full);
    if (known) return known.file;
    if (!fs.statSync(full, { throwIfNoEntry: false })?.isFile()) return undefined;
    const fd = fs.openSync(full, readFlags);
    const source = new NodeFileSource(this.#node, full, fd, fs.fstatSync(fd));
    const file = new SourceFile(source);
    this.#opened.set(full, { file, source });
    return file;
  }

  close() {
    for (const { source } of this.#opened.values()) void source.close();
    this.#opened.clear();
  }
}
