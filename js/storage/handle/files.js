// SPDX-License-Identifier: MIT
// Files that a page was handed: chosen with <input webkitdirectory>, or dropped. Keys begin below
// the folder that was chosen, or where the only Zarr store in it begins.

import { BoresError } from '../../core/errors.js';
import { readBlob } from '../base/byte-source.js';
import { KeyIndex, sumUsage } from '../base/key-index.js';
import { checkFolder, checkKey, clipRange } from '../base/keys.js';
import { StorageBase } from '../base/storage.js';
import { zarrRoot } from '../base/zarr-root.js';

/** @import { ByteRange, ReadOptions, Storage } from '../base/storage.js' */
/** @typedef {{ path: string, file: File }} PathFile  '/'-joined, without a leading slash */

/** @implements {Storage} */
export class FilesStorage extends StorageBase {
  #files;
  #index;

  /**
   * @param {Iterable<File | PathFile>} files  a File alone is known by its `webkitRelativePath`
   */
  constructor(files) {
    const all = [...files].map(toPathFile);
    const root = zarrRoot(all.map(({ path }) => path)) ?? chosenFolder(all);
    super('files', root || 'files');
    const below = root === '' ? '' : `${root}/`;
    /** @type {Map<string, File>} */
    this.#files = new Map();
    for (const { path, file } of all) {
      if (!path.startsWith(below)) continue;
      const key = path.slice(below.length);
      checkKey(key);
      this.#files.set(key, file);
    }
    this.#index = new KeyIndex(this.#files.keys());
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async get(key, options) {
    const file = this.#find(key, options);
    if (file === undefined) return undefined;
    const bytes = await readBlob(file, key);
    options?.signal?.throwIfAborted();
    return bytes;
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    const file = this.#find(key, options);
    const { start, end } = clipRange(file?.size ?? 0, range);
    if (file === undefined) return undefined;
    const bytes = await readBlob(file.slice(start, end), key);
    options?.signal?.throwIfAborted();
    return bytes;
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return this.#index.list(prefix);
  }

  /**
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    return sumUsage(sizes(this.#files), prefix);
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  #find(key, options) {
    this.assertReadable(key, options);
    const file = this.#files.get(key);
    if (file === undefined) checkKey(key); // those that are there have been checked
    return file;
  }
}

/**
 * What was dropped on a page, as a location to open: a File, a directory handle where the browser
 * has them (nothing is read before it is wanted), or all files with their paths. Call it in the
 * event handler itself: the browser empties the DataTransfer when that returns.
 *
 * @param {DataTransfer} dataTransfer
 * @returns {Promise<File | FileSystemDirectoryHandle | PathFile[]>}
 * @throws {BoresError} ERR_ARGUMENT when nothing of it is a file
 */
export async function collectDropped(dataTransfer) {
  const items = [...dataTransfer.items].filter(({ kind }) => kind === 'file');
  // All items first, then wait: they are gone after the first await.
  const entries = items.map((item) => item.webkitGetAsEntry());
  const files = items.map((item) => item.getAsFile());
  /** @type {any} not in TypeScript's library: Chromium only */
  const [only] = items.length === 1 ? items : [];
  const handle = await only?.getAsFileSystemHandle?.().catch(() => undefined);
  if (handle?.kind === 'directory') return handle;
  if (items.length === 1 && files[0] && !entries[0]?.isDirectory) return files[0];
  /** @type {PathFile[]} */
  const found = [];
  for (const [i, entry] of entries.entries()) {
    const file = files[i];
    if (entry) await walk(entry, entry.name, found);
    else if (file) found.push({ path: file.name, file });
  }
  if (found.length > 0) return found;
  throw new BoresError('ERR_ARGUMENT', 'there are no files in what was dropped');
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} path
 * @param {PathFile[]} found  filled
 */
async function walk(entry, path, found) {
  try {
    if (entry.isFile) {
      const { file } = /** @type {FileSystemFileEntry} */ (entry);
      found.push({ path, file: await new Promise(file.bind(entry)) });
      return;
    }
    const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
    for (;;) {
      /** @type {FileSystemEntry[]} Chromium gives 100 at a time */
      const children = await new Promise(reader.readEntries.bind(reader));
      if (children.length === 0) return;
      await Promise.all(children.map((child) => walk(child, `${path}/${child.name}`, found)));
    }
  } catch (cause) {
    if (cause instanceof BoresError) throw cause;
    throw new BoresError('ERR_STORAGE', `'${path}' cannot be read: ` +
      `${/** @type {Error} */ (cause).message}`, { key: path, cause });
  }
}

/**
 * @param {File | PathFile} item
 * @returns {PathFile}
 */
function toPathFile(item) {
  if ('path' in item && 'file' in item) return item;
  const file = /** @type {File} */ (item);
  return { path: file.webkitRelativePath || file.name, file };
}

/**
 * The folder above all files, '' where there is none.
 * @param {PathFile[]} files
 */
function chosenFolder(files) {
  const top = files[0]?.path.split('/', 2) ?? [];
  return top.length === 2 && files.every(({ path }) => path.startsWith(`${top[0]}/`)) ? top[0] : '';
}

/** @param {Map<string, File>} files */
function* sizes(files) {
  for (const [key, { size }] of files) yield /** @type {[string, number]} */ ([key, size]);
}
