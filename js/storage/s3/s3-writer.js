// SPDX-License-Identifier: MIT
// Commits to a bucket: folders that are new are written where they belong, unseen until the head says that they
// are whole; values in folders that are there are written into the head, or beside, and copied.
// `s3-head.js` says what a kill leaves at each step. A request that is late, of a writer that was taken for
// dead, meets a condition that does not hold any more; since what is absent, deleted or copied has none that
// tells, the client asks the lock before each (S3Lock.hold()).

import { BoresError } from '../../core/errors.js';
import { randomId } from '../base/random-id.js';
import { StoreWriter } from '../base/store-writer.js';
import { nestedError } from '../base/batch.js';
import { NotMet } from './s3-client.js';
import { FOLDER, HEAD, namesIn, toBase64, valueOf } from './s3-head.js';
import { S3Lock } from './s3-lock.js';
import { S3Names } from './s3-names.js';

/**
 * @import { CheckedBatch } from '../base/batch.js'
 * @import { Put, Recovery } from '../base/storage.js'
 * @import { Committer } from '../base/store-writer.js'
 * @import { Bucket } from './s3-bucket.js'
 * @import { S3Client } from './s3-client.js'
 * @import { Head } from './s3-head.js'
 *
 * What a commit does: `fresh` in folders that are new, `puts` in the place of others or beside them, with the
 * etag of what is there.
 * @typedef {{ created: string[], fresh: Put[], puts: { put: Put, etag: string | undefined }[],
 *   deletes: string[] }} Plan
 */

/** Values that stand in the head itself: one by one, and together. */
const SHORT = 16 * 1024, SHORT_ALL = 64 * 1024;
const NOTHING = { created: [], puts: [], deletes: [] };

/**
 * @param {S3Client} client
 * @param {Bucket} bucket
 * @param {() => Promise<void>} changed  told after each commit
 * @param {AbortSignal} [signal]
 */
export async function openS3Writer(client, bucket, changed, signal) {
  const lock = await S3Lock.take(client, bucket, signal);
  return StoreWriter.open(bucket.location, new S3Committer(client.heldBy(() => lock.hold()), bucket, lock, changed));
}

/** @implements {Committer} */
class S3Committer {
  /** @type {unknown} */ broken;
  #client;
  #bucket;
  #lock;
  #changed;
  #names;

  /**
   * @param {S3Client} client
   * @param {Bucket} bucket
   * @param {S3Lock} lock
   * @param {() => Promise<void>} changed
   */
  constructor(client, bucket, lock, changed) {
    this.#client = client;
    this.#bucket = bucket;
    this.#lock = lock;
    this.#changed = changed;
    this.#names = new S3Names(client);
  }

