// SPDX-License-Identifier: MIT
// What is in a bucket's folder, as far as its one writer has looked, and as it changes it: which names there
// are, and of each object what tells it from another version.

import { isReserved, nestedError } from '../base/batch.js';
import { FOLDER } from './s3-head.js';

/** @import { S3Client } from './s3-client.js' */
/** By name; a folder's ends with '/' and has none. @typedef {Map<string, string>} Names */

export class S3Names {
  #client;
  /** @type {Map<string, Promise<Names>>} */ #folders = new Map();

  /** @param {S3Client} client */
  constructor(client) {
    this.#client = client;
  }

  /** Looks again from now on. */
  forget() {
    this.#folders.clear();
  }

  /**
   * @param {string} folder  '' or with '/' at its end
   * @returns {Promise<Names>}
   */
  in(folder) {
    let names = this.#folders.get(folder);
    if (names === undefined) {
      names = this.#list(folder);
      this.#folders.set(folder, names);
      names.catch(() => this.#folders.delete(folder));
    }
    return names;
  }

  /** @param {string} folder @returns {Promise<Names>} */
  async #list(folder) {
    /** @type {Names} */ const names = new Map();
    for await (const { objects, folders } of this.#client.list(folder)) {
      for (const { key, etag } of objects) if (key !== folder) names.set(key.slice(folder.length), etag);
      for (const name of folders) if (folder !== '' || name !== `${FOLDER}/`) names.set(name.slice(folder.length), '');
    }
    return names;
  }

  /**
   * Finds the object of a key.
   * @param {string} key
   * @param {ReadonlySet<string>} deleted  what the same commit deletes does not count
   * @returns {Promise<string | undefined>}  its etag, when there is one
   * @throws {BoresError} ERR_ARGUMENT when the key, or what is above it, would be a value and a folder at once
   */
  async etagOf(key, deleted) {
    const parts = key.split('/');
    for (let depth = 0, folder = ''; ; depth += 1) {
      const names = await this.in(folder);
      const name = parts[depth];
      if (depth === parts.length - 1) {
        if (names.has(`${name}/`) && !deleted.has(`${key}/`)) throw nestedError(key, key);
        return names.get(name);
      }
      if (names.has(name) && !deleted.has(folder + name)) throw nestedError(key, folder + name);
      if (!names.has(`${name}/`)) return undefined;
      folder += `${name}/`;
    }
  }

  /**
   * @param {string} name  a key, or 'folder/'
   * @returns {Promise<boolean>}
   */
  async has(name) {
    let folder = '';
    const parts = name.match(/[^/]+\/?/g) ?? [];
    for (const part of parts.slice(0, -1)) {
      if (!(await this.in(folder)).has(part)) return false;
      folder += part;
    }
    return (await this.in(folder)).has(parts[parts.length - 1]);
  }

  /**
   * Takes note of what was written.
   * @param {string} key
   * @param {string} etag
   */
  async written(key, etag) {
    const parts = key.split('/');
    for (let depth = 0, folder = ''; depth < parts.length; depth += 1) {
      const isLast = depth === parts.length - 1;
      const known = this.#folders.get(folder);
      if (known) (await known).set(isLast ? parts[depth] : `${parts[depth]}/`, isLast ? etag : '');
      folder += `${parts[depth]}/`;
    }
  }

  /** All keys below a folder. @param {string} folder  '' or with '/' at its end */
  async below(folder) {
    /** @type {string[]} */ const keys = [];
    for await (const { objects } of this.#client.list(folder, { deep: true })) {
      for (const { key } of objects) if (!isReserved(key) || folder.startsWith(FOLDER)) keys.push(key);
    }
    return keys;
  }
}
