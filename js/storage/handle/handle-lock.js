// SPDX-License-Identifier: MIT
// One writer for a directory handle. A handle does not say which directory it is, so the directory is
// given an identity as long as somebody writes: a lock file, which Node's writers respect as well.
// Which tab has it is a matter of Web Locks.

import { BoresError } from '../../core/errors.js';
import { fileAt, folderAt, removeAt, writeFile } from './handle-files.js';
import { HANDLE_FOLDER } from './handle-journal.js';
import { randomId } from '../base/random-id.js';
import { lockedError } from '../base/store-writer.js';
import { acquireWebLock, webLockOwner } from '../base/web-lock.js';

const LOCK_FILE = 'lock-browser';
/** Only one tab at a time gives an identity, or takes one away. */
const IDENTIFYING = 'bores/handles';

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {string} location  for the message
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ assertHeld: () => Promise<void>, release: () => Promise<void> }>}  assertHeld: ERR_LOCKED
 *   when another has taken it, as can be where there are no Web Locks to keep it by, or when the lock
 *   file has gone with all the rest
 * @throws {BoresError} ERR_LOCKED naming the owner
 */
export async function acquireHandleLock(root, location, signal) {
  const { id, release } = await alone(async () => {
    const folder = /** @type {FileSystemDirectoryHandle} */ (await folderAt(root, HANDLE_FOLDER, true));
    await assertNoProcess(folder, location);
    const known = await identityOf(root) ?? await identify(folder, location);
    const end = await acquireWebLock(`bores/handle/${known}`, location, signal);
    if (globalThis.navigator?.locks) return { id: known, release: end };
    try { // who had it before, and did not answer, is to find another one's file
      const own = await identify(folder, location);
      const endOwn = await acquireWebLock(`bores/handle/${own}`, location, signal);
      return { id: own, release: () => Promise.all([end(), endOwn()]) };
    } catch (error) {
      await end();
      throw error;
    }
  });
  return {
    assertHeld: async () => {
      const found = await identityOf(root);
      if (found === id) return;
      throw found === undefined
        ? new BoresError('ERR_STORAGE', `${location} was deleted since it was opened: its lock file is gone`)
        : new BoresError('ERR_LOCKED', `${location} was taken over by another writer`);
    },
    release: () => alone(async () => {
      if (await identityOf(root) === id) await removeAt(root, `${HANDLE_FOLDER}/${LOCK_FILE}`);
      const folder = await folderAt(root, HANDLE_FOLDER, false);
      if (folder && await isEmpty(folder)) await removeAt(root, HANDLE_FOLDER);
      await release();
    }),
  };
}

/**
 * Who writes into a directory, if anybody.
 * @param {FileSystemDirectoryHandle} root
 */
export async function handleLockOwner(root) {
  const id = await identityOf(root);
  return id === undefined ? undefined : webLockOwner(`bores/handle/${id}`);
}

/** Of this thread, where there are no Web Locks. @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * @template T
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
async function alone(run) {
  if (globalThis.navigator?.locks) return navigator.locks.request(IDENTIFYING, run);
  const turn = last.then(run);
  last = turn.catch(() => undefined);
  return turn;
}

/** @param {FileSystemDirectoryHandle} root */
async function identityOf(root) {
  const file = await fileAt(root, `${HANDLE_FOLDER}/${LOCK_FILE}`);
  if (file === undefined || file.size === 0) return undefined; // a tab was killed while it made it
  return /** @type {string} */ (JSON.parse(await file.text()).browser);
}

/**
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} location
 */
async function identify(folder, location) {
  const id = randomId();
  await writeFile(folder, LOCK_FILE, JSON.stringify({ browser: id, pid: 0, since: Date.now() }));
  try {
    await assertNoProcess(folder, location); // one that came meanwhile: it may not have seen ours
  } catch (error) {
    await folder.removeEntry(LOCK_FILE);
    throw error;
  }
  return id;
}

/**
 * A page cannot see whether a process of Node is alive, nor finish what it has begun.
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} location
 */
async function assertNoProcess(folder, location) {
  for await (const [name, child] of folder.entries()) {
    if (child.kind === 'directory' && (name === 'commit' || name === 'undo')) {
      throw new BoresError('ERR_STORAGE', `${location}: a commit of a process was interrupted; finish ` +
        'it with `bores repair`');
    }
    if (child.kind !== 'file' || !name.startsWith('lock-') || name === LOCK_FILE) continue;
    const { pid, host, since } = JSON.parse(await (await child.getFile()).text());
    throw lockedError(location, { describe: `process ${pid} on '${host}'`, since },
      `; if that is not so, delete ${HANDLE_FOLDER}/${name} in it`);
  }
}

/** @param {FileSystemDirectoryHandle} folder */
async function isEmpty(folder) {
  for await (const name of folder.keys()) return name === undefined;
  return true;
}
