// SPDX-License-Identifier: MIT
// What a writer into a directory of handles says of its commit, in `.bores-writer/journal`. A page can
// neither rename a folder nor change two files at once, so readers look here:
//
//   stage    the folders named are being written: nobody sees them yet
//   commit   they are whole; the values in `.bores-writer/TOKEN/0`, `1`, … count, and go to their keys;
//            deletes follow
//   replace  `.bores-writer/TOKEN` is the content, and goes where the old one is
//
// The token is another one each time, so that who has read an older journal finds its values or
// nothing.

import { BoresError } from '../../core/errors.js';
import { isReserved } from '../base/batch.js';
import { fileAt } from './handle-files.js';
import { checkKey } from '../base/keys.js';

/**
 * @typedef {object} Journal
 * @property {'stage' | 'commit' | 'replace'} phase
 * @property {string} token
 * @property {string[]} created  new folders at the root
 * @property {string[]} puts     keys; the value of each is in the file of its position
 * @property {string[]} deletes  keys, or folders with all that is below
 */

export const HANDLE_FOLDER = '.bores-writer';
/** The folder of a commit's values, or of a replacement's content. */
export const TOKEN = /^[0-9a-f-]{36}$/;
const PHASES = ['stage', 'commit', 'replace'];

/**
 * @param {FileSystemDirectoryHandle} root
 * @returns {Promise<Journal | undefined>}  undefined when nothing is under way
 * @throws {BoresError} ERR_CORRUPT for one that none of us wrote
 */
export async function readHandleJournal(root) {
  const file = await fileAt(root, `${HANDLE_FOLDER}/journal`);
  if (file === undefined || file.size === 0) return undefined; // made, but not written yet
  const text = await file.text();
  try {
    const { phase, token, created, puts, deletes } = JSON.parse(text);
    for (const name of [...created, ...puts, ...deletes]) {
      checkKey(name);
      if (isReserved(name)) throw new TypeError(`'${name}'`);
    }
    if (!PHASES.includes(phase)) throw new TypeError(`phase '${phase}'`);
    if (!TOKEN.test(token)) throw new TypeError(`token '${token}'`);
    return { phase, token, created, puts, deletes };
  } catch (cause) {
    throw new BoresError('ERR_CORRUPT', `${HANDLE_FOLDER}/journal in '${root.name}' is not one of ours: ` +
      `${/** @type {Error} */ (cause).message}`, { cause });
  }
}

/**
 * Where a key is to be read, while a commit that is decided is not in its place: undefined when that
 * is where it always is.
 *
 * @param {Journal | undefined} journal
 * @param {string} key
 */
export function overlayOf(journal, key) {
  if (journal?.phase === 'replace') return `${HANDLE_FOLDER}/${journal.token}/${key}`;
  const number = journal?.phase === 'commit' ? journal.puts.indexOf(key) : -1;
  return number < 0 ? undefined : `${HANDLE_FOLDER}/${journal?.token}/${number}`;
}

/**
 * Whether a commit that is decided deletes a path, in place or not yet.
 *
 * @param {Journal | undefined} journal
 * @param {string} path
 */
export function isDeletedBy(journal, path) {
  return journal?.phase === 'commit'
    && journal.deletes.some((name) => path === name || path.startsWith(`${name}/`))
    && !journal.puts.some((key) => key === path || key.startsWith(`${path}/`));
}

/**
 * The commit's content, as a Recovery names it.
 * @param {Journal} journal
 */
export function namesInJournal({ created, puts, deletes }) {
  return [...created.map((name) => `${name}/`), ...puts, ...deletes];
}