  /**
   * @param {CheckedBatch} batch
   * @param {AbortSignal} [signal]
   */
  async write(batch, signal) {
    const plan = await this.#plan(batch);
    const { created, fresh, puts, deletes } = plan;
    if (fresh.length + puts.length + deletes.length === 0) return;
    await this.#commit(created, async () => {
      if (created.length > 0) await this.#announce(created, signal);
      // The last value of a folder is its mark for those who do not look at the head, as Python.
      const marks = new Set(new Map(fresh.map((put) => [put[0].split('/')[0], put])).values());
      await this.#create(fresh.filter((put) => !marks.has(put)), signal);
      await this.#create([...marks], signal);
      return { puts, deletes };
    }, signal);
  }

  /**
   * Where nothing is, a replacement is written where it belongs; else beside, and moved by the server.
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async swap(batches, signal) {
    if ((await this.#names.in('')).size === 0) await this.#fill(batches, signal);
    else await this.#move(batches, signal);
  }

  /** @returns {Promise<Recovery>} */
  async settle() {
    const head = await this.#lock.reread();
    this.#names.forget();
    /** @type {Recovery} */
    const recovery = { dropped: [], restored: [] };
    if (head.phase === 'stage') {
      recovery.dropped.push(...namesIn(head));
      await this.#drop(head.created);
    } else if (head.phase !== 'idle') {
      recovery.restored.push(...head.phase === 'replace'
        ? (await this.#names.below(stagedIn(head.token))).map((key) => key.slice(stagedIn(head.token).length))
        : namesIn(head));
      await this.#finish(head);
    }
    await this.#delete((await this.#names.below(`${FOLDER}/`)).filter((key) => key !== HEAD));
    this.broken = undefined;
    await this.#changed();
    return recovery;
  }

  async release() {
    await this.#lock.release();
  }

  /**
   * @param {CheckedBatch} batch
   * @returns {Promise<Plan>}
   */
  async #plan({ puts, deletes }) {
    /** @type {Plan} */
    const plan = { created: [], fresh: [], puts: [], deletes: [] };
    const deleted = new Set(deletes);
    const root = await this.#names.in('');
    for (const put of puts) {
      const [key] = put;
      const top = key.includes('/') ? key.slice(0, key.indexOf('/')) : undefined;
      if (top !== undefined && !root.has(`${top}/`) && !root.has(top)) {
        if (!plan.created.includes(top)) plan.created.push(top);
        plan.fresh.push(put);
      } else {
        plan.puts.push({ put, etag: await this.#names.etagOf(key, deleted) });
      }
    }
    for (const name of deletes) if (await this.#names.has(name)) plan.deletes.push(name);
    return plan;
  }

  /**
   * Into a place without content: folders are announced as they come.
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async #fill(batches, signal) {
    /** @type {string[]} */ const created = [];
    /** @type {Map<string, Put>} */ const root = new Map();
    /** @type {Set<string>} */ const written = new Set();
    await this.#commit(created, async () => {
      for await (const { puts } of batches) {
        const tops = new Set(puts.filter(([key]) => key.includes('/')).map(([key]) => key.slice(0, key.indexOf('/'))));
        const fresh = [...tops].filter((top) => !created.includes(top));
        for (const put of puts) if (!put[0].includes('/')) root.set(put[0], [put[0], put[1].slice()]);
        const clash = [...root.keys()].find((key) => created.includes(key) || tops.has(key));
        if (clash !== undefined) throw nestedError(clash, clash);
        created.push(...fresh);
        if (fresh.length > 0) await this.#announce(created, signal);
        const below = puts.filter(([key]) => key.includes('/'));
        await this.#create(below.filter(([key]) => !written.has(key)), signal);
        await this.#all(below.filter(([key]) => written.has(key)),
          ([key, value]) => this.#client.put(key, value, { signal }));
        for (const [key] of below) written.add(key);
      }
      return { puts: [...root.values()].map((put) => ({ put, etag: undefined })), deletes: [] };
    }, signal);
  }

  /**
   * @param {AsyncIterable<CheckedBatch>} batches
   * @param {AbortSignal} [signal]
   */
  async #move(batches, signal) {
    const token = randomId();
    try {
      for await (const { puts } of batches) {
        await this.#all(puts, ([key, value]) => this.#client.put(stagedIn(token) + key, value, { signal }));
      }
      signal?.throwIfAborted();
      await this.#decide({ ...NOTHING, phase: 'replace', token }, signal);
    } catch (error) {
      await this.#takeBack([], token);
      throw error;
    }
    await this.#apply(() => this.#finish(this.#lock.head));
  }

  /**
   * @param {string[]} created  folders that are dropped when it fails
   * @param {() => Promise<Pick<Plan, 'puts' | 'deletes'>>} create  writes what is in them
   * @param {AbortSignal} [signal]
   */
  async #commit(created, create, signal) {
    const token = randomId();
    /** @type {Plan['puts']} */ let placed = [];
    try {
      const { puts, deletes } = await create();
      placed = puts;
      const listed = await this.#stage(token, puts.map(({ put }) => put), signal);
      signal?.throwIfAborted();
      await this.#decide({ phase: 'commit', token, created: [], puts: listed, deletes }, signal);
    } catch (error) {
      await this.#takeBack(created, token);
      throw error instanceof NotMet ? new BoresError('ERR_STORAGE', `${this.#bucket.location}: ${error.message}: `
        + 'somebody else wrote there', { cause: error }) : error;
    }
    const etags = new Map(placed.map(({ put: [key], etag }) => [key, etag]));
    const values = new Map(placed.map(({ put }) => put));
    await this.#apply(() => this.#finish(this.#lock.head, etags, values));
    for (const name of created) (await this.#names.in('')).set(`${name}/`, '');
  }

  /**
   * Says which folders are being made.
   * @param {string[]} created
   * @param {AbortSignal} [signal]
   */
  async #announce(created, signal) {
    await this.#lock.change({ ...NOTHING, phase: 'stage', created: [...created] }, signal);
  }

  /**
   * @param {Put[]} puts  of keys that are new
   * @param {AbortSignal} [signal]
   */
  async #create(puts, signal) {
    await this.#all(puts, ([key, value]) => this.#client.put(key, value, { ...this.#absent, signal }));
  }

  /** The condition of what is new, where the server knows any. */
  get #absent() {
    return this.#bucket.options.singleWriter ? {} : { ifAbsent: true };
  }

  /**
   * Values as the head lists them, long ones beside it.
   * @param {string} token
   * @param {Put[]} puts
   * @param {AbortSignal} [signal]
   */
  async #stage(token, puts, signal) {
    let left = SHORT_ALL;
    const listed = puts.map(([key, value]) => {
      const isShort = value.length <= Math.min(SHORT, left);
      if (isShort) left -= value.length;
      return { key, value: isShort ? toBase64(value) : null };
    });
    await this.#all([...puts.entries()].filter(([at]) => listed[at].value === null),
      ([at, [, value]]) => this.#client.put(`${stagedIn(token)}${at}`, value, { signal }));
    return listed;
  }

  /**
   * With this it counts.
   * @param {Partial<Head>} change
   * @param {AbortSignal} [signal]
   */
  async #decide(change, signal) {
    try {
      const { token, phase } = await this.#lock.change(change, signal);
      if (token === change.token && phase === change.phase) return;
      throw new BoresError('ERR_STORAGE', `${this.#bucket.location}: the commit is not what its head says`);
    } catch (error) {
      const { code } = /** @type {BoresError} */ (error);
      if (signal?.aborted || code === 'ERR_LOCKED') throw error;
      const { token, phase } = await this.#lock.reread(); // what had no answer may have happened
      if (token !== change.token || phase !== change.phase) throw error;
    }
  }

  /**
   * What is not decided. A request to decide it that is late meets another head.
   * @param {string[]} created
   * @param {string} token
   */
  async #takeBack(created, token) {
    try {
      const { phase } = await this.#lock.change({ ...NOTHING, phase: 'stage', created: [...created] });
      if (phase !== 'stage') throw new BoresError('ERR_STORAGE', `${this.#bucket.location} is committed all the same`);
      await this.#drop(created);
      await this.#delete(await this.#names.below(stagedIn(token)));
    } catch (error) {
      // Who has taken over puts it right; this one is told so each time.
      if (/** @type {BoresError} */ (error).code !== 'ERR_LOCKED') this.broken = error;
    }
  }

  /** @param {string[]} created  folders */
  async #drop(created) {
    for (const name of created) await this.#delete(await this.#names.below(`${name}/`));
    this.#names.forget();
    await this.#lock.change({ ...NOTHING, phase: 'idle' });
  }

  /**
   * What is decided.
   * @param {() => Promise<void>} run
   */
  async #apply(run) {
    try {
      await run();
      await this.#changed();
    } catch (error) {
      this.broken = error;
      const { message } = /** @type {Error} */ (error);
      throw new BoresError('ERR_STORAGE', `${message}; the commit to ${this.#bucket.location} is decided, but not `
        + 'all of it in its place: call recover(), or open a new writer, to finish it', { cause: error });
    }
  }

  /**
   * Brings what is decided to its place, and says that it is there.
   * @param {Head} head
   * @param {Map<string, string | undefined>} [etags]  of what is there, where that is known
   * @param {Map<string, Uint8Array>} [values]  those that are still in memory
   */
  async #finish(head, etags, values) {
    const { phase, token, puts, deletes } = head;
    const staged = phase === 'replace' || puts.some(({ value }) => value === null)
      ? await this.#names.below(stagedIn(token)) : [];
    if (phase === 'replace') {
      await this.#all(staged, (key) => this.#client.copy(key, key.slice(stagedIn(token).length)));
      const kept = new Set(staged.map((key) => key.slice(stagedIn(token).length)));
      await this.#delete((await this.#names.below('')).filter((key) => !kept.has(key)));
      this.#names.forget();
    } else {
      const kept = new Set(puts.map(({ key }) => key));
      await this.#all([...puts.entries()], async ([at, { key }]) => {
        const value = values?.get(key) ?? await this.#valueOf(head, at);
        await this.#names.written(key, await this.#place(key, value, etags ? etags.get(key)
          : await this.#names.etagOf(key, new Set(deletes))));
      });
      for (const name of deletes) {
        const keys = name.endsWith('/') ? await this.#names.below(name) : [name];
        await this.#delete(keys.filter((key) => !kept.has(key)));
      }
      if (deletes.length > 0) this.#names.forget();
    }
    await this.#lock.change({ ...NOTHING, phase: 'idle' });
    await this.#delete(staged); // after that: readers take what the head says
  }

  /**
   * @param {Head} head
   * @param {number} at
   */
  async #valueOf(head, at) {
    const value = valueOf(head, at);
    if (typeof value !== 'string') return value;
    const found = await this.#client.get(value);
    if (found) return found.bytes;
    throw new BoresError('ERR_CORRUPT', `'${value}' is gone from ${this.#bucket.location}: the commit of `
      + `'${head.puts[at].key}' cannot be finished`, { key: head.puts[at].key });
  }

  /**
   * @param {string} key
   * @param {Uint8Array} value
   * @param {string | undefined} etag  of what is there
   */
  async #place(key, value, etag) {
    if (this.#bucket.options.singleWriter) return this.#client.put(key, value);
    try {
      return await this.#client.put(key, value, etag === undefined ? { ifAbsent: true } : { ifMatch: etag });
    } catch (error) {
      if (!(error instanceof NotMet)) throw error;
      await this.#lock.change({}); // another program has written there, or this writer is none any more
      return this.#client.put(key, value);
    }
  }

  /** @param {string[]} keys */
  async #delete(keys) {
    await this.#all(keys, (key) => this.#client.delete(key));
  }

  /**
   * All, as many at once as the client lets.
   * @template T
   * @param {T[]} items
   * @param {(item: T) => Promise<unknown>} run
   */
  async #all(items, run) {
    const outcomes = await Promise.allSettled(items.map(run));
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
  }
}

/** Where what is written beside is. @param {string} token */
function stagedIn(token) {
  return `${FOLDER}/${token}/`;
}
