// SPDX-License-Identifier: MIT
// One file on a web server as a byte source, by range requests. The first request tells the size, and
// takes the file's end besides, since that is where an archive's directory is, or its beginning.

import { BoresError } from '../../core/errors.js';
import { assertInside } from '../base/byte-source.js';
import { HttpClient } from './http-client.js';
import { httpError } from './http-response.js';

/** @import { ByteSource } from '../base/byte-source.js' */
/** @import { HttpOptions } from './http-client.js' */
/** @import { ReadOptions } from '../base/storage.js' */

/** @implements {ByteSource} */
export class HttpSource {
  #client;
  #url;
  #known;

  /**
   * @param {HttpClient} client
   * @param {string} url
   * @param {string} location  the URL as messages show it
   * @param {number} size
   * @param {{ start: number, bytes: Uint8Array }} known  a part of the file, read already
   * @param {string} [version]  what tells it from another version
   */
  constructor(client, url, location, size, known, version) {
    this.location = location;
    this.size = size;
    this.#client = client;
    this.#url = url;
    this.#known = known;
    this.version = version;
    this.tag = version;
  }

  /**
   * @param {string | URL} url
   * @param {HttpOptions & ReadOptions & { tail?: number, head?: number }} [options]  `tail`: bytes of the end to begin
   *   with, `head`: of the beginning instead
   * @throws {BoresError} ERR_NOT_FOUND, ERR_HTTP
   */
  static async open(url, { signal, tail = 128 * 1024, head, ...options } = {}) {
    const { href, origin, pathname } = new URL(url);
    const location = `${origin}${pathname}`;
    const client = new HttpClient(options);
    const range = head === undefined ? { suffixLength: tail } : { offset: 0, length: head };
    const reply = await client.get(href, location, { range, signal });
    if (reply === undefined) {
      throw new BoresError('ERR_NOT_FOUND', `there is nothing at ${location}`);
    }
    const { bytes, start, total, whole, version } = reply;
    if (total === undefined) throw httpError(location, 'its length is missing');
    const known = whole ? { start: 0, bytes: whole } : { start, bytes };
    return new HttpSource(client, href, location, total, known, version);
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {ReadOptions} [options]
   */
  async read(offset, length, options) {
    options?.signal?.throwIfAborted();
    assertInside(this, offset, length);
    const known = this.known(offset, length);
    if (known) return known;
    const request = { range: { offset, length }, signal: options?.signal };
    const reply = await this.#client.get(this.#url, this.location, request);
    if (reply?.bytes.length === length && reply.total === this.size) return reply.bytes;
    throw httpError(this.location, `it had ${this.size} bytes, has ${reply?.total} now; ` +
      `${length} at ${offset} were asked for, ${reply?.bytes.length} came`);
  }

  /**
   * What was read when it was opened; all of it where the server knows no ranges.
   * @param {number} offset
   * @param {number} length
   * @returns {Uint8Array | undefined}
   */
  known(offset, length) {
    const { start, bytes } = this.#known;
    const from = offset - start;
    if (length === 0) return new Uint8Array(0);
    return from >= 0 && from + length <= bytes.length ? bytes.subarray(from, from + length) : undefined;
  }

  async close() {
    this.#known = { start: this.size, bytes: new Uint8Array(0) };
  }
}
