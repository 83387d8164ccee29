// SPDX-License-Identifier: MIT
// What the package gives its users. A change here is a change for them: it belongs into
// CHANGELOG.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as library from '../../js/index.js';

/** @param {unknown} value */
function kindOf(value) {
  if (typeof value !== 'function') return typeof value;
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
}

test('names and kinds of the exports', () => {
  const found = Object.fromEntries(Object.entries(library)
    .map(([name, value]) => [name, kindOf(value)]));
  assert.deepEqual(found, {
    ArrayStatistics: 'class', BoresError: 'class',
    DataStore: 'class',
    EclipseStore: 'class',
    HDF5Store: 'class',
    JSONStore: 'class',
    ModelAnalyst: 'class',
    ModelState: 'class',
    NdArray: 'class',
    PROPERTIES: 'object',
    Run: 'class',
    SparseTensor: 'class',
    StateStream: 'class',
    YAMLStore: 'class',
    ZarrStore: 'class',
    collectDropped: 'function',
    configureWasm: 'function',
    configureWorker: 'function',
    convertStore: 'function',
    copyStore: 'function',
    deleteRun: 'function',
    describeProperty: 'function',
    encodeNpy: 'function',
    encodeSummary: 'function',
    getPrecision: 'function',
    importRun: 'function',
    listRuns: 'function',
  locationRelation: 'function',
    createArray: 'function',
    cubeSeries: 'function',
    exportCube: 'function',
    openArray: 'function',
    openCube: 'function',
    openNode: 'function',
    openStorage: 'function',
    openStore: 'function',
    propertyLabel: 'function',
    readFileBytes: 'function',
    setPrecision: 'function',
    use32bitPrecision: 'function',
    validateState: 'function',
    withoutPasswords: 'function',
    zarritaStore: 'function',
  });
});

/** @param {{ prototype: object }} Class */
function membersOf(Class) {
  const names = Object.getOwnPropertyNames(Class.prototype);
  return names.filter((name) => name !== 'constructor').sort();
}

test('members of a store', () => {
  assert.deepEqual(membersOf(library.DataStore), ['append', 'appendAll', 'clear', 'close', 'closed',
    'compute', 'consolidate', 'count', 'describe', 'dump', 'entries', 'follow', 'inventory', 'load',
    'maxIndex', 'read', 'received', 'repair', 'series', 'statistics', 'supportsAppend', 'usage', 'verify']);
});

test('members of a stream', () => {
  assert.deepEqual(membersOf(library.StateStream), ['checkpoint', 'checkpoints', 'close', 'consume',
    'flush', 'isConsumed', 'last', 'listCheckpoints', 'pendingBatch', 'progress', 'replay',
    'savedCount', 'until', 'while', 'yieldCount']);
});

test('members of a run', () => {
  assert.deepEqual(membersOf(library.Run), ['load', 'materialBalance', 'save', 'states', 'statics',
    'summary', 'validate', 'withChange']);
  assert.equal(typeof library.Run.prototype[Symbol.asyncIterator], 'function');
});
