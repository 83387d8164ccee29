// SPDX-License-Identifier: MIT
// GET requests that may be trusted: bounded in number, size and idle time, tried again when the
// failure may pass, and strict about what came back (`http-response.js`).

import { BoresError } from '../../core/errors.js';
import {
  askedRange, beyondEnd, changed, checkContentRange, declaredLength, encodingOf, httpError, isWebPage,
  packedLength, readBody, versionOf,
} from './http-response.js';
import { corsHint, isForeign, shown } from './http-url.js';
import { clipRange } from '../base/keys.js';
import { Slots, sleep } from '../../core/waiting.js';

/** @import { ByteRange } from '../base/storage.js' */

/**
 * @typedef {object} HttpOptions
 * @property {Record<string, string>} [headers]      sent with every request
 * @property {RequestCredentials} [credentials]      as for fetch()
 * @property {number} [concurrency]    requests at once, 16
 * @property {number[]} [absent]       statuses beside 404 and 410 that mean a key is not there:
 *                                     [403] for a bucket that may not be listed
 * @property {number} [retries]        after the first try, 3
 * @property {number} [retryDelayMs]   before the first retry, doubled each time, 200
 * @property {number} [idleTimeoutMs]  without any byte, 30,000
 * @property {number} [maxBytes]       of one body, 1 GiB
 * @property {number} [maxFullBytes]   of a body that is the whole instead of a range, 16 MiB; of an
 *                                     HDF5 file 1 GiB
 * @property {(progress: { done: number, total?: number }) => void} [onProgress]  while such a body comes
 * @property {typeof fetch} [fetch]    another implementation, e.g. one that signs requests
 *
 * @typedef {HttpOptions & { onReceived?: (bytes: number) => void }} CountedOptions  bytes of bodies, as they come
 */

/**
 * @typedef {object} HttpReply
 * @property {Uint8Array} bytes  the caller's own
 * @property {number} start      where in the whole they begin
 * @property {number | undefined} total  length of the whole
 * @property {Uint8Array} [whole]  all of it, where the server sent that instead of a range
 * @property {string} [version]    what tells it from another version, where the server says it
 */

const MAX_DELAY_MS = 10_000;

/** What may be better the next time. */
class TransientError extends Error {
  /**
   * @param {BoresError} error  what the caller gets in the end
   * @param {{ afterMs?: number, isRangeless?: boolean }} [options]  afterMs: the server's own wish;
   *   isRangeless: without a range the answer may be better
   */
  constructor(error, { afterMs = 0, isRangeless = false } = {}) {
    super(error.message);
    this.error = error;
    this.afterMs = afterMs;
    this.isRangeless = isRangeless;
  }
}

export class HttpClient {
  #options;
  #slots;
  #suffixes = true; // as far as is known
  /** @type {Map<string, string>} key -> the version first seen */
  #versions = new Map();
  /** Keys whose server has sent a range, and those that come as a whole only. @type {Map<string, boolean>} */
  #ranges = new Map();

