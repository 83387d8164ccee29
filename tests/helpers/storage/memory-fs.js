// SPDX-License-Identifier: MIT
// The part of node:fs that the directory storage uses, in memory, with what real ones do badly on
// demand: a call that fails, a kill between two calls, and a power failure. That one keeps of a file
// what was fsynced; of the changes of names those that an fsync of a folder of theirs has made
// durable, and any of the others. A rename is one change, as it is to journalling file systems.

import { EventEmitter } from 'node:events';

/** @import { Node } from '../../../js/core/host.js' */

/**
 * @typedef {object} Inode
 * @property {number} ino
 * @property {Map<string, Inode> | undefined} names   of a folder
 * @property {Map<string, Inode>} durableNames
 * @property {Uint8Array} data   of a file
 * @property {Uint8Array} durableData
 */

/**
 * A change of names that is not durable yet.
 * @typedef {object} Change
 * @property {Inode} inode
 * @property {[folder: Inode, name: string]} [from]  taken away there
 * @property {[folder: Inode, name: string]} [to]    and put there
 */

/** What a kill throws, from every call that would change something. */
export class Killed extends Error {}

export class MemoryFs {
  /** Calls so far that change something, or make a change durable. */
  calls = 0;
  /** The calls that made all durable at once. @type {number[]} */
  wholeSyncs = [];
  /** The call before which it happens, and what. @type {{ at: number, code: string } | undefined} */
  fault;
  /** Bytes that may still be written; the process is killed in the midst of what exceeds them. */
  room = Infinity;
  /** @type {Change[]} */ #pending = [];
  #inodes = 0;
  #root = this.#inode(true);
  /** @type {Map<number, { inode: Inode, path: string }>} */
  #open = new Map();
  #descriptors = 100;

