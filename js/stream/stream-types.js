// SPDX-License-Identifier: MIT
// What a StateStream takes and gives.

/**
 * @import { DataStore } from '../store/data-store.js'
 * @import { EntryMeta } from '../store/store-types.js'
 * @import { ModelState } from '../state/model-state.js'
 * @import { Path } from '../values/paths.js'
 *
 * @typedef {object} StreamOptions
 * @property {Iterable<ModelState> | AsyncIterable<ModelState>} [states]  absent: replay the store
 * @property {DataStore} [store]
 * @property {number} [batchSize]      states a commit (50; in the background as many as came during the last)
 * @property {boolean} [validate]      validateState() on what is saved and replayed (false)
 * @property {boolean} [autoSave]      write what is pending when the loop is left (true)
 * @property {boolean} [autoReplay]    iterating again replays the store (true)
 * @property {boolean | ((state: ModelState) => boolean | Promise<boolean>)} [save]  which states (true)
 * @property {number} [checkpointInterval]  in step numbers; `save` has no veto
 * @property {DataStore} [checkpointStore]
 * @property {number} [maxBatchMemoryUsage]  MB of arrays a batch (256)
 * @property {boolean} [backgroundIO]  encode and write in workers while the next states come (false).
 *   Until a state is written its arrays must not change.
 * @property {number} [maxQueueSize]   states on their way at the most (no limit but that of bytes)
 * @property {number} [maxQueueMemoryUsage]  MB of arrays on their way at the most (256)
 * @property {string} [ioThreadName]   what messages call the background writer ('stream-io')
 * @property {number} [queueTimeout]   seconds that a full queue may stand still (30)
 * @property {AbortSignal} [signal]    ends the loop, as break does: what was accepted is written
 * @property {(progress: StreamProgress) => void} [onProgress]  before each state is yielded
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

export {};
