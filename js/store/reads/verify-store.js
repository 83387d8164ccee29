// SPDX-License-Identifier: MIT
// Whether all of a store can be read.

import { indexOf } from '../contents.js';
import { readTree } from '../../values/tree.js';

/**
 * @import { Content } from '../contents.js'
 * @import { Problem } from '../store-types.js'
 * @import { Reads } from './reads.js'
 * @typedef {{ ok: boolean, problems: Problem[], entries: number, arrays: number, chunks: number,
 *   nbytes: number }} Verification
 */

/**
 * Decodes every chunk and parses every document of entries.
 *
 * @param {Reads} reads  of the store
 * @param {Content} content
 * @param {string[]} groups  '': all of a hierarchy that has no entries
 * @param {{ signal?: AbortSignal,
 *   onProgress?: (progress: { done: number, total: number }) => void }} options
 * @returns {Promise<Verification>}
 */
export async function verifyEntries(reads, content, groups, { signal, onProgress }) {
  /** @type {Verification} */
  const result = { ok: true, problems: [], entries: groups.filter(Boolean).length, arrays: 0, chunks: 0, nbytes: 0 };
  let done = 0;
  onProgress?.({ done, total: groups.length });
  for await (const verified of reads.inOrder('verify', groups.map((group) => ({ group })), { signal, ahead: 0 })) {
    const { problems, arrays, chunks, nbytes } = readTree(/** @type {any} */ (verified));
    const entry = groups[done] === '' ? -1 : indexOf(content, content.groups.indexOf(groups[done]));
    result.problems.push(...problems.map((/** @type {any} */ problem) => ({ entry, ...problem })));
    result.arrays += arrays;
    result.chunks += chunks;
    result.nbytes += nbytes;
    done++;
    onProgress?.({ done, total: groups.length });
  }
  return result;
}

/**
 * What the root says against what is there.
 *
 * @param {Content} content
 * @param {string[]} unfinished  groups
 * @param {string} key  where the root's attributes are
 * @returns {Problem[]}
 */
export function rootProblems(content, unfinished, key) {
  const { count } = content.attributes;
  const end = endOf(content);
  const problems = unfinished.map((group) => ({ entry: -1, key: group, code: 'ERR_INCOMPLETE',
    message: `${group}: its writer is not done, or was interrupted; 'bores repair' drops it` }));
  if (Number.isInteger(count) && count !== end) {
    problems.push({ entry: -1, key, code: 'ERR_METADATA',
      message: `${key}: count is ${count}, there are ${end} entries` });
  }
  return problems;
}

/**
 * What the root's `count` should be: BORES numbers its next entry with it.
 * @param {Content} content
 */
export function endOf(content) {
  const { groups } = content;
  return groups.length === 0 ? 0 : indexOf(content, groups.length - 1) + 1;
}
