// SPDX-License-Identifier: MIT
// What lies in the folder of a Zarr store and is none of it: a replacement would take it away, so it is
// refused as long as there is such a file. Every document and chunk of an entry is the store's; a
// note, a picture, another file's data and a group beside the entries are not.

import { BoresError } from '../../core/errors.js';

/** @import { Storage } from '../../storage/base/storage.js' */

/** Where people keep files beside ours: what is in a database has been put there by a store. */
const SHARED_KINDS = new Set(['directory', 'handle', 's3']);
const DOCUMENTS = new Set(['.zgroup', '.zattrs', '.zarray', '.zmetadata', 'zarr.json']);
const ENTRY = /^(entry_\d{10,18}|step_\d{6,18})\/$/;
/** '0.1.2' and '0', 'c.0.1' and 'c', and folders of such names. */
const CHUNK = /^(c|(c\.)?\d+(\.\d+)*)$/;
const CHUNK_FOLDER = /^(c|\d+)\/$/;
const SHOWN = 5;

/** What may be where; a folder with documents is a node, wherever it is. */
const RULES = {
  root: {
    file: (/** @type {string} */ name) => DOCUMENTS.has(name) && name !== '.zarray',
    folder: (/** @type {string} */ name) => ENTRY.test(name),
  },
  node: {
    file: (/** @type {string} */ name, /** @type {boolean} */ isArray) =>
      DOCUMENTS.has(name) || (isArray && CHUNK.test(name)),
    folder: () => true,
  },
  chunks: {
    file: (/** @type {string} */ name) => CHUNK.test(name),
    folder: (/** @type {string} */ name) => CHUNK_FOLDER.test(name),
  },
};

/**
 * @param {Storage} storage
 * @throws {BoresError} ERR_FOREIGN_FILES naming some of them
 */
export async function assertOurs(storage) {
  if (!SHARED_KINDS.has(storage.kind) || !storage.list) return;
  /** @type {string[]} */
  const found = [];
  for await (const key of foreignKeys(storage, '', 'root')) {
    found.push(key);
    if (found.length > SHOWN) break;
  }
  if (found.length === 0) return;
  const names = found.slice(0, SHOWN).map((key) => `'${key}'`).join(', ');
  throw new BoresError('ERR_FOREIGN_FILES', `${storage.location} holds what is no part of its entries and would `
    + `be lost when they are replaced: ${names}${found.length > SHOWN ? ' and more' : ''}; move it away, or `
    + 'write to another place', { key: found[0] });
}

/**
 * @param {Storage} storage
 * @param {string} folder
 * @param {'root' | 'node' | 'chunks'} role
 * @returns {AsyncGenerator<string, void, void>}
 */
async function* foreignKeys(storage, folder, role) {
  const names = await /** @type {Required<Storage>} */ (storage).list(folder) ?? [];
  const isNode = role !== 'root' && names.some((name) => DOCUMENTS.has(name));
  const rules = RULES[isNode ? 'node' : role];
  const isArray = isNode && (names.includes('.zarray') || names.includes('zarr.json'));
  for (const name of names) {
    const key = folder === '' ? name : `${folder}/${name}`;
    if (!name.endsWith('/')) {
      if (!rules.file(name, isArray)) yield key;
    } else if (storage.kind === 's3' && role === 'root' && rules.folder(name)) {
      continue; // a request for each of its folders would take longer than the replacement
    } else if (isArray && CHUNK_FOLDER.test(name)) {
      yield* foreignKeys(storage, key.slice(0, -1), 'chunks');
    } else if (rules.folder(name)) {
      yield* foreignKeys(storage, key.slice(0, -1), role === 'root' ? 'node' : role);
    } else {
      yield key;
    }
  }
}
