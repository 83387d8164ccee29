// SPDX-License-Identifier: MIT
// The public API of bores-wasm.

export { BoresError } from './core/errors.js';
export { withoutPasswords } from './core/secrets.js';
export { configureWasm } from './core/instances.js';
export { configureWorker } from './worker/host.js';
export { HDF5Store, JSONStore, YAMLStore, ZarrStore, openStorage, openStore } from './store/open-store.js';
export { openNode } from './store/open-node.js';
export { createArray, openArray } from './store/arrays/create-array.js';
export { readFileBytes } from './store/file-bytes.js';
export { locationRelation } from './storage/location-relation.js';
export { zarritaStore } from './storage/zarrita-store.js';
export { copyStore } from './store/copy-store.js';
export { convertStore } from './store/convert-store.js';
export { cubeSeries } from './cube/cube-series.js';
export { exportCube } from './cube/export-cube.js';
export { openCube } from './cube/read-cube.js';
export { DataStore } from './store/data-store.js';
export { EclipseStore } from './store/eclipse/eclipse-store.js';
export { StateStream } from './stream/state-stream.js';
export { Run } from './run/run.js';
export { ModelState } from './state/model-state.js';
export { NdArray } from './values/nd-array.js';
export { ArrayStatistics } from './values/array-statistics.js';
export { SparseTensor } from './values/sparse-tensor.js';
export { validateState } from './state/validate-state.js';
export { getPrecision, setPrecision, use32bitPrecision } from './state/precision.js';
export { PROPERTIES, describeProperty, propertyLabel } from './state/properties.js';
export { encodeNpy } from './values/npy.js';
export { collectDropped } from './storage/handle/files.js';
export { deleteRun, importRun, listRuns } from './storage/indexeddb/indexeddb.js';
export { ModelAnalyst } from './analysis/model-analyst.js';
export { encodeSummary } from './analysis/summary-files.js';

/**
 * @typedef {import('./store/store-types.js').EntryMeta} EntryMeta
 * @typedef {import('./store/store-types.js').InventoryItem} InventoryItem
 * @typedef {import('./store/store-types.js').LoadOptions} LoadOptions
 * @typedef {import('./store/open-store.js').OpenStoreOptions} OpenStoreOptions
 * @typedef {import('./stream/stream-types.js').ReplayOptions} ReplayOptions
 * @typedef {import('./stream/stream-types.js').StreamOptions} StreamOptions
 * @typedef {import('./stream/stream-types.js').StreamProgress} StreamProgress
 */
