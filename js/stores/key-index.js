// SPDX-License-Identifier: MIT
// One-level listings over a flat set of keys, for storages whose medium has no folders.
// Building it costs one map look-up per key where keys come folder by folder, as they do.

export class KeyIndex {
  /** @type {Map<string, Set<string>>} folder -> names below it, folders with a trailing '/' */
  #folders = new Map();
  /** @type {Map<string, string[]>} the same sorted, made when first asked for */
  #sorted = new Map();

  /** @param {Iterable<string>} keys */
  constructor(keys) {
    for (const key of keys) this.#add(key);
  }

  /**
   * @param {string} folder  '' is the root
   * @returns {string[]}  sorted by code unit; the caller's own
   */
  list(folder) {
    let names = this.#sorted.get(folder);
    if (names === undefined) {
      const unsorted = this.#folders.get(folder);
      if (unsorted === undefined) return [];
      names = [...unsorted].sort();
      this.#sorted.set(folder, names);
    }
    return names.slice();
  }

  /** @param {string} folder */
  hasFolder(folder) {
    return this.#folders.has(folder);
  }

  /** @param {string} key */
  #add(key) {
    let rest = key;
    for (;;) {
      const slash = rest.lastIndexOf('/', rest.length - 2);
      const folder = slash < 0 ? '' : rest.slice(0, slash);
      const names = this.#folders.get(folder);
      if (names !== undefined) {
        names.add(rest.slice(slash + 1));
        return; // its folders are known already
      }
      this.#folders.set(folder, new Set([rest.slice(slash + 1)]));
      if (slash < 0) return;
      rest = rest.slice(0, slash + 1);
    }
  }
}

/**
 * Bytes and keys under a folder.
 *
 * @param {Iterable<[string, number]>} sizes  key and length in bytes
 * @param {string} folder  '' is the root
 */
export function sumUsage(sizes, folder) {
  const prefix = folder === '' ? '' : `${folder}/`;
  let bytes = 0;
  let keys = 0;
  for (const [key, length] of sizes) {
    if (!key.startsWith(prefix)) continue;
    bytes += length;
    keys += 1;
  }
  return { bytes, keys };
}
