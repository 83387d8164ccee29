// SPDX-License-Identifier: MIT
// Commits to a directory of handles: folders that are new are written where they belong, unseen until
// the journal says that they are whole; values in folders that are there are written beside and
// copied. `handle-journal.js` says what a kill leaves at each step.

import { BoresError } from '../../core/errors.js';
import { fromBrowser, isBrowsers } from '../base/browser-errors.js';
import {
  fileAt, filesBelow, folderAt, removeAt, splitPath, topNames, writeFile,
} from './handle-files.js';
import { HANDLE_FOLDER, TOKEN, namesInJournal, readHandleJournal } from './handle-journal.js';
import { acquireHandleLock, handleLockOwner } from './handle-lock.js';
import { planBatch } from './handle-plan.js';
import { quotaError } from '../base/quota.js';
import { randomId } from '../base/random-id.js';
import { StoreWriter } from '../base/store-writer.js';
import { Slots } from '../../core/waiting.js';

/** @import { CheckedBatch } from '../base/batch.js' */
/** @import { Journal } from './handle-journal.js' */
/** @import { Committer } from '../base/store-writer.js' */
/** @import { Plan } from './handle-plan.js' */
/** @import { Recovery, WriterOptions } from '../base/storage.js' */

/**
 * @typedef {object} WrittenFolder
 * @property {FileSystemDirectoryHandle} root
 * @property {string} location
 * @property {() => void} changed         folders may have gone: told after each commit
 * @property {() => Promise<void>} assertHeld  the lock: ERR_LOCKED
 * @property {() => Promise<void>} release  of the lock
 */

const WRITES = 8; // at once

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {string} location
 * @param {() => void} changed
 * @param {WriterOptions} [options]  a browser makes files durable when it thinks best
 */
export async function openHandleWriter(root, location, changed, { signal } = {}) {
  const lock = await attempt(location, HANDLE_FOLDER, 0, () => acquireHandleLock(root, location, signal));
  return StoreWriter.open(location, new HandleCommitter({ root, location, changed, ...lock }));
}

/**
 * @param {FileSystemDirectoryHandle} root
 * @returns {Promise<Recovery>}
 */
export async function handleLeftovers(root) {
  if (await handleLockOwner(root)) return { dropped: [], restored: [] };
  return recoveryFrom(root, await readHandleJournal(root));
}

/**
 * What becomes of a commit that was interrupted.
 * @param {FileSystemDirectoryHandle} root
 * @param {Journal | undefined} journal
 * @returns {Promise<Recovery>}
 */
async function recoveryFrom(root, journal) {
  if (journal?.phase === 'commit') return { dropped: [], restored: namesInJournal(journal) };
  const dropped = journal?.phase === 'stage' ? namesInJournal(journal) : [];
  /** @type {string[]} */
  const restored = [];
  const folder = await folderAt(root, HANDLE_FOLDER, false);
  for await (const name of folder?.keys() ?? []) {
    if (!TOKEN.test(name)) continue;
    const names = (await topNames(await folderAt(root, `${HANDLE_FOLDER}/${name}`, false)))
      .filter((top) => !/^\d+$/.test(top) || journal?.phase === 'replace'); // a commit's are numbers
    (journal?.phase === 'replace' ? restored : dropped).push(...names);
  }
  return { dropped, restored };
}

/** @implements {Committer} */
class HandleCommitter {
  /** @type {unknown} */ broken;
  #folder;
  #slots = new Slots(WRITES);
  #untidy = false; // a commit is in place, but its journal is still there

