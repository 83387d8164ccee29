// SPDX-License-Identifier: MIT
// The files of a run from whatever a user names of it: one of them, their folder, or a list.

import { BoresError } from '../../core/errors.js';
import { loadNode } from '../../core/host.js';
import { BlobSource } from '../../storage/base/byte-source.js';
import { HttpSource } from '../../storage/http/http-source.js';
import { openPlace, pathOf } from '../../storage/media.js';
import { describeLocation, parseLocation } from '../../storage/parse-location.js';
import { findOnServer } from './eclipse-http.js';
import { findKept } from './eclipse-kept.js';
import { caseOf, stemOf, stemsOf } from './eclipse-names.js';
import { findInZip } from './eclipse-zip.js';

/**
 * @import { ByteSource } from '../../storage/base/byte-source.js'
 * @import { LocationOptions } from '../../storage/media.js'
 * @import { ParsedLocation } from '../../storage/parse-location.js'
 * @import { Meaning } from './eclipse-names.js'
 *
 * @typedef {{ name: string, open: () => Promise<ByteSource> }} Found
 * @typedef {Found & Meaning} CaseFile
 */

/**
 * @param {unknown} location
 * @param {LocationOptions & { case?: string }} [options]  `case`: which, where there are several
 * @returns {Promise<CaseFile[]>}  of one case
 * @throws {BoresError} ERR_NOT_FOUND, ERR_ARGUMENT for a folder of several cases
 */
export async function findCase(location, { case: wanted, ...options } = {}) {
  const parsed = parseLocation(location);
  const zipped = await findInZip(location, options);
  const found = zipped ? { files: zipped } : await FINDERS[parsed.kind]?.(parsed, options) ?? refuse(location);
  const { files, stem } = { stem: undefined, ...found };
  const named = namedFile(parsed);
  if (/\.grdecl$/i.test(named)) { // what was named, not a result of the same name
    return caseOf(files.filter(({ name }) => name === named), stem ?? '');
  }
  const own = caseOf(files, wanted === undefined && stem !== undefined ? stem : chooseStem(location, files, wanted));
  if (own.length > 0) return own;
  throw new BoresError('ERR_NOT_FOUND', `${describeLocation(location)}: no results of its case are there that are read `
    + '(EGRID, INIT, UNRST, X0001, SMSPEC with UNSMRY or S0001, and those in text)');
}

/**
 * @param {unknown} location
 * @param {readonly Found[]} files
 * @param {string} [wanted]
 */
function chooseStem(location, files, wanted) {
  const stems = stemsOf(files.map(({ name }) => name)).sort();
  const place = describeLocation(location);
  if (stems.length === 0) throw new BoresError('ERR_NOT_FOUND', `${place} has no files of an ECLIPSE run`);
  if (wanted !== undefined) {
    const own = stems.filter((stem) => [stem, stem.split('/').at(-1)].some((name) =>
      name?.toLowerCase() === wanted.toLowerCase()));
    if (own.length === 1) return own[0];
    throw new BoresError(own.length === 0 ? 'ERR_NOT_FOUND' : 'ERR_ARGUMENT', own.length === 0
      ? `${place} has no case ${wanted}, but ${stems.join(', ')}`
      : `${place} has the case ${wanted} more than once: ${own.join(', ')}`);
  }
  if (stems.length === 1) return stems[0];
  throw new BoresError('ERR_ARGUMENT', `${place} has the cases ${stems.join(', ')}: `
    + `name a file of one, or say which: { case: '${stems[0]}' }, on the command line --case ${stems[0]}`);
}

/**
 * The one file that was named, whatever it is.
 * @param {unknown} location
 * @param {LocationOptions} [options]
 * @returns {Promise<ByteSource>}
 */
export async function openOneFile(location, options = {}) {
  const { storage, source } = await openPlace(location, options);
  if (source) return source;
  await storage.close();
  throw new BoresError('ERR_ARGUMENT', `${describeLocation(location)} is a folder: name a file of it`);
}

