// SPDX-License-Identifier: MIT
// A storage in memory that can be damaged and repaired while a store uses it, and that counts what
// it is asked for. It goes to the library as a custom one, `{ get, list }`.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { filesBelow } from './files-below.js';

const scratch = fileURLToPath(new URL('../../build/tests/scratch', import.meta.url));

export class EditableStore {
  #pristine;
  #values;
  /** @type {Map<string, unknown>} what to throw instead of answering */ failures = new Map();
  /** @type {Map<string, unknown>} what to answer with, whatever it is */ answers = new Map();
  /** @type {Map<string, string[]>} listings in place of the true ones */ listings = new Map();
  /** @type {string[]} keys asked for */ gets = [];
  /** @type {string[]} folders asked for */ lists = [];
  /** @type {((key: string) => Promise<void>) | undefined} awaited before each answer */ delay;

  /** @param {Map<string, Uint8Array>} content  borrowed */
  constructor(content) {
    this.#pristine = content;
    this.#values = new Map(content);
  }

  /**
   * A directory store's keys and values.
   * @param {string} folder
   * @param {(key: string) => boolean} [wanted]
   */
  static read(folder, wanted = () => true) {
    return new Map(filesBelow(folder).filter(wanted)
      .map((key) => [key, new Uint8Array(readFileSync(path.join(folder, key)))]));
  }

  /**
   * The same as a new folder on disk, below build/tests; the caller's to remove.
   * @param {string} name
   * @param {Map<string, Uint8Array>} content
   */
  static writeFolder(name, content) {
    const folder = path.join(scratch, `${process.pid}-${name}`);
    for (const [key, value] of content) {
      mkdirSync(path.dirname(path.join(folder, key)), { recursive: true });
      writeFileSync(path.join(folder, key), value);
    }
    return folder;
  }

  /** @param {string} key @param {Uint8Array | undefined} value  undefined: absent */
  replace(key, value) {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  /** @param {string} key */
  restore(key) {
    this.replace(key, this.#pristine.get(key));
  }

  /** @param {string} key @returns {Promise<any>} */
  async get(key) {
    this.gets.push(key);
    await this.delay?.(key);
    if (this.failures.has(key)) throw this.failures.get(key);
    if (this.answers.has(key)) return this.answers.get(key);
    return this.#values.get(key)?.slice();
  }

  /** @param {string} folder */
  async list(folder) {
    this.lists.push(folder);
    await this.delay?.(folder);
    const known = this.listings.get(folder);
    if (known) return known;
    const lead = folder === '' ? 0 : folder.length + 1;
    const names = new Set();
    for (const key of this.#values.keys()) {
      if (lead > 0 && !key.startsWith(`${folder}/`)) continue;
      const slash = key.indexOf('/', lead);
      names.add(slash < 0 ? key.slice(lead) : key.slice(lead, slash + 1));
    }
    return [...names].sort();
  }
}
