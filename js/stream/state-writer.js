// SPDX-License-Identifier: MIT
// The writing half of a stream: what is pending, what is on its way, and what went wrong. A batch is
// handed to the store as one commit; in the background the next states are taken while it is written.
// Nothing accepted is dropped: a batch that could not be written is pending again.

import { Core } from '../core/core.js';
import { BoresError } from '../core/errors.js';
import { instanceOf } from '../core/instances.js';
import { CHECKPOINT, FLUSH, SAVED, StreamPolicy } from '../core/stream-policy.js';
import { abortable } from '../core/waiting.js';
import { stateBytes } from '../state/state-bytes.js';

/**
 * @import { DataStore } from '../store/data-store.js'
 * @import { ModelState } from '../state/model-state.js'
 * @import { PolicySettings } from '../core/stream-policy.js'
 * @typedef {{ state: ModelState, nbytes: number }} Accepted
 * @typedef {'write' | 'queue' | 'checkpoint'} Task
 * @typedef {object} WriterOptions
 * @property {DataStore} [store]  absent: only checkpoints are written
 * @property {DataStore} [checkpointStore]
 * @property {boolean} background
 * @property {boolean} eager        in the background: a batch that is not full goes when the store waits for one
 * @property {string} name          of the background writer, for messages
 * @property {number} queueTimeout  seconds
 * @property {AbortSignal} [signal] ends waiting for room, not what is being written
 * @property {PolicySettings} policy
 */

/** Batches under way that keep a store busy: one is encoded while another is committed. */
const BUSY = 2;

/** setTimeout's limit, ms; what is longer comes at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** @type {(state: ModelState) => { step: number }} */
const stepMeta = (state) => ({ step: state.step });

export class StateWriter {
  #options;
  #policy;
  /** @type {Accepted[]} */ #pending = [];
  /** How many of the pending came back from failed writes. */
  #restored = 0;
  /** The writes under way, in order; never rejects. @type {Promise<void>} */
  #writing = Promise.resolve();
  /** How many they are. */ #underWay = 0;
  /** What was handed to the store last: what comes next is not written without it.
   * @type {Promise<unknown> | undefined} */ #last;
  /** A write has failed, and there was no other attempt since. */
  #broken = false;
  /** What has failed and was not acknowledged. @type {Map<Task, BoresError>} */ #failures = new Map();
  /** @type {ReturnType<StreamPolicy['accounts']> | undefined} */ #final;
  /** When something was encoded or written. */
  #lastProgress = 0;
  /** Called then. @type {Set<() => void>} */ #waiting = new Set();

  /** @param {WriterOptions} options */
  static async open(options) {
    return new StateWriter(options, new StreamPolicy(await instanceOf(Core.load), options.policy));
  }

  /**
   * @param {WriterOptions} options
   * @param {StreamPolicy} policy
   */
  constructor(options, policy) {
    this.#options = options;
    this.#policy = policy;
  }

  get pending() {
    return this.#pending.map(({ state }) => state);
  }

  /** What was and is to be written; also after free(). */
  accounts() {
    return this.#final ?? this.#policy.accounts();
  }

  /** @throws {BoresError} ERR_STREAM when something has failed that nobody has acknowledged */
  throwFailure() {
    for (const failure of this.#failures.values()) throw failure;
  }

  /**
   * Takes a state: pending, written with its batch when that is full, and as a checkpoint when one
   * is due.
   * @param {ModelState} state
   * @param {boolean} save
   */
  async accept(state, save) {
    const nbytes = save ? stateBytes(state) : 0;
    const due = this.#policy.accept(state.step, save, nbytes);
    if (due & SAVED) this.#pending.push({ state, nbytes });
    if (due & CHECKPOINT) await this.writeCheckpoint(state);
    if (due & FLUSH) await this.#flush(!this.#options.background);
    else if (due & SAVED && this.#isWaitedFor()) this.#send();
  }

  /** Whether the store has less to do than it could, so that a batch had better not become full. */
  #isWaitedFor() {
    return this.#options.eager && this.#underWay < BUSY && this.#policy.hasRoom();
  }

  /**
   * @param {ModelState} state
   * @throws {BoresError} ERR_STREAM
   */
  async writeCheckpoint(state) {
    const { checkpointStore } = this.#options;
    try {
      await checkpointStore?.append(state, { meta: stepMeta });
    } catch (cause) {
      throw this.#fail('checkpoint', checkpointStore,
        `the checkpoint of step ${state.step} could not be written`, cause);
    }
    this.#failures.delete('checkpoint');
    this.#policy.checkpointed();
  }

