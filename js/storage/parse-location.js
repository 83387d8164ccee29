// SPDX-License-Identifier: MIT
// What a user calls a store, taken apart once: of which kind it is, and what it is called.

import { BoresError } from '../core/errors.js';
import { isNode } from '../core/host.js';
import { withoutPasswords } from '../core/secrets.js';
import { StorageBase } from './base/storage.js';

/**
 * @typedef {'memory' | 'idb' | 'opfs' | 'http' | 's3' | 'path'
 *   | 'bytes' | 'blob' | 'files' | 'map' | 'handle' | 'storage' | 'custom'} LocationKind
 *
 * @typedef {object} ParsedLocation
 * @property {LocationKind} kind
 * @property {string} name  of what has one: what follows the scheme; of 'opfs' the path, without slashes
 *   around it
 * @property {string} text  of what has a name: the whole of it, as it means the same in a worker
 * @property {any} value    what was given
 */

/** Two letters at least: 'C:' is a drive. */
export const SCHEME = /^([a-z][a-z0-9+.-]+):(.*)$/is;

/** @type {Record<string, LocationKind>} */
const KINDS = { memory: 'memory', idb: 'idb', opfs: 'opfs', http: 'http', https: 'http', s3: 's3', file: 'path' };

/**
 * @param {unknown} location
 * @returns {ParsedLocation}
 * @throws {BoresError} ERR_ARGUMENT for what is no location
 */
export function parseLocation(location) {
  const text = location instanceof URL ? location.href : absoluteLocation(location);
  if (typeof text === 'string') return parseName(text, location);
  return { kind: kindOf(location), name: '', text: '', value: location };
}

/**
 * @param {string} text
 * @param {unknown} value
 * @returns {ParsedLocation}
 */
function parseName(text, value) {
  const [, scheme, rest] = SCHEME.exec(text) ?? [];
  if (scheme === undefined) return { kind: 'path', name: text, text, value };
  const known = scheme.toLowerCase();
  if (!Object.hasOwn(KINDS, known)) {
    throw new BoresError('ERR_ARGUMENT', `'${text}': there is no kind of location called '${scheme}:'`);
  }
  const kind = KINDS[known];
  return { kind, name: kind === 'opfs' ? rest.replace(/^\/+|\/+$/g, '') : rest, text, value };
}

/**
 * @param {unknown} location
 * @returns {LocationKind}
 */
function kindOf(location) {
  if (location instanceof StorageBase) return 'storage';
  if (location instanceof Uint8Array || location instanceof ArrayBuffer) return 'bytes';
  if (location instanceof Blob) return 'blob';
  if (isFileList(location)) return 'files';
  if (location instanceof Map) return 'map';
  if (typeof location === 'object' && location !== null) {
    if ('getDirectoryHandle' in location || 'getFile' in location) return 'handle';
    if ('get' in location && typeof location.get === 'function') return 'custom';
  }
  throw new BoresError('ERR_ARGUMENT', `${Object.prototype.toString.call(location)} is not a location`);
}

/**
 * Whether it is a list of files, and not of something else.
 * @param {unknown} location
 * @returns {location is any[]}
 * @throws {BoresError} ERR_ARGUMENT for a list with an item that is no file
 */
export function isFileList(location) {
  if (!Array.isArray(location)) return false;
  // Of several files each needs a name.
  const isFile = (/** @type {any} */ item) => isBlob(item) && (location.length === 1 || typeof item.name === 'string');
  const wrong = location.findIndex((item) => !isFile(item) && !(typeof item?.path === 'string' && isBlob(item.file)));
  if (wrong < 0) return true;
  const item = location[wrong];
  const text = typeof item === 'string' ? `'${withoutPasswords(item)}'` : Object.prototype.toString.call(item);
  throw new BoresError('ERR_ARGUMENT', `${text} is not a file: item ${wrong} of a list is a File or { path, file }`);
}

/** A page's frames have a Blob each, so it is known by what it has. @param {any} item */
function isBlob(item) {
  return typeof item?.size === 'number' && typeof item.slice === 'function';
}

/**
 * The URL of a name that is one.
 * @param {string} text
 * @throws {BoresError} ERR_ARGUMENT
 */
export function toUrl(text) {
  if (URL.canParse(text)) return new URL(text);
  throw new BoresError('ERR_ARGUMENT', `'${text}' is not a URL`);
}

/**
 * A location that means the same in a worker: what a page writes is relative to the page.
 *
 * @param {unknown} location
 * @returns {unknown}
 */
export function absoluteLocation(location) {
  if (isNode() || typeof location !== 'string' || SCHEME.test(location)) return location;
  return new URL(location, globalThis.document?.baseURI ?? globalThis.location.href).href;
}

/**
 * What a location is called, as far as it has a name.
 * @param {unknown} location
 */
export function nameOf(location) {
  if (typeof location === 'string') {
    return /^https?:/i.test(location) ? location.replace(/[?#].*$/, '') : location;
  }
  if (location instanceof URL) return location.pathname;
  const { name } = /** @type {{ name?: unknown }} */ (location ?? {});
  return typeof name === 'string' ? name : '';
}

/**
 * What messages call a location.
 * @param {any} location
 */
export function describeLocation(location) {
  if (typeof location === 'string') return location.includes('@') ? withoutPasswords(location) : location;
  if (location instanceof URL) return withoutPasswords(location.href);
  if (Array.isArray(location)) return `${location.length} files`;
  if (ArrayBuffer.isView(location)) return `${location.byteLength} bytes in memory`;
  return typeof location?.name === 'string' && location.name !== '' ? location.name
    : typeof location?.location === 'string' ? location.location : 'a custom storage';
}
