// SPDX-License-Identifier: MIT
// Directory and file handles as browsers have them, in memory: createWritable() changes a file at its
// close, a synchronous handle keeps others out, and, on demand, the call number so and so fails
// or is the last before a kill.

/** What a kill throws, from every call that would change something. */
export class Killed extends Error {}

/** Shared by the handles of one file system. */
export class HandleDisk {
  /** Calls so far that change something. */
  calls = 0;
  /** The call before which it happens, and what. @type {{ at: number, name: string } | undefined} */
  fault;
  /** Files that have a synchronous handle. @type {Set<object>} */
  held = new Set();
  /** What was flushed of each file. @type {Map<MemoryFile, Uint8Array>} */
  durable = new Map();

  /** The tab that used it is gone. */
  restart() {
    this.fault = undefined;
    this.held.clear();
  }

  /**
   * What a power failure leaves of files: what was flushed, and of what was written since then as
   * much as `keep` says, from 0 to 1.
   * @param {() => number} keep
   */
  losePower(keep) {
    for (const [file, bytes] of this.durable) {
      const now = file.data;
      const length = bytes.length + Math.floor(Math.max(0, now.length - bytes.length) * keep());
      const left = new Uint8Array(length);
      left.set(keep() < 0.5 ? now.subarray(0, length) : bytes); // the rest are zeros
      file.data = left;
    }
    this.restart();
  }

  /** @param {string} call */
  change(call) {
    this.calls += 1;
    if (this.fault === undefined || this.calls < this.fault.at) return;
    if (this.fault.name === 'killed') throw new Killed('killed');
    if (this.calls === this.fault.at) throw new DOMException(`no ${call}`, this.fault.name);
  }
}

class MemoryFile {
  kind = /** @type {const} */ ('file');
  #data = new Uint8Array(0);
  #modified = 0;

  /** @param {HandleDisk} disk @param {string} name */
  constructor(disk, name) {
    this.disk = disk;
    this.name = name;
    disk.durable.set(this, this.data);
  }

  get data() {
    return this.#data;
  }

  set data(bytes) {
    this.#data = bytes;
    this.#modified += 1;
  }

  async getFile() {
    return new File([this.data], this.name, { lastModified: this.#modified });
  }

  /** Only while it is open: others are kept out. */
  async createSyncAccessHandle() {
    this.disk.change('createSyncAccessHandle');
    if (this.disk.held.has(this)) throw new DOMException('held', 'NoModificationAllowedError');
    this.disk.held.add(this);
    return new SyncHandle(this);
  }

  async createWritable() {
    this.disk.change('createWritable');
    /** @type {Uint8Array[]} */
    const parts = [];
    return {
      write: async (/** @type {Uint8Array} */ bytes) => {
        this.disk.change('write');
        parts.push(bytes.slice());
      },
      close: async () => {
        this.disk.change('close');
        this.data = new Uint8Array(await new Blob(/** @type {any} */ (parts)).arrayBuffer());
      },
      abort: async () => undefined,
    };
  }
}

class SyncHandle {
  #file;

  /** @param {MemoryFile} file */
  constructor(file) {
    this.#file = file;
  }

  /** @param {Uint8Array} buffer @param {{ at: number }} options */
  read(buffer, { at }) {
    const part = this.#file.data.subarray(at, at + buffer.length);
    buffer.set(part);
    return part.length;
  }

  /** @param {Uint8Array} buffer @param {{ at: number }} options */
  write(buffer, { at }) {
    this.#file.disk.change('write');
    // A browser is free to write less than it is given.
    const count = buffer.length < 100 ? buffer.length : Math.ceil(buffer.length / 2);
    const data = new Uint8Array(Math.max(this.#file.data.length, at + count));
    data.set(this.#file.data);
    data.set(buffer.subarray(0, count), at);
    this.#file.data = data;
    return count;
  }

  /** @param {number} size */
  truncate(size) {
    this.#file.disk.change('truncate');
    const data = new Uint8Array(size);
    data.set(this.#file.data.subarray(0, size));
    this.#file.data = data;
  }

  getSize() {
    return this.#file.data.length;
  }

  flush() {
    this.#file.disk.change('flush');
    this.#file.disk.durable.set(this.#file, this.#file.data.slice());
  }

  close() {
    this.#file.disk.held.delete(this.#file);
  }
}

export class MemoryDirectory {
  kind = /** @type {const} */ ('directory');
  /** @type {Map<string, MemoryFile | MemoryDirectory>} */
  children = new Map();

  /** @param {HandleDisk} disk @param {string} [name] */
  constructor(disk, name = '') {
    this.disk = disk;
    this.name = name;
  }

  /** As the DOM's types have it. @returns {FileSystemDirectoryHandle} */
  asHandle() {
    return /** @type {any} */ (this);
  }

  /** @param {string} name @param {{ create?: boolean }} [options] @returns {Promise<any>} */
  async getFileHandle(name, { create = false } = {}) {
    return this.#child(name, 'file', create && (() => new MemoryFile(this.disk, name)));
  }

  /** @param {string} name @param {{ create?: boolean }} [options] @returns {Promise<any>} */
  async getDirectoryHandle(name, { create = false } = {}) {
    return this.#child(name, 'directory', create && (() => new MemoryDirectory(this.disk, name)));
  }

  /** @param {string} name @param {{ recursive?: boolean }} [options] */
  async removeEntry(name, { recursive = false } = {}) {
    const child = this.children.get(name);
    if (child === undefined) throw new DOMException(name, 'NotFoundError');
    if (child instanceof MemoryDirectory && child.children.size > 0) {
      if (!recursive) throw new DOMException(name, 'InvalidModificationError');
      for (const below of [...child.children.keys()]) await child.removeEntry(below, { recursive });
    }
    this.disk.change('removeEntry');
    if (this.disk.held.has(child)) throw new DOMException(name, 'NoModificationAllowedError');
    this.children.delete(name);
  }

  async* entries() {
    yield* [...this.children];
  }

  async* keys() {
    yield* [...this.children.keys()];
  }

  async* values() {
    yield* [...this.children.values()];
  }

  /**
   * @param {string} name
   * @param {'file' | 'directory'} kind
   * @param {false | (() => MemoryFile | MemoryDirectory)} make
   */
  #child(name, kind, make) {
    const known = this.children.get(name);
    if (known === undefined && make === false) throw new DOMException(name, 'NotFoundError');
    if (known !== undefined && known.kind !== kind) throw new DOMException(name, 'TypeMismatchError');
    if (known !== undefined || make === false) return known;
    this.disk.change('create');
    const child = make();
    this.children.set(name, child);
    return child;
  }
}
