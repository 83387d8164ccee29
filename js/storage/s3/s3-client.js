// SPDX-License-Identifier: MIT
// Requests to a bucket: signed, tried again when their failure may pass, and refused in the server's own
// words. A write says on which condition it is meant; what had no answer may have happened all the same,
// which is why each looks what is there before it says that it was refused.
// Source: Amazon S3 API reference (GetObject, PutObject, CopyObject, DeleteObject, ListObjectsV2; error codes).

import { BoresError } from '../../core/errors.js';
import { corsHint } from '../http/http-url.js';
import { sleep, Slots } from '../../core/waiting.js';
import { encodeStrictly, objectUrl } from './s3-bucket.js';
import { Signer } from './s3-signer.js';
import { listPage, textOf } from './s3-xml.js';

/**
 * @import { HttpOptions } from '../http/http-client.js'
 * @import { Bucket } from './s3-bucket.js'
 * @import { ListPage } from './s3-xml.js'
 *
 * @typedef {{ ifMatch?: string, ifAbsent?: boolean, signal?: AbortSignal }} PutOptions
 * @typedef {{ bytes: Uint8Array, etag: string, modified: number | undefined,
 *   now: number | undefined }} Got  modified, now: by the
 *   server's clock, in ms; undefined where a page may not see that
 * @typedef {{ method: string, url: string, headers?: Record<string, string>, body?: Uint8Array, signal?: AbortSignal,
 *   key: string }} Request
 */

const MAX_DELAY_MS = 10_000;
/** One request has no more. */
const MAX_OBJECT = 5 * 2 ** 30;
/** What a body may take beside the time without an answer: 50 kB/s. */
const BYTES_PER_MS = 50;
/** Codes that may be other the next time, whatever their status. */
const PASSING = new Set(['ConditionalRequestConflict', 'OperationAborted', 'RequestTimeout', 'SlowDown',
  'InternalError', 'ServiceUnavailable']);

/** What a condition was not met by. */
export class NotMet extends Error {}

export class S3Client {
  #bucket;
  #http;
  #signer;
  #slots;
  #hold;

  /**
   * @param {Bucket} bucket
   * @param {HttpOptions} [http]
   * @param {() => Promise<void>} [hold]  before each request that changes something
   */
  constructor(bucket, http = {}, hold = async () => {}) {
    this.#bucket = bucket;
    this.#hold = hold;
    this.#http = { concurrency: 16, retries: 3, retryDelayMs: 200, idleTimeoutMs: 30_000, ...http };
    this.#signer = new Signer(bucket);
    this.#slots = new Slots(this.#http.concurrency);
  }

