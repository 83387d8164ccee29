// SPDX-License-Identifier: MIT
// Commits to a directory. Everything that is new is written into a folder of the store's own
// (`.bores-writer/stage`), made durable, and decided by one rename to `commit`; then each step of
// its journal is one rename to where it belongs. A kill before the decision drops the commit, a
// kill after it finishes it, when the next writer is opened; readers see whole folders, in order.

import { BoresError } from '../../core/errors.js';
import { NodeFiles, checkFileKey } from './node-files.js';
import {
  applySteps, exists, foldersChanged, namesOf, planSteps, readJournal, undoSteps,
} from './node-journal.js';
import { LockFile, WRITER_FOLDER, ownerOf } from './node-lock.js';
import { awaitSwap, leftOfSwap, settleSwap, swapContent } from './node-swap.js';
import { StoreWriter } from '../base/store-writer.js';

/** @import { CheckedBatch } from '../base/batch.js' */
/** @import { Node } from '../../core/host.js' */
/** @import { Plan, Step } from './node-journal.js' */
/** @import { Committer } from '../base/store-writer.js' */
/** @import { Recovery, Staging, WriterOptions } from '../base/storage.js' */

/** In the writer's folder: what threads have written ahead of its commit. */
const AHEAD = 'ahead';

/** Another name is in the place of a step: a foreign writer was there. */
const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EISDIR']);

/**
 * @param {Node} node
 * @param {string} root  absolute; made when absent
 * @param {WriterOptions} [options]
 */
export async function openDirectoryWriter(node, root, { durability = 'strict', signal } = {}) {
  const files = new NodeFiles(node, root);
  if (!awaitSwap(node, root)) await makeRoot(node, files, root);
  const real = files.attempt('', () => node.fs.realpathSync(root));
  const lock = await LockFile.acquire(node, real, signal)
    .catch((error) => Promise.reject(files.translate(WRITER_FOLDER, error, 0)));
  return StoreWriter.open(root, new DirectoryCommitter({ node, files, root: real, lock }, durability));
}

/**
 * @param {Node} node
 * @param {NodeFiles} files
 * @param {string} root
 */
async function makeRoot(node, files, root) {
  const first = files.attempt('', () => node.fs.mkdirSync(root, { recursive: true }));
  const parents = [];
  for (let path = root; first !== undefined && path.length >= first.length;) {
    path = node.path.dirname(path);
    parents.push(path);
  }
  await files.syncFolders(parents, '');
}

/**
 * @param {Node} node
 * @param {string} root
 * @returns {Recovery}
 */
export function directoryLeftovers(node, root) {
  const { fs } = node;
  if (!exists(fs, root) || ownerOf(node, root)) return { dropped: [], restored: [] };
  const namesIn = (/** @type {string} */ name) => (
    namesOf(readJournal(fs, `${root}/${WRITER_FOLDER}/${name}`) ?? []));
  return {
    dropped: [...leftOfSwap(node, root), ...namesIn('undo'), ...namesIn('stage')],
    restored: namesIn('commit'),
  };
}

/**
 * A commit's folder is called 'stage' until it is decided, then 'commit', 'undo' while a commit that
 * failed is taken back, and at last 'done'. What is in 'done' is removed when its name is durable,
 * which is with the next commit: were it removed before, a power failure could bring back the name
 * 'commit' without all that its steps need.
 *
 * @implements {Committer}
 */
class DirectoryCommitter {
  /** @type {unknown} */ broken;
  #store;
  #durable;
  #applied = false; // there is a 'commit' whose steps are all done
  #opened = false; // what was written ahead is for commits of this one

  /**
   * @param {{ node: Node, files: NodeFiles, root: string, lock: LockFile }} store  lock: ours to release
   * @param {'strict' | 'relaxed'} durability
   */
  constructor(store, durability) {
    this.#store = store;
    this.#durable = durability === 'strict';
  }

