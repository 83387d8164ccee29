// SPDX-License-Identifier: MIT
// Node's own modules, for the storages that need them. They are imported when first used, and in a
// way that bundlers for browsers do not try to resolve.

/**
 * @typedef {object} Node
 * @property {typeof import('node:fs')} fs
 * @property {typeof import('node:os')} os
 * @property {typeof import('node:path')} path
 * @property {typeof import('node:url')} url
 * @property {typeof import('node:zlib')} zlib
 * @property {() => Promise<typeof import('node:child_process')>} loadChildProcess  3 ms, where it is needed
 * @property {number} readFlags  for open(): read, and never wait for the other end of a FIFO
 */

/** @type {Promise<Node> | undefined} */
let loading;

/** Whether this process has a file system. */
export function isNode() {
  return typeof process === 'object' && process.versions?.node !== undefined;
}

/** @returns {Promise<Node>} */
export function loadNode() {
  loading ??= importNode();
  return loading;
}

/** @returns {Promise<Node>} */
async function importNode() {
  const [fs, os, path, url, zlib] = await Promise.all([
    builtin('node:fs'),
    builtin('node:os'),
    builtin('node:path'),
    builtin('node:url'),
    builtin('node:zlib'),
  ]);
  const { O_RDONLY, O_NONBLOCK = 0 } = fs.constants; // Windows has no O_NONBLOCK
  return { fs, os, path, url, zlib, readFlags: O_RDONLY | O_NONBLOCK,
    loadChildProcess: () => builtin('node:child_process') };
}

/**
 * A module by a name that bundlers do not see: esbuild has no comment to make it look away.
 * @param {string} name
 */
function builtin(name) {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}

/** Bytes from which on it matters that memory for a copy is not zeroed before. */
const LARGE = 65_536;
/** Bytes of copies after which more are expected, and the block that is allocated once then. */
const MANY = 32e6, KEPT_BLOCK = 16 << 20;

let copied = 0;

/**
 * A copy out of a heap.
 * @param {ArrayBuffer} heap
 * @param {number} pointer
 * @param {number} length
 * @returns {ArrayBuffer}
 */
export function copyOf(heap, pointer, length) {
  if (length < LARGE || !globalThis.Buffer) return heap.slice(pointer, pointer + length);
  const copy = unzeroed(length);
  copy.set(new Uint8Array(heap, pointer, length));
  return copy.buffer;
}

/**
 * Bytes that are all written before they are read, alone in their memory.
 * @param {number} length
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unzeroed(length) {
  const { Buffer } = globalThis; // Node's: its memory is not zeroed first, which saves a pass over it
  if (length < LARGE || !Buffer) return new Uint8Array(length);
  if (copied < MANY && (copied += length) >= MANY) keepFreed(Buffer);
  return new Uint8Array(/** @type {ArrayBuffer} */ (Buffer.allocUnsafeSlow(length).buffer));
}

/**
 * glibc gives what is free at the end of its heap back to the system at once, and arrays come and go there by the
 * megabyte, each time as new pages. What it keeps instead is twice the largest block of a mapping of its own that was
 * ever freed (mallopt(3), M_MMAP_THRESHOLD): this one, at the next collection. Its pages are never touched.
 * @param {typeof globalThis.Buffer} Buffer
 */
function keepFreed(Buffer) {
  Buffer.allocUnsafeSlow(KEPT_BLOCK);
}
