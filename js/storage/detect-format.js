// SPDX-License-Identifier: MIT
// Which format a file has, by its first bytes and its name; a folder or a list, by the names in it.

import { nameOf } from './parse-location.js';

/** @typedef {'zarr' | 'hdf5' | 'json' | 'yaml' | 'eclipse'} Backend */

const HDF5_SIGNATURE = '\x89HDF\r\n\x1a\n';
/** Where it may be: before it the file is its user's. (HDF5 File Format Specification, II.A) */
const HDF5_STARTS = [0, 512, 1024, 2048];
/** As many of a file are looked at. */
export const FIRST_BYTES = 2048 + HDF5_SIGNATURE.length;
/** Files of an ECLIPSE run (OPM Flow Reference Manual, appendix F) and GRDECL, whatever their case. */
const ECLIPSE = /\.(f?(egrid|grid|init|unrst|smspec|unsmry)|[xfsa]\d{4}|grdecl)$/i;
/** What lies beside the results of such a run and is read as a name for them. */
export const BESIDE_RESULTS = /\.(data|esmry|f?rft|f?rsspec|f?inspec)$/i;
/** Documents of a hierarchy: hidden ones, and those of its third version. */
const HIERARCHY = /(^|\/)(\.z[a-z]+|z[a-z]+\.json)$/;

/**
 * Whether a folder or a list of files is an ECLIPSE run: has files of one, and is no Zarr hierarchy.
 * @param {readonly string[]} names
 */
export function isEclipseFolder(names) {
  return names.some((name) => ECLIPSE.test(name)) && !names.some((name) => HIERARCHY.test(name));
}

/** Whether a file is of an ECLIPSE run without being one of its results that are read. @param {string} name */
export function isBesideResults(name) {
  return BESIDE_RESULTS.test(name);
}

/**
 * Whether two files of a folder are of one ECLIPSE run, by their names.
 * @param {string} a
 * @param {string} b
 */
export function areOfOneCase(a, b) {
  const [stem, other] = [a, b].map((name) => (ECLIPSE.test(name) ? name.replace(ECLIPSE, '').toLowerCase() : ''));
  return stem !== '' && stem === other;
}

/** Whether a file with these first bytes is a zip archive. @param {Uint8Array} bytes */
export function isZip([p, k, a, b]) {
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/**
 * Which format it is: by its first bytes where they tell, else by its name.
 *
 * @param {unknown} location
 * @param {Uint8Array} [firstBytes]  of a file; 2056 will do
 * @returns {Backend}
 */
export function detectBackend(location, firstBytes) {
  const name = nameOf(location);
  // Not by a TextDecoder: what it calls latin1 is windows-1252, where 0x89 is another character.
  const start = firstBytes && String.fromCharCode(...firstBytes.subarray(0, FIRST_BYTES));
  if (start !== undefined) {
    if (HDF5_STARTS.some((at) => start.startsWith(HDF5_SIGNATURE, at))) return 'hdf5';
    if (isZip(/** @type {Uint8Array} */ (firstBytes))) return 'zarr';
    if (/^(\xef\xbb\xbf)?\s*[[{]/.test(start) && !/\.ya?ml$/i.test(name)) return 'json';
  }
  if (/\.(h5|hdf5?|he5)$/i.test(name)) return 'hdf5';
  if (ECLIPSE.test(name)) return 'eclipse';
  if (/\.json$/i.test(name)) return 'json';
  if (/\.ya?ml$/i.test(name) || /^(%YAML|---\s|- )/.test(start ?? '')) return 'yaml';
  return 'zarr';
}
