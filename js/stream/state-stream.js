// SPDX-License-Identifier: MIT
// StateStream: states in order, saved on their way and replayed afterwards. What to save, when a batch
// is due and when a checkpoint is are the core's decisions (StreamPolicy); this class awaits.
//
// A state is accepted before it is yielded, and what is pending is written when the loop is left,
// however it is left: unlike the reference implementation, `break` loses nothing.

import { BoresError } from '../core/errors.js';
import { checkArgument, checkOptions } from '../core/options.js';
import { internalsOf } from '../store/data-store.js';
import { StateSource } from './state-source.js';
import { StateWriter } from './state-writer.js';
import { checkStreamOptions, refuseIf } from './stream-options.js';
import { validateState } from '../state/validate-state.js';

/**
 * @import { DataStore } from '../store/data-store.js'
 * @import { EntryMeta } from '../store/store-types.js'
 * @import { ModelState } from '../state/model-state.js'
 * @import { ReplayOptions, StreamOptions, StreamProgress } from './stream-types.js'
 */

const MB = 1e6;

export class StateStream {
  #options;
  /** @type {StateWriter | undefined} */ #writer;
  #source;
  #running = false;
  #consumed;
  #closed = false;
  #yielded = 0;
  /** @type {ModelState | undefined} */ #lastYielded;

