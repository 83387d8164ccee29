// SPDX-License-Identifier: MIT
// Requests that carry their sender's signature (AWS Signature Version 4), by aws4fetch, which is loaded with
// the first one. The clock is the server's: what it says of ours is kept.

import { BoresError } from '../../core/errors.js';

/** @import { Bucket } from './s3-bucket.js' */
/** @typedef {typeof import('aws4fetch')} Library */

/** Where a page without a bundler finds it, from here: beside this package, and in a clone of it. */
const PLACES = ['../../../../aws4fetch', '../../../node_modules/aws4fetch'];
/** Of nothing. */
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** @type {Promise<Library> | undefined} */
let loading;

/** @returns {Promise<Library>} */
function loadLibrary() {
  loading ??= import('aws4fetch').catch(async (cause) => {
    for (const place of PLACES) {
      const url = new URL(`${place}/dist/aws4fetch.esm.js`, import.meta.url).href;
      const library = await import(/* webpackIgnore: true */ /* @vite-ignore */ url).catch(() => undefined);
      if (library) return library;
    }
    loading = undefined;
    throw new BoresError('ERR_UNSUPPORTED', "requests to a bucket are signed by the package 'aws4fetch', which could "
      + "not be loaded: serve it beside this one's folder, or bundle the page", { cause });
  });
  return loading;
}

export class Signer {
  #options;
  /** How much the server's clock is ahead of ours. */
  #aheadMs = 0;
  /** Keys that were derived: one a day. @type {Map<string, ArrayBuffer>} */ #derived = new Map();

  /** @param {Bucket} bucket */
  constructor({ options }) {
    this.#options = options;
  }

  /** Whether there is a key to sign with. */
  get signs() {
    return this.#options.accessKeyId !== undefined;
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {Record<string, string>} headers
   * @param {Uint8Array} [body]
   * @returns {Promise<Headers>}  the same, signed
   */
  async headers(method, url, headers, body) {
    const { accessKeyId, secretAccessKey, sessionToken, region } = this.#options;
    if (accessKeyId === undefined || secretAccessKey === undefined) return new Headers(headers);
    if (globalThis.crypto?.subtle === undefined) {
      throw new BoresError('ERR_UNSUPPORTED', 'requests to a bucket are signed, which a page may only where it has '
        + 'come over https or from this machine');
    }
    const { AwsV4Signer } = await loadLibrary();
    const signer = new AwsV4Signer({ method, url, accessKeyId, secretAccessKey, region, service: 's3',
      ...(sessionToken !== undefined && { sessionToken }), cache: this.#derived, datetime: this.#now(),
      headers: { ...headers, 'X-Amz-Content-Sha256': body ? await hashOf(body) : EMPTY_HASH } });
    return (await signer.sign()).headers;
  }

  #now() {
    return new Date(Date.now() + this.#aheadMs).toISOString().replace(/[:-]|\.\d{3}/g, '');
  }

  /**
   * The server has refused a signature as too old or too new.
   * @param {string | null | undefined} time  what it says is now
   * @returns {boolean}  whether the next one will be another
   */
  setClock(time) {
    const ahead = Date.parse(time ?? '') - Date.now();
    if (!Number.isFinite(ahead) || Math.abs(ahead - this.#aheadMs) < 1000) return false;
    this.#aheadMs = ahead;
    return true;
  }
}

/** @param {Uint8Array} bytes */
async function hashOf(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {Uint8Array<ArrayBuffer>} */ (bytes)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
