// SPDX-License-Identifier: MIT
// One file on a web server as a byte source, by range requests. The first request takes the
// file's end, since that is where an archive's directory is, and tells the size besides.

import { BoresError } from '../core/errors.js';
import { assertInside } from './byte-source.js';
import { HttpClient } from './http-client.js';
import { httpError } from './http-response.js';

/** @import { ByteSource } from './byte-source.js' */
/** @import { HttpOptions } from './http-client.js' */
/** @import { ReadOptions } from './storage.js' */

/** @implements {ByteSource} */
export class HttpSource {
  #client;
  #url;
  #end;

  /**
   * @param {HttpClient} client
   * @param {string} url
   * @param {string} location  the URL as messages show it
   * @param {number} size
   * @param {{ start: number, bytes: Uint8Array }} end  of the file, read already
   */
  constructor(client, url, location, size, end) {
    this.location = location;
    this.size = size;
    this.#client = client;
    this.#url = url;
    this.#end = end;
  }

  /**
   * @param {string | URL} url
   * @param {HttpOptions & ReadOptions & { tail?: number }} [options]  `tail`: bytes to begin with
   * @throws {BoresError} ERR_NOT_FOUND, ERR_HTTP
   */
  static async open(url, { signal, tail = 128 * 1024, ...options } = {}) {
    const { href, origin, pathname } = new URL(url);
    const location = `${origin}${pathname}`;
    const client = new HttpClient(options);
    const reply = await client.get(href, location, { range: { suffixLength: tail }, signal });
    if (reply === undefined) {
      throw new BoresError('ERR_NOT_FOUND', `there is nothing at ${location}`);
    }
    const { bytes, start, total, whole } = reply;
    if (total === undefined) throw httpError(location, 'its length is missing');
    const end = whole ? { start: 0, bytes: whole } : { start, bytes };
    return new HttpSource(client, href, location, total, end);
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {ReadOptions} [options]
   */
  async read(offset, length, options) {
    options?.signal?.throwIfAborted();
    assertInside(this, offset, length);
    if (offset >= this.#end.start) {
      const start = offset - this.#end.start;
      return this.#end.bytes.subarray(start, start + length);
    }
    if (length === 0) return new Uint8Array(0);
    const request = { range: { offset, length }, signal: options?.signal };
    const reply = await this.#client.get(this.#url, this.location, request);
    if (reply?.bytes.length === length && reply.total === this.size) return reply.bytes;
    throw httpError(this.location, `it had ${this.size} bytes, has ${reply?.total} now; ` +
      `${length} at ${offset} were asked for, ${reply?.bytes.length} came`);
  }

  async close() {
    this.#end = { start: this.size, bytes: new Uint8Array(0) };
  }
}