/**
 * A file that a GRDECL includes: by its path from where the GRDECL is.
 * @param {unknown} location  of the GRDECL
 * @param {string} path
 * @param {LocationOptions} [options]
 * @returns {Promise<ByteSource | undefined>}  undefined: it is not there, or cannot be looked for
 */
export async function findIncluded(location, path, options = {}) {
  const parsed = parseLocation(location);
  const relative = path.replaceAll('\\', '/');
  try {
    if (parsed.kind === 'path') {
      const node = await loadNode();
      const { NodeFileSource } = await import('../../storage/node/node-file.js');
      return await NodeFileSource.open(node.path.resolve(node.path.dirname(await pathOf(parsed)), relative));
    }
    if (parsed.kind === 'http') {
      return await HttpSource.open(new URL(relative, parsed.text), { ...options.http, signal: options.signal });
    }
  } catch (error) {
    if (error instanceof BoresError && error.code === 'ERR_NOT_FOUND') return undefined;
    throw error;
  }
  if (parsed.kind !== 'files') return undefined;
  const base = relative.split('/').at(-1)?.toLowerCase();
  const item = parsed.value.find((/** @type {any} */ one) => (one.file ?? one).name.toLowerCase() === base);
  return item && new BlobSource(item.file ?? item);
}

/** The name of the one file that was named, '' where it is none. @param {ParsedLocation} parsed */
function namedFile({ kind, text, value }) {
  if (kind === 'path' || kind === 'http') return text.replace(/[?#].*$/, '').split(/[/\\]/).at(-1) ?? '';
  return kind === 'blob' || (kind === 'handle' && value.kind === 'file') ? value.name ?? '' : '';
}

/** @param {unknown} location @returns {never} */
function refuse(location) {
  throw new BoresError('ERR_UNSUPPORTED',
    `${describeLocation(location)}: files of an ECLIPSE run are not looked for there`);
}

/**
 * @typedef {(parsed: ParsedLocation, options: LocationOptions) => Promise<{ files: Found[], stem?: string }>} Finder
 * @type {Partial<Record<ParsedLocation['kind'], Finder>>}
 */
const FINDERS = {
  path: findBesidePath,
  http: findOnServer,
  files: async ({ value }) => ({ files: value.map((/** @type {any} */ item) => {
    const file = item.file ?? item;
    return { name: baseOf(item.path ?? file.webkitRelativePath ?? '', file.name),
      open: async () => new BlobSource(file) };
  }) }),
  handle: findByHandle,
  idb: findKept, memory: findKept, map: findKept,
  blob: async ({ value }) => ({ files: [{ name: value.name ?? '', open: async () => new BlobSource(value) }],
    stem: stemOf(value.name ?? '') }),
};

/** @param {string} path @param {string} name */
const baseOf = (path, name) => path.split('/').at(-1) || name;

/** @param {ParsedLocation} parsed */
async function findBesidePath(parsed) {
  const { fs, path } = await loadNode();
  const { NodeFileSource } = await import('../../storage/node/node-file.js');
  const named = await pathOf(parsed);
  const stat = fs.statSync(named, { throwIfNoEntry: false });
  if (!stat) throw new BoresError('ERR_NOT_FOUND', `there is no file '${named}'`);
  const folder = stat.isDirectory() ? named : path.dirname(named);
  const files = fs.readdirSync(folder)
    .map((name) => ({ name, open: () => NodeFileSource.open(path.join(folder, name)) }));
  return { files, ...(!stat.isDirectory() && { stem: stemOf(path.basename(named)) }) };
}

/** @param {ParsedLocation} parsed */
async function findByHandle({ value }) {
  const open = (/** @type {FileSystemFileHandle} */ handle) => async () => new BlobSource(await handle.getFile());
  if (value.kind === 'file') {
    return { files: [{ name: value.name, open: open(value) }], stem: stemOf(value.name) };
  }
  /** @type {Found[]} */ const files = [];
  for await (const handle of value.values()) {
    if (handle.kind === 'file') files.push({ name: handle.name, open: open(handle) });
  }
  return { files };
}