  /**
   * @param {StreamOptions} options
   * @throws {BoresError} ERR_STREAM for options that contradict each other
   */
  constructor(options) {
    this.#options = checkStreamOptions(options);
    this.#source = new StateSource(options.states ?? []);
    this.#consumed = !options.states;
    if (this.#consumed) this.#options.autoReplay = true;
  }

  /**
   * The last checkpoint that is whole, to go on from: one that is broken is passed over.
   * @param {{ checkpointStore: DataStore, signal?: AbortSignal }} options
   * @returns {Promise<ModelState | null>}  null where there is none
   */
  static async resume(options) {
    checkOptions('StateStream.resume()', options, { checkpointStore: 'object', signal: 'signal' });
    const { checkpointStore, signal } = options;
    if (!checkpointStore) throw new BoresError('ERR_ARGUMENT', 'StateStream.resume() needs a checkpointStore');
    const entries = await checkpointStore.entries({ signal });
    for (const { idx } of entries.reverse()) {
      const { ok } = await checkpointStore.verify({ indices: [idx], signal });
      if (!ok) continue;
      for await (const state of checkpointStore.load({ indices: [idx], signal })) return state;
    }
    return null;
  }

  /** States handed out so far, replayed ones included. */
  get yieldCount() {
    return this.#yielded;
  }

  /** States written to the store. */
  get savedCount() {
    return this.#writer?.accounts().saved ?? 0;
  }

  /** Whether the source came to its end. */
  get isConsumed() {
    return this.#consumed;
  }

  /** States accepted and not yet on their way; a copy. */
  get pendingBatch() {
    return this.#writer?.pending ?? [];
  }

  /** @returns {StreamProgress} */
  progress() {
    const accounts = this.#writer?.accounts();
    return {
      yieldCount: this.#yielded,
      savedCount: accounts?.saved ?? 0,
      checkpointsCount: accounts?.checkpoints ?? 0,
      batchPending: accounts?.pendingStates ?? 0,
      storeBackend: this.#options.store?.backend ?? null,
      memoryUsage: (accounts?.pendingBytes ?? 0) / MB,
      ioQueueSize: accounts?.queuedStates ?? 0,
      ioWorkerAlive: this.#options.backgroundIO && this.#writer !== undefined && !this.#closed,
    };
  }

  /** @returns {AsyncGenerator<ModelState, void, void>} */
  [Symbol.asyncIterator]() {
    if (!this.#consumed) return this.#consume();
    const { store, autoReplay } = this.#options;
    refuseIf(!store, 'the states have been consumed, and there is no store to replay');
    refuseIf(!autoReplay, 'the states have been consumed; use replay()');
    return this.replay();
  }

  /** @returns {AsyncGenerator<ModelState, void, void>} */
  async* #consume() {
    refuseIf(this.#closed, 'the stream is closed');
    refuseIf(this.#running, 'the stream is being iterated already');
    this.#running = true;
    let failed = true; // unless the consumer leaves, or the end is reached
    try {
      await this.#openWriter();
      for (let state = await this.#next(); state !== undefined; state = await this.#next()) {
        await this.#accept(state);
        this.#yielded++;
        this.#lastYielded = state;
        this.#options.onProgress?.(this.progress());
        failed = false;
        yield state;
        failed = true;
      }
      this.#consumed = !this.#closed;
      failed = false;
    } finally {
      this.#running = false;
      const ends = await Promise.allSettled([this.#source.end(), this.#leave()]);
      // The first failure is told now; what the last write says is told by close() too.
      for (const end of failed ? [] : ends) if (end.status === 'rejected') throw end.reason;
    }
  }

  async #next() {
    this.#writer?.throwFailure();
    return this.#source.next(this.#options.signal);
  }

  /** @param {ModelState} state */
  async #accept(state) {
    if (!this.#writer) return;
    const { save, validate, store } = this.#options;
    const saved = store !== undefined && Boolean(typeof save === 'function' ? await save(state) : save);
    await this.#writer.accept(saved && validate ? validateState(state) : state, saved);
  }

  async #leave() {
    if (this.#options.autoSave) await this.#writer?.leave();
    else await this.#writer?.settled();
  }

  async #openWriter() {
    const { store, checkpointStore, ...options } = this.#options;
    if (this.#writer || !(store ?? checkpointStore)) return;
    if (options.backgroundIO && store) await internalsOf(store).useWorkers();
    this.#writer = await StateWriter.open({
      store, checkpointStore, background: options.backgroundIO, eager: options.eager, name: options.ioThreadName,
      queueTimeout: options.queueTimeout, signal: options.signal,
      policy: {
        batchSize: options.batchSize,
        maxBatchBytes: options.maxBatchMemoryUsage * MB,
        checkpointInterval: options.checkpointInterval ?? 0,
        maxQueueStates: options.maxQueueSize,
        maxQueueBytes: options.maxQueueMemoryUsage * MB,
      },
    });
  }

  /**
   * What the store holds, in order.
   * @param {ReplayOptions} [options]
   * @returns {AsyncGenerator<ModelState, void, void>}
   * @throws {BoresError} ERR_STREAM without a store, ERR_INDEX_RANGE
   */
  async* replay(options) {
    checkOptions('replay()', options, { indices: 'list', steps: 'list|function', predicate: 'function',
      validator: 'function', fields: 'list', signal: 'signal' });
    const { indices, steps, predicate, validator, fields, signal } = options ?? {};
    const { store, validate } = this.#options;
    if (!store) throw new BoresError('ERR_STREAM', 'there is no store to replay');
    const check = validator
      ?? (validate ? (/** @type {ModelState} */ state) => validateState(state) : undefined);
    const selection = indices ? { indices } : { predicate: entryFilter(steps, predicate) };
    for await (const state of store.load({ ...selection, validator: check, fields,
      signal: signal ?? this.#options.signal })) {
      this.#yielded++;
      yield state;
    }
  }

  /**
   * The last state: of the store once the source has ended, else the last that it yields, for which
   * the rest is consumed. null where there is none.
   * @returns {Promise<ModelState | null>}
   */
  async last() {
    if (!this.#consumed) {
      await this.consume();
      return this.#lastYielded ?? null;
    }
    const { store } = this.#options;
    if (!store) return this.#lastYielded ?? null;
    if (await store.count() === 0) return null;
    for await (const state of this.replay({ indices: [-1] })) return state;
    return null;
  }

  /** Runs the source to its end, saving on the way. */
  async consume() {
    if (this.#consumed) return;
    for await (const state of this) void state;
  }

  /**
   * Yields up to and including the first state for which `condition` holds.
   * @param {(state: ModelState) => boolean} condition
   */
  async* until(condition) {
    checkArgument('until()', 'condition', condition, 'function');
    for await (const state of this) {
      yield state;
      if (condition(state)) return;
    }
  }

  /**
   * Yields up to and including the first state for which `condition` does not hold.
   * @param {(state: ModelState) => boolean} condition
   */
  async* while(condition) {
    checkArgument('while()', 'condition', condition, 'function');
    yield* this.until((state) => !condition(state));
  }

  /**
   * Sends what is pending on its way. Batches that failed are tried again, and their failure is
   * acknowledged: close() does not report it any more.
   * @param {{ block?: boolean }} [options]  block: wait until it is written. Without `backgroundIO` it
   *   always is.
   * @throws {BoresError} ERR_STREAM
   */
  async flush(options) {
    checkOptions('flush()', options, { block: 'boolean' });
    const { block = false } = options ?? {};
    refuseIf(!this.#options.store, 'there is no store to flush to');
    await this.#writer?.flush(block || !this.#options.backgroundIO);
  }

  /**
   * With a step's number: the state of that checkpoint, as in BORES. Else writes one now, whatever the
   * interval.
   * @param {ModelState | number} [stateOrStep]  default: the state yielded last
   * @returns {Promise<ModelState | void>}
   * @throws {BoresError} ERR_STREAM, also where there is no checkpoint of the step
   */
  async checkpoint(stateOrStep = this.#lastYielded) {
    const store = this.#checkpointStore();
    if (typeof stateOrStep === 'number') return this.#loadCheckpoint(store, stateOrStep);
    const state = stateOrStep;
    refuseIf(this.#closed, 'the stream is closed');
    if (!state) throw new BoresError('ERR_STREAM', 'there is no state to checkpoint yet');
    await this.#openWriter();
    await this.#writer?.writeCheckpoint(state);
  }

  /**
   * @param {DataStore} store
   * @param {number} step
   * @returns {Promise<ModelState>}
   */
  async #loadCheckpoint(store, step) {
    const entries = await store.entries({ signal: this.#options.signal });
    const found = entries.findLast((entry) => (entry.step ?? entry.meta?.step) === step);
    if (!found) {
      const steps = await this.listCheckpoints();
      throw new BoresError('ERR_STREAM', `there is no checkpoint of step ${step}, only of `
        + `${steps.length > 0 ? steps.join(', ') : 'none'}`);
    }
    for await (const state of store.load({ indices: [found.idx], signal: this.#options.signal })) return state;
    throw new BoresError('ERR_STREAM', `the checkpoint of step ${step} is gone`);
  }

  /** The checkpoints' states, oldest first. @returns {AsyncGenerator<ModelState, void, void>} */
  async* checkpoints() {
    yield* this.#checkpointStore().load();
  }

  /** The checkpoints' step numbers, ascending. */
  async listCheckpoints() {
    const entries = await this.#checkpointStore().entries();
    return entries.map(({ step, meta }) => Number(step ?? meta.step)).sort((a, b) => a - b);
  }

  #checkpointStore() {
    const { checkpointStore } = this.#options;
    if (!checkpointStore) throw new BoresError('ERR_STREAM', 'there is no checkpointStore');
    return checkpointStore;
  }

  /**
   * Writes what is pending (with `autoSave`) and ends the source. The stores stay open: they belong to
   * the caller. Idempotent, but for a failure, which it reports each time.
   * @throws {BoresError} ERR_STREAM when something has failed since it was acknowledged by flush(),
   *   also where another attempt has written it since; `pendingBatch` has what is not written
   */
  async close() {
    this.#closed = true;
    const ends = await Promise.allSettled([this.#source.end(), this.#leave()]);
    this.#writer?.free();
    this.#writer?.throwFailure();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/**
 * @param {ReplayOptions['steps']} steps
 * @param {ReplayOptions['predicate']} predicate
 */
function entryFilter(steps, predicate) {
  if (steps === undefined) return predicate;
  const wanted = typeof steps === 'function' ? steps
    : ((set) => (/** @type {number} */ step) => set.has(step))(new Set(steps));
  return (/** @type {EntryMeta} */ entry) =>
    wanted(entry.step ?? entry.meta.step) && (predicate?.(entry) ?? true);
}
