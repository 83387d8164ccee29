// SPDX-License-Identifier: MIT
// Runs one operation against one storage: asks it what it wants, fetches, gives. A storage that
// answers at once writes straight into the heap; the others are asked for several keys at a time.

import { BoresError } from './errors.js';
import { arraysIn } from './pack.js';
import { Signals } from './signals.js';

/**
 * @import { Core, Want } from './core.js'
 * @import { Storage } from '../storage/base/storage.js'
 * @import { PackedParams, PackedTree } from './pack.js'
 */

/** How long a synchronous run keeps the thread before it lets others have a turn. */
const SLICE_MS = 12;
/** Fetches under way at a time; browsers open six connections a host over HTTP/1.1. */
const CONCURRENCY = 16;
/** Wants taken at a time where answers come at once. */
const BATCH = 64;

/**
 * limits: names of documents, of which larger ones are refused before they are read
 * @typedef {{ signal?: AbortSignal, limits?: Record<string, number> }} RunOptions
 */

/**
 * @param {Core} core
 * @param {number} store  C's store handle
 * @param {Storage} storage
 * @param {string} name
 * @param {unknown} params
 * @param {RunOptions} [options]
 * @returns {Promise<PackedTree>}
 */
export async function runOperation(core, store, storage, name, params, options) {
  return withResult(core, store, storage, name, params, options, (op) => core.opResult(op));
}

/**
 * The same with what is made of the result where it lies, in the heap, by another module: `use` may not call this one.
 * @template T
 * @param {Core} core
 * @param {number} store
 * @param {Storage} storage
 * @param {string} name
 * @param {unknown} params
 * @param {RunOptions | undefined} options
 * @param {(result: PackedParams) => T} use
 * @returns {Promise<T>}
 */
export async function lendOperation(core, store, storage, name, params, options, use) {
  return withResult(core, store, storage, name, params, options, (op) => {
    const packed = new Uint8Array(core.copyOut(...core.opResultAt(op)));
    const arrays = arraysIn(packed);
    return use({ packed, buffers: arrays.map(({ pointer, nbytes }) => core.view(pointer, nbytes)),
      pointers: arrays.map(({ at }) => at) });
  });
}

/**
 * @template T
 * @param {Core} core
 * @param {number} store
 * @param {Storage} storage
 * @param {string} name
 * @param {unknown} params
 * @param {RunOptions | undefined} options
 * @param {(op: number) => T} take  the result of a finished operation
 * @returns {Promise<T>}
 */
async function withResult(core, store, storage, name, params, { signal, limits = {} } = {}, take) {
  signal?.throwIfAborted();
  const op = core.opBegin(store, name, params);
  const run = new Run(core, storage, op, /\.verify$/.test(name), limits);
  try {
    const atOnce = storage.getSync ?? storage.getRangeSync;
    if (atOnce && (storage.listSync || !storage.list)) await run.atOnce(signal);
    else await run.inParallel(signal);
    return take(op);
  } finally {
    core.opFree(op);
  }
}

class Run {
  /**
   * @param {Core} core
   * @param {Storage} storage
   * @param {number} op
   * @param {boolean} collects  the operation takes failed reads into its result
   * @param {Record<string, number>} limits
   */
  constructor(core, storage, op, collects, limits) {
    this.core = core;
    this.storage = storage;
    this.op = op;
    this.collects = collects;
    this.limits = limits;
    this.leastLimit = Math.min(...Object.values(limits));
    /** The value read last where there are no ranges. @type {{ key: string, bytes?: Uint8Array } | undefined} */
    this.whole = undefined;
  }

  /** @param {AbortSignal} [signal] */
  async atOnce(signal) {
    let sliceEnd = performance.now() + SLICE_MS;
    while (!this.core.opDone(this.op)) {
      for (const want of this.core.opWants(this.op, BATCH)) {
        if (want.range && !this.storage.getRangeSync) await this.#answerRange(want, signal);
        else this.#answerNow(want);
      }
      if (performance.now() > sliceEnd) {
        await turn();
        signal?.throwIfAborted();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
  }

  /**
   * @param {Want} want
   * @param {AbortSignal} [signal]
   */
  async #answerRange(want, signal) {
    try {
      const bytes = await this.#readRange(want, signal);
      signal?.throwIfAborted();
      this.core.opGive(this.op, want.id, bytes);
    } catch (error) {
      signal?.throwIfAborted();
      this.#fail(want, error);
    }
  }

  /**
   * A storage that has no ranges gives the whole, which is kept: more of it will be wanted.
   * @param {Want} want
   * @param {AbortSignal} [signal]
   */
  async #readRange({ key, range }, signal) {
    if (!range) return this.storage.get(key, { signal });
    if (this.storage.getRange) return this.storage.getRange(key, range, { signal });
    if (this.whole?.key !== key) {
      this.whole = { key, bytes: await this.storage.get(key, { signal }) };
    }
    const { bytes } = this.whole;
    return 'suffixLength' in range
      ? bytes?.slice(Math.max(0, bytes.length - range.suffixLength))
      : bytes?.slice(range.offset, range.offset + range.length);
  }

