// SPDX-License-Identifier: MIT
// A folder of a bucket, an object per key: read by ranges, listed, and written as one (s3-writer.js).
//
// Who may read and not list is answered 403 for what is absent, as js/storage/http says, and for lists.
// For the head that is as good as absent: where others can be read it is, and where none can, reading fails.

import { isReserved } from '../base/batch.js';
import { checkFolder, checkKey, checkRange } from '../base/keys.js';
import { RangeStorage } from '../base/storage.js';
import { BoresError } from '../../core/errors.js';
import { HttpFilePlace } from '../http/http-file-place.js';
import { HttpSource } from '../http/http-source.js';
import { HttpStorage } from '../http/http.js';
import { bucketOf, objectUrl } from './s3-bucket.js';
import { S3Client } from './s3-client.js';
import { FOLDER, isDeletedBy, isStagedBy, namesIn, overlayOf, readHead } from './s3-head.js';
import { isAlive } from './s3-lock.js';
import { openS3Writer } from './s3-writer.js';

/**
 * @import { ByteRange, ReadOptions, Recovery, Storage, WriterOptions } from '../base/storage.js'
 * @import { HttpOptions } from '../http/http-client.js'
 * @import { Bucket, S3Options } from './s3-bucket.js'
 * @import { Head } from './s3-head.js'
 * @typedef {{ s3?: S3Options, http?: HttpOptions, signal?: AbortSignal }} OpenS3Options
 */

const LIST_ATTEMPTS = 50; // while a writer commits without a pause

/** @implements {Storage} */
export class S3Storage extends RangeStorage {
  #bucket;
  #client;
  #http;
  /** What a writer said when we last looked. @type {Head | undefined} */ #head;
  /** @type {Promise<void>} */ #looking = Promise.resolve();
  /** A look that has not begun. @type {Promise<void> | undefined} */ #queued;

  /**
   * @param {string} location  's3://BUCKET/PREFIX'
   * @param {OpenS3Options} [options]
   * @throws {BoresError} ERR_ARGUMENT
   */
  constructor(location, { s3, http } = {}) {
    const bucket = bucketOf(location, s3);
    super('s3', bucket.location);
    this.#bucket = bucket;
    this.#client = new S3Client(bucket, http);
    const url = objectUrl(bucket, bucket.prefix).replace(/\/$/, '');
    this.#http = new HttpStorage(url, { ...http, fetch: this.#client.fetch });
  }

  /**
   * @param {string} location
   * @param {OpenS3Options} [options]
   */
  static async open(location, options = {}) {
    const storage = new S3Storage(location, options);
    await storage.refresh(options);
    return storage;
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async list(prefix, options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    if (isReserved(prefix)) return [];
    return this.#ifListed(() => this.#list(prefix, options));
  }

  /**
   * Undefined where nothing may be listed, though it may be read.
   * @template T
   * @param {() => Promise<T>} ask
   */
  async #ifListed(ask) {
    const began = performance.now();
    try {
      return await ask();
    } catch (error) {
      if (isRefusal(error) && await this.#http.readsOthers(began)) return undefined;
      throw error;
    }
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async #list(prefix, options) {
    for (let attempt = 1; attempt <= LIST_ATTEMPTS; attempt += 1) {
      const before = this.#head;
      const names = await this.#names(prefix, before, options);
      await this.#lookAgain(options?.signal); // a commit that came in between may have taken half of them
      if (stateOf(before) === stateOf(this.#head)) return names;
    }
    throw new BoresError('ERR_STORAGE', `'${prefix}' in ${this.location} changes too quickly to be listed`,
      { key: prefix });
  }

  /**
   * @param {string} prefix
   * @param {Head | undefined} head
   * @param {ReadOptions} [options]
   */
  async #names(prefix, head, options) {
    if (isStagedBy(head, prefix)) return [];
    const base = head?.phase === 'replace' ? `${FOLDER}/${head.token}/` : '';
    const start = prefix === '' ? '' : `${prefix}/`;
    /** @type {Set<string>} */ const names = new Set();
    for await (const { objects, folders } of this.#client.list(base + start, options)) {
      for (const key of [...objects.map((one) => one.key), ...folders]) {
        const name = key.slice(base.length + start.length);
        const path = (start + name).replace(/\/$/, '');
        // An empty name is the mark of a folder that some programs make; '' and '..' are no keys of a store's.
        const isHidden = name === '' || /^\.{0,2}\/?$/.test(name) || (prefix === '' && isReserved(name));
        if (!isHidden && !isDeletedBy(head, path)) names.add(name);
      }
    }
    if (head?.phase === 'stage' && prefix === '') for (const name of head.created) names.delete(`${name}/`);
    for (const { key } of (head?.phase === 'commit' && head.puts) || []) {
      if (key.startsWith(start)) names.add(key.slice(start.length).replace(/\/.*/s, '/'));
    }
    return [...names].sort();
  }

  /**
   * @param {string} [prefix]
   * @param {ReadOptions} [options]
   */
  async usage(prefix = '', options) {
    this.assertReadable(prefix, options);
    checkFolder(prefix);
    await this.#lookAgain(options?.signal);
    return this.#ifListed(() => this.#total(prefix, options));
  }

  /**
   * @param {string} prefix
   * @param {ReadOptions} [options]
   */
  async #total(prefix, options) {
    const base = this.#head?.phase === 'replace' ? `${FOLDER}/${this.#head.token}/` : '';
    const total = { bytes: 0, keys: 0 };
    const folder = base + (prefix === '' ? '' : `${prefix}/`);
    for await (const { objects } of this.#client.list(folder, { deep: true, ...options })) {
      for (const { key, size } of objects) {
        if (base === '' && isReserved(key)) continue;
        total.bytes += size;
        total.keys += 1;
      }
    }
    return total;
  }

  /** @param {ReadOptions} [options] */
  async refresh(options) {
    this.#http.refresh();
    await this.#lookAgain(options?.signal);
  }

  /** @param {WriterOptions} [options]  what has an answer is durable */
  async openWriter({ signal } = {}) {
    this.assertReadable('', { signal });
    if (!this.#client.signs) {
      throw new BoresError('ERR_READ_ONLY', `${this.location} is only read: writing takes { s3: { accessKeyId, `
        + 'secretAccessKey } }');
    }
    return openS3Writer(this.#client, this.#bucket, async () => {
      this.#http.refresh();
      await this.#lookAgain();
    }, signal).catch((error) => {
      if (!isRefusal(error)) throw error;
      throw new BoresError(error.code, `${error.message}; to write takes the rights to list the bucket, and to get, `
        + 'put and delete its objects', { key: error.key, status: error.status, cause: error });
    });
  }

