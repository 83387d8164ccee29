// SPDX-License-Identifier: MIT
// What a file of an ECLIPSE run is for, by the end of its name (OPM Flow Reference Manual, appendix F).

import { BESIDE_RESULTS } from '../../storage/detect-format.js';

/**
 * @typedef {'grid' | 'grdecl' | 'init' | 'restart' | 'specs' | 'summary'} Role
 * @typedef {{ role: Role, number: number, stem: string, rank: number }} Meaning  `number`: the report step
 *   of a file that has only one, else -1; `rank`: of several for one role the lowest counts
 */

/** @type {readonly (readonly [RegExp, Role, number])[]} */
const ENDINGS = [
  [/\.f?egrid$/i, 'grid', 0], [/\.f?grid$/i, 'grid', 1], [/\.f?init$/i, 'init', 0],
  [/\.f?unrst$/i, 'restart', 0], [/\.[xf](\d{4})$/i, 'restart', 1],
  [/\.grdecl$/i, 'grdecl', 2],
  [/\.f?smspec$/i, 'specs', 0], [/\.f?unsmry$/i, 'summary', 0], [/\.[sa](\d{4})$/i, 'summary', 1],
];

/** @param {string} name @returns {Meaning | undefined}  undefined: it is none of such a run */
export function meaningOf(name) {
  for (const [ending, role, rank] of ENDINGS) {
    const found = ending.exec(name);
    if (found) {
      return { role, rank, number: found[1] === undefined ? -1 : Number(found[1]), stem: name.slice(0, found.index) };
    }
  }
  return undefined;
}

/**
 * The stem of the case that a file is of, be it only its deck, or a result that is not read.
 * @param {string} name
 * @returns {string | undefined}  undefined: of none
 */
export function stemOf(name) {
  return meaningOf(name)?.stem ?? (BESIDE_RESULTS.test(name) ? name.replace(BESIDE_RESULTS, '') : undefined);
}

/**
 * The files of one case: those of a stem, and of a role that comes in several forms the first.
 * @template {{ name: string }} T
 * @param {readonly T[]} files
 * @param {string} stem
 * @returns {(T & Meaning)[]}
 */
export function caseOf(files, stem) {
  const own = files.flatMap((file) => {
    const meaning = meaningOf(file.name);
    return meaning?.stem.toLowerCase() === stem.toLowerCase() ? [{ ...file, ...meaning }] : [];
  });
  const hasGrid = own.some(({ role }) => role === 'grid');
  const kept = own.filter(({ role }) => role !== 'grdecl' || !hasGrid)
    .filter(({ role, rank }) => own.every((other) => other.role !== role || other.rank >= rank));
  return kept.sort((a, b) => a.number - b.number);
}

/** Stems of the cases among names. @param {readonly string[]} names */
export function stemsOf(names) {
  const stems = new Map(names.flatMap((name) => {
    const meaning = meaningOf(name);
    return meaning ? [[meaning.stem.toLowerCase(), meaning.stem]] : [];
  }));
  return [...stems.values()];
}
