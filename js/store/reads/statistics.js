// SPDX-License-Identifier: MIT
// Statistics of an array through the entries: those that are kept beside the data, for which no array is
// read, and where there are none, or they are not to be believed, what the core makes of the elements.

import { BoresError } from '../../core/errors.js';
import { backendOf } from '../../formats/backends.js';
import { ArrayStatistics } from '../../values/array-statistics.js';
import { pathText } from '../../values/paths.js';
import { readTree } from '../../values/tree.js';
import { readParams } from './one-value.js';

/**
 * @import { Reads } from './reads.js'
 * @import { Tally } from '../../values/array-statistics.js'
 *
 * @typedef {object} Statistics
 * @property {(ArrayStatistics | null)[]} entries  one an entry; null: not known, or it has no such array
 * @property {ArrayStatistics} total   of all entries together that are known
 * @property {number} unknown  entries that have no statistics: 0 where the total is of all
 * @property {number} computed  entries whose array was read
 *
 * @typedef {{ groups: string[], layout: string, backend: string }} Where
 *
 * @typedef {object} StatisticsOptions
 * @property {readonly number[]} [indices]
 * @property {'missing' | 'all' | 'none'} [compute]  from the elements where none are kept (default), always, never
 * @property {AbortSignal} [signal]
 */

/** Entries whose attributes are asked for in one operation. */
const AT_ONCE = 512;

/**
 * What is kept beside the data, entry by entry.
 * @param {Reads} reads
 * @param {string[]} groups
 * @param {string[][] | null} paths  null: of every array
 * @param {AbortSignal} [signal]
 * @returns {Promise<Tally[][]>}
 */
export async function readKept(reads, groups, paths, signal) {
  /** @type {Tally[][]} */
  const rows = [];
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    const params = { groups: groups.slice(at, at + AT_ONCE), ...(paths && { paths }) };
    rows.push(...readTree(await reads.run('statistics', params, { signal })));
  }
  return rows;
}

/**
 * @param {Reads} reads
 * @param {Where} where
 * @param {string[]} path
 * @param {StatisticsOptions} options
 * @returns {Promise<Statistics>}
 * @throws {BoresError} ERR_NOT_FOUND when no entry has such an array
 */
export async function readStatistics(reads, { groups, layout, backend }, path, { compute = 'missing', signal }) {
  /** @type {(ArrayStatistics | null)[]} */
  const entries = groups.map(() => null);
  if (backendOf(backend).keepsStatistics && compute !== 'all') {
    (await readKept(reads, groups, [path], signal)).forEach(([row], n) => {
      if (row) entries[n] = new ArrayStatistics(row);
    });
  }
  const missing = compute === 'none' ? [] : groups.map((_, n) => n).filter((n) => entries[n] === null);
  const params = missing.map((n) => ({ ...readParams(groups[n], layout, path, undefined), statistics: true }));
  let at = 0;
  for await (const tree of reads.inOrder('read', params, { signal, mayLack: true })) {
    if (tree) entries[missing[at]] = new ArrayStatistics(readTree(tree));
    at += 1;
  }
  const known = entries.filter((entry) => entry !== null);
  if (known.length === 0 && groups.length > 0 && compute !== 'none') {
    throw new BoresError('ERR_NOT_FOUND', `none of ${groups.length} entries has '${pathText(path)}'`,
      { path: pathText(path) });
  }
  return { entries, total: ArrayStatistics.together(known), unknown: entries.length - known.length,
    computed: missing.filter((n) => entries[n] !== null).length };
}
