// SPDX-License-Identifier: MIT
// States that say which they are, for writers that are killed.

import { existsSync } from 'node:fs';

import { HDF5Store, NdArray } from '../../../js/index.js';
import { noise } from './content.js';

/** @param {number} number */
export function numberedState(number) {
  const grid = (/** @type {number} */ seed) => new NdArray(Float64Array.from(noise(600, number * 7 + seed)), [10, 10, 6]);
  return { step: number, time: number * 2.5, name: `state ${number}`,
    model: { pressure: grid(1), saturation: grid(2), wells: { 'PROD-2 Ærøskøbing': { rate: number / 3 } } } };
}

/**
 * Whether a file holds states 0, 1, 2… bit for bit, at least so many and at most one more.
 * @param {string} file
 * @param {number} acknowledged
 * @returns {Promise<string | undefined>}  what is wrong
 */
export async function wrongStates(file, acknowledged) {
  if (!existsSync(file)) return acknowledged > 0 ? `${acknowledged} were acknowledged, there is no file` : undefined;
  const store = new HDF5Store(file, { mode: 'a', worker: false });
  try {
    const count = await store.count();
    if (count < acknowledged || count > acknowledged + 1) return `${acknowledged} were acknowledged, there are ${count}`;
    let next = 0;
    for await (const tree of store.load({ as: 'raw' })) {
      const [found, expected] = [tree, numberedState(next)].map(text);
      if (found !== expected) return `state ${next} is ${found.slice(0, 300)}, expected ${expected.slice(0, 300)}`;
      next += 1;
    }
    const { ok, problems } = await store.verify();
    return ok && next === count ? undefined : `${next} of ${count} states; ${JSON.stringify(problems)}`;
  } finally {
    await store.close();
  }
}

/** @param {any} tree */
const text = (tree) => JSON.stringify({ ...tree, model: { ...tree.model,
  pressure: [tree.model.pressure.shape, ...tree.model.pressure.data],
  saturation: [tree.model.saturation.shape, ...tree.model.saturation.data] } }, sorted);

/** @param {string} _ @param {any} value */
const sorted = (_, value) => (value && typeof value === 'object' && !Array.isArray(value)
  ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