  /**
   * The same for who writes only while `hold` lets.
   * @param {() => Promise<void>} hold
   */
  heldBy(hold) {
    return new S3Client(this.#bucket, this.#http, hold);
  }

  /** Whether it can write at all. */
  get signs() {
    return this.#signer.signs;
  }

  /**
   * fetch() for those that read by ranges (js/storage/http): what is refused is an error in the server's words.
   * @type {typeof fetch}
   */
  fetch = async (input, init = {}) => {
    const url = String(input).replace(/[!'()*]/g, encodeStrictly);
    const headers = Object.fromEntries(new Headers(init.headers));
    for (let attempt = 0; ; attempt += 1) {
      const signed = await this.#signer.headers('GET', url, headers);
      const response = await this.#ask(url, { ...init, headers: signed, cache: 'no-store' });
      const { status } = response;
      if (status < 400 || status >= 500 || [408, 412, 416, 425, 429].includes(status)) return response;
      const answer = await this.#refusal(response);
      if (status === 404 && answer.code !== 'NoSuchBucket') return new Response(null, { status });
      if (answer.isClock && attempt === 0) continue;
      throw this.#error(url.slice(this.#bucket.bucketUrl.length + 1), 'read', answer);
    }
  };

  /**
   * @param {string} key
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<Got | undefined>}
   */
  async get(key, { signal } = {}) {
    const response = await this.#send({ method: 'GET', url: this.#urlOf(key), key, signal }, [404]);
    if (response.status === 404) return undefined;
    const { headers } = response;
    const timeOf = (/** @type {string} */ name) => {
      const time = Date.parse(headers.get(name) ?? '');
      return Number.isNaN(time) ? undefined : time;
    };
    return { bytes: response.content, etag: this.#etagOf(response, key),
      modified: timeOf('last-modified'), now: timeOf('date') };
  }

  /**
   * @param {string} key
   * @param {Uint8Array} bytes
   * @param {PutOptions} [options]
   * @returns {Promise<string>}  its etag
   * @throws {NotMet} when the condition is not met
   */
  async put(key, bytes, { ifMatch, ifAbsent, signal } = {}) {
    if (bytes.length > MAX_OBJECT) {
      throw new BoresError('ERR_LIMIT', `'${key}' has ${bytes.length} bytes, a bucket takes ${MAX_OBJECT} at once`,
        { key, needed: bytes.length, limit: MAX_OBJECT });
    }
    /** @type {Record<string, string>} */
    const condition = ifMatch !== undefined ? { 'If-Match': ifMatch } : ifAbsent ? { 'If-None-Match': '*' } : {};
    const headers = { ...condition, 'Content-Type': 'application/octet-stream' };
    const response = await this.#send({ method: 'PUT', url: this.#urlOf(key), key, headers, body: bytes, signal },
      [404, 412]);
    if (response.ok) return this.#etagOf(response, key);
    // An answer may have been lost, and the condition be unmet by what we wrote ourselves.
    const found = response.tries > 1 ? await this.get(key, { signal }) : undefined;
    if (found && sameBytes(found.bytes, bytes)) return found.etag;
    throw new NotMet(`'${key}' is not what it was`);
  }

  /**
   * What is absent is deleted already.
   * @param {string} key
   */
  async delete(key) {
    await this.#send({ method: 'DELETE', url: this.#urlOf(key), key }, [404]);
  }

  /**
   * On the server.
   * @param {string} from
   * @param {string} to
   */
  async copy(from, to) {
    const { bucketUrl, location, prefix } = this.#bucket;
    const name = /^s3:\/\/([^/]+)/.exec(location)?.[1] ?? bucketUrl;
    const source = [name, ...`${prefix}${from}`.split('/')].map(encodeStrictly).join('/');
    const response = await this.#send({ method: 'PUT', url: this.#urlOf(to), key: to,
      headers: { 'X-Amz-Copy-Source': `/${source}` } });
    const text = textIn(response.content); // an error may come after the status, which is then 200
    if (!/<CopyObjectResult[\s>]/.test(text)) {
      throw new BoresError('ERR_STORAGE', `'${to}' in ${location} could not be copied: ${textOf(text, 'Code') ?? text}`,
        { key: to });
    }
  }

  /**
   * Objects and folders, page by page.
   * @param {string} folder  '' or with a '/' at its end
   * @param {{ deep?: boolean, signal?: AbortSignal }} [options]  deep: all that is below, and no folders
   * @returns {AsyncGenerator<ListPage>}  keys without the prefix
   */
  async* list(folder, { deep = false, signal } = {}) {
    const { bucketUrl, prefix } = this.#bucket;
    /** @type {string | undefined} */ let next;
    do {
      const query = { 'list-type': '2', 'encoding-type': 'url', prefix: prefix + folder,
        ...(!deep && { delimiter: '/' }), ...(next !== undefined && { 'continuation-token': next }) };
      const text = Object.entries(query).map(([name, value]) => `${name}=${encodeStrictly(value)}`).sort().join('&');
      const response = await this.#send({ method: 'GET', url: `${bucketUrl}/?${text}`, key: folder, signal });
      const page = listPage(textIn(response.content));
      if (!page || (page.isCut && (page.next === undefined || page.next === next))) {
        throw new BoresError('ERR_STORAGE', `${this.#bucket.location}: the list of '${folder}' `
          + (page ? 'is cut, and does not say where it goes on' : 'is no ListBucketResult'));
      }
      const cut = (/** @type {string} */ name) => name.slice(prefix.length);
      yield { ...page, folders: page.folders.map(cut),
        objects: page.objects.map((one) => ({ ...one, key: cut(one.key) })) };
      ({ next } = page);
    } while (next !== undefined);
  }

  /** @param {string} key */
  #urlOf(key) {
    return objectUrl(this.#bucket, this.#bucket.prefix + key);
  }

