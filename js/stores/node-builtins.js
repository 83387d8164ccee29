// SPDX-License-Identifier: MIT
// Node's own modules, for the storages that need them. They are imported when first used, and the
// comments keep bundlers for browsers from resolving the names.

/**
 * @typedef {object} Node
 * @property {typeof import('node:fs')} fs
 * @property {typeof import('node:path')} path
 * @property {typeof import('node:url')} url
 * @property {typeof import('node:zlib')} zlib
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

async function importNode() {
  const [fs, path, url, zlib] = await Promise.all([
    import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs'),
    import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:path'),
    import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:url'),
    import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:zlib'),
  ]);
  const { O_RDONLY, O_NONBLOCK = 0 } = fs.constants; // Windows has no O_NONBLOCK
  return { fs, path, url, zlib, readFlags: O_RDONLY | O_NONBLOCK };
}
