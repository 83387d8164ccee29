// SPDX-License-Identifier: MIT
// Where a store's reads run: in its session, and once there is much to read, in threads beside it. Whichever
// reads an entry, the result is the same, and results come in the order of what was asked for.

import { BoresError } from '../../core/errors.js';
import { Signals } from '../../core/signals.js';

/**
 * @import { PackedTree } from '../../core/pack.js'
 * @import { Digester } from '../../formats/digesters.js'
 * @import { CallOptions, Session } from '../../formats/session.js'
 * @import { Seen, ThreadReader } from '../../worker/thread-reader.js'
 *
 * @typedef {object} Connection
 * @property {() => Promise<Session>} session
 * @property {() => Promise<ThreadReader | undefined>} reader  where threads can open the location
 *
 * @typedef {object} OrderOptions
 * @property {AbortSignal} [signal]
 * @property {number} [ahead]     reads under way or waiting to be taken, beside the next (default 1)
 * @property {boolean} [isExact]  that many and no more: nothing is read in threads
 * @property {Digester} [digester]  gives what an analysis keeps of each entry, in place of the entry
 * @property {boolean} [mayLack]  undefined for what is not there, instead of an error
 */

/** How long results have yet to be waited for, going by those so far, before threads take part: where they
 * have to be started, which takes 60 to 100 ms of a core, and where they run. */
const PATIENCE = { startMs: 250, warmMs: 30 };
/** Bytes of entries that threads may read ahead; two entries are read ahead in any case. */
const AHEAD_BYTES = 64e6;

export class Reads {
  #connection;
  #patience;
  /** The root as it was read last. @type {PackedTree | undefined} */ #root;
  #number = 0;
  /** @type {Promise<Seen> | undefined} */ #seen;
  /** Of analyses, in the session. @type {Map<number, Promise<void>>} */ #digesters = new Map();
  /** Reads of entries that are under way in the session. */ #here = 0;
  /** How long reads took that had to share the session with others. */ #crowdedMs = 0;

  /**
   * @param {Connection} connection
   * @param {typeof PATIENCE} [patience]
   */
  constructor(connection, patience = PATIENCE) {
    this.#connection = connection;
    this.#patience = patience;
  }

  /**
   * An operation, in the session; of reads that are asked for while others are under way, as by who plays a run
   * and reads ahead, some in threads.
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   */
  async run(name, params, options) {
    if (name === 'read') return this.#readOne(params, options?.signal);
    const session = await this.#connection.session();
    const result = await session.run(name, params, options);
    if (name === 'open') this.#opened(result);
    return result;
  }

