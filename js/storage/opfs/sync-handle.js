// SPDX-License-Identifier: MIT
// Synchronous access handles of the origin-private file system, which only dedicated workers have, and
// what they cannot be trusted with.

import { whenReleased } from '../base/retrying.js';

/**
 * TypeScript knows it in workers only.
 * @typedef {object} SyncHandle
 * @property {(buffer: Uint8Array, options: { at: number }) => number} read
 * @property {(buffer: Uint8Array, options: { at: number }) => number} write
 * @property {(size: number) => void} truncate
 * @property {() => number} getSize
 * @property {() => void} flush
 * @property {() => void} close
 */

/** Only dedicated workers have them. */
export function hasSyncHandles() {
  return typeof FileSystemFileHandle === 'function'
    && 'createSyncAccessHandle' in FileSystemFileHandle.prototype && !('document' in globalThis);
}

/**
 * @param {FileSystemFileHandle} file
 * @returns {Promise<SyncHandle>}  keeps others out until it is closed
 */
export async function openSyncHandle(file) {
  return whenReleased(() => /** @type {any} */ (file).createSyncAccessHandle());
}

/**
 * All of the bytes, or an error. Where there is no room, write() of a private window in Chromium
 * writes nothing and returns a number beyond the buffer's length: a count that cannot be is no success,
 * nor is one that the file's size gives the lie to.
 *
 * @param {SyncHandle} handle
 * @param {Uint8Array} bytes
 * @param {number} at
 * @throws {DOMException} QuotaExceededError
 */
export function writeAll(handle, bytes, at) {
  for (let done = 0; done < bytes.length;) {
    const count = handle.write(bytes.subarray(done), { at: at + done });
    if (!(count > 0 && count <= bytes.length - done)) throw full(bytes.length - done, at + done);
    done += count;
  }
  if (handle.getSize() < at + bytes.length) throw full(bytes.length, at);
}

/**
 * @param {SyncHandle} handle
 * @param {number} size
 * @throws {DOMException} QuotaExceededError
 */
export function truncateTo(handle, size) {
  handle.truncate(size);
  if (handle.getSize() !== size) throw full(size, 0);
}

/**
 * @param {number} length
 * @param {number} at
 */
function full(length, at) {
  return new DOMException(`${length} bytes at ${at} were not written`, 'QuotaExceededError');
}
