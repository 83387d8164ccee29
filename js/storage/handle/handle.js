// SPDX-License-Identifier: MIT
// A directory that a page was given (picked, dropped) or that is its own (OPFS), a file per key.
// Handles of folders are kept, so that a value costs two calls whatever its depth.

import { BoresError } from '../../core/errors.js';
import { isReserved } from '../base/batch.js';
import { fromBrowser } from '../base/browser-errors.js';
import { HANDLE_FOLDER, isDeletedBy, overlayOf, readHandleJournal } from './handle-journal.js';
import { handleLeftovers, openHandleWriter } from './handle-writer.js';
import { checkFolder, checkKey, clipRange } from '../base/keys.js';
import { retrying } from '../base/retrying.js';
import { RangeStorage } from '../base/storage.js';
import { DOCUMENTS } from '../base/zarr-root.js';

/** @import { Journal } from './handle-journal.js' */
/** @import { ByteRange, ReadOptions, Storage, WriterOptions } from '../base/storage.js' */

const LIST_ATTEMPTS = 200; // while a writer commits without a pause
const MAX_FOLDERS = 10_000; // handles kept
const MAX_DEPTH = 3; // of a store below the folder that was picked
const MAX_VISITS = 200; // folders looked into for it

/** @implements {Storage} */
export class HandleStorage extends RangeStorage {
  #root;
  /** @type {Map<string, Promise<FileSystemDirectoryHandle | undefined>>} */
  #folders = new Map();
  /** What a writer said when we last looked. @type {Journal | undefined} */ #journal;
  /** A file at the root that has been read. */ #witness = '';

  /**
   * @param {FileSystemDirectoryHandle} root
   * @param {string} [location]
   */
  constructor(root, location = root.name) {
    super('handle', location);
    this.#root = root;
  }

