// SPDX-License-Identifier: MIT
// Node's file system as what a file is committed in. A whole content takes the file's place by one
// rename.

import { NodeFiles } from './node-files.js';

/** @import { Medium, MediumFile, Part } from '../file/file-medium.js' */
/** @import { Node } from '../../core/host.js' */

/** @implements {Medium} */
export class NodeMedium {
  #node;
  #folder;
  #name;
  #files;

  /**
   * @param {Node} node
   * @param {string} path  absolute
   */
  constructor(node, path) {
    this.location = path;
    this.#node = node;
    this.#folder = node.path.dirname(path);
    this.#name = node.path.basename(path);
    this.#files = new NodeFiles(node, this.#folder);
  }

  /** The folder that it is in, and those above. */
  async makeFolder() {
    const { fs, path } = this.#node;
    const first = this.#attempt('', 0, () => fs.mkdirSync(this.#folder, { recursive: true }));
    const parents = [];
    for (let folder = this.#folder; first !== undefined && folder.length >= first.length;) {
      folder = path.dirname(folder);
      parents.push(folder);
    }
    await this.#files.syncFolders(parents, this.#name);
  }

  /** @param {Part} part */
  nameOf(part) {
    return part === '.new' ? `.${this.#name}.bores-new` : this.#name + part;
  }

  /** @param {Part} part */
  pathOf(part) {
    return `${this.#folder}/${this.nameOf(part)}`;
  }

  /**
   * @param {Part} part
   * @param {{ create?: boolean }} [options]
   */
  async open(part, { create = false } = {}) {
    const { fs } = this.#node;
    const path = this.pathOf(part);
    const descriptor = this.#attempt(part, 0, () => {
      if (!create && !fs.statSync(path, { throwIfNoEntry: false })) return undefined;
      return fs.openSync(path, create ? 'w+' : 'r+');
    });
    return descriptor === undefined ? undefined : this.#file(part, descriptor);
  }

  /** @param {Part} part */
  async remove(part) {
    this.#attempt(part, 0, () => this.#node.fs.rmSync(this.pathOf(part), { force: true }));
  }

  async syncNames() {
    await this.#files.syncFolders([this.#folder], this.#name);
  }

  /**
   * @param {Part} from
   * @param {Part} to
   */
  async rename(from, to) {
    const { fs } = this.#node;
    this.#attempt(to, 0, () => {
      const stat = fs.statSync(this.pathOf(to), { throwIfNoEntry: false });
      if (stat) fs.chmodSync(this.pathOf(from), stat.mode & 0o7777);
      fs.renameSync(this.pathOf(from), this.pathOf(to));
    });
  }

  /** @param {unknown} error */
  translate(error) {
    return this.#files.translate(this.#name, error, 0);
  }

  /**
   * @param {Part} part
   * @param {number} descriptor
   * @returns {MediumFile}
   */
  #file(part, descriptor) {
    const { fs } = this.#node;
    const attempt = (/** @type {() => any} */ run, needed = 0) => this.#attempt(part, needed, run);
    let isOpen = true;
    return {
      size: () => attempt(() => fs.fstatSync(descriptor).size),
      read: (offset, length, view) => attempt(() => {
        for (let done = 0; done < length;) {
          const count = fs.readSync(descriptor, view, done, length - done, offset + done);
          if (count === 0) throw Object.assign(new Error('its end'), { code: 'EIO', syscall: 'read' });
          done += count;
        }
      }),
      write: (offset, bytes) => attempt(() => {
        for (let done = 0; done < bytes.length;) {
          done += fs.writeSync(descriptor, bytes, done, bytes.length - done, offset + done);
        }
      }, bytes.length),
      truncate: (size) => attempt(() => fs.ftruncateSync(descriptor, size), size),
      sync: () => new Promise((resolve, reject) => {
        fs.fsync(descriptor, (failed) => (failed
          ? reject(this.#files.translate(this.nameOf(part), failed, 0)) : resolve()));
      }),
      close: () => {
        if (isOpen) attempt(() => fs.closeSync(descriptor));
        isOpen = false;
      },
    };
  }

  /**
   * @template T
   * @param {Part} part
   * @param {number} needed  bytes
   * @param {() => T} run
   */
  #attempt(part, needed, run) {
    return this.#files.attempt(this.nameOf(part), run, needed);
  }
}