  /** @param {WrittenFolder} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * @param {CheckedBatch} batch
   * @param {AbortSignal} [signal]
   */
  async write(batch, signal) {
    const { root } = this.#folder;
    const key = batch.puts[0]?.[0] ?? batch.deletes[0];
    const token = randomId();
    await this.#attempt(key, 0, this.#folder.assertHeld);
    const plan = await this.#attempt(key, 0, () => planBatch(root, batch, token));
    if (plan.fresh.length + plan.puts.length + plan.journal.deletes.length === 0) return;
    await this.#attempt(key, batch.bytes, async () => {
      if (this.#untidy) await this.settle();
      await this.#stage(plan, signal);
    });
    await this.#place(plan.journal, key);
    this.#folder.changed();
    await this.#tidy().catch(() => undefined); // it is committed; the next one tidies, or says why not
  }

  /**
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async swap(batches, signal) {
    const { root, location } = this.#folder;
    const token = randomId();
    const fresh = `${HANDLE_FOLDER}/${token}`;
    try {
      await this.#attempt(fresh, 0, async () => {
        await this.#folder.assertHeld();
        if (this.#untidy) await this.settle();
        await folderAt(root, fresh, true);
      });
      for await (const { puts, bytes } of batches) {
        await this.#attempt(puts[0]?.[0] ?? '', bytes,
          () => this.#writeAll(puts.map(([key, value]) => [`${fresh}/${key}`, value]), signal));
      }
      signal?.throwIfAborted();
      await this.#attempt(fresh, 0, this.#folder.assertHeld);
      await this.#attempt(fresh, 0, () => (
        this.#say({ phase: 'replace', token, created: [], puts: [], deletes: [] })));
    } catch (error) {
      this.#untidy = true;
      await removeAt(root, fresh).catch(() => undefined); // else the next commit does it
      throw error;
    }
    try {
      await this.#attempt(fresh, 0, () => this.#moveIn(fresh));
    } catch (error) {
      this.broken = error;
      throw new BoresError('ERR_STORAGE', `${location} is replaced, but not all files could be put in ` +
        `place: ${/** @type {Error} */ (error).message}; call recover(), or open a new writer`,
      { cause: error });
    }
  }

  /** @returns {Promise<Recovery>} */
  async settle() {
    const { root } = this.#folder;
    return this.#attempt(HANDLE_FOLDER, 0, async () => {
      const journal = await readHandleJournal(root);
      const recovery = await recoveryFrom(root, journal);
      if (journal?.phase === 'replace') await this.#moveIn(`${HANDLE_FOLDER}/${journal.token}`);
      if (journal?.phase === 'stage') await this.#drop(journal);
      if (journal?.phase === 'commit') await this.#finish(journal);
      await this.#tidy();
      this.#folder.changed();
      this.broken = undefined;
      return recovery;
    });
  }

  async release() {
    try {
      if (this.broken === undefined && this.#untidy) await this.settle();
    } finally {
      await this.#attempt(HANDLE_FOLDER, 0, this.#folder.release);
    }
  }

  /**
   * Writes what is new, and says that it is whole.
   * @param {Plan} plan
   * @param {AbortSignal} [signal]
   */
  async #stage({ journal, fresh, puts }, signal) {
    try {
      if (journal.created.length > 0) await this.#say({ ...journal, phase: 'stage', puts: [], deletes: [] });
      // The last value of a folder is its mark for those who do not read the journal, as Python.
      const last = new Map(fresh.map((put) => [put[0].split('/')[0], put]));
      const marks = new Set(last.values());
      await this.#writeAll(fresh.filter((put) => !marks.has(put)), signal);
      await this.#writeAll([...marks], signal);
      await this.#writeAll(puts.map(([, value], i) => [`${HANDLE_FOLDER}/${journal.token}/${i}`, value]),
        signal);
      signal?.throwIfAborted();
      await this.#say(journal);
    } catch (error) {
      await this.#drop(journal).catch((second) => { this.broken = second; });
      throw error;
    }
  }

  /**
   * Brings a commit's values to their keys. Until the first delete it can be taken back.
   * @param {Journal} journal
   * @param {string} key
   */
  async #place(journal, key) {
    const { root } = this.#folder;
    /** @type {[key: string, old: Blob | undefined][]} */
    const replaced = [];
    try {
      await this.#attempt(key, 0, async () => {
        for (const [i, put] of journal.puts.entries()) {
          const old = await fileAt(root, put);
          replaced.push([put, old && new Blob([await old.arrayBuffer()])]);
          await this.#copy(`${HANDLE_FOLDER}/${journal.token}/${i}`, put);
        }
      });
    } catch (error) {
      await this.#takeBack(journal, replaced).catch((second) => { this.broken = second; });
      if (this.broken === undefined) throw error;
      this.#throwBroken(error);
    }
    try {
      await this.#attempt(key, 0, () => this.#delete(journal.deletes));
    } catch (error) {
      this.broken = error;
      this.#throwBroken(error);
    }
    this.#untidy = true;
  }

  /** @param {unknown} cause @returns {never} */
  #throwBroken(cause) {
    throw new BoresError('ERR_STORAGE', `${/** @type {Error} */ (cause).message}; the commit is half in ` +
      'place: call recover(), or open a new writer, to finish it', { cause });
  }

  /**
   * @param {Journal} journal
   * @param {[key: string, old: Blob | undefined][]} replaced
   */
  async #takeBack(journal, replaced) {
    for (const [key, old] of replaced.reverse()) {
      if (old) await this.#writeAll([[key, old]]);
      else await this.#delete([key]);
    }
    await this.#drop(journal);
  }

  /**
   * The same for one that was interrupted.
   * @param {Journal} journal
   */
  async #finish({ token, puts, deletes }) {
    for (const [i, put] of puts.entries()) await this.#copy(`${HANDLE_FOLDER}/${token}/${i}`, put);
    await this.#delete(deletes);
  }

  /**
   * Puts the content of a replacement where the old one is.
   * @param {string} fresh
   */
  async #moveIn(fresh) {
    const { root } = this.#folder;
    for (const name of await topNames(root)) await removeAt(root, name.replace(/\/$/, ''));
    for await (const path of filesBelow(await folderAt(root, fresh, false))) {
      await this.#copy(`${fresh}/${path}`, path);
    }
    this.#folder.changed();
    this.#untidy = true;
    await this.#tidy().catch(() => undefined); // it is in place; the next commit tidies
  }

  /**
   * Drops what is not decided.
   * @param {Journal} journal
   */
  async #drop({ created }) {
    for (const name of created) await removeAt(this.#folder.root, name);
    this.#folder.changed();
    await this.#tidy();
  }

  /** @param {string[]} deletes */
  async #delete(deletes) {
    const { root } = this.#folder;
    for (const name of deletes) {
      await removeAt(root, name);
      for (let { parent } = splitPath(name); parent !== ''; ({ parent } = splitPath(parent))) {
        const folder = await folderAt(root, parent, false);
        if (folder && (await topNames(folder)).length > 0) break;
        await removeAt(root, parent);
      }
    }
  }

  /** Removes the journal, and what it spoke of. */
  async #tidy() {
    const { root } = this.#folder;
    await removeAt(root, `${HANDLE_FOLDER}/journal`);
    const folder = await folderAt(root, HANDLE_FOLDER, false);
    for await (const name of folder?.keys() ?? []) {
      if (TOKEN.test(name)) await removeAt(root, `${HANDLE_FOLDER}/${name}`);
    }
    this.#untidy = false;
  }

  /** @param {Journal} journal */
  async #say(journal) {
    await this.#writeAll([[`${HANDLE_FOLDER}/journal`, JSON.stringify(journal)]]);
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  async #copy(from, to) {
    const file = await fileAt(this.#folder.root, from);
    if (file) await this.#writeAll([[to, file]]);
  }

  /**
   * @param {(readonly [path: string, content: Uint8Array | Blob | string])[]} files
   * @param {AbortSignal} [signal]
   */
  async #writeAll(files, signal) {
    /** @type {Map<string, Promise<FileSystemDirectoryHandle | undefined>>} */
    const folders = new Map();
    const write = async (/** @type {string} */ path, /** @type {Uint8Array | Blob | string} */ content) => {
      signal?.throwIfAborted();
      const { parent, name } = splitPath(path);
      const known = folders.get(parent) ?? folderAt(this.#folder.root, parent, true);
      folders.set(parent, known);
      await writeFile(/** @type {FileSystemDirectoryHandle} */ (await known), name, content);
    };
    const outcomes = await Promise.allSettled(files.map(([path, content]) => (
      this.#slots.use(() => write(path, content)))));
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
  }

  /**
   * @template T
   * @param {string} key
   * @param {number} needed  bytes
   * @param {() => Promise<T>} run
   */
  #attempt(key, needed, run) {
    return attempt(this.#folder.location, key, needed, run);
  }
}

/**
 * @template T
 * @param {string} location
 * @param {string} key
 * @param {number} needed  bytes
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 * @throws {BoresError} ERR_QUOTA, ERR_PERMISSION, ERR_STORAGE, all naming the key
 */
async function attempt(location, key, needed, run) {
  try {
    return await run();
  } catch (cause) {
    if (!isBrowsers(cause) || cause.name === 'AbortError') throw cause;
    const what = `'${key}' in ${location} cannot be written`;
    if (cause.name === 'QuotaExceededError') throw await quotaError(what, { key, needed, cause });
    throw fromBrowser(cause, what, { key });
  }
}
