// SPDX-License-Identifier: MIT
// The origin-private file system as what a file is committed in, by synchronous handles, which only
// dedicated workers have. One is held for the time of a commit: it keeps others out, not readers.

import { BoresError } from '../../core/errors.js';
import { fromBrowser, isBrowsers } from '../base/browser-errors.js';
import { whenReleased } from '../base/retrying.js';
import { openSyncHandle, truncateTo, writeAll } from './sync-handle.js';

/** @import { Medium, MediumFile, Part } from '../file/file-medium.js' */
/** @import { SyncHandle } from './sync-handle.js' */

/** @implements {Medium} */
export class OpfsMedium {
  #directory;
  #name;
  /** The files were deleted below their handles. */ #isGone = false;

  /**
   * @param {FileSystemDirectoryHandle} directory
   * @param {string} name
   * @param {string} location
   */
  constructor(directory, name, location) {
    this.location = location;
    this.#directory = directory;
    this.#name = name;
  }

  /** @param {Part} part */
  nameOf(part) {
    return partName(this.#name, part);
  }

  /**
   * @param {Part} part
   * @param {{ create?: boolean }} [options]
   * @returns {Promise<MediumFile | undefined>}
   */
  async open(part, { create = false } = {}) {
    const handle = await this.#attempt(part, async () => {
      const file = await fileHandle(this.#directory, this.nameOf(part), create);
      return file && openSyncHandle(file);
    });
    if (!handle) return undefined;
    try {
      if (create) handle.truncate(0);
      return this.#file(part, handle);
    } catch (error) {
      handle.close();
      throw this.#translate(part, error);
    }
  }

  /** @param {Part} part */
  async remove(part) {
    await this.#attempt(part, () => whenReleased(() => this.#directory.removeEntry(this.nameOf(part))
      .catch((error) => {
        if (error.name !== 'NotFoundError') throw error;
      })));
  }

  /** The browser does it in its own time. */
  async syncNames() {}

  /**
   * What is written through a handle goes nowhere once the browser was told to forget this origin's data.
   * @param {Part} part
   * @param {MediumFile} file  open on it
   */
  async assertThere(part, file) {
    const handle = await fileHandle(this.#directory, this.nameOf(part));
    if (handle && (await handle.getFile()).size === file.size()) return;
    this.#isGone = true;
    throw new BoresError('ERR_STORAGE', `${this.location} was deleted while it was written`);
  }

  /**
   * @param {Part} part
   * @param {SyncHandle} handle
   * @returns {MediumFile}
   */
  #file(part, handle) {
    const attempt = (/** @type {() => any} */ run) => {
      try {
        return run();
      } catch (error) {
        throw this.#translate(part, error);
      }
    };
    return {
      size: () => attempt(() => handle.getSize()),
      read: (offset, length, view) => attempt(() => {
        const count = handle.read(view.subarray(0, length), { at: offset });
        if (count !== length) throw new DOMException(`${count} of ${length} bytes at ${offset}`, 'DataError');
      }),
      write: (offset, bytes) => attempt(() => writeAll(handle, bytes, offset)),
      truncate: (size) => attempt(() => truncateTo(handle, size)),
      sync: async () => attempt(() => handle.flush()),
      close: () => {
        if (!this.#isGone) handle.close(); // else it would never return, in Chromium
      },
    };
  }

  /**
   * @template T
   * @param {Part} part
   * @param {() => Promise<T>} run
   */
  async #attempt(part, run) {
    try {
      return await run();
    } catch (error) {
      throw this.#translate(part, error);
    }
  }

  /**
   * @param {Part} part
   * @param {unknown} cause
   */
  #translate(part, cause) {
    const key = this.nameOf(part);
    const what = `'${key}' in ${this.location} cannot be written`;
    if (cause instanceof TypeError) {
      return new BoresError('ERR_STORAGE', `${what}: ${cause.name}: ${cause.message}`, { key, cause });
    }
    if (!isBrowsers(cause)) return cause;
    this.#isGone ||= cause.name === 'NotFoundError' || cause.name === 'InvalidStateError';
    if (cause.name !== 'QuotaExceededError') return fromBrowser(cause, what, { key });
    return new BoresError('ERR_QUOTA', `${what}: the browser's storage is full (${cause.name}: ${cause.message})`,
      { key, cause });
  }
}

/**
 * @param {string} name
 * @param {Part} part
 */
export function partName(name, part) {
  return part === '.new' ? `.${name}.bores-new` : name + part;
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name
 * @param {boolean} [create]
 * @returns {Promise<FileSystemFileHandle | undefined>}  undefined when absent
 */
export async function fileHandle(directory, name, create = false) {
  try {
    return await directory.getFileHandle(name, { create });
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === 'NotFoundError') return undefined;
    throw error;
  }
}