  /**
   * @param {unknown} params
   * @param {AbortSignal} [signal]
   */
  async #readOne(params, signal) {
    const reader = this.#here > 0 ? await this.#connection.reader() : undefined;
    const { startMs, warmMs } = this.#patience;
    const isCrowded = reader && this.#crowdedMs > reader.price * (reader.running > 0 ? warmMs : startMs);
    if (isCrowded) reader.warm();
    const begun = performance.now();
    try {
      return await this.#somewhere('read', params, isCrowded ? reader : undefined, signal);
    } finally {
      if (reader) this.#crowdedMs += performance.now() - begun;
    }
  }

  /** @param {PackedTree} root */
  #opened(root) {
    this.#root = root;
    this.#number++;
    this.#seen = undefined;
  }

  /**
   * One operation with each of several parameters.
   * @param {string} name
   * @param {readonly unknown[]} list  parameters
   * @param {OrderOptions} [options]
   * @returns {AsyncGenerator<PackedTree | undefined, void, void>}
   */
  async* inOrder(name, list, { signal, ahead: least = 1, isExact = false, mayLack = false, digester } = {}) {
    const reads = new Signals(signal);
    const threads = isExact || list.length < 3 ? undefined : await this.#connection.reader();
    const pace = new Pace(list.length, least, threads, this.#patience);
    /** @type {Promise<PackedTree | undefined>[]} */
    const ahead = [];
    let next = 0;
    const fill = () => {
      while (next < list.length && ahead.length <= pace.ahead) {
        const read = reads.open();
        const reading = this.#somewhere(name, list[next++], pace.reader, read.signal, digester)
          .catch((error) => {
            if (!mayLack || error.code !== 'ERR_NOT_FOUND') throw error;
            return undefined;
          })
          .finally(() => reads.close(read));
        reading.catch(() => {}); // reported when its turn comes
        ahead.push(reading);
      }
    };
    try {
      for (fill(); ahead.length > 0; fill()) {
        const begun = performance.now();
        const result = await ahead.shift();
        pace.took(performance.now() - begun, result);
        yield result;
      }
    } finally {
      reads.abort(); // what was read ahead in vain
      await Promise.allSettled(ahead);
      if (digester) await this.#closeDigester(digester.key);
    }
  }

  /**
   * In a thread that has nothing to do, else in the session, unless that is busy, too.
   * @param {string} name
   * @param {unknown} params
   * @param {ThreadReader | undefined} reader
   * @param {AbortSignal} [signal]
   * @param {Digester} [digester]
   * @returns {Promise<PackedTree>}
   */
  async #somewhere(name, params, reader, signal, digester) {
    if (reader && reader.running > 0 && this.#root && (reader.isFree || this.#here > 0)) {
      try {
        return await reader.run(name, params, await (this.#seen ??= this.#look(this.#root)),
          { signal, digester });
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof BoresError) throw error;
        // It has to be read here; or what is no error of ours, a browser's say, is met again and told here.
      }
    }
    this.#here++;
    try {
      return await this.#inSession(await this.#connection.session(), name, params, signal, digester);
    } finally {
      this.#here--;
    }
  }

  /**
   * @param {Session} session
   * @param {string} name
   * @param {unknown} params
   * @param {AbortSignal} [signal]
   * @param {Digester} [digester]
   */
  async #inSession(session, name, params, signal, digester) {
    if (!digester) return session.run(name, params, { signal });
    await (this.#digesters.get(digester.key) ?? this.#openDigester(session, digester));
    return session.digest(digester.key, name, params, { signal });
  }

  /** @param {Session} session @param {Digester} digester */
  #openDigester(session, { key, seed }) {
    const opening = session.openDigester(key, seed());
    this.#digesters.set(key, opening);
    return opening;
  }

  /** @param {number} key */
  async #closeDigester(key) {
    const [session, reader] = await Promise.all([this.#connection.session(), this.#connection.reader()])
      .catch(() => []); // the store is closed, and they with it
    await Promise.allSettled([reader?.closeDigester(key), this.#digesters.delete(key) && session?.closeDigester(key)]);
  }

  /** @param {PackedTree} root @returns {Promise<Seen>} */
  async #look(root) {
    const number = this.#number;
    return { version: await (await this.#connection.session()).version(), root, number };
  }
}

/** How far ahead is read, and whether in threads: by how long the results are waited for. */
class Pace {
  #least;
  #left;
  #threads;
  #patience;
  #waitedMs = 0;
  #done = 0;
  #largest = 1;
  #spreads = false;

  /**
   * @param {number} count
   * @param {number} least
   * @param {ThreadReader | undefined} threads
   * @param {typeof PATIENCE} patience
   */
  constructor(count, least, threads, patience) {
    this.#patience = patience;
    this.#left = count;
    this.#least = least;
    this.#threads = threads;
  }

  /** What may read beside the session. */
  get reader() {
    return this.#spreads ? this.#threads : undefined;
  }

  /** Reads under way or waiting to be taken, beside the next. */
  get ahead() {
    const running = this.reader?.running ?? 0;
    if (running === 0) return this.#least;
    return Math.max(this.#least, Math.min(2 * running + 1, Math.floor(AHEAD_BYTES / this.#largest) - 1));
  }

  /**
   * @param {number} ms  that it was waited for
   * @param {PackedTree | undefined} result
   */
  took(ms, result) {
    this.#waitedMs += ms;
    this.#done++;
    this.#left--;
    let bytes = 0;
    for (const buffer of result?.buffers ?? []) bytes += buffer.byteLength;
    this.#largest = Math.max(this.#largest, bytes);
    if (this.#spreads || !this.#threads) return;
    const { warmMs, startMs } = this.#patience;
    const toWait = this.#left * this.#waitedMs / this.#done;
    if (toWait < this.#threads.price * (this.#threads.running > 0 ? warmMs : startMs)) return;
    this.#spreads = true;
    this.#threads.warm();
  }
}
