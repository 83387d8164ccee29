// SPDX-License-Identifier: MIT
// StateStream: states in order, saved on their way and replayed afterwards. What to save, when a batch
// is due and when a checkpoint is are the core's decisions (StreamPolicy); this class awaits.
//
// A state is accepted before it is yielded, and what is pending is written when the loop is left,
// however it is left: unlike the reference implementation, `break` loses nothing.

import { BoresError } from '../core/errors.js';
import { StateWriter } from './state-writer.js';
import { validateState } from './validate-state.js';

/**
 * @import { DataStore, EntryMeta } from './data-store.js'
 * @import { ModelState } from './model-state.js'
 * @import { Path } from './paths.js'
 *
 * @typedef {object} StreamOptions
 * @property {Iterable<ModelState> | AsyncIterable<ModelState>} [states]  absent: replay the store
 * @property {DataStore} [store]
 * @property {number} [batchSize]      states a commit (50)
 * @property {boolean} [validate]      validateState() on what is saved and replayed (false)
 * @property {boolean} [autoSave]      write what is pending when the loop is left (true)
 * @property {boolean} [autoReplay]    iterating again replays the store (true)
 * @property {boolean | ((state: ModelState) => boolean)} [save]  which states (true)
 * @property {number} [checkpointInterval]  in step numbers; `save` has no veto
 * @property {DataStore} [checkpointStore]
 * @property {number} [maxBatchMemoryUsage]  MB of arrays a batch
 * @property {boolean} [backgroundIO]  encode and write in a worker while the next states come (false)
 * @property {number} [maxQueueSize]   states on their way at the most (50)
 * @property {number} [maxQueueMemoryUsage]  MB of arrays on their way at the most (256)
 * @property {string} [ioThreadName]   what progress and messages call the writer
 * @property {number} [queueTimeout]   seconds to wait for room in the queue (1)
 * @property {AbortSignal} [signal]
 * @property {(progress: StreamProgress) => void} [onProgress]  after each state
 *
 * @typedef {object} StreamProgress
 * @property {number} yieldCount
 * @property {number} savedCount
 * @property {number} checkpointsCount
 * @property {number} batchPending   states
 * @property {string | null} storeBackend
 * @property {number} memoryUsage    MB of the pending states' arrays
 * @property {number} ioQueueSize    states on their way
 * @property {boolean} ioWorkerAlive
 *
 * @typedef {object} ReplayOptions
 * @property {readonly number[]} [indices]  in this order, negative ones from the end; excludes the rest
 * @property {readonly number[] | ((step: number) => boolean)} [steps]  step numbers; [] is none
 * @property {(entry: EntryMeta) => boolean} [predicate]  combined with `steps`
 * @property {(state: ModelState) => ModelState | void} [validator]
 * @property {readonly Path[]} [fields]
 * @property {AbortSignal} [signal]
 */

const MB = 1e6;
const DEFAULTS = {
  batchSize: 50, validate: false, autoSave: true, autoReplay: true, save: true,
  backgroundIO: false, maxQueueSize: 50, maxQueueMemoryUsage: 256, ioThreadName: 'stream-io',
  queueTimeout: 1,
};

export class StateStream {
  #options;
  /** @type {StateWriter | undefined} */ #writer;
  /** @type {AsyncIterator<ModelState> | Iterator<ModelState> | undefined} */ #source;
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
    const { states, store, checkpointInterval, checkpointStore } = options;
    refuseIf(!states && !store, 'a stream needs states, a store, or both');
    refuseIf(states !== undefined && store !== undefined && !store.supportsAppend,
      `${store?.location}: ${store?.backend} stores cannot be appended to`);
    refuseIf(checkpointInterval !== undefined && !checkpointStore,
      `checkpointInterval is ${checkpointInterval}, and there is no checkpointStore`);
    refuseIf(checkpointStore !== undefined && !checkpointStore.supportsAppend,
      `${checkpointStore?.location}: ${checkpointStore?.backend} stores cannot be appended to`);
    refuseIf(checkpointInterval !== undefined && !(Number.isInteger(checkpointInterval)
      && checkpointInterval > 0), `checkpointInterval is ${checkpointInterval}, not a step count`);
    this.#options = { ...DEFAULTS, ...options };
    this.#consumed = !states;
    if (this.#consumed) this.#options.autoReplay = true;
  }