  /**
   * @param {ReadOptions} [options]
   * @returns {Promise<Recovery>}
   */
  async leftovers(options) {
    this.assertReadable('', options);
    const found = await this.#readHead(options);
    const isLeft = found !== undefined && !await isAlive(this.#client, found, options?.signal);
    return isLeft ? recoveryOf(found.head) : { dropped: [], restored: [] };
  }

  /** @override */
  async release() {
    await this.#http.close();
  }

  /**
   * @param {string} key
   * @param {ByteRange | undefined} range
   * @param {ReadOptions} [options]
   * @override
   */
  async read(key, range, options) {
    this.assertReadable(key, options);
    checkKey(key);
    if (range) checkRange(range);
    if (isReserved(key)) return undefined;
    const place = this.#placeOf(key);
    const found = await this.#at(place, range, options);
    if (found !== undefined) return found;
    await this.#lookAgain(options?.signal); // a commit may have come to its end in between, or be on its way
    const now = this.#placeOf(key);
    return now === place ? undefined : this.#at(now, range, options);
  }

  /** Where a key's value is, or the value. @param {string} key */
  #placeOf(key) {
    const isHidden = isDeletedBy(this.#head, key) || isStagedBy(this.#head, key);
    return isHidden ? undefined : overlayOf(this.#head, key) ?? key;
  }

  /**
   * @param {string | Uint8Array | undefined} place
   * @param {ByteRange | undefined} range
   * @param {ReadOptions} [options]
   */
  async #at(place, range, options) {
    if (place === undefined) return undefined;
    if (typeof place === 'string') {
      return range ? this.#http.getRange(place, range, options) : this.#http.get(place, options);
    }
    if (range === undefined) return place;
    return 'suffixLength' in range ? place.slice(Math.max(0, place.length - range.suffixLength))
      : place.slice(range.offset, range.offset + range.length);
  }

  /** @param {ReadOptions} [options] */
  #readHead(options) {
    return readHead(this.#client, options).catch((error) => {
      if (!isRefusal(error)) throw error;
    });
  }

  /**
   * Looks at the head once more: who asks while a look is under way shares the next one, since that one may have
   * begun too early.
   * @param {AbortSignal} [signal]  ends the waiting
   */
  async #lookAgain(signal) {
    this.#queued ??= this.#looking = this.#looking.catch(() => undefined).then(async () => {
      this.#queued = undefined;
      this.#head = (await this.#readHead())?.head;
    });
    await this.#queued;
    signal?.throwIfAborted();
  }
}

/** @param {unknown} error */
function isRefusal(error) {
  return error instanceof BoresError && error.status === 403;
}

/** What tells which names there are from another time. @param {Head | undefined} head */
function stateOf(head) {
  return head && JSON.stringify([head.token, head.phase, head.created]);
}

/** What becomes of a commit that was interrupted. @param {Head} head @returns {Recovery} */
export function recoveryOf(head) {
  return { dropped: head.phase === 'stage' ? namesIn(head) : [],
    restored: head.phase === 'commit' ? namesIn(head) : head.phase === 'replace' ? ['the whole content'] : [] };
}

/**
 * One object of a bucket as a file.
 * @param {string} location
 * @param {OpenS3Options} [options]
 */
export async function openS3Source(location, { s3, http, signal } = {}) {
  const { url, fetch } = objectOf(location, s3, http);
  return HttpSource.open(url, { ...http, fetch, signal });
}

/**
 * The same as a place of one file, to be read.
 * @param {string} location
 * @param {OpenS3Options} [options]
 */
export async function openS3File(location, { s3, http, signal } = {}) {
  const { url, fetch } = objectOf(location, s3, http);
  return HttpFilePlace.open(url, { http: { ...http, fetch }, signal });
}

/**
 * @param {string} location
 * @param {S3Options} [s3]
 * @param {HttpOptions} [http]
 */
function objectOf(location, s3, http) {
  const bucket = bucketOf(location, s3);
  return { url: objectUrl(bucket, bucket.prefix.replace(/\/$/, '')), fetch: new S3Client(bucket, http).fetch };
}