  /** As loadNode() gives it. @param {Node} node @returns {Node} */
  asNode(node) {
    const os = { ...node.os, platform: () => 'linux', release: () => '6.1.0' };
    return { ...node, fs: /** @type {any} */ (this), os: /** @type {any} */ (os),
      loadChildProcess: async () => /** @type {any} */ ({ spawn: () => this.#syncAll() }) };
  }

  /** The program `sync`, which exits with 1 where the call of the fault fails. */
  #syncAll() {
    const child = new EventEmitter();
    setImmediate(() => {
      try {
        this.#change('syncfs');
        this.wholeSyncs.push(this.calls);
        this.#persist(() => true);
        const settle = (/** @type {Inode} */ inode) => {
          inode.durableData = inode.data;
          for (const below of inode.names?.values() ?? []) settle(below);
        };
        settle(this.#root);
        child.emit('exit', 0);
      } catch (error) {
        if (error instanceof Killed) child.emit('error', error);
        else child.emit('exit', 1);
      }
      child.emit('close');
    });
    return child;
  }

  /** The processes that used it are dead. */
  restart() {
    this.fault = undefined;
    this.room = Infinity;
    this.#open.clear();
  }

  /**
   * What a power failure leaves: what is durable, and what `keep` chooses of the rest.
   * @param {() => boolean} keep
   */
  losePower(keep) {
    this.#persist(keep);
    this.#pending = [];
    const settle = (/** @type {Inode} */ inode) => {
      if (inode.names === undefined) inode.data = keep() ? inode.data : inode.durableData;
      else inode.names = new Map(inode.durableNames);
      for (const child of inode.names?.values() ?? []) settle(child);
    };
    settle(this.#root);
    this.restart();
  }

  /** @param {string} path @param {any} [options] @returns {any} */
  statSync(path, { throwIfNoEntry = true, bigint = false } = {}) {
    const inode = this.#find(path, throwIfNoEntry ? 'stat' : undefined);
    if (inode === undefined) return undefined;
    return {
      ino: bigint ? BigInt(inode.ino) : inode.ino, dev: 1, mode: 0o755, size: inode.data.length, mtimeMs: 0,
      ...kind(inode),
    };
  }

  /** @param {string} path @param {any} [options] */
  lstatSync(path, options) {
    return this.statSync(path, options);
  }

  /** @param {string} path */
  realpathSync(path) {
    this.#find(path, 'realpath');
    return path;
  }

  /** @param {string} path @param {any} [options] @returns {any} */
  readdirSync(path, { withFileTypes = false } = {}) {
    if (path === '/proc/self/fd') return [...this.#open.keys()].map(String);
    const folder = this.#find(path, 'scandir');
    if (folder?.names === undefined) throw failed('ENOTDIR', 'scandir');
    return [...folder.names].map(([name, inode]) => (withFileTypes ? { name, ...kind(inode) } : name));
  }

  /** @param {string} path */
  readlinkSync(path) {
    const open = this.#open.get(Number(/^\/proc\/self\/fd\/(\d+)$/.exec(path)?.[1]));
    if (open === undefined) throw failed('ENOENT', 'readlink');
    return open.path;
  }

  /** @param {string} path */
  readFileSync(path) {
    return new TextDecoder().decode(this.#file(path, 'open').data);
  }

  /** @param {string} path @param {string} text @param {{ flag?: string }} [options] */
  writeFileSync(path, text, { flag = 'w' } = {}) {
    const descriptor = this.openSync(path, flag);
    try {
      this.writeSync(descriptor, new TextEncoder().encode(text), 0, text.length, 0);
    } finally {
      this.closeSync(descriptor);
    }
  }

  /** @param {string} path @param {any} [options] @returns {string | undefined} */
  mkdirSync(path, { recursive = false } = {}) {
    const [parent, name] = split(path);
    if (recursive && this.#find(path)) return undefined;
    const first = recursive ? this.mkdirSync(parent, { recursive }) : undefined;
    this.#change('mkdir');
    if (this.#find(path)) throw failed('EEXIST', 'mkdir');
    this.#link(parent, name, this.#inode(true), 'mkdir');
    return first ?? path;
  }

  /** @param {string} path @param {string | number} flags */
  openSync(path, flags) {
    const [parent, name] = split(path);
    if (flags === 'w' || flags === 'w+' || flags === 'wx') {
      this.#change('open');
      const before = this.#folder(parent, 'open').names?.get(name);
      if (before?.names) throw failed('EISDIR', 'open');
      if (before && flags === 'wx') throw failed('EEXIST', 'open');
      if (before) before.data = new Uint8Array(0);
      else this.#link(parent, name, this.#inode(false), 'open');
    }
    const inode = /** @type {Inode} */ (this.#find(path, 'open'));
    this.#descriptors += 1;
    this.#open.set(this.#descriptors, { inode, path });
    return this.#descriptors;
  }

  /** @param {number} descriptor */
  closeSync(descriptor) {
    if (!this.#open.delete(descriptor)) throw failed('EBADF', 'close');
  }

  /** @param {number} descriptor */
  fstatSync(descriptor) {
    return this.statSync(/** @type {any} */ (this.#open.get(descriptor)).path);
  }

  /**
   * @param {number} descriptor @param {Uint8Array} target @param {number} offset @param {number} length
   * @param {number} position
   */
  readSync(descriptor, target, offset, length, position) {
    const part = this.#opened(descriptor).data.subarray(position, position + length);
    target.set(part, offset);
    return part.length;
  }

  /**
   * @param {number} descriptor @param {Uint8Array} bytes @param {number} offset @param {number} length
   * @param {number} position
   */
  writeSync(descriptor, bytes, offset, length, position) {
    this.#change('write');
    const inode = this.#opened(descriptor);
    const count = Math.min(this.room, Math.ceil(length / 2)); // short, which the system is free to do
    this.room -= count;
    const data = new Uint8Array(Math.max(inode.data.length, position + count));
    data.set(inode.data);
    data.set(bytes.subarray(offset, offset + count), position);
    inode.data = data;
    if (count === 0 && length > 0) {
      this.fault = { at: 0, code: 'SIGKILL' };
      throw new Killed('killed');
    }
    return count;
  }

  /** @param {number} descriptor @param {Uint8Array[]} targets @param {number} position */
  readvSync(descriptor, targets, position) {
    let done = 0;
    for (const target of targets) done += this.readSync(descriptor, target, 0, target.length, position + done);
    return done;
  }

  /** @param {number} descriptor @param {number} size */
  ftruncateSync(descriptor, size) {
    this.#change('ftruncate');
    const inode = this.#opened(descriptor);
    const data = new Uint8Array(size);
    data.set(inode.data.subarray(0, size));
    inode.data = data;
  }

  chmodSync() {}

  /** @param {number} descriptor @param {(error: Error | null) => void} done */
  fsync(descriptor, done) {
    setImmediate(() => {
      try {
        this.#change('fsync');
        const inode = this.#opened(descriptor);
        inode.durableData = inode.data;
        this.#persist((change) => slots(change).some(([folder]) => folder === inode));
        done(null);
      } catch (error) {
        done(/** @type {Error} */ (error));
      }
    });
  }

  /** @param {string} from @param {string} to */
  renameSync(from, to) {
    this.#change('rename');
    const inode = /** @type {Inode} */ (this.#find(from, 'rename'));
    const target = this.#find(to);
    if (target === inode) return;
    if (target?.names && !inode.names) throw failed('EISDIR', 'rename');
    if (target?.names?.size) throw failed('ENOTEMPTY', 'rename');
    if (target && !target.names && inode.names) throw failed('ENOTDIR', 'rename');
    const source = this.#folder(split(from)[0], 'rename');
    const goal = this.#folder(split(to)[0], 'rename');
    source.names?.delete(split(from)[1]);
    goal.names?.set(split(to)[1], inode);
    this.#pending.push({ inode, from: [source, split(from)[1]], to: [goal, split(to)[1]] });
    for (const open of this.#open.values()) {
      if (open.path === from || open.path.startsWith(`${from}/`)) open.path = to + open.path.slice(from.length);
    }
  }

  /** @param {string} from @param {string} to */
  linkSync(from, to) {
    this.#change('link');
    if (this.#find(to)) throw failed('EEXIST', 'link');
    this.#link(split(to)[0], split(to)[1], this.#file(from, 'link'), 'link');
  }

  /** @param {string} path */
  unlinkSync(path) {
    this.#change('unlink');
    this.#unlink(path, this.#file(path, 'unlink'));
  }

  /** @param {string} path @param {{ force?: boolean }} options */
  rmSync(path, { force = false }) {
    if (force && !this.#find(path)) return;
    this.unlinkSync(path);
  }

  /** @param {string} path */
  rmdirSync(path) {
    this.#change('rmdir');
    const folder = this.#folder(path, 'rmdir');
    if (folder.names?.size) throw failed('ENOTEMPTY', 'rmdir');
    this.#unlink(path, folder);
  }

  statfsSync() {
    return { bavail: 3, bsize: 1000, type: 0xef53 };
  }

  /** @param {string} syscall */
  #change(syscall) {
    this.calls += 1;
    if (this.fault === undefined || this.calls < this.fault.at) return;
    if (this.fault.code === 'SIGKILL') throw new Killed('killed');
    if (this.calls === this.fault.at) throw failed(this.fault.code, syscall);
  }

  /** @param {string} parent @param {string} name @param {Inode} inode @param {string} syscall */
  #link(parent, name, inode, syscall) {
    const folder = this.#folder(parent, syscall);
    folder.names?.set(name, inode);
    this.#pending.push({ inode, to: [folder, name] });
  }

  /** @param {string} path @param {Inode} inode */
  #unlink(path, inode) {
    const folder = this.#folder(split(path)[0], 'unlink');
    folder.names?.delete(split(path)[1]);
    this.#pending.push({ inode, from: [folder, split(path)[1]] });
  }

  /**
   * Makes changes durable, and with each what happened before to the same thing or the same name.
   * @param {(change: Change) => boolean} chosen
   */
  #persist(chosen) {
    const changes = this.#pending;
    const kept = changes.map(chosen);
    for (let i = changes.length - 1; i > 0; i -= 1) {
      for (let j = 0; kept[i] && j < i; j += 1) kept[j] ||= depends(changes[i], changes[j]);
    }
    changes.forEach((change, i) => kept[i] && makeDurable(change));
    this.#pending = changes.filter((_, i) => !kept[i]);
  }

  /** @param {boolean} folder @returns {Inode} */
  #inode(folder) {
    this.#inodes += 1;
    return {
      ino: this.#inodes, names: folder ? new Map() : undefined, durableNames: new Map(),
      data: new Uint8Array(0), durableData: new Uint8Array(0),
    };
  }

  /** @param {number} descriptor @returns {Inode} */
  #opened(descriptor) {
    const open = this.#open.get(descriptor);
    if (open === undefined) throw failed('EBADF', 'write');
    return open.inode;
  }

  /**
   * @param {string} path
   * @param {string} [syscall]  that fails when there is nothing
   * @returns {Inode | undefined}
   */
  #find(path, syscall) {
    /** @type {Inode | undefined} */
    let inode = this.#root;
    for (const name of path.split('/').filter(Boolean)) inode = inode?.names?.get(name);
    if (inode === undefined && syscall !== undefined) throw failed('ENOENT', syscall);
    return inode;
  }

  /** @param {string} path @param {string} syscall @returns {Inode} */
  #folder(path, syscall) {
    const inode = /** @type {Inode} */ (this.#find(path, syscall));
    if (inode.names === undefined) throw failed('ENOTDIR', syscall);
    return inode;
  }

  /** @param {string} path @param {string} syscall @returns {Inode} */
  #file(path, syscall) {
    const inode = /** @type {Inode} */ (this.#find(path, syscall));
    if (inode.names) throw failed('EISDIR', syscall);
    return inode;
  }
}

/** @param {Change} change @returns {[folder: Inode, name: string][]} */
function slots({ from, to }) {
  return [...(from ? [from] : []), ...(to ? [to] : [])];
}

/** @param {Change} change @param {Change} earlier */
function depends(change, earlier) {
  return change.inode === earlier.inode || slots(change).some(([folder, name]) => (
    slots(earlier).some((slot) => slot[0] === folder && slot[1] === name)));
}

/** @param {Change} change */
function makeDurable({ inode, from, to }) {
  from?.[0].durableNames.delete(from[1]);
  to?.[0].durableNames.set(to[1], inode);
}

/** @param {Inode} inode */
function kind(inode) {
  const folder = inode.names !== undefined;
  return { isDirectory: () => folder, isFile: () => !folder, isSymbolicLink: () => false };
}

/** @param {string} path */
function split(path) {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, slash), path.slice(slash + 1)];
}

/**
 * @param {string} code
 * @param {string} syscall
 */
function failed(code, syscall) {
  return Object.assign(new Error(`${code}, ${syscall}`), { code, syscall });
}
