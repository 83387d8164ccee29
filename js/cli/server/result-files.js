// SPDX-License-Identifier: MIT
// Which files of a folder are one ECLIPSE run: those of one stem (OPM Flow Reference Manual, appendix F).

import { readdirSync } from 'node:fs';
import path from 'node:path';

import { BoresError } from '../../index.js';

const RESULT = /\.(f?(?:egrid|grid|init|unrst|smspec|unsmry)|[xfsa]\d{4})$/i;
/** Files by which a run is named, the best first. */
const NAMING = [/\.f?unrst$/i, /\.[xf]\d{4}$/i, /\.f?e?grid$/i, /\.f?init$/i, /\.f?smspec$/i];

/** @param {string} name */
const stemOf = (name) => name.replace(RESULT, '').toLowerCase();

/**
 * What lies beside a file and belongs to the same run.
 * @param {string} folder
 * @param {string} name  of the file
 * @returns {string[]}  names, none where it is no file of a run
 */
export function filesBeside(folder, name) {
  if (!RESULT.test(name)) return [];
  return readdirSync(folder).filter((other) => RESULT.test(other) && stemOf(other) === stemOf(name));
}

/**
 * The file by which the run in a folder is named.
 * @param {string} folder
 * @param {string} [wanted]  which run, where there are several
 * @returns {string | undefined}  undefined: the folder is something else
 * @throws {BoresError} ERR_ARGUMENT for several runs, ERR_NOT_FOUND naming those that there are
 */
export function runIn(folder, wanted) {
  const all = readdirSync(folder).sort();
  const isZarr = all.some((name) => /^(\.z[a-z]+|zarr\.json)$/.test(name));
  const names = isZarr ? [] : all.filter((name) => RESULT.test(name));
  const stems = [...new Map(names.map((name) => [stemOf(name), name.replace(RESULT, '')])).values()];
  if (stems.length === 0 && wanted === undefined) return undefined;
  const own = stems.filter((stem) => wanted === undefined || stem.toLowerCase() === wanted.toLowerCase());
  if (own.length !== 1) {
    throw own.length === 0
      ? new BoresError('ERR_NOT_FOUND', `${folder} has no case ${wanted}, but ${stems.join(', ') || 'none'}`)
      : new BoresError('ERR_ARGUMENT', `${folder} has the cases ${stems.join(', ')}: say which by --case`);
  }
  const files = names.filter((name) => stemOf(name) === own[0].toLowerCase());
  const best = NAMING.map((naming) => files.find((name) => naming.test(name))).find((name) => name !== undefined);
  return path.join(folder, best ?? files[0]);
}
