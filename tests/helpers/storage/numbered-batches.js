// SPDX-License-Identifier: MIT
// Batches by number, for writers that are killed: what a store holds after each of them is known
// without looking at it. Each adds two entries, overwrites the documents of the root and one
// value of an entry, and deletes two old entries; every 25th replaces the whole content instead.

import { bytesEqual, deepEqual, ok } from './assert.js';
import { noise } from './content.js';
import { contentOf, sameContent } from '../../js/storage/writer-contract.js';

/** @import { Put, Storage, Writer } from '../../../js/storage/base/storage.js' */
/** @import { Content } from './content.js' */

const KEPT = 12; // entries
const REPLACES = 25;

/**
 * @param {number} number
 * @returns {Put[]}
 */
function entryPuts(number) {
  return ['.zattrs', 'model/pressure/.zarray', 'model/pressure/0.0.0', 'model/pressure/0.0.1', 'time/0']
    .map((name, i) => [`entry_${number}/${name}`, noise(50 + ((number * 37 + i * 531) % 3000), number * 8 + i)]);
}

/**
 * What the root says after so many batches.
 * @param {number} count
 * @returns {Put[]}
 */
function rootPuts(count) {
  return [['.zmetadata', noise(200 + (count % 50), count)], ['.zattrs', noise(20, count)]];
}

/**
 * @param {number} count  batches so far
 * @returns {Content}
 */
export function contentAfter(count) {
  if (count === 0) return new Map();
  /** @type {Content} */
  const content = new Map();
  for (let i = Math.max(0, count * 2 - KEPT); i < count * 2; i += 1) {
    for (const [key, value] of entryPuts(i)) content.set(key, value);
  }
  const changed = `entry_${count * 2 - 2}/time/0`; // of the batch before the last one it was undone
  if (count % REPLACES !== 0) content.set(changed, noise(60, count));
  for (const [key, value] of rootPuts(count)) content.set(key, value);
  return content;
}

/**
 * Commits the batch after so many.
 * @param {Writer} writer
 * @param {number} count
 */
export async function commitNext(writer, count) {
  const after = contentAfter(count + 1);
  if ((count + 1) % REPLACES === 0) {
    const puts = [...after];
    await writer.replace([{ puts: puts.slice(0, 20) }, { puts: puts.slice(20) }]);
    return;
  }
  const before = contentAfter(count);
  const puts = [...after].filter(([key, value]) => !same(before.get(key), value));
  const gone = new Set([...before.keys()].filter((key) => !after.has(key)).map((key) => key.split('/')[0]));
  await writer.commit({ puts, deletes: [...gone].map((name) => `${name}/`) });
}

/**
 * What a reader may see, whatever has happened: entries that are whole.
 * @param {Storage} storage
 */
export async function checkWholeEntries(storage) {
  for (const name of (await storage.list?.('')) ?? []) {
    if (!name.startsWith('entry_')) continue;
    const puts = entryPuts(Number(name.slice(6, -1)));
    for (const [key, value] of puts) {
      const found = await storage.get(key);
      ok(found, `'${key}' is absent, but '${name}' is there`);
      if (!key.endsWith('time/0')) bytesEqual(found, value, key);
    }
  }
}

/**
 * How many batches a store holds: those that were acknowledged, or one more.
 * @param {Storage} storage
 * @param {number} acknowledged
 * @param {number} [unheard]  acknowledgements that may have died with who said them
 * @returns {Promise<number>}
 */
export async function countBatches(storage, acknowledged, unheard = 0) {
  const content = await contentOf(storage);
  const root = content.get('.zattrs');
  let count = acknowledged;
  for (let more = 1; more <= 1 + unheard; more += 1) {
    if (same(root, contentAfter(acknowledged + more).get('.zattrs'))) count = acknowledged + more;
  }
  sameContent(content, contentAfter(count), `${acknowledged} batches acknowledged, ${count} there`);
  return count;
}

/**
 * @param {Uint8Array | undefined} a
 * @param {Uint8Array | undefined} b
 */
function same(a, b) {
  if (a === undefined || b === undefined) return a === b;
  try {
    deepEqual([...a], [...b]);
    return true;
  } catch {
    return false;
  }
}
