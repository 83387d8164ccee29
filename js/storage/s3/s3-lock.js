// SPDX-License-Identifier: MIT
// The head as one writer has it: taken when nobody else has it or who had it is not heard of any more, changed
// on the condition that it is still what this writer made it, kept alive, let go.

import { BoresError } from '../../core/errors.js';
import { isNode, loadNode } from '../../core/host.js';
import { randomId } from '../base/random-id.js';
import { lockedError } from '../base/store-writer.js';
import { NotMet } from './s3-client.js';
import { FOLDER, HEAD, headBytes, idleHead, readHead } from './s3-head.js';

/**
 * @import { Bucket } from './s3-bucket.js'
 * @import { S3Client } from './s3-client.js'
 * @import { FoundHead, Head, HeadWriter } from './s3-head.js'
 */

/** Times that a change meets a sign of life of ours whose answer was lost. */
const ATTEMPTS = 5;
/** What no object has. */
const NO_ETAG = '"00000000000000000000000000000000"';

export class S3Lock {
  #client;
  #bucket;
  /** @type {Head} */ #head;
  /** @type {string | undefined} */ #etag;
  /** Ids of heads that were sent and not answered. @type {Set<string>} */ #sent = new Set();
  /** @type {Promise<unknown>} */ #last = Promise.resolve();
  /** @type {ReturnType<typeof setInterval> | undefined} */ #beat;
  /** Somebody else has it. @type {BoresError | undefined} */ #lost;
  /** When the head that is there was sent, by this machine's clock. */ #heard = -Infinity;
  /** @type {Promise<unknown> | undefined} */ #holding;

  /**
   * @param {S3Client} client
   * @param {Bucket} bucket
   * @param {AbortSignal} [signal]
   * @throws {BoresError} ERR_LOCKED naming the writer, ERR_UNSUPPORTED where the server knows no conditions
   */
  static async take(client, bucket, signal) {
    const found = await readHead(client, { signal });
    const writer = found?.head.writer;
    if (found && writer && await isAlive(client, found, signal)) throw locked(bucket.location, writer);
    const lock = new S3Lock(client, bucket, found);
    await lock.#begin(signal);
    return lock;
  }

  /**
   * @param {S3Client} client
   * @param {Bucket} bucket
   * @param {FoundHead | undefined} found
   */
  constructor(client, bucket, found) {
    this.#client = client;
    this.#bucket = bucket;
    this.#head = found?.head ?? idleHead();
    this.#etag = found?.etag;
  }

  /** What it says now. */
  get head() {
    return this.#head;
  }

  /** @param {AbortSignal} [signal] */
  async #begin(signal) {
    const { location, options: { leaseSeconds, singleWriter } } = this.#bucket;
    /** @type {HeadWriter} */
    const writer = { id: randomId(), describe: await selfDescribed(), since: Date.now(), leaseSeconds };
    try {
      await this.#put({ ...this.#head, writer, id: randomId() }, signal);
      if (!singleWriter) await this.#assertConditions(signal);
    } catch (error) {
      const isRefused = error instanceof BoresError && error.code === 'ERR_UNSUPPORTED' && error.status !== undefined;
      if (isRefused && !singleWriter) throw withoutConditions(location);
      if (!(error instanceof NotMet)) {
        await this.change({ writer: null }).catch(() => undefined); // it may have been taken all the same
        throw error;
      }
      const other = (await readHead(this.#client))?.head.writer;
      throw locked(location, other ?? { describe: 'another writer', since: Date.now(), leaseSeconds });
    }
    this.#beat = setInterval(() => {
      void this.change({}).catch(() => undefined); // the next commit says it
    }, leaseSeconds * 1000 / 3);
    if (typeof this.#beat === 'object') this.#beat.unref?.(); // a process may end
  }

  /**
   * Whether conditions are heeded: two that are not met must be refused.
   * @param {AbortSignal} [signal]
   */
  async #assertConditions(signal) {
    for (const condition of [{ ifAbsent: true }, { ifMatch: NO_ETAG }]) {
      try {
        await this.#client.put(HEAD, headBytes({ ...this.#head, id: randomId() }), { ...condition, signal });
      } catch (error) {
        if (error instanceof NotMet) continue;
        if (!(error instanceof BoresError) || error.code !== 'ERR_UNSUPPORTED') throw error;
      }
      await this.#client.put(HEAD, headBytes({ ...this.#head, writer: null })).catch(() => undefined);
      throw withoutConditions(this.#bucket.location);
    }
  }

