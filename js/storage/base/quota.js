// SPDX-License-Identifier: MIT
// What the browser lets this origin store.

/** @returns {Promise<number>}  bytes that are left, NaN where the browser does not say */
export async function quotaLeft() {
  const { quota = NaN, usage = NaN } = await globalThis.navigator?.storage?.estimate?.() ?? {};
  return quota - usage;
}
