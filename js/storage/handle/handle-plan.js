// SPDX-License-Identifier: MIT
// What a commit does to a directory of handles, before anything of it is done: which values go into
// folders that are new, which into the place of others, and what is deleted.

import { nestedError } from '../base/batch.js';
import { fileAt, filesBelow, folderAt, kindAt, splitPath } from './handle-files.js';

/** @import { CheckedBatch } from '../base/batch.js' */
/** @import { Journal } from './handle-journal.js' */
/** @import { Put } from '../base/storage.js' */

/**
 * `fresh`: values in folders that are new, by path; `puts`: the others.
 * @typedef {{ journal: Journal, fresh: Put[], puts: Put[] }} Plan
 */

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {CheckedBatch} batch
 * @param {string} token
 * @returns {Promise<Plan>}
 * @throws {BoresError} ERR_ARGUMENT when a key would be a value and a folder at once
 */
export async function planBatch(root, { puts, deletes }, token) {
  /** @type {Map<string, 'file' | 'directory' | undefined>} */
  const tops = new Map();
  /** @type {Plan} */
  const plan = {
    journal: { phase: 'commit', token, created: [], puts: [], deletes: [] }, fresh: [], puts: [],
  };
  for (const put of puts) {
    const [key] = put;
    const top = key.split('/')[0];
    if (!tops.has(top)) tops.set(top, await kindAt(root, top));
    if (tops.get(top) === undefined && top !== key) {
      if (!plan.journal.created.includes(top)) plan.journal.created.push(top);
      plan.fresh.push(put);
    } else {
      await assertPlace(root, key);
      plan.puts.push(put);
      plan.journal.puts.push(key);
    }
  }
  await planDeletes(root, deletes, plan.journal);
  return plan;
}

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {readonly string[]} deletes
 * @param {Journal} journal  whose `deletes` are added to
 */
async function planDeletes(root, deletes, journal) {
  const kept = new Set(journal.puts);
  for (const name of deletes) {
    if (!name.endsWith('/')) {
      if (!kept.has(name) && await fileAt(root, name)) journal.deletes.push(name);
      continue;
    }
    const folder = await folderAt(root, name.slice(0, -1), false);
    if (folder === undefined) continue;
    const isKept = journal.puts.some((key) => key.startsWith(name));
    if (!isKept) journal.deletes.push(name.slice(0, -1));
    else for await (const path of filesBelow(folder, name)) if (!kept.has(path)) journal.deletes.push(path);
  }
}

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {string} key
 */
async function assertPlace(root, key) {
  if (await kindAt(root, key) === 'directory') throw nestedError(key, key);
  for (let { parent } = splitPath(key); parent !== ''; ({ parent } = splitPath(parent))) {
    const kind = await kindAt(root, parent);
    if (kind === 'directory') return;
    if (kind === 'file') throw nestedError(key, parent);
  }
}