  /** @param {CountedOptions} [options] */
  constructor(options = {}) {
    this.#options = {
      headers: {}, absent: /** @type {number[]} */ ([]),
      concurrency: 16, retries: 3, retryDelayMs: 200, idleTimeoutMs: 30_000,
      maxBytes: 2 ** 30, maxFullBytes: 2 ** 24, ...options,
    };
    this.#slots = new Slots(this.#options.concurrency);
  }

  /** For a question of another kind: as every request is sent. */
  get how() {
    const { fetch: ask = globalThis.fetch, headers, credentials } = this.#options;
    return { ask, headers, credentials };
  }

  /** Whether there was something at a key. @param {string} key */
  knows(key) {
    return this.#versions.has(key);
  }

  /** Lets the next answers be newer than what has been read so far. */
  forgetVersions() {
    this.#versions.clear();
  }

  /**
   * @param {string} url
   * @param {string} key  what messages call it
   * @param {{ range?: ByteRange, signal?: AbortSignal }} [request]  a range of at least one byte
   * @returns {Promise<HttpReply | undefined>}  `undefined` when it is not there
   */
  async get(url, key, { range, signal } = {}) {
    if (range === undefined || 'offset' in range) return this.#getPart(url, key, range, signal);
    if (!this.#suffixes || isForeign(url)) return this.#getEnd(url, key, range, signal);
    try {
      return await this.#retry(url, key, range, signal);
    } catch (error) {
      if (!(error instanceof BoresError) || error.code !== 'ERR_HTTP') throw error;
      const end = await this.#getEnd(url, key, range, signal).catch(() => undefined);
      if (end === undefined) throw error;
      this.#suffixes = false; // it has other ranges
      return end;
    }
  }

  /**
   * The first byte is asked for with the second (`askedRange`) and comes without it.
   *
   * @param {string} url
   * @param {string} key
   * @param {{ offset: number, length: number } | undefined} range
   * @param {AbortSignal | undefined} signal
   */
  async #getPart(url, key, range, signal) {
    const reply = await this.#retry(url, key, range && askedRange(range), signal);
    if (range === undefined || reply === undefined) return reply;
    return { ...reply, bytes: reply.bytes.subarray(0, range.length) };
  }

  /**
   * The last bytes without a suffix range, which some servers lack: the length of the whole first.
   *
   * @param {string} url
   * @param {string} key
   * @param {{ suffixLength: number }} range
   * @param {AbortSignal | undefined} signal
   */
  async #getEnd(url, key, { suffixLength }, signal) {
    const first = await this.#getPart(url, key, { offset: 0, length: 1 }, signal);
    if (first === undefined || first.total === 0) return first;
    const { total, whole } = first;
    if (total === undefined) throw httpError(key, 'its length is missing');
    const start = Math.max(0, total - suffixLength);
    if (whole) return { bytes: whole.slice(start), start, total, whole };
    return this.#getPart(url, key, { offset: start, length: total - start }, signal);
  }

  /**
   * @param {string} url
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {AbortSignal | undefined} signal
   */
  #retry(url, key, range, signal) {
    return this.#slots.use(async () => {
      const isWhole = range !== undefined && this.#ranges.get(key) === false;
      for (let attempt = 0; ; attempt += 1) {
        try {
          // What is tried again must not come out of the browser's cache.
          return await this.#attempt(url, key, { range, signal, isWhole, cache: attempt > 0 ? 'reload' : 'default' });
        } catch (error) {
          if (signal?.aborted) throw signal.reason;
          if (!(error instanceof TransientError)) throw error;
          if (attempt >= this.#options.retries) {
            if (range === undefined || !error.isRangeless || this.#ranges.has(key)) throw error.error;
            return this.#getWhole(url, key, range, signal, error.error);
          }
          const backoff = this.#options.retryDelayMs * 2 ** attempt * (0.5 + Math.random() / 2);
          await sleep(Math.min(MAX_DELAY_MS, Math.max(backoff, error.afterMs)), signal);
        }
      }
    }, signal);
  }

  /**
   * All of it instead of a range: of what a server keeps compressed it has no ranges, and what it sends in
   * their stead Chromium does not even show ("Failed to fetch").
   *
   * @param {string} url
   * @param {string} key
   * @param {ByteRange} range
   * @param {AbortSignal | undefined} signal
   * @param {BoresError} refused  what became of the range
   */
  async #getWhole(url, key, range, signal, refused) {
    try {
      const reply = await this.#attempt(url, key, { range, signal, isWhole: true, cache: 'reload' });
      this.#ranges.set(key, false);
      return reply;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof TransientError ? refused : error;
    }
  }

  /**
   * @param {string} url
   * @param {string} key
   * @param {{ range?: ByteRange, signal?: AbortSignal, isWhole: boolean, cache: RequestCache }} request
   *   isWhole: the range is cut out of the whole here
   */
  async #attempt(url, key, { range, signal, isWhole, cache }) {
    const controller = new AbortController();
    const stop = () => controller.abort(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    const { idleTimeoutMs } = this.#options;
    const idle = httpError(key, `no byte for ${idleTimeoutMs} ms from ${shown(url)}`);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const restartTimer = () => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(idle), idleTimeoutMs);
    };
    try {
      restartTimer();
      const response = await this.#send(url, isWhole ? undefined : range, controller.signal, cache)
        .catch((error) => { throw unanswered(error, url, key); });
      restartTimer();
      return await this.#receive(response, url, key, range, restartTimer);
    } catch (error) {
      if (controller.signal.reason === idle) throw new TransientError(idle);
      controller.abort(); // ends what is left of the body
      if (error instanceof BoresError || error instanceof TransientError) throw error;
      throw new TransientError(httpError(key, `${shown(url)} failed: ${reasonOf(error)}`, error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /**
   * @param {string} url
   * @param {ByteRange | undefined} range
   * @param {AbortSignal} signal
   * @param {RequestCache} cache
   */
  #send(url, range, signal, cache) {
    const { headers, credentials, fetch = globalThis.fetch } = this.#options;
    const all = range === undefined ? headers : { ...headers, Range: rangeHeader(range) };
    return fetch(url, { headers: all, signal, cache, ...(credentials && { credentials }) });
  }

  /**
   * @param {Response} response
   * @param {string} url
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {() => void} onChunk
   * @returns {Promise<HttpReply | undefined>}
   */
  async #receive(response, url, key, range, onChunk) {
    const { status } = response;
    if (status === 404 || status === 410 || this.#options.absent.includes(status)) {
      await response.body?.cancel();
      if (this.#versions.has(key)) throw changed(key, this.#versions.get(key), `status ${status}`);
      return undefined;
    }
    if (status === 416 && range !== undefined) {
      await response.body?.cancel();
      return beyondEnd(response, key, range);
    }
    if (status !== 200 && status !== 206) throw await refused(response, url, key);
    if (status === 206) this.#assertPlain(response, url, key);
    const version = this.#pin(response, key);
    const part = status === 206 ? partOf(response, key, range) : undefined;
    const bytes = await this.#body(response, url, key, range, part, onChunk);
    if (range && part) {
      this.#ranges.set(key, true);
      return { bytes, start: part.start, total: part.total, version };
    }
    if (isWebPage(response, bytes)) {
      throw httpError(key, `${shown(url)} answers with a web page (text/html), not with data`);
    }
    if (!range) return { bytes, start: 0, total: bytes.length, version };
    const { start, end } = clipRange(bytes.length, range);
    return { bytes: bytes.slice(start, end), start, total: bytes.length, whole: bytes, version };
  }

  /**
   * Ranges of a compressed file are of its compressed bytes.
   * @param {Response} response  206
   * @param {string} url
   * @param {string} key
   */
  #assertPlain(response, url, key) {
    const encoding = encodingOf(response);
    if (encoding === 'identity') return;
    throw new TransientError(httpError(key, `${shown(url)} answers a request for a range with `
      + `Content-Encoding: ${encoding}`), { isRangeless: true });
  }

  /**
   * @param {Response} response
   * @param {string} url
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {{ start: number, end: number } | undefined} part  of a 206
   * @param {() => void} onChunk
   */
  async #body(response, url, key, range, part, onChunk) {
    const ignored = range !== undefined && part === undefined;
    const limit = ignored ? this.#options.maxFullBytes : this.#options.maxBytes;
    const overLimit = (/** @type {number} */ needed) => {
      const encoding = encodingOf(response);
      const packed = encoding === 'identity' ? '' : `in Content-Encoding: ${encoding} `;
      const [code, why] = ignored ? ['ERR_HTTP', `instead of a range ${packed}`] : ['ERR_LIMIT', ''];
      return new BoresError(code, `'${key}': ${why}${shown(url)} sends ${needed} bytes or more, ` +
        `the limit is ${limit}`, { key, needed, limit });
    };
    const declared = declaredLength(response);
    const due = part ? part.end - part.start : declared;
    const packed = packedLength(response); // what comes out of it is more than was sent
    if (packed !== undefined) this.#options.onReceived?.(packed);
    let done = 0;
    const onPart = (/** @type {number} */ length) => {
      onChunk();
      done += length;
      if (packed === undefined) this.#options.onReceived?.(length);
      if (ignored) this.#options.onProgress?.({ done, ...(due !== undefined && { total: due }) });
    };
    const { bytes, cut } = await readBody(response, due, limit, overLimit, onPart);
    if (due === undefined && cut !== undefined) throw cut;
    if (due !== undefined && (bytes.length !== due || (declared ?? due) !== due)) {
      throw new TransientError(httpError(key, `${shown(url)} announced ${declared ?? due} bytes ` +
        `and sent ${bytes.length}`, cut), { isRangeless: part !== undefined });
    }
    return bytes;
  }

  /**
   * @param {Response} response
   * @param {string} key
   */
  #pin(response, key) {
    const version = versionOf(response);
    if (version === undefined) return undefined;
    const known = this.#versions.get(key);
    if (known === undefined) this.#versions.set(key, version);
    else if (known !== version) throw changed(key, known, version);
    return version;
  }
}

