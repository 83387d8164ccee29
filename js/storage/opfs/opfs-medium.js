// SPDX-License-Identifier: MIT
// The origin-private file system as what a file is committed in, by synchronous handles, which only
// dedicated workers have. One is held for the time of a commit: it keeps others out, not readers.

import { BoresError } from '../../core/errors.js';
import { quotaLeft } from '../base/quota.js';

/** @import { Medium, MediumFile, Part } from '../file/file-medium.js' */
/** @import { SyncHandle } from './opfs-log.js' */

/** Only dedicated workers have them. */
export function hasSyncHandles() {
  return typeof FileSystemFileHandle === 'function'
    && 'createSyncAccessHandle' in FileSystemFileHandle.prototype && !('document' in globalThis);
}

/**
 * @param {FileSystemFileHandle} file
 * @returns {Promise<SyncHandle>}
 */
function createHandle(file) {
  return /** @type {any} */ (file).createSyncAccessHandle();
}

/** @implements {Medium} */
export class OpfsMedium {
  #directory;
  #name;

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
      return file && createHandle(file);
    });
    if (!handle) return undefined;
    try {
      if (create) handle.truncate(0);
      return this.#file(part, handle);
    } catch (error) {
      handle.close();
      throw await this.#translate(part, error);
    }
  }

  /** @param {Part} part */
  async remove(part) {
    await this.#attempt(part, () => this.#directory.removeEntry(this.nameOf(part)).catch((error) => {
      if (error.name !== 'NotFoundError') throw error;
    }));
  }

  /** The browser does it in its own time. */
  async syncNames() {}

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
        throw this.#translateNow(part, error);
      }
    };
    return {
      size: () => attempt(() => handle.getSize()),
      read: (offset, length, view) => attempt(() => {
        const count = handle.read(view.subarray(0, length), { at: offset });
        if (count !== length) throw new DOMException(`${count} of ${length} bytes at ${offset}`, 'DataError');
      }),
      write: (offset, bytes) => attempt(() => {
        for (let done = 0; done < bytes.length;) {
          const count = handle.write(bytes.subarray(done), { at: offset + done });
          if (!(count > 0)) throw new DOMException('nothing more can be written', 'QuotaExceededError');
          done += count;
        }
      }),
      truncate: (size) => attempt(() => handle.truncate(size)),
      sync: async () => attempt(() => handle.flush()),
      close: () => handle.close(),
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
      throw await this.#translate(part, error);
    }
  }

  /**
   * @param {Part} part
   * @param {unknown} cause
   */
  async #translate(part, cause) {
    const { name } = /** @type {DOMException} */ (cause);
    return this.#translateNow(part, cause, name === 'QuotaExceededError' ? await quotaLeft() : undefined);
  }

  /**
   * @param {Part} part
   * @param {unknown} cause
   * @param {number} [limit]
   */
  #translateNow(part, cause, limit) {
    const { name, message } = /** @type {DOMException} */ (cause);
    const isBrowsers = cause instanceof DOMException || cause instanceof TypeError;
    if (cause instanceof BoresError || !isBrowsers) return cause;
    const codes = /** @type {Record<string, string>} */ ({
      QuotaExceededError: 'ERR_QUOTA', NotAllowedError: 'ERR_PERMISSION', SecurityError: 'ERR_PERMISSION',
      NoModificationAllowedError: 'ERR_LOCKED',
    });
    return new BoresError(codes[name] ?? 'ERR_STORAGE', `'${this.nameOf(part)}' in ${this.location} cannot be `
      + `written: ${name}: ${message}`, { key: this.nameOf(part), cause, ...(limit !== undefined && { limit }) });
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
