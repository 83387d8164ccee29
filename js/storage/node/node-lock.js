// SPDX-License-Identifier: MIT
// One writer at a time for a folder of Node's file system, over processes and threads.
//
// Each claimant makes a lock file of its own name, whole from the moment it is there, and then looks
// at the others: with a live one beside it, it withdraws. Of two claimants at least the later
// sees the other, so two never both stay. A file of a dead owner can be deleted by whoever
// meets it: its name never comes again, so nobody deletes the lock of a successor by mistake.

import { BoresError } from '../../core/errors.js';
import { isRunning, thisProcess } from './node-process.js';
import { lockedError } from '../base/store-writer.js';
import { sleep } from '../../core/waiting.js';

/** @import { Node } from '../../core/host.js' */
/** @import { ProcessRecord } from './node-process.js' */
/** @import { Owner } from '../base/store-writer.js' */

/** The folder in a store that belongs to its writer; gone when there is none. */
export const WRITER_FOLDER = '.bores-writer';
/** Until a rival that is there each time has the lock. */
const ATTEMPTS = 8;
/** Until a lock file that goes away each time is no rival's doing: each of those is one who has gone on. */
const CLAIMS = 30;
const CLAIM_MS = 250; // who has a lock for longer is not just trying

/**
 * `root`: the folder that was locked, since a copy of it is not; `since`: ms, Unix time.
 * `browser`: it is a page's, which cannot be seen from here.
 * @typedef {ProcessRecord & { root: string, since: number, browser?: string }} LockRecord
 */

export class LockFile {
  #node;
  #root;
  #name;
  #descriptor;

  /**
   * @param {Node} node
   * @param {string} root  the locked folder
   * @param {string} name  of the lock file
   * @param {number} descriptor  open on it as long as it is held: a thread's are closed when it dies
   */
  constructor(node, root, name, descriptor) {
    this.#node = node;
    this.#root = root;
    this.#name = name;
    this.#descriptor = descriptor;
  }

  /**
   * @param {Node} node
   * @param {string} root  an existing folder
   * @param {AbortSignal} [signal]
   * @returns {Promise<LockFile>}
   * @throws {BoresError} ERR_LOCKED naming the owner
   */
  static async acquire(node, root, signal) {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      const lock = LockFile.#claim(node, root);
      const rivals = lock && otherOwners(node, root, lock.#name);
      if (lock && rivals?.length === 0) return lock;
      lock?.release();
      const holder = rivals?.find(({ since }) => Date.now() - since > CLAIM_MS || attempt >= ATTEMPTS);
      if (holder) throw lockedError(root, holder, holder.advice);
      if (attempt === CLAIMS) {
        throw new BoresError('ERR_STORAGE', `${root} cannot be locked: the lock file goes away`);
      }
      await sleep(5 + Math.random() * 20 * Math.min(attempt, ATTEMPTS), signal);
    }
  }

  /**
   * The same owner's lock on a folder that nobody else knows yet.
   * @param {string} root
   */
  extendTo(root) {
    const lock = LockFile.#claim(this.#node, root);
    if (lock) return lock;
    throw new BoresError('ERR_STORAGE', `${root} cannot be locked: the lock file goes away`);
  }

  /**
   * The folder has another name now.
   * @param {string} root
   */
  movedTo(root) {
    this.#root = root;
  }

  /** Leaves the lock file to whoever removes the folder. Idempotent. */
  leave() {
    if (this.#descriptor >= 0) this.#node.fs.closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  /** Idempotent. */
  release() {
    this.leave();
    const { fs } = this.#node;
    const folder = `${this.#root}/${WRITER_FOLDER}`;
    fs.rmSync(`${folder}/${this.#name}`, { force: true });
    try {
      fs.rmdirSync(folder);
    } catch (error) { // another claimant's file is in it, or it has removed it
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) throw error;
    }
  }

  /**
   * @param {Node} node
   * @param {string} root
   * @returns {LockFile | undefined}  undefined when another claimant removed the folder meanwhile
   */
  static #claim(node, root) {
    const { fs } = node;
    const folder = `${root}/${WRITER_FOLDER}`;
    const token = globalThis.crypto.randomUUID();
    const record = JSON.stringify({ ...thisProcess(node), root: identity(node, root), since: Date.now() });
    makeFolder(node, folder);
    try {
      fs.writeFileSync(`${folder}/new-${token}`, record, { flag: 'wx' });
      fs.renameSync(`${folder}/new-${token}`, `${folder}/lock-${token}`);
      return new LockFile(node, root, `lock-${token}`, fs.openSync(`${folder}/lock-${token}`, 'r'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/**
 * Who writes into a folder, if anybody.
 * @param {Node} node
 * @param {string} root
 * @returns {Owner | undefined}
 */
export function ownerOf(node, root) {
  return otherOwners(node, root, undefined)?.[0];
}

/**
 * Which folder it is, whatever it is called.
 * @param {Node} node
 * @param {string} path
 */
export function identity({ fs }, path) {
  const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.dev}:${stat.ino}`;
}

/**
 * The live owners, and away with the files of dead ones when we hold a lock ourselves.
 *
 * @param {Node} node
 * @param {string} root
 * @param {string | undefined} mine  our lock file
 * @returns {(Owner & { advice: string })[] | undefined}  undefined when ours is not there any more
 */
function otherOwners(node, root, mine) {
  const { fs } = node;
  const folder = `${root}/${WRITER_FOLDER}`;
  const names = listFolder(node, folder);
  if (mine !== undefined && !names.includes(mine)) return undefined;
  const owners = [];
  for (const name of names) {
    if (name === mine || !/^(lock|new)-/.test(name)) continue;
    const file = `${folder}/${name}`;
    const record = name.startsWith('lock-') ? readRecord(node, file) : undefined;
    if (record && isHeld(node, record, file, root)) {
      const who = record.browser ? 'a page in a browser' : `process ${record.pid} on '${record.host}'`;
      owners.push({
        describe: who, since: record.since, advice: `; if that is not so, delete ${file}`,
      });
    } else if (mine !== undefined) { // a claimant whose 'new-' file goes tries again
      fs.rmSync(file, { force: true });
    }
  }
  return owners;
}

/**
 * @param {Node} node
 * @param {LockRecord} record
 * @param {string} file
 * @param {string} root
 */
function isHeld(node, record, file, root) {
  if (record.browser) return true;
  return record.root === identity(node, root) && isRunning(node, record, file);
}

/**
 * @param {Node} node
 * @param {string} file
 * @returns {LockRecord | undefined}  undefined when it is gone, or lost by a power failure
 */
function readRecord({ fs }, file) {
  try {
    const record = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof record?.pid === 'number' && typeof record.since === 'number' ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @param {Node} node
 * @param {string} folder
 */
function makeFolder({ fs }, folder) {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
    throw new BoresError('ERR_CORRUPT', `${folder} is a symbolic link: it is not ours`);
  }
}

/**
 * @param {Node} node
 * @param {string} folder
 * @returns {string[]}
 */
function listFolder({ fs }, folder) {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
}
