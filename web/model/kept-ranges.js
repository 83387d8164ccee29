// SPDX-License-Identifier: MIT
// Ranges that a run has beside its data, which cost no read of an array.

/** @typedef {import('./properties.js').Drawable} Drawable */
/**
 * Of one step. `missing`: not known of sparse ones.
 * @typedef {{ lo: number, hi: number, loPositive: number, missing: number | null }} Ends
 */

/**
 * What is kept of a property.
 * @param {import('../../js/index.js').DataStore} store
 * @param {{ steps: readonly import('./run.js').Step[], grid: import('../grid/cell-grid.js').CellGrid }} run
 * @param {Drawable} property
 * @param {readonly number[]} which  steps
 * @param {AbortSignal} signal
 * @returns {Promise<Map<number, Ends>>}  by step, of those that have it
 */
export async function keptRanges(store, { steps, grid }, property, which, signal) {
  /** @type {Map<number, Ends>} */ const found = new Map();
  // Of a grid with cells that are left out, what is kept is of other values than those shown.
  if (property.ternary || grid.inactive > 0) return found;
  const path = property.sparse ? [...property.path, 'values'] : property.path;
  const { entries } = await store.statistics([...path],
    { indices: which.map((step) => steps[step].entry), compute: 'none', signal });
  entries.forEach((kept, n) => {
    if (!kept?.suits(property.dtype, property.sparse ? undefined : grid.size)) return;
    const { min: lo, max: hi, minPositive: loPositive } = kept;
    found.set(which[n], { lo, hi, loPositive, missing: property.sparse ? null : kept.missing + kept.infinite });
  });
  return found;
}

/** Whether what was read is what is kept. @param {Ends} kept @param {import('./run.js').Values} values */
export function isTrue(kept, values) {
  return Object.is(kept.lo + 0, values.lo + 0) && Object.is(kept.hi + 0, values.hi + 0)
    && (kept.missing === null || kept.missing === values.missing);
}
