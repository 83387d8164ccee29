// SPDX-License-Identifier: MIT
// A file on a web server as a place: only what is needed is fetched, by ranges; all of it, once, from a
// server that knows none. In a page's worker requests are synchronous, elsewhere the reader starts
// again when what it wanted has come.

import { BoresError } from '../../core/errors.js';
import { takeCredentials } from '../../core/secrets.js';
import { assertOpen } from '../file/file-place.js';
import { HttpSource } from './http-source.js';
import { PagedFile } from '../file/paged-file.js';
import { XhrSource, hasSyncRequests } from './xhr-source.js';

/** @import { FilePlace, Snapshot } from '../file/file-place.js' */
/** @import { HttpOptions } from './http-client.js' */
/** @import { ReadOptions } from '../base/storage.js' */

/** Of the file's beginning, with the first request. */
const HEAD_BYTES = 16 * 1024;
/** Of a file that comes as a whole. */
const MAX_FULL_BYTES = 2 ** 30;

/** @implements {FilePlace} */
export class HttpFilePlace {
  kind = 'http';
  closed = false;
  #url;
  #options;
  #source;
  #file;

  /**
   * @param {string} url
   * @param {HttpOptions} options
   * @param {HttpSource} source
   */
  constructor(url, options, source) {
    this.location = source.location;
    this.#url = url;
    this.#options = options;
    this.#source = source;
    this.#file = this.#open(source);
  }

  /**
   * @param {string} address
   * @param {{ http?: HttpOptions, signal?: AbortSignal }} [options]
   * @throws {BoresError} ERR_NOT_FOUND, ERR_HTTP
   */
  static async open(address, { http = {}, signal } = {}) {
    if (!URL.canParse(address)) throw new BoresError('ERR_ARGUMENT', `'${address}' is not a URL`);
    const { url: { href: url }, headers } = takeCredentials(new URL(address));
    const options = { maxFullBytes: MAX_FULL_BYTES, ...http, headers: { ...headers, ...http.headers } };
    return new HttpFilePlace(url, options, await HttpSource.open(url, { ...options, head: HEAD_BYTES, signal }));
  }

  /**
   * @param {ReadOptions} [options]
   * @returns {Promise<Snapshot>}
   */
  async snapshot(options) {
    assertOpen(this, options);
    return { file: this.#file, version: versionOf(this.#source), close: () => {} };
  }

  /** @param {ReadOptions & { refresh?: boolean }} [options] */
  async version({ refresh = false, signal } = {}) {
    assertOpen(this, { signal });
    if (refresh) await this.#refresh(signal);
    return versionOf(this.#source);
  }

  async usage() {
    return { bytes: this.#source.size, keys: 1 };
  }

  async close() {
    if (this.closed) return;
    this.closed = true;
    await this.#source.close();
  }

  /**
   * Another version on the server takes the place of the one that was read so far.
   * @param {AbortSignal} [signal]
   */
  async #refresh(signal) {
    const { size } = this.#source;
    if (size > HEAD_BYTES && this.#source.known(0, size)) return; // it came as a whole: not once more
    const now = await HttpSource.open(this.#url, { ...this.#options, head: HEAD_BYTES, signal });
    if (versionOf(now) === versionOf(this.#source)) {
      await now.close();
      return;
    }
    this.#source = now;
    this.#file = this.#open(now);
  }

  /** @param {HttpSource} source */
  #open(source) {
    return new PagedFile(hasSyncRequests() && !this.#options.fetch
      ? new XhrSource(source, this.#url, this.#options) : source);
  }
}

/** @param {HttpSource} source */
function versionOf({ size, version }) {
  return `${size}:${version ?? ''}`;
}