  /**
   * @param {CheckedBatch} batch
   * @param {AbortSignal} [signal]
   */
  async write(batch, signal) {
    const { files, node, root } = this.#store;
    for (const [key] of batch.puts) checkFileKey(key);
    const key = batch.staged[0]?.folder ?? batch.puts[0]?.[0] ?? batch.deletes[0];
    const plan = files.attempt(key, () => planSteps(node.fs, root, batch));
    if (plan.steps.length === 0) return;
    files.attempt(key, () => this.#finish());
    try {
      await this.#stage(plan, key, signal);
    } catch (error) {
      await this.#remove('stage').catch(() => undefined); // else the next commit does it
      throw error;
    }
    try {
      files.attempt(key, () => this.#rename('stage', 'commit'));
      await this.#apply(plan.steps, key);
    } catch (error) {
      await this.#takeBack(plan.steps, error);
      throw error;
    }
    this.#applied = true;
    try {
      this.#finish();
    } catch {
      // It is committed; the next commit finishes it, or says why it cannot.
    }
  }

  /**
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async swap(batches, signal) {
    const { node, root } = this.#store;
    await this.#attempt(root, async () => {
      await this.#tidy();
      await settleSwap(this.#store);
    });
    try {
      this.#store.lock = await swapContent(this.#store, batches, { durable: this.#durable, signal });
    } catch (error) {
      if (!exists(node.fs, root)) this.broken = error;
      throw error;
    }
    await settleSwap(this.#store).catch(() => undefined); // as above
  }

  /** @returns {Staging} */
  staging() {
    const { node, root } = this.#store;
    return { kind: 'folder', path: this.#folder(AHEAD), location: root };
  }

  /** @returns {Promise<Recovery>} */
  async settle() {
    const { files, node, root } = this.#store;
    if (!awaitSwap(node, root)) throw new BoresError('ERR_NOT_FOUND', `${root} is not there any more`);
    const recovery = await this.#attempt(root, async () => {
      const dropped = await settleSwap(this.#store);
      dropped.push(...namesOf(this.#journal('stage')));
      if (!this.#opened) await this.#dropAhead();
      await this.#tidy();
      return this.#settleCommit({ dropped, restored: [] });
    });
    this.#opened = true;
    if (this.#durable) await files.syncFolders([root], root); // it names the writer's folder
    this.broken = undefined;
    return recovery;
  }

  async release() {
    const { files, lock } = this.#store;
    try {
      await this.#attempt('', () => this.#dropAhead());
      if (this.broken === undefined) await this.#attempt('', () => this.#tidy());
    } finally {
      files.attempt('', () => lock.release());
    }
  }

  /**
   * Finishes a commit that had been decided, or takes it back if it was that already, or if
   * another program has taken its names.
   *
   * @param {Recovery} recovery
   * @returns {Promise<Recovery>}
   */
  async #settleCommit({ dropped, restored }) {
    const { fs } = this.#store.node;
    const steps = this.#journal('commit');
    try {
      await this.#apply(steps, steps[0]?.target ?? '');
      restored.push(...namesOf(steps));
      this.#applied = exists(fs, this.#folder('commit'));
    } catch (error) {
      if (!TAKEN.has(codeOf(error))) throw error;
      this.#rename('commit', 'undo');
    }
    const undone = this.#journal('undo');
    if (exists(fs, this.#folder('undo'))) await this.#undo(undone);
    await this.#tidy();
    return { dropped: [...dropped, ...namesOf(undone)], restored };
  }

  /**
   * Writes what the commit puts, where no reader looks.
   *
   * @param {Plan} plan
   * @param {string} key
   * @param {AbortSignal} [signal]
   */
  async #stage({ files: content, moves }, key, signal) {
    const { files, node } = this.#store;
    const stage = this.#folder('stage');
    await this.#attempt(key, () => this.#remove('stage'));
    files.attempt(key, () => node.fs.mkdirSync(stage));
    const trees = moves.map(([{ place, keys, folder }, name]) => {
      const path = `${stage}/${name}`;
      files.attempt(folder, () => node.fs.renameSync(`${this.#folder(AHEAD)}/${place}`, path));
      return { path, keys };
    });
    const also = [this.#folder('.')]; // its 'done'
    await files.write(stage, content, { durable: this.#durable, made: new Set(), also, trees, signal });
    await this.#attempt(key, () => this.#remove('done'));
    signal?.throwIfAborted();
  }

  /**
   * @param {readonly Step[]} steps  of 'commit'
   * @param {string} key
   */
  async #apply(steps, key) {
    if (steps.length === 0) return;
    const { files, node, root } = this.#store;
    if (this.#durable) await files.syncFolders([this.#folder('.')], key);
    files.attempt(key, () => applySteps(node.fs, root, this.#folder('commit'), steps));
    if (this.#durable) await files.syncFolders(foldersChanged(root, steps), key);
  }

  /**
   * @param {readonly Step[]} steps
   * @param {unknown} error  why
   */
  async #takeBack(steps, error) {
    try {
      if (!exists(this.#store.node.fs, this.#folder('commit'))) return;
      this.#rename('commit', 'undo');
      await this.#undo(steps);
    } catch (second) {
      this.broken = error;
      throw new BoresError('ERR_STORAGE', `${messageOf(error)}; it could not be undone either: ` +
        `${messageOf(second)}. Call recover(), or open a new writer, to finish it`, { cause: error });
    }
  }

  /** @param {readonly Step[]} steps  of 'undo' */
  async #undo(steps) {
    const { files, node, root } = this.#store;
    if (this.#durable) await files.syncFolders([this.#folder('.')], WRITER_FOLDER);
    undoSteps(node.fs, root, this.#folder('undo'), steps);
    if (this.#durable) await files.syncFolders(foldersChanged(root, steps), WRITER_FOLDER);
    this.#rename('undo', 'done');
  }

  /** Marks a commit whose steps are all done. */
  #finish() {
    if (!this.#applied) return;
    this.#rename('commit', 'done');
    this.#applied = false;
  }

  /** Nobody finds it by its name any more, so that what a thread is still writing fails. */
  async #dropAhead() {
    const { fs } = this.#store.node;
    const dropped = this.#folder(`${AHEAD}-dropped`);
    await this.#store.files.remove(dropped);
    if (!exists(fs, this.#folder(AHEAD))) return;
    fs.renameSync(this.#folder(AHEAD), dropped);
    await this.#store.files.remove(dropped);
  }

  /** Removes what commits that are over have left. */
  async #tidy() {
    this.#finish();
    if (exists(this.#store.node.fs, this.#folder('done'))) {
      if (this.#durable) await this.#store.files.syncFolders([this.#folder('.')], WRITER_FOLDER);
      await this.#remove('done');
    }
    await this.#remove('stage');
  }

  /** @param {string} name */
  #remove(name) {
    return this.#store.files.remove(this.#folder(name));
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  #rename(from, to) {
    this.#store.node.fs.renameSync(this.#folder(from), this.#folder(to));
  }

  /** @param {string} name */
  #journal(name) {
    return readJournal(this.#store.node.fs, this.#folder(name)) ?? [];
  }

  /** @param {string} name  '.' is the folder that they all are in */
  #folder(name) {
    const folder = `${this.#store.root}/${WRITER_FOLDER}`;
    return name === '.' ? folder : `${folder}/${name}`;
  }

  /**
   * @template T
   * @param {string} key
   * @param {() => Promise<T>} run
   */
  async #attempt(key, run) {
    try {
      return await run();
    } catch (error) {
      throw this.#store.files.translate(key, error, 0);
    }
  }
}

/** @param {unknown} error */
function codeOf(error) {
  const { code, cause } = /** @type {{ code?: string, cause?: { code?: string } }} */ (error);
  return cause?.code ?? code ?? '';
}

/** @param {unknown} error */
function messageOf(error) {
  return /** @type {Error} */ (error).message;
}
