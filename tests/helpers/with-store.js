// SPDX-License-Identifier: MIT
// `await using` for the Nodes that do not have it yet.

/**
 * @template {{ close(): Promise<void> }} Opened
 * @template T
 * @param {Opened | Promise<Opened>} opening
 * @param {(opened: Opened) => Promise<T> | T} use
 * @returns {Promise<T>}
 */
export async function using(opening, use) {
  const opened = await opening;
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}