/**
 * @param {Response} response  206; Chromium's cache answers so for the whole as well, once it has
 *   seen parts of it
 * @param {string} key
 * @param {ByteRange | undefined} range
 */
function partOf(response, key, range) {
  try {
    return checkContentRange(response, key, range);
  } catch (error) {
    if (range !== undefined) throw error;
    throw new TransientError(/** @type {BoresError} */ (error));
  }
}

/** @param {ByteRange} range */
function rangeHeader(range) {
  if ('suffixLength' in range) return `bytes=-${range.suffixLength}`;
  return `bytes=${range.offset}-${range.offset + range.length - 1}`;
}

/**
 * @param {Response} response
 * @param {string} url
 * @param {string} key
 */
async function refused(response, url, key) {
  await response.body?.cancel();
  const { status } = response;
  const error = httpError(key, `${shown(url)} answers with status ${status}`);
  error.status = status;
  if (status < 500 && ![408, 425, 429].includes(status)) return error;
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return new TransientError(error, { afterMs: Number.isFinite(seconds) ? seconds * 1000 : 0 });
}

/**
 * @param {unknown} error
 * @param {string} url
 * @param {string} key
 */
function unanswered(error, url, key) {
  if (error instanceof BoresError) return error; // of a fetch of one's own, which knows better
  const why = `${shown(url)} failed: ${reasonOf(error)}${corsHint(url)}`;
  return new TransientError(httpError(key, why, error), { isRangeless: true });
}

/** @param {unknown} error */
function reasonOf(error) {
  const { message, cause } = /** @type {Error} */ (error);
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
