// SPDX-License-Identifier: MIT
// A store's states to an analysis, in order: the first one whole, since later ones are measured against it,
// and of the others what the analysis keeps, made wherever they are decoded.

/**
 * @import { PackedTree } from '../../core/pack.js'
 * @import { Digester } from '../../formats/digesters.js'
 * @import { Contents } from '../contents.js'
 * @import { Reads } from './reads.js'
 *
 * What is fed. `add` takes an entry as `load` gives it, `take` a digest: false where it has to be added whole.
 * @typedef {{ add: (entry: PackedTree) => void, take: (digest: PackedTree) => boolean,
 *   digester: () => Digester }} Fed
 */

/**
 * @param {Reads} reads
 * @param {Contents} contents
 * @param {readonly (readonly (string | null)[])[]} fields  of the operation
 * @param {Fed} fed
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<void, void, void>}  once for each that is in
 */
export async function* feed(reads, contents, fields, fed, signal) {
  const list = (await contents.refresh({ signal })).groups.map((group) => ({ group, fields }));
  if (list.length === 0) return;
  fed.add(await reads.run('load', list[0], { signal }));
  yield;
  let at = 1;
  for await (const digest of reads.inOrder('load', list.slice(1), { signal, digester: fed.digester() })) {
    if (!fed.take(/** @type {PackedTree} */ (digest))) break;
    at++;
    yield;
  }
  // One that is before the first, or replaces it: the others are measured against it.
  for await (const entry of reads.inOrder('load', list.slice(at), { signal })) {
    fed.add(/** @type {PackedTree} */ (entry));
    yield;
  }
}
