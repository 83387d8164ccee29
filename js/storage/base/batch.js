// SPDX-License-Identifier: MIT
// What a writer is given, checked before anything is written: the same rules for every storage, so
// that a batch that a directory cannot hold is not accepted by IndexedDB.

import { BoresError } from '../../core/errors.js';
import { checkKey } from './keys.js';

/**
 * @import { KeyIndex } from './key-index.js'
 * @import { Batch, Put, Staged } from './storage.js'
 *
 * A batch whose keys are allowed and different, and fit together as files and folders.
 * @typedef {{ puts: Put[], deletes: string[], staged: readonly Staged[], bytes: number }} CheckedBatch
 */

/** Names at the root that begin so belong to the storages: locks, journals, what is being written. */
const RESERVED = '.bores-';

/**
 * Whether a key, or a name at the root, is none of the store's content.
 * @param {string} key
 */
export function isReserved(key) {
  return key.startsWith(RESERVED);
}

/**
 * @param {Batch} batch
 * @returns {CheckedBatch}  of two puts of one key the later
 * @throws {BoresError} ERR_ARGUMENT naming the key
 */
export function checkBatch({ puts, deletes = [], staged = [] }) {
  /** @type {Map<string, Put>} */
  const last = new Map();
  for (const put of puts) {
    const [key, value] = put;
    checkContentKey(key);
    if (!(value instanceof Uint8Array)) {
      throw new BoresError('ERR_ARGUMENT', `'${key}' is not a Uint8Array`, { key });
    }
    last.delete(key); // its place is that of the later one
    last.set(key, put);
  }
  for (const { folder } of staged) checkContentKey(folder);
  for (const name of deletes) checkContentKey(typeof name === 'string' ? name.replace(/\/$/, '') : name);
  const kept = [...last.values()];
  assertNoNesting(last, new Set(staged.map(({ folder }) => folder)));
  const sizes = [...kept.map(([, value]) => value.length), ...staged.map(({ bytes }) => bytes)];
  return { puts: kept, deletes: [...deletes], staged, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/**
 * A name cannot be a value and a folder at once.
 *
 * @param {Pick<CheckedBatch, 'puts' | 'deletes'>} batch
 * @param {{ has: (key: string) => boolean }} values  of the store as it is
 * @param {KeyIndex} index  of the same
 * @throws {BoresError} ERR_ARGUMENT naming the key
 */
export function assertFits({ puts, deletes }, values, index) {
  const deleted = new Set(deletes);
  for (const [key] of puts) {
    if (values.has(key)) continue; // it fitted before
    if (index.hasFolder(key) && !deleted.has(`${key}/`)) throw nestedError(key, key);
    for (const folder of foldersOf(key)) {
      if (index.hasFolder(folder)) break; // and so do those above
      if (values.has(folder) && !deleted.has(folder)) throw nestedError(key, folder);
    }
  }
}

/**
 * The keys that a batch deletes.
 *
 * @param {readonly string[]} deletes
 * @param {{ has: (key: string) => boolean }} values
 * @param {KeyIndex} index
 * @returns {Set<string>}
 */
export function expandDeletes(deletes, values, index) {
  /** @type {Set<string>} */
  const keys = new Set();
  for (const name of deletes) {
    if (name.endsWith('/')) for (const key of index.below(name.slice(0, -1))) keys.add(key);
    else if (values.has(name)) keys.add(name);
  }
  return keys;
}

/** @param {unknown} key */
function checkContentKey(key) {
  checkKey(key);
  if (isReserved(key)) {
    throw new BoresError('ERR_ARGUMENT', `'${key}': names that begin with '${RESERVED}' are the ` +
      'storage\'s own', { key });
  }
}

/**
 * @param {Map<string, Put>} puts
 * @param {Set<string>} whole  folders that are put as they are
 */
function assertNoNesting(puts, whole) {
  const known = new Set();
  for (const key of puts.keys()) {
    if (whole.has(key)) throw nestedError(key, key);
    for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      const folder = key.slice(0, slash);
      if (known.has(folder)) break;
      if (puts.has(folder) || whole.has(folder)) throw nestedError(key, folder);
      known.add(folder);
    }
  }
}

/**
 * From the innermost to the outermost.
 * @param {string} key
 */
function* foldersOf(key) {
  for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
    yield key.slice(0, slash);
  }
}

/**
 * @param {string} key
 * @param {string} name
 */
export function nestedError(key, name) {
  return new BoresError('ERR_ARGUMENT', `'${key}' cannot be written: '${name}' would be a value and ` +
    'a folder at once', { key });
}
