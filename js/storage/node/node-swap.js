// SPDX-License-Identifier: MIT
// Replaces a whole directory: the new content is written beside it and takes its place by two
// renames. Names in the parent say how far it is, so that whoever comes next can go on:
//
//   .NAME.bores-new   not there:   nothing is being replaced, or all is done
//                     alone:       it may be half; it is dropped
//                     with -old, and no NAME: it is whole, and takes the place
//   .NAME.bores-old   with NAME:   the old content, to be removed
//                     alone:       it takes its place again
//
// Node has no exchange of two names, so for some microseconds there is none: readers wait for it.

import { BoresError } from '../../core/errors.js';
import { isReserved } from '../base/batch.js';
import { checkFileKey } from './node-files.js';
import { exists } from './node-journal.js';
import { WRITER_FOLDER, ownerOf } from './node-lock.js';

/** @import { CheckedBatch } from '../base/batch.js' */
/** @import { Node } from '../../core/host.js' */
/** @import { NodeFiles } from './node-files.js' */
/** @import { LockFile } from './node-lock.js' */

const WAIT_MS = 2000; // for a swap under way
/** In the new content's folder of its writer: what stands beside it as old is what it replaced. */
const REPLACED = `${WRITER_FOLDER}/replaced`;

/**
 * @param {Node} node
 * @param {string} root
 */
export function placesOf({ path }, root) {
  const beside = `${path.dirname(root)}/.${path.basename(root)}.bores-`;
  return { parent: path.dirname(root), fresh: `${beside}new`, old: `${beside}old` };
}

/**
 * Whether there is a directory, once a swap that is under way, or was interrupted, is over.
 *
 * @param {Node} node
 * @param {string} root
 */
export function awaitSwap(node, root) {
  const { fresh, old } = placesOf(node, root);
  for (const deadline = performance.now() + WAIT_MS; !exists(node.fs, root);) {
    if (!exists(node.fs, old)) return exists(node.fs, root);
    const next = exists(node.fs, fresh) ? fresh : old;
    if (ownerOf(node, next) === undefined) {
      attemptRename(node, next, root); // another reader may be quicker
    } else if (performance.now() > deadline) {
      return false; // its writer has been stopped
    } else {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return true;
}

/**
 * Writes the new content and lets it take the place of the old one, all of it durable; where there is
 * nothing to lose, only if that is asked for.
 *
 * @param {{ node: Node, files: NodeFiles, root: string, lock: LockFile }} store
 * @param {AsyncIterable<CheckedBatch>} batches
 * @param {{ durable: boolean, signal?: AbortSignal }} options
 * @returns {Promise<LockFile>}  on the new content; the other one goes with the old
 */
export async function swapContent({ node, files, root, lock }, batches, { durable, signal }) {
  const { fs } = node;
  const { parent, fresh } = placesOf(node, root);
  let newLock;
  try {
    files.attempt(fresh, () => fs.mkdirSync(fresh, { mode: fs.statSync(root).mode & 0o7777 }));
    const replaces = !fs.readdirSync(root).every(isReserved);
    await writeContent(files, fresh, batches, { durable: durable || replaces, signal });
    newLock = files.attempt(fresh, () => lock.extendTo(fresh));
    files.attempt(fresh, () => fs.writeFileSync(`${fresh}/${REPLACED}`, ''));
    await files.syncFolders([`${fresh}/${WRITER_FOLDER}`, fresh, parent], fresh);
    signal?.throwIfAborted();
    await exchange(node, files, root);
  } catch (error) {
    newLock?.leave();
    await files.remove(fresh).catch(() => undefined); // else the next replacement does it
    throw error;
  }
  newLock.movedTo(root);
  lock.leave();
  return newLock;
}

/**
 * Removes what a replacement has left.
 *
 * @param {{ node: Node, files: NodeFiles, root: string }} store
 * @returns {Promise<string[]>}  names at the root of what was not whole
 */
export async function settleSwap({ node, files, root }) {
  const { fs } = node;
  const { parent, fresh, old } = placesOf(node, root);
  const dropped = leftOfSwap(node, root);
  if (exists(fs, old)) {
    if (!exists(fs, `${root}/${REPLACED}`)) {
      throw new BoresError('ERR_STORAGE', `${root} was made while a replacement of it was interrupted: ` +
        `'${old}' is what it held before and '${fresh}', if there, what was to replace it; ` +
        'move them away');
    }
    await files.remove(old);
  }
  await files.remove(fresh);
  if (exists(fs, `${root}/${REPLACED}`)) {
    await files.syncFolders([parent], root); // the old one must not come back without it
    await files.remove(`${root}/${REPLACED}`);
  }
  return dropped;
}

/**
 * @param {Node} node
 * @param {string} root
 * @returns {string[]}  names at the root of what was not whole
 */
export function leftOfSwap({ fs, path }, root) {
  const { fresh } = placesOf(/** @type {Node} */ ({ path }), root);
  if (!exists(fs, fresh)) return [];
  return fs.readdirSync(fresh, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => !isReserved(name)).sort();
}

/**
 * @param {NodeFiles} files
 * @param {string} fresh
 * @param {AsyncIterable<CheckedBatch>} batches
 * @param {{ durable: boolean, signal?: AbortSignal }} options
 */
async function writeContent(files, fresh, batches, { durable, signal }) {
  /** @type {Set<string>} */
  const made = new Set();
  for await (const { puts } of batches) {
    for (const [key] of puts) checkFileKey(key);
    await files.write(fresh, puts.map(([key, bytes]) => /** @type {const} */ ([key, bytes, key])),
      { durable, made, signal });
  }
}

/**
 * @param {Node} node
 * @param {NodeFiles} files
 * @param {string} root
 */
async function exchange(node, files, root) {
  const { fs } = node;
  const { parent, fresh, old } = placesOf(node, root);
  files.attempt(root, () => fs.renameSync(root, old));
  try {
    files.attempt(root, () => fs.renameSync(fresh, root));
    await files.syncFolders([parent], root);
  } catch (error) {
    if (exists(fs, root)) fs.renameSync(root, fresh);
    fs.renameSync(old, root);
    throw error;
  }
}

/**
 * @param {Node} node
 * @param {string} from
 * @param {string} to
 */
function attemptRename({ fs }, from, to) {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT') return;
    throw new BoresError('ERR_STORAGE', `${to} was being replaced when its writer died, and '${from}' ` +
      `cannot take its place: ${code}`, { cause: error });
  }
}
