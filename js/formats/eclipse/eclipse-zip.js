// SPDX-License-Identifier: MIT
// The files of a run in one zip archive, from wherever that is. Those that are stored are read by ranges, those
// that are deflated are inflated when they are first read.

import { isZip } from '../../storage/detect-format.js';
import { openPlace } from '../../storage/media.js';
import { nameOf } from '../../storage/parse-location.js';
import { ZipStorage } from '../../storage/zip/zip.js';
import { meaningOf } from './eclipse-names.js';

/**
 * @import { ByteSource } from '../../storage/base/byte-source.js'
 * @import { LocationOptions } from '../../storage/media.js'
 * @typedef {{ name: string, open: () => Promise<ByteSource> }} Found
 */

/**
 * @param {unknown} location
 * @param {LocationOptions} options
 * @returns {Promise<Found[] | undefined>}  undefined: it is no archive. Files of one folder have no path; the archive
 *   is closed when the last of those opened is
 */
export async function findInZip(location, options) {
  const archive = await openArchive(location, options);
  if (!archive) return undefined;
  const names = archive.names().filter((name) => !name.endsWith('/') && !isOfFinder(name));
  const folders = new Set(names.filter(meaningOf).map((name) => name.slice(0, name.lastIndexOf('/') + 1)));
  await archive.close(); // which of them are wanted is not known yet
  /** @type {Promise<ZipStorage> | undefined} */ let opening;
  let users = 0;
  const open = async (/** @type {string} */ name) => {
    users++;
    opening ??= /** @type {Promise<ZipStorage>} */ (openArchive(location, options));
    const zip = await opening;
    const source = zip.sourceOf(name);
    const close = async () => {
      await source.close();
      users--;
      if (users > 0) return;
      opening = undefined;
      await zip.close();
    };
    return { ...source, close };
  };
  const nameOnly = (/** @type {string} */ name) => name.slice(name.lastIndexOf('/') + 1);
  return names.map((name) => ({ name: folders.size === 1 ? nameOnly(name) : name, open: () => open(name) }));
}

/** What macOS adds to an archive: a second file of attributes for each. @param {string} name */
const isOfFinder = (name) => /(^|\/)(__MACOSX\/|\._[^/]*$)/.test(name);

/**
 * @param {unknown} location
 * @param {LocationOptions} options
 * @returns {Promise<ZipStorage | undefined>}
 */
async function openArchive(location, options) {
  if (meaningOf(nameOf(location))) return undefined; // a file of the run itself
  const { storage, source } = await openPlace(location, options);
  if (!source) {
    await storage.close();
    return undefined;
  }
  if (isZip(await source.read(0, Math.min(4, source.size), options))) return ZipStorage.open(source, options);
  await source.close();
  return undefined;
}
