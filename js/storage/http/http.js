// SPDX-License-Identifier: MIT
// A folder on a web server, a URL per key; read-only, and nothing can be listed. A storage sees one
// version: a value that changes between two reads is an error, until `refresh()`.
//
// A bucket that may not be listed answers 403 for what is absent, and 403 is also the answer to who has
// no right, or no longer. The two are told apart by a key that can be read: when the server still gives
// it, after the refusal, the refused one is absent.

import { BoresError } from '../../core/errors.js';
import { HttpClient } from './http-client.js';
import { pageAt } from './http-page.js';
import { joinUrl, splitUrl } from './http-url.js';
import { checkKey, checkRange } from '../base/keys.js';
import { StorageBase } from '../base/storage.js';
import { DOCUMENTS } from '../base/zarr-root.js';

/** @import { ByteRange, ReadOptions, Storage } from '../base/storage.js' */
/** @import { HttpOptions } from './http-client.js' */

/** @implements {Storage} */
export class HttpStorage extends StorageBase {
  #client;
  #before;
  #after;
  /** The key that was read last. @type {string | undefined} */ #readable;
  /** The last look at it: what began before that is decided by it. */
  #looked = { began: -1, result: Promise.resolve(false) };

  /**
   * @param {string | URL} url  of the folder; a query (a signature) is kept for every key
   * @param {HttpOptions} [options]
   * @throws {BoresError} ERR_ARGUMENT
   */
  constructor(url, options) {
    const { before, after } = splitUrl(url);
    super('http', before);
    this.#client = new HttpClient(options);
    this.#before = before;
    this.#after = after;
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  async get(key, options) {
    return (await this.#read(key, undefined, options))?.bytes;
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    checkRange(range);
    const empty = ('suffixLength' in range ? range.suffixLength : range.length) === 0;
    // HTTP has no empty range; one byte tells whether the key is there.
    const asked = empty ? { offset: 0, length: 1 } : range;
    const reply = await this.#read(key, asked, options);
    return empty && reply ? new Uint8Array(0) : reply?.bytes;
  }

  /**
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {ReadOptions} [options]
   */
  async #read(key, range, options) {
    const url = this.urlOf(key, options);
    const began = performance.now();
    try {
      const reply = await this.#client.get(url, key, { range, signal: options?.signal });
      if (reply) this.#readable = key;
      return reply;
    } catch (error) {
      const refused = error instanceof BoresError && error.status === 403 && !this.#client.knows(key);
      if (refused && await this.readsOthers(began)) return undefined;
      throw error;
    }
  }

  /**
   * Whether the server gives us what is there, asked after a moment.
   * @param {number} moment  of performance.now()
   */
  readsOthers(moment) {
    if (this.#looked.began <= moment) {
      this.#looked = { began: performance.now(), result: this.#look() };
    }
    return this.#looked.result;
  }

  async #look() {
    const candidates = this.#readable === undefined ? DOCUMENTS : [this.#readable];
    for (const key of candidates) {
      const reply = await this.#client.get(joinUrl(this.#before, key, this.#after), key,
        { range: { offset: 0, length: 2 } }).catch(() => undefined);
      if (!reply) continue;
      this.#readable ??= key;
      return true;
    }
    return false;
  }

  /**
   * What the server shows for a folder: many show a page of links, which formats can make something of.
   * @param {string} folder
   * @param {ReadOptions} [options]
   * @returns {Promise<string | undefined>}  undefined: no page
   */
  async folderPage(folder, options) {
    this.assertReadable(folder, options);
    const url = joinUrl(this.#before, folder === '' ? '' : `${folder}/`, this.#after);
    return pageAt(url, this.#client.how, options?.signal);
  }

  /** Lets the next reads see what the server has now. */
  refresh() {
    this.#client.forgetVersions();
  }

  /**
   * @param {string} key
   * @param {ReadOptions} [options]
   */
  urlOf(key, options) {
    this.assertReadable(key, options);
    checkKey(key);
    return joinUrl(this.#before, key, this.#after);
  }
}