  /**
   * The last whole checkpoint, to go on from.
   * @param {{ checkpointStore: DataStore }} options
   * @returns {Promise<ModelState | null>}  null where there is none
   */
  static async resume({ checkpointStore }) {
    return new StateStream({ store: checkpointStore }).last();
  }

  /** States handed out so far, replayed ones included. */
  get yieldCount() {
    return this.#yielded;
  }

  /** States written to the store. */
  get savedCount() {
    return this.#writer?.accounts().saved ?? 0;
  }

  /** Whether the source has ended. */
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
    refuseIf(this.#running, 'the stream is being iterated already');
    refuseIf(this.#closed, 'the stream is closed');
    this.#running = true;
    try {
      await this.#openWriter();
      for (let state = await this.#next(); state; state = await this.#next()) {
        await this.#accept(state);
        this.#yielded++;
        this.#lastYielded = state;
        this.#options.onProgress?.(this.progress());
        yield state;
      }
      this.#consumed = true;
    } finally {
      this.#running = false;
      try {
        if (!this.#consumed) await this.#source?.return?.(undefined);
      } finally {
        if (this.#options.autoSave) await this.#writer?.flush(true);
      }
    }
  }

  /** The next state of the source; undefined at its end. */
  async #next() {
    this.#options.signal?.throwIfAborted();
    this.#writer?.throwFailure();
    const states = /** @type {any} */ (this.#options.states);
    this.#source ??= states[Symbol.asyncIterator]?.() ?? states[Symbol.iterator]();
    const { value, done } = await /** @type {AsyncIterator<ModelState>} */ (this.#source).next();
    this.#options.signal?.throwIfAborted();
    return done ? undefined : value;
  }

  /** @param {ModelState} state */
  async #accept(state) {
    if (!this.#writer) return;
    const { save, validate } = this.#options;
    const saved = typeof save === 'function' ? Boolean(save(state)) : save;
    await this.#writer.accept(saved && validate ? validateState(state) : state, saved);
  }

  async #openWriter() {
    const { store, checkpointStore, backgroundIO, queueTimeout, ...options } = this.#options;
    if (!store || this.#writer) return;
    if (backgroundIO) await store.useWorkers();
    this.#writer = await StateWriter.open({
      store, checkpointStore, background: backgroundIO, queueTimeout,
      policy: {
        batchSize: options.batchSize,
        maxBatchBytes: (options.maxBatchMemoryUsage ?? 0) * MB,
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
  async* replay({ indices, steps, predicate, validator, fields, signal } = {}) {
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
    yield* this.until((state) => !condition(state));
  }

  /**
   * Sends what is pending on its way; a batch that failed is tried again.
   * @param {{ block?: boolean }} [options]  block: wait until it is written. Without `backgroundIO` it
   *   always is.
   * @throws {BoresError} ERR_STREAM
   */
  async flush({ block = false } = {}) {
    refuseIf(!this.#options.store, 'there is no store to flush to');
    await this.#writer?.flush(block || !this.#options.backgroundIO);
  }

  /**
   * Writes a checkpoint now, whatever the interval.
   * @param {ModelState} [state]  default: the state yielded last
   */
  async checkpoint(state = this.#lastYielded) {
    this.#checkpointStore();
    if (!state) throw new BoresError('ERR_STREAM', 'there is no state to checkpoint yet');
    await this.#openWriter();
    if (this.#writer) await this.#writer.writeCheckpoint(state);
    else await this.#checkpointStore().append(state, { meta: ({ step }) => ({ step }) });
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
   * @throws {BoresError} ERR_STREAM when something accepted could not be written
   */
  async close() {
    if (!this.#closed) {
      this.#closed = true;
      await this.#source?.return?.(undefined);
    }
    if (!this.#writer) return;
    if (this.#options.autoSave) await this.#writer.flush(true);
    else this.#writer.throwFailure();
  }

  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

/**
 * @param {boolean} condition
 * @param {string} message
 */
function refuseIf(condition, message) {
  if (condition) throw new BoresError('ERR_STREAM', message);
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