  /**
   * Sends what is pending on its way, what came back included: its failure is acknowledged.
   * @param {boolean} block  wait until it is written
   * @throws {BoresError} ERR_STREAM when it could not be, or the queue stood still too long
   */
  async flush(block) {
    await this.#tryAgain();
    this.#failures.delete('write');
    this.#failures.delete('queue');
    await this.#flush(block);
  }

  /**
   * Writes all that is pending, however long it takes; what fails is tried once more. A failure stays
   * on record, even where the second attempt goes well.
   * @throws {BoresError} ERR_STREAM when something is still not written
   */
  async leave() {
    for (let attempt = 0; attempt < 2; attempt++) {
      await this.#tryAgain();
      if (this.#pending.length > 0) this.#send();
      await this.#writing;
      if (this.#pending.length === 0) return;
    }
    this.throwFailure();
  }

  /** Resolves when nothing is on its way. */
  async settled() {
    await this.#writing;
  }

  /** Lets go of the core's accounts, when nothing can change them any more. */
  free() {
    if (this.#final || this.#pending.length > 0) return;
    this.#final = this.#policy.accounts();
    this.#policy.free();
  }

  /** After a failure: once all of it has come back, writing may begin again. */
  async #tryAgain() {
    if (!this.#broken) return;
    await this.#writing;
    this.#broken = false;
    this.#last = undefined;
  }

  /** @param {boolean} block */
  async #flush(block) {
    if (this.#pending.length > 0) {
      await this.#room();
      this.#send();
    }
    if (!block) return;
    await this.#writing;
    this.throwFailure();
  }

  /**
   * Hands the pending to the store at once, which encodes them while it commits those before. After
   * a failure they stay, so that none overtakes those which come back.
   */
  #send() {
    if (this.#broken) return;
    const batch = this.#pending;
    this.#pending = [];
    this.#restored = 0;
    this.#policy.take();
    this.#underWay += 1;
    const { store } = this.#options;
    const written = /** @type {DataStore} */ (store).appendAll(batch.map(({ state }) => state), {
      meta: stepMeta, after: this.#last, onProgress: () => this.#progress(),
    });
    this.#last = written;
    this.#writing = Promise.allSettled([this.#writing, written])
      .then(([, result]) => this.#settle(batch, result));
  }

  /**
   * @param {Accepted[]} batch
   * @param {PromiseSettledResult<unknown>} result
   */
  #settle(batch, result) {
    const nbytes = batch.reduce((sum, item) => sum + item.nbytes, 0);
    const ok = result.status === 'fulfilled';
    this.#underWay -= 1;
    if (!ok) {
      if (!this.#broken) { // else it failed because the one before did
        this.#fail('write', this.#options.store,
          `${batch.length} states from step ${batch[0].state.step} on could not be written`,
          result.reason);
      }
      this.#broken = true;
      this.#pending.splice(this.#restored, 0, ...batch); // in order, before whatever came since
      this.#restored += batch.length;
    }
    this.#policy.settle(batch.length, nbytes, ok);
    this.#progress();
  }

  /** Waits until the pending may be on their way too. */
  async #room() {
    const { queueTimeout, signal, name, store } = this.#options;
    this.#lastProgress = performance.now();
    while (!this.#policy.hasRoom() && !this.#broken) {
      const left = this.#lastProgress + queueTimeout * 1000 - performance.now();
      if (left <= 0) {
        const { queuedStates, queuedBytes } = this.#policy.accounts();
        throw this.#fail('queue', store, `the queue of ${name} stood still for ${queueTimeout} s: `
          + `${queuedStates} states, ${(queuedBytes / 1e6).toFixed(1)} MB are waiting to be written`);
      }
      await abortable(this.#nextProgress(left), signal);
    }
  }

  #progress() {
    this.#lastProgress = performance.now();
    for (const wake of this.#waiting) wake();
  }

  /** Resolves when something is encoded or written, or after `ms`. @param {number} ms */
  #nextProgress(ms) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(undefined);
      };
      const timer = setTimeout(wake, Math.min(ms, LONGEST_TIMER));
      this.#waiting.add(wake);
    });
  }

  /**
   * @param {Task} task
   * @param {DataStore | undefined} store
   * @param {string} what
   * @param {unknown} [cause]
   */
  #fail(task, store, what, cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    const failure = new BoresError('ERR_STREAM', `${store?.location}: ${what}${why}`, { cause });
    this.#failures.set(task, failure);
    return failure;
  }
}