  /** @param {Want} want */
  #answerNow(want) {
    try {
      if (want.list) {
        this.core.opGiveListing(this.op, want.id, this.storage.listSync?.(want.key));
      } else {
        this.#readIntoHeap(want);
      }
    } catch (error) {
      this.#fail(want, error);
    }
  }

  /** @param {Want} want */
  #readIntoHeap(want) {
    const { core, op } = this;
    let pointer = 0, size = 0;
    try {
      const reserve = (/** @type {number} */ length) => {
        this.#checkDocument(want.key, length);
        size = length;
        pointer = core.takeRoom(length);
        return core.view(pointer, length);
      };
      const present = want.range ? this.storage.getRangeSync?.(want.key, want.range, reserve)
        : this.storage.getSync?.(want.key, reserve);
      if (present) core.opGiveAt(op, want.id, pointer, size);
      else core.opGive(op, want.id, undefined);
    } finally {
      core.leaveRoom(pointer);
    }
  }

  /**
   * Whatever ends it, nothing is given to the operation afterwards; reads that are still under way
   * are aborted, not waited for.
   * @param {AbortSignal} [signal]
   */
  async inParallel(signal) {
    /** @type {Signals | undefined} */
    let signals;
    try {
      await new Promise((resolve, reject) => {
        const fetches = signals = new Signals(signal, reject);
        const fail = (/** @type {unknown} */ error) => {
          fetches.abort(error);
          reject(error);
        };
        let underWay = 0;
        const pump = () => {
          for (const want of this.#next(CONCURRENCY - underWay)) {
            const fetching = fetches.open();
            underWay++;
            void this.#answerLater(want, fetching.signal, fail).then(() => {
              fetches.close(fetching);
              underWay--;
              if (!fetching.signal.aborted) tryPump();
            });
          }
          if (underWay === 0) resolve(undefined);
        };
        const tryPump = () => {
          try {
            pump();
          } catch (error) {
            fail(error);
          }
        };
        tryPump();
      });
    } finally {
      signals?.abort();
    }
  }

  /** @param {number} capacity */
  #next(capacity) {
    return capacity > 0 && !this.core.opDone(this.op) ? this.core.opWants(this.op, capacity) : [];
  }

  /**
   * @param {Want} want
   * @param {AbortSignal} signal
   * @param {(error: unknown) => void} fail  called before anything else can run: after a failure
   *   the operation must not be given anything
   */
  async #answerLater(want, signal, fail) {
    try {
      if (want.list) {
        const names = await this.storage.list?.(want.key, { signal });
        signal.throwIfAborted();
        this.core.opGiveListing(this.op, want.id, names);
      } else {
        const bytes = await this.#readRange(want, signal);
        signal.throwIfAborted();
        this.core.opGive(this.op, want.id, bytes);
      }
    } catch (error) {
      try {
        signal.throwIfAborted();
        this.#fail(want, error);
      } catch (reason) {
        fail(reason);
      }
    }
  }

  /**
   * @param {string} key
   * @param {number} length
   */
  #checkDocument(key, length) {
    if (length <= this.leastLimit) return;
    const limit = this.limits[key.slice(key.lastIndexOf('/') + 1)];
    if (length > limit) {
      throw new BoresError('ERR_LIMIT', `${key}: ${length} bytes of metadata, the limit is ${limit}`,
        { key, needed: length, limit });
    }
  }

  /**
   * A key that cannot be read: noted by a verification, the end of anything else.
   * @param {Want} want
   * @param {unknown} error
   */
  #fail(want, error) {
    if (!(error instanceof BoresError)) throw error;
    if (want.key !== '') error.key ??= want.key; // '': the file that the error names
    const noted = this.collects && !this.core.dead
      && error.code !== 'ERR_CLOSED' && error.code !== 'ERR_NOMEM';
    if (!noted) throw error;
    this.core.opGiveFailure(this.op, want.id, error);
  }
}

/** A turn of the event loop: timers, I/O and rendering get theirs. */
function turn() {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