  /**
   * @param {FileSystemDirectoryHandle} directory  the store, or a folder above the only store in it
   * @param {string} [location]
   * @throws {BoresError} ERR_PERMISSION when the browser wants a click of the user first
   */
  static async open(directory, location) {
    await assertPermission(directory);
    const visits = { left: MAX_VISITS };
    const roots = await zarrRoots(directory, MAX_DEPTH, visits);
    return new HandleStorage(roots.length === 1 ? roots[0] : directory, location);
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    if (isReserved(prefix)) return [];
    for (let attempt = 1; attempt <= LIST_ATTEMPTS; attempt += 1) {
      await this.#look();
      const { token, phase } = this.#journal ?? {};
      const names = await retrying(this.location, () => this.#names(prefix, options), { signal: options?.signal });
      await this.#look(); // a commit that came in between may have taken half of them
      if (this.#journal?.token === token && this.#journal?.phase === phase) return names;
    }
    throw new BoresError('ERR_STORAGE', `'${prefix}' in ${this.location} changes too quickly to be listed`,
      { key: prefix });
  }

  /**
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    const total = { bytes: 0, keys: 0 };
    for (const name of await this.list(prefix, options)) {
      const path = prefix === '' ? name : `${prefix}/${name}`;
      if (path.endsWith('/')) {
        const below = await this.usage(path.slice(0, -1), options);
        total.bytes += below.bytes;
        total.keys += below.keys;
      } else {
        total.bytes += (await this.#file(path, options))?.size ?? 0;
        total.keys += 1;
      }
    }
    return total;
  }

  /**
   * The browser asks the user first, unless the directory is the page's own.
   * @param {WriterOptions} [options]
   */
  async openWriter(options) {
    this.assertReadable('', options);
    await assertPermission(this.#root, 'readwrite');
    return openHandleWriter(this.#root, this.location, () => this.#folders.clear(), options);
  }

  /** @param {ReadOptions} [options] */
  async leftovers(options) {
    this.assertReadable('', options);
    return handleLeftovers(this.#root);
  }

  /** @override */
  async release() {
    this.#folders.clear();
  }

  /**
   * Names in a folder, as a commit under way makes them: not yet, or already.
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async #names(prefix, options) {
    const journal = this.#journal;
    const base = journal?.phase === 'replace' ? `${HANDLE_FOLDER}/${journal.token}/` : '';
    const start = prefix === '' ? '' : `${prefix}/`;
    /** @type {Set<string>} */
    const names = new Set();
    const folder = await this.#folder((base + prefix).replace(/\/$/, ''));
    for await (const [name, { kind }] of folder?.entries() ?? []) {
      options?.signal?.throwIfAborted();
      const isHidden = (prefix === '' && isReserved(name)) || isDeletedBy(journal, start + name);
      if (!isHidden) names.add(kind === 'directory' ? `${name}/` : name);
    }
    if (journal?.phase === 'stage' && prefix === '') {
      for (const name of journal.created) names.delete(`${name}/`);
    }
    for (const key of (journal?.phase === 'commit' && journal.puts) || []) {
      if (key.startsWith(start)) names.add(key.slice(start.length).replace(/\/.*/, '/'));
    }
    return [...names].sort();
  }

  async #look() {
    this.#journal = await retrying(this.location, () => readHandleJournal(this.#root));
  }

  /**
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {ReadOptions} [options]
   * @override
   */
  async read(key, range, options) {
    return retrying(this.location, async () => {
      const file = await this.#file(key, options);
      if (file === undefined) return undefined;
      const { start, end } = clipRange(file.size, range ?? { offset: 0, length: file.size });
      const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
      options?.signal?.throwIfAborted();
      return bytes;
    }, { signal: options?.signal });
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async #file(key, options) {
    this.assertReadable(key, options);
    checkKey(key);
    if (isReserved(key) || isDeletedBy(this.#journal, key)) return undefined;
    const path = overlayOf(this.#journal, key) ?? key;
    const file = await this.#fileAt(key, path, options);
    if (file !== undefined) return file;
    await this.#look(); // a commit may have come to its end in between, or be on its way
    const now = overlayOf(this.#journal, key) ?? key;
    const found = now === path ? undefined : await this.#fileAt(key, now, options);
    if (found === undefined && !this.#journal) await this.#assertThere(key, options);
    return found;
  }

  /**
   * A key that is absent is one thing, a directory that has gone with all its keys another: values that
   * were there must not pass for those that were never written.
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async #assertThere(key, options) {
    if (this.#witness === '' || await this.#fileAt(key, this.#witness, options)) return;
    await this.#look();
    if (this.#journal || await this.#fileAt(key, this.#witness, options)) return; // a replacement came in between
    throw new BoresError('ERR_STORAGE', `${this.location} was deleted since it was opened ('${this.#witness}' is `
      + `not there any more); '${key}' was asked for`, { key });
  }

  /**
   * @param {string} key   for the message
   * @param {string} path
   * @param {ReadOptions} [options]
   */
  async #fileAt(key, path, options) {
    const slash = path.lastIndexOf('/');
    const folder = await this.#folder(path.slice(0, Math.max(0, slash)));
    options?.signal?.throwIfAborted();
    if (folder === undefined) return undefined;
    try {
      const handle = await folder.getFileHandle(path.slice(slash + 1));
      const file = await handle.getFile();
      if (slash < 0) this.#witness ||= path;
      return file;
    } catch (error) {
      const { name } = /** @type {DOMException} */ (error);
      if (name === 'NotFoundError') return undefined;
      if (name !== 'TypeMismatchError') throw translate(error, key, this.location);
      throw new BoresError('ERR_CORRUPT', `'${key}' in ${this.location} is a directory where a ` +
        'value is expected', { key });
    }
  }

  /**
   * @param {string} path  '' is the root
   * @returns {Promise<FileSystemDirectoryHandle | undefined>}
   */
  #folder(path) {
    if (path === '') return Promise.resolve(this.#root);
    let folder = this.#folders.get(path);
    if (folder === undefined) {
      if (this.#folders.size >= MAX_FOLDERS) this.#folders.clear();
      folder = this.#openFolder(path);
      this.#folders.set(path, folder);
      folder.then((found) => found ?? this.#folders.delete(path), () => this.#folders.delete(path));
    }
    return folder;
  }

  /** @param {string} path */
  async #openFolder(path) {
    const slash = path.lastIndexOf('/');
    const parent = await this.#folder(path.slice(0, Math.max(0, slash)));
    try {
      return await parent?.getDirectoryHandle(path.slice(slash + 1));
    } catch (error) {
      const { name } = /** @type {DOMException} */ (error);
      if (name === 'NotFoundError' || name === 'TypeMismatchError') return undefined;
      throw translate(error, path, this.location);
    }
  }
}

/**
 * The directory in the origin-private file system, or the file.
 *
 * @param {string} path  '' is all of it
 * @returns {Promise<FileSystemDirectoryHandle | FileSystemFileHandle>}
 * @throws {BoresError} ERR_NOT_FOUND, ERR_UNSUPPORTED where there is no such file system
 */
export async function openPrivate(path) {
  checkFolder(path);
  const location = `opfs:${path}`;
  try {
    const root = await privateRoot(location);
    if (path === '') return root;
    const names = path.split('/');
    const last = /** @type {string} */ (names.pop());
    let folder = root;
    for (const name of names) folder = await folder.getDirectoryHandle(name);
    return await folder.getDirectoryHandle(last).catch((error) => {
      if (error.name !== 'TypeMismatchError') throw error;
      return folder.getFileHandle(last);
    });
  } catch (error) {
    const { name } = /** @type {DOMException} */ (error);
    if (name !== 'NotFoundError') throw translate(error, path, location);
    throw new BoresError('ERR_NOT_FOUND', `there is no ${location}`, { key: path });
  }
}

/**
 * The directory in the origin-private file system.
 *
 * @param {string} path
 * @param {boolean} create  it and those above it
 * @returns {Promise<FileSystemDirectoryHandle | undefined>}  undefined when it is absent
 * @throws {BoresError} ERR_UNSUPPORTED where there is no such file system, ERR_STORAGE
 */
export async function privateDirectory(path, create) {
  const names = path === '' ? [] : path.split('/');
  let folder = await privateRoot(`opfs:${path}`);
  try {
    for (const name of names) folder = await folder.getDirectoryHandle(name, { create });
    return folder;
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === 'NotFoundError') return undefined;
    throw translate(error, path, `opfs:${path}`);
  }
}

/** @param {string} location  for the message */
async function privateRoot(location) {
  if (typeof navigator === 'object' && navigator.storage?.getDirectory !== undefined) {
    return navigator.storage.getDirectory().catch((error) => {
      throw fromBrowser(error, `${location}: the page may not use the origin-private file system`);
    });
  }
  throw new BoresError('ERR_UNSUPPORTED', `${location}: there is no origin-private file system here`);
}

/**
 * The stores at or below a folder, looked for within bounds: a picked folder may be a whole disk.
 *
 * @param {FileSystemDirectoryHandle} folder
 * @param {number} depth
 * @param {{ left: number }} visits
 * @returns {Promise<FileSystemDirectoryHandle[]>}
 */
async function zarrRoots(folder, depth, visits) {
  visits.left -= 1;
  const documents = await Promise.all([...DOCUMENTS]
    .map((name) => folder.getFileHandle(name).then(() => true, () => false)));
  if (documents.includes(true)) return [folder];
  const roots = [];
  if (depth > 0) {
    for await (const child of folder.values()) {
      if (visits.left <= 0) break;
      if (child.kind === 'directory') roots.push(...await zarrRoots(child, depth - 1, visits));
    }
  }
  return roots;
}

/**
 * @param {FileSystemFileHandle} handle
 * @throws {BoresError} ERR_PERMISSION, ERR_NOT_FOUND, ERR_STORAGE
 */
export async function fileOf(handle) {
  await assertPermission(handle);
  try {
    return await handle.getFile();
  } catch (error) {
    const { name } = /** @type {DOMException} */ (error);
    if (name !== 'NotFoundError') throw translate(error, handle.name, 'the file');
    throw new BoresError('ERR_NOT_FOUND', `the file '${handle.name}' is not there any more`);
  }
}

/**
 * Handles that were kept over a reload need a permission, and a page may only ask for it in answer
 * to a click; OPFS needs none.
 *
 * @param {FileSystemHandle} handle
 * @param {'read' | 'readwrite'} [mode]
 */
async function assertPermission(handle, mode = 'read') {
  /** @type {any} not in TypeScript's library: Chromium only */
  const { queryPermission, requestPermission } = /** @type {any} */ (handle);
  if (queryPermission === undefined) return;
  let state = await queryPermission.call(handle, { mode });
  if (state === 'prompt') state = await requestPermission.call(handle, { mode }).catch(() => 'prompt');
  if (state === 'granted') return;
  const [doing, done] = mode === 'read' ? ['reading', 'read'] : ['writing to', 'written'];
  const how = mode === 'read' ? '' : '{ mode: \'readwrite\' }';
  throw new BoresError('ERR_PERMISSION', state === 'denied'
    ? `${doing} '${handle.name}' is not allowed by the user`
    : `the browser must ask before '${handle.name}' is ${done}: call its requestPermission(${how}) ` +
      'when the user clicks, then open it again');
}

/**
 * @param {unknown} error
 * @param {string} key
 * @param {string} location
 */
function translate(error, key, location) {
  const { name, message } = /** @type {DOMException} */ (error);
  if (error instanceof BoresError) return error;
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return new BoresError('ERR_PERMISSION', `'${key}' in ${location} may not be read: ${message}`,
      { key, cause: error });
  }
  if (name === 'TypeError') {
    return new BoresError('ERR_UNSUPPORTED',
      `the browser does not allow the file name in '${key}': ${message}`, { key, cause: error });
  }
  return new BoresError('ERR_STORAGE', `'${key}' in ${location} cannot be read: ${message}`,
    { key, cause: error });
}
