// SPDX-License-Identifier: MIT
// A folder on a web server, a URL per key; read-only, and nothing can be listed. A storage sees one
// version: a value that changes between two reads is an error, until `refresh()`.

import { HttpClient } from './http-client.js';
import { joinUrl, splitUrl } from './http-url.js';
import { checkKey, checkRange } from '../base/keys.js';
import { StorageBase } from '../base/storage.js';

/** @import { ByteRange, ReadOptions, Storage } from '../base/storage.js' */
/** @import { HttpOptions } from './http-client.js' */

/** @implements {Storage} */
export class HttpStorage extends StorageBase {
  #client;
  #before;
  #after;

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
    const url = this.urlOf(key, options);
    return (await this.#client.get(url, key, { signal: options?.signal }))?.bytes;
  }

  /**
   * @param {string} key
   * @param {ByteRange} range
   * @param {ReadOptions} [options]
   */
  async getRange(key, range, options) {
    const url = this.urlOf(key, options);
    checkRange(range);
    const empty = ('suffixLength' in range ? range.suffixLength : range.length) === 0;
    // HTTP has no empty range; one byte tells whether the key is there.
    const asked = empty ? { offset: 0, length: 1 } : range;
    const reply = await this.#client.get(url, key, { range: asked, signal: options?.signal });
    return empty && reply ? new Uint8Array(0) : reply?.bytes;
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
