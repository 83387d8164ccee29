// SPDX-License-Identifier: MIT
// What storages know of Zarr: where in a dropped folder or an archive the store begins, since people zip
// and drop the folder above it as often as the store itself, and which values are metadata, small and
// much the same.

/** One of these lies in the root of a store. */
export const DOCUMENTS = new Set(['zarr.json', '.zgroup', '.zarray', '.zmetadata']);

/** What a store has at its root, too; by itself it makes none. */
export const ATTRIBUTES = '.zattrs';

/** @param {string} key */
export const isDocument = (key) => /(^|\/)(\.z[a-z]+|zarr\.json)$/.test(key);

/**
 * @param {Iterable<string>} keys
 * @returns {string | undefined}  the folder that holds all of Zarr that is there, '' when that is
 *   the top; of several stores side by side it is the folder that they share. `undefined`: no Zarr.
 */
export function zarrRoot(keys) {
  /** @type {string | undefined} */
  let root;
  for (const key of keys) {
    const slash = key.lastIndexOf('/');
    if (!DOCUMENTS.has(key.slice(slash + 1))) continue;
    const folder = key.slice(0, Math.max(0, slash));
    root = root === undefined ? folder : sharedFolder(root, folder);
    if (root === '') return root;
  }
  return root;
}

/**
 * The deepest folder that holds both. A store's root document makes its folder the shared one.
 * @param {string} a
 * @param {string} b
 */
function sharedFolder(a, b) {
  if (a === b || b.startsWith(`${a}/`)) return a;
  const others = b.split('/');
  const shared = [];
  for (const [depth, name] of a.split('/').entries()) {
    if (name !== others[depth]) break;
    shared.push(name);
  }
  return shared.join('/');
}