  /**
   * @param {Response} response
   * @param {string} key
   */
  #etagOf(response, key) {
    const etag = response.headers.get('etag');
    if (etag !== null) return etag;
    throw new BoresError('ERR_STORAGE', `'${key}' in ${this.#bucket.location}: the answer has no ETag`
      + `${response.type === 'cors' ? ' that a page may see: the bucket must name it in its CORS rule '
        + '(ExposeHeaders: ETag)' : ''}`, { key });
  }

  /**
   * @param {Request} request
   * @param {number[]} [expected]  statuses that are an answer, too
   * @returns {Promise<Response & { tries: number, content: Uint8Array }>}
   */
  #send(request, expected = []) {
    const { retries, retryDelayMs } = this.#http;
    // Many wait for a place: each listens to a signal of its own, since Node warns of many listeners to one.
    const waits = request.signal && AbortSignal.any([request.signal]);
    return this.#slots.use(async () => {
      let hasClock = false;
      for (let tries = 1; ; tries += 1) {
        const { response, content, failure, answer } = await this.#attempt(request, expected);
        if (response) return Object.assign(response, { tries, content });
        request.signal?.throwIfAborted();
        if (answer?.isClock && !hasClock) { // it costs no try
          hasClock = true;
          continue;
        }
        if (tries > retries || (answer && !answer.passes)) {
          throw failure ?? this.#error(request.key, request.method === 'GET' ? 'read' : 'written',
            /** @type {NonNullable<typeof answer>} */ (answer));
        }
        const backoff = retryDelayMs * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
        await sleep(Math.min(MAX_DELAY_MS, Math.max(backoff, answer?.afterMs ?? 0)), request.signal);
      }
    }, waits);
  }

  /**
   * @param {Request} request
   * @param {number[]} expected
   */
  async #attempt({ method, url, headers = {}, body, signal, key }, expected) {
    const { idleTimeoutMs } = this.#http;
    const limit = Math.ceil(idleTimeoutMs + (body?.length ?? 0) / BYTES_PER_MS);
    const timeout = AbortSignal.timeout(limit);
    try {
      if (method !== 'GET') await this.#hold();
      // What decides is never a cache's: without a word of the server's a browser takes an old object for fresh.
      const signed = await this.#signer.headers(method, url, headers, body);
      const response = await this.#ask(url, { method, cache: 'no-store', headers: signed,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body && { body: /** @type {Uint8Array<ArrayBuffer>} */ (body) }) });
      const isAnswer = response.ok || (expected.includes(response.status) && response.status !== 404);
      if (isAnswer) return { response, content: new Uint8Array(await response.arrayBuffer()) };
      const answer = await this.#refusal(response);
      const isAbsent = expected.includes(404) && response.status === 404 && answer.code !== 'NoSuchBucket';
      if (isAbsent) return { response, content: new Uint8Array(0) };
      return { answer };
    } catch (cause) {
      if (cause instanceof BoresError) return { failure: cause, answer: { passes: false, isClock: false, afterMs: 0 } };
      const { message, cause: below } = /** @type {Error} */ (cause);
      const why = timeout.aborted ? `no answer in ${Math.round(limit)} ms`
        : `${message}${below instanceof Error ? ` (${below.message})` : ''}${corsHint(url)}`;
      return { failure: new BoresError('ERR_HTTP', `'${key}' in ${this.#bucket.location}: ${method} failed: ${why}`,
        { key, cause }) };
    }
  }

  /** @param {string} url @param {RequestInit} init */
  #ask(url, init) {
    const { fetch: ask = globalThis.fetch, credentials } = this.#http;
    return ask(url, { ...init, ...(credentials && { credentials }) });
  }

  /**
   * What a refusal says, and whether another try may have an answer.
   * @param {Response} response
   */
  async #refusal(response) {
    const { status, headers } = response;
    const xml = await response.text().catch(() => '');
    const code = textOf(xml, 'Code'), message = textOf(xml, 'Message');
    const isClock = code === 'RequestTimeTooSkewed'
      && this.#signer.setClock(textOf(xml, 'ServerTime') ?? headers.get('date'));
    const seconds = Number(headers.get('retry-after') ?? 0);
    return { status, code, message, isClock, afterMs: Number.isFinite(seconds) ? seconds * 1000 : 0,
      passes: (status >= 500 && status !== 501) || status === 408 || status === 429 || PASSING.has(code ?? '') };
  }

  /**
   * @param {string} key
   * @param {'read' | 'written'} what
   * @param {{ status?: number, code?: string, message?: string }} answer
   */
  #error(key, what, { status, code, message }) {
    const kind = status === 403 || status === 401 ? 'ERR_PERMISSION' : code === 'NoSuchBucket' ? 'ERR_NOT_FOUND'
      : status === 501 || code === 'NotImplemented' ? 'ERR_UNSUPPORTED' : 'ERR_HTTP';
    const error = new BoresError(kind, `'${key}' in ${this.#bucket.location} cannot be ${what}: the server answers `
      + `${status}${code === undefined ? '' : ` ${code}`}${message === undefined ? '' : ` (${message})`}`, { key });
    error.status = status;
    return error;
  }
}

/** @param {Uint8Array} bytes */
const textIn = (bytes) => new TextDecoder().decode(bytes);

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
