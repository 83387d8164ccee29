// SPDX-License-Identifier: MIT
// Whether two locations are the same place, or one lies in the other, whatever they are called. Who
// writes to one while reading the other asks here first, since the answer decides whether data are lost.

import { BoresError } from '../core/errors.js';
import { fileAt } from './handle/handle-files.js';
import { openPrivate } from './handle/handle.js';
import { isNode, loadNode } from '../core/host.js';
import { areOfOneCase } from './detect-format.js';
import { pathOf } from './media.js';
import { relatePaths } from './node/node-relation.js';
import { SCHEME } from './parse-location.js';
import { StorageBase } from './base/storage.js';

/**
 * @import { PathFile } from './handle/files.js'
 * @import { Relation } from './node/node-relation.js'
 * @typedef {FileSystemDirectoryHandle | FileSystemFileHandle} Handle
 *
 * @typedef {{ path: string } | { name: string } | { bucket: string[] } | { origin: string[] } | { handle: Handle }
 *   | { files: PathFile[] } | { object: unknown }} Known
 */

/**
 * @param {unknown} first   as for openStore(); it need not be there
 * @param {unknown} second
 * @returns {Promise<Relation | undefined>}  what the first is to the second: 'same', 'inside' it or
 *   'around' it, 'part' of the ECLIPSE run that it is a file of; undefined when they have nothing in common, as
 *   far as anybody can tell
 */
export async function locationRelation(first, second) {
  const [a, b] = await Promise.all([knownOf(first), knownOf(second)]);
  if ('path' in a && 'path' in b) return relatePaths(await loadNode(), a.path, b.path, areOfOneCase);
  if ('name' in a && 'name' in b) return a.name === b.name ? 'same' : undefined;
  if ('bucket' in a && 'bucket' in b) return relateNames(a.bucket, b.bucket);
  if ('origin' in a && 'origin' in b) return relateNames(a.origin, b.origin);
  if ('object' in a && 'object' in b) return a.object === b.object ? 'same' : undefined;
  return relateHandles(a, b);
}

/**
 * @param {unknown} target  that is going to be written
 * @param {unknown} source  that is read
 * @param {{ target: string, source: string }} names  what messages call them
 * @throws {BoresError} ERR_ARGUMENT
 */
export async function assertApart(target, source, names) {
  const relation = await locationRelation(target, source);
  if (relation === undefined) return;
  const how = { same: 'is the same place as', inside: 'lies inside', around: 'holds', part: 'is of the same run as' }[
    relation];
  throw new BoresError('ERR_ARGUMENT', `${names.target} ${how} ${names.source}, which is read: writing `
    + 'there would destroy it; nothing was touched');
}

/**
 * @param {any} location
 * @returns {Promise<Known>}
 */
async function knownOf(location) {
  if (location instanceof URL) return knownName(location.href);
  if (typeof location === 'string') return knownName(location);
  if (location instanceof StorageBase) {
    const { kind, location: text } = location;
    if (kind === 'directory' || (kind === 'zip' && isNode())) return knownName(text);
    return kind !== 'memory' && SCHEME.test(text) ? knownName(text) : { object: location };
  }
  if (location?.handle && 'kind' in location) return { handle: location.handle }; // one by another name
  if (location?.kind && ('getFile' in location || 'getDirectoryHandle' in location)) {
    return { handle: location };
  }
  const files = [location].flat().map(toPathFile);
  return files.length > 0 && files.every((file) => file !== undefined) ? { files } : { object: location };
}

/**
 * @param {any} item
 * @returns {PathFile | undefined}
 */
function toPathFile(item) {
  if (item?.file instanceof Blob && typeof item.path === 'string') return item;
  if (typeof File !== 'function' || !(item instanceof File)) return undefined;
  return { path: item.webkitRelativePath || item.name, file: item };
}

/**
 * @param {string} text
 * @returns {Promise<Known>}
 */
async function knownName(text) {
  const [, scheme, rest = ''] = SCHEME.exec(text) ?? [];
  const kind = scheme?.toLowerCase();
  if (kind === 's3') return { bucket: rest.split('/').filter((name) => name !== '') };
  if (kind === 'opfs') return { origin: rest.split('/').filter((name) => name !== '') };
  if ((kind === undefined || kind === 'file') && isNode()) {
    const { path } = await loadNode();
    return { path: path.resolve(await pathOf({ text })) };
  }
  return { name: kind ? `${kind}:${rest}` : text };
}

/**
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 * @returns {Relation | undefined}
 */
function relateNames(a, b) {
  if (!a.every((name, i) => i >= b.length || name === b[i])) return undefined;
  if (a.length === b.length) return 'same';
  return a.length > b.length ? 'inside' : 'around';
}

/**
 * @param {Known} a
 * @param {Known} b
 * @returns {Promise<Relation | undefined>}
 */
async function relateHandles(a, b) {
  if ('files' in b && 'handle' in a) return await isAmong(a.handle, b.files) ? 'same' : undefined;
  if ('files' in a && 'handle' in b) return await isAmong(b.handle, a.files) ? 'same' : undefined;
  const [first, second] = await Promise.all([handleOf(a), handleOf(b)]);
  if (!first || !second) return undefined;
  if (first.exact && second.exact && await first.handle.isSameEntry?.(second.handle)) return 'same';
  if (second.exact && await isBelow(first.handle, second.handle, !first.exact)) return 'inside';
  if (first.exact && await isBelow(second.handle, first.handle, !second.exact)) return 'around';
  return undefined;
}

/**
 * The handle of what is known, or of the folder that it would be made in.
 * @param {Known} known
 * @returns {Promise<{ handle: Handle, exact: boolean } | undefined>}
 */
async function handleOf(known) {
  if ('handle' in known) return { handle: known.handle, exact: true };
  if (!('origin' in known)) return undefined;
  for (let { length } = known.origin; length >= 0; length -= 1) {
    const handle = await openPrivate(known.origin.slice(0, length).join('/')).catch(() => undefined);
    if (handle) return { handle, exact: length === known.origin.length };
  }
  return undefined;
}

/**
 * @param {Handle} inner
 * @param {Handle} outer
 * @param {boolean} orSame
 */
async function isBelow(inner, outer, orSame) {
  if (!('resolve' in outer)) return false;
  const names = await outer.resolve(inner).catch(() => null);
  return names !== null && (orSame || names.length > 0);
}

/**
 * Whether a handle is where files came from that were chosen or dropped: a page is told no more of
 * them than their names, sizes and times.
 * @param {Handle} handle
 * @param {readonly PathFile[]} files
 */
async function isAmong(handle, files) {
  if ('getFile' in handle) {
    const chosen = await handle.getFile().catch(() => undefined);
    return chosen !== undefined && files.some(({ file }) => looksLike(chosen, file));
  }
  const [{ path, file }] = files;
  const names = path.split('/');
  for (const below of [names.slice(1), names]) {
    const found = await fileAt(handle, below.join('/')).catch(() => undefined);
    if (found && looksLike(found, file)) return true;
  }
  return false;
}

/**
 * @param {File} a
 * @param {File} b
 */
function looksLike(a, b) {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
}
