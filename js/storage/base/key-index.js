// SPDX-License-Identifier: MIT
// One-level listings over a flat set of keys, for storages whose medium has no folders.
// Building it costs one map look-up per key where keys come folder by folder, as they do; adding
// and removing a key costs the same whatever is there already.

export class KeyIndex {
  /** @type {Map<string, Set<string>>} folder -> names below it, folders with a trailing '/' */
  #folders = new Map();
  /** @type {Map<string, string[]>} the same sorted, made when first asked for */
  #sorted = new Map();

  /** @param {Iterable<string>} keys */
  constructor(keys) {
    for (const key of keys) this.add(key);
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

  /**
   * @param {string} folder  '' is the root
   * @returns {Generator<string>}  every key below it
   */
  * below(folder) {
    const prefix = folder === '' ? '' : `${folder}/`;
    for (const name of this.#folders.get(folder) ?? []) {
      if (name.endsWith('/')) yield* this.below(prefix + name.slice(0, -1));
      else yield prefix + name;
    }
  }

  /** @param {string} key */
  add(key) {
    let rest = key;
    for (;;) {
      const { folder, name } = split(rest);
      const names = this.#folders.get(folder);
      if (names !== undefined) {
        this.#insert(folder, names, name);
        return; // its folders are known already
      }
      this.#folders.set(folder, new Set([name]));
      if (folder === '') return;
      rest = `${folder}/`;
    }
  }

  /**
   * Takes a key out, and the folders that held nothing else.
   * @param {string} key
   */
  remove(key) {
    let rest = key;
    for (;;) {
      const { folder, name } = split(rest);
      const names = this.#folders.get(folder);
      names?.delete(name);
      this.#sorted.delete(folder);
      if (names === undefined || names.size > 0) return;
      this.#folders.delete(folder);
      if (folder === '') return;
      rest = `${folder}/`;
    }
  }

  /**
   * @param {string} folder
   * @param {Set<string>} names
   * @param {string} name
   */
  #insert(folder, names, name) {
    if (names.has(name)) return;
    names.add(name);
    const sorted = this.#sorted.get(folder);
    if (sorted === undefined) return;
    if (name > sorted[sorted.length - 1]) sorted.push(name); // as the next entry of a store
    else this.#sorted.delete(folder);
  }
}

/** @param {string} key  or a folder with its '/' */
function split(key) {
  const slash = key.lastIndexOf('/', key.length - 2);
  return { folder: slash < 0 ? '' : key.slice(0, slash), name: key.slice(slash + 1) };
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
