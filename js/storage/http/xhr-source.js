// SPDX-License-Identifier: MIT
// One file on a web server, read at once by synchronous requests, which workers of a page have. What
// came is checked as `http-client.js` does.

import { BoresError } from '../../core/errors.js';
import { assertInside } from '../base/byte-source.js';
import { askedRange, changed, checkContentRange, httpError, versionOf } from './http-response.js';
import { corsHint, isForeign, shown } from './http-url.js';

/** @import { ByteSource } from '../base/byte-source.js' */
/** @import { CountedOptions } from './http-client.js' */
/** @import { HttpSource } from './http-source.js' */
/** @import { ReadOptions } from '../base/storage.js' */

const RETRIES = 2;

/** Whether this thread may wait for a request. */
export function hasSyncRequests() {
  return typeof XMLHttpRequest === 'function' && !('document' in globalThis);
}

/** @implements {ByteSource} */
export class XhrSource {
  #source;
  #url;
  #options;

  /**
   * @param {HttpSource} source  of the same file, which knows its size and version; ours to close
   * @param {string} url
   * @param {CountedOptions} options
   */
  constructor(source, url, options) {
    this.location = source.location;
    this.size = source.size;
    this.#source = source;
    this.#url = url;
    this.#options = options;
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @param {ReadOptions} [options]
   */
  read(offset, length, options) {
    return this.#source.read(offset, length, options);
  }

  /**
   * @param {number} offset
   * @param {Uint8Array[]} targets
   */
  readSync(offset, targets) {
    let position = offset;
    for (const target of targets) {
      assertInside(this, position, target.length);
      target.set(this.#source.known(position, target.length) ?? this.#request(position, target.length));
      position += target.length;
    }
  }

  async close() {
    await this.#source.close();
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  #request(offset, length) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return this.#attempt(offset, length);
      } catch (error) {
        const isFinal = error instanceof BoresError && error.needed === undefined;
        if (isFinal || attempt === RETRIES) throw error;
      }
    }
  }

  /**
   * @param {number} offset
   * @param {number} length
   * @returns {Uint8Array}
   * @throws {BoresError} with `needed` what may be better the next time
   */
  #attempt(offset, length) {
    const { headers = {}, credentials } = this.#options;
    const request = new XMLHttpRequest();
    request.open('GET', this.#url, false);
    request.responseType = 'arraybuffer';
    request.withCredentials = credentials === 'include';
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const asked = askedRange({ offset, length });
    request.setRequestHeader('Range', `bytes=${offset}-${offset + asked.length - 1}`);
    const passing = (/** @type {string} */ why, /** @type {unknown} */ cause) =>
      Object.assign(httpError(this.location, `${shown(this.#url)} ${why}`, cause), { needed: length });
    try {
      request.send();
    } catch (cause) {
      throw passing(`failed: ${/** @type {Error} */ (cause).message}${corsHint(this.#url)}`, cause);
    }
    const { status } = request;
    if (status >= 500 || [408, 425, 429].includes(status)) {
      throw passing(`answers with status ${status}`, undefined);
    }
    if (status !== 206) {
      throw httpError(this.location,
        `${shown(this.#url)} answers with status ${status} to a request for a range`);
    }
    const response = /** @type {any} */ ({ status, type: isForeign(this.#url) ? 'cors' : 'basic',
      headers: { get: (/** @type {string} */ name) => request.getResponseHeader(name) } });
    const { total } = checkContentRange(response, this.location, asked);
    const version = versionOf(response);
    if (version !== this.#source.version) throw changed(this.location, this.#source.version, String(version));
    const bytes = new Uint8Array(request.response ?? new ArrayBuffer(0));
    this.#options.onReceived?.(bytes.length);
    if (total !== undefined && total !== this.size) {
      throw changed(this.location, `${this.size} bytes`, `${total} bytes`);
    }
    const due = Math.min(asked.length, this.size - offset);
    if (bytes.length !== due) throw passing(`sent ${bytes.length} of ${due} bytes`, undefined);
    return bytes.subarray(0, length);
  }
}