  /**
   * Says something else: who reads it, and finds it still so, knows that nobody else wrote.
   * @param {Partial<Head>} change
   * @param {AbortSignal} [signal]  before it is sent
   * @returns {Promise<Head>}
   * @throws {BoresError} ERR_LOCKED when another writer has taken over
   */
  change(change, signal) {
    const turn = this.#last.then(async () => {
      signal?.throwIfAborted();
      if (this.#lost) throw this.#lost;
      return this.#changeNow(change);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** @param {Partial<Head>} change @returns {Promise<Head>} */
  async #changeNow(change) {
    const { phase, token } = this.#head;
    for (let attempt = 1; ; attempt += 1) {
      const head = { ...this.#head, ...change, id: randomId() };
      try {
        return await this.#put(head);
      } catch (error) {
        if (!(error instanceof NotMet)) throw error;
        const found = await this.#taken();
        if (found.id === head.id || found.phase !== phase || found.token !== token) return found;
        // What is there is only a sign of life: the change is still to be made.
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Before a request that nothing on the server stops: that this writer has not slept for so long that
   * another may have taken over.
   * @throws {BoresError} ERR_LOCKED when one has
   */
  async hold() {
    const silentMs = Date.now() - this.#heard;
    if (silentMs >= 0 && silentMs < this.#bucket.options.leaseSeconds * 500) return;
    this.#holding ??= this.change({}).finally(() => {
      this.#holding = undefined;
    });
    await this.#holding;
  }

  /**
   * What is there, where a change may have been made or not.
   * @returns {Promise<Head>}
   */
  reread() {
    const turn = this.#last.then(() => this.#taken());
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The head of ours that is there: one whose answer was lost. */
  async #taken() {
    const found = await readHead(this.#client);
    if (found && (found.head.id === this.#head.id || this.#sent.has(found.head.id))) {
      this.#head = found.head;
      this.#etag = found.etag;
      return found.head;
    }
    const { location } = this.#bucket;
    this.#lost = new BoresError('ERR_LOCKED', `${location} was taken over by `
      + `${found?.head.writer?.describe ?? 'another writer'}: this one was not heard of for too long`);
    throw this.#lost;
  }

  /**
   * @param {Head} head
   * @param {AbortSignal} [signal]
   */
  async #put(head, signal) {
    const sent = Date.now();
    const { singleWriter } = this.#bucket.options;
    const condition = singleWriter ? {} : this.#etag === undefined ? { ifAbsent: true } : { ifMatch: this.#etag };
    this.#sent.add(head.id);
    this.#etag = await this.#client.put(HEAD, headBytes(head), { ...condition, signal });
    this.#sent.clear();
    this.#head = head;
    this.#heard = sent;
    return head;
  }

  /** Lets others write. */
  async release() {
    clearInterval(this.#beat);
    if (this.#lost) return;
    await this.change({ writer: null }).catch((error) => {
      if (error.code !== 'ERR_LOCKED') throw error;
    });
  }
}

/**
 * Whether a writer is still heard of, by the server's clock.
 * @param {S3Client} client
 * @param {FoundHead} found
 * @param {AbortSignal} [signal]
 */
export async function isAlive(client, { head: { writer }, modified, now }, signal) {
  if (writer === null) return false;
  const moment = now ?? await clockOf(client, signal);
  // Both are whole seconds.
  return modified === undefined || moment === undefined || moment - modified < (writer.leaseSeconds + 1) * 1000;
}

/**
 * A page may not see what time the server has: what it writes now says it.
 * @param {S3Client} client
 * @param {AbortSignal} [signal]
 */
async function clockOf(client, signal) {
  const key = `${FOLDER}/${randomId()}`;
  await client.put(key, new Uint8Array(1), { signal });
  try {
    return (await client.get(key, { signal }))?.modified;
  } finally {
    await client.delete(key).catch(() => undefined);
  }
}

/**
 * @param {string} location
 * @param {Pick<HeadWriter, 'describe' | 'since' | 'leaseSeconds'>} writer
 */
function locked(location, { describe, since, leaseSeconds }) {
  return lockedError(location, { describe, since }, `; if that one is gone, its lock ends ${leaseSeconds} s after `
    + 'it was last heard of');
}

async function selfDescribed() {
  if (!isNode()) return `a page of ${globalThis.location?.origin ?? 'unknown origin'}`;
  const { os } = await loadNode();
  return `process ${process.pid} on '${os.hostname()}'`;
}

/** @param {string} location */
function withoutConditions(location) {
  return new BoresError('ERR_UNSUPPORTED', `${location}: its server knows no conditional writes (If-Match, `
    + 'If-None-Match), so that two writers at once could destroy what the other wrote; where nobody else writes, say '
    + 'so: { s3: { singleWriter: true } }');
}
