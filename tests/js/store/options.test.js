// SPDX-License-Identifier: MIT
// Options that are mistyped, or of another type, are errors that name the right one, in every call of the
// public API; and load() takes the guide's form.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import {
  JSONStore, ModelAnalyst, ModelState, Run, StateStream, ZarrStore, configureWasm, configureWorker,
  convertStore, copyStore, importRun, openNode, openStorage, openStore, readFileBytes, validateState,
} from '../../../js/index.js';
import { nearestName } from '../../../js/core/options.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bores-options-'));
after(() => rmSync(work, { recursive: true }));
const store = new ZarrStore(path.join(work, 'run.zarr'));
await store.dump([0, 1, 2].map((step) => ({ step, time: step, step_size: 1 })), { meta: (item) => ({ step: item.step }) });
after(() => store.close());

/** @param {AsyncIterable<any>} items */
async function all(items) {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

test('load() takes a class with from(tree), and options behind it', async () => {
  const states = await all(store.load(ModelState, { indices: [2, 0] }));
  assert.deepEqual(states.map(({ step }) => step), [2, 0]);
  assert.ok(states[0] instanceof ModelState);
  assert.deepEqual((await all(store.load(ModelState, { predicate: ({ meta }) => meta.step > 0 }))).length, 2);
  assert.equal((await all(store.load(ModelState))).length, 3);
  class Config {
    /** @param {any} tree */
    static from(tree) {
      return Object.assign(new Config(), { read: tree.step });
    }
  }
  const [config] = await all(store.load(Config, { indices: [-1] }));
  assert.ok(config instanceof Config);
  assert.equal(config.read, 2);
});

const any = /** @type {any} */ (store);
const state = ModelState.from({ step: 1 });
/** @type {[string, () => unknown, RegExp][]} */
const WRONG = [
  ['load()', () => all(any.load({ indeces: [0] })), /no option 'indeces'; there is 'indices'/],
  ['load(), behind a class', () => all(any.load(ModelState, { indice: [0] })), /there is 'indices'/],
  ['load(), two objects', () => all(any.load({ indices: [0] }, { as: 'raw' })), /two objects/],
  ['load(), a class without from', () => all(any.load(class Thing {}, {})), /Thing has no from\(tree\)/],
  ['load(), a class and as', () => all(any.load(ModelState, { as: 'raw' })), /'as' says what is made/],
  ['load(), a list', () => all(any.load([0])), /options as an object, .* not a list/],
  ['load(), a number', () => all(any.load({ indices: 3 })), /'indices' is a list, not 3/],
  ['load(), a word', () => all(any.load({ as: 'Raw' })), /'state' or 'raw', not 'Raw'; 'raw' may be meant/],
  ['read()', () => any.read(0, 'step', { slices: [0] }), /no option 'slices'; there is 'slice'/],
  ['read(), the index', () => any.read('0', 'step'), /'idx' is a whole number, not '0'/],
  ['series()', () => any.series('step', [0, 0, 0], { indexes: [0] }), /there is 'indices'/],
  ['entries()', () => any.entries({ Signal: undefined }), /there is 'signal'/],
  ['inventory()', () => any.inventory(0, { all: true }), /no option 'all'/],
  ['describe()', () => any.describe({ x: 1 }), /no option 'x', only signal/],
  ['usage()', () => any.usage({ x: 1 }), /no option 'x'/],
  ['verify()', () => any.verify({ onprogress: () => {} }), /there is 'onProgress'/],
  ['follow()', () => all(any.follow({ pollMS: 3 })), /there is 'pollMs'/],
  ['append()', () => any.append({}, { metadata: {} }), /there is 'meta'/],
  ['appendAll()', () => any.appendAll({}, {}), /'items' is a list, not a value of type Object/],
  ['dump()', () => any.dump(3), /'items' is a list or an async iterable, not 3/],
  ['clear()', () => any.clear({ force: true }), /no option 'force'/],
  ['consolidate()', () => any.consolidate({ force: true }), /no option 'force'/],
  ['repair()', () => any.repair({ dryrun: true }), /there is 'dryRun'/],
  ['openStore()', () => openStore('memory:x', /** @type {any} */ ({ Mode: 'r' })), /there is 'mode'/],
  ['openStore(), a word', () => openStore('memory:x', /** @type {any} */ ({ mode: 'rw' })), /not 'rw'/],
  ['openStore(), of HTTP', () => openStore('http://x/y', /** @type {any} */ ({ http: { retry: 1 } })), /there is 'retries'/],
  ['a store', () => new JSONStore('x.json', /** @type {any} */ ({ array: 'raw' })), /there is 'arrays'/],
  ['openNode()', () => openNode('memory:x', '', /** @type {any} */ ({ works: true })), /there is 'worker'/],
  ['openNode(), the path', () => openNode('memory:x', /** @type {any} */ ({ worker: true })), /'path' is a text/],
  ['openStorage()', () => openStorage('memory:x', /** @type {any} */ ({ creates: true })), /there is 'create'/],
  ['readFileBytes()', () => readFileBytes('x.h5', /** @type {any} */ ({ signals: 1 })), /there is 'signal'/],
  ['copyStore()', () => copyStore(store, store, /** @type {any} */ ({ replaces: true })), /there is 'replace'/],
  ['convertStore()', () => convertStore(store, 'memory:y', /** @type {any} */ ({ backends: 'json' })), /there is 'backend'/],
  ['StateStream', () => new StateStream(/** @type {any} */ ({ store, batchsize: 3 })), /there is 'batchSize'/],
  ['StateStream.resume()', () => StateStream.resume(/** @type {any} */ ({ checkpoint_store: store })), /there is 'checkpointStore'/],
  ['replay()', () => all(new StateStream({ store }).replay(/** @type {any} */ ({ step: [1] }))), /there is 'steps'/],
  ['flush()', () => new StateStream({ store }).flush(/** @type {any} */ ({ blocks: true })), /there is 'block'/],
  ['validateState()', () => validateState(state, /** @type {any} */ ({ type: 'float32' })), /there is 'dtype'/],
  ['configureWasm()', () => configureWasm(/** @type {any} */ ({ simds: '' })), /there is 'simd'/],
  ['configureWorker()', () => configureWorker(/** @type {any} */ ('server.js')), /'make' is a function/],
  ['importRun()', () => importRun(/** @type {any} */ ({}), 'x', /** @type {any} */ ({ progress: 1 })), /no option 'progress'/],
  ['Run.fromModel()', () => Run.fromModel({}, /** @type {any} */ ({ step: 'report' })), /there is 'steps'/],
  ['ModelAnalyst.from()', () => ModelAnalyst.from([], /** @type {any} */ ({ stoip: 1 })), /there is 'stoiip'/],
];

for (const [call, run, message] of WRONG) {
  test(`${call} tells what it does not know`, async () => {
    await assert.rejects(async () => run(), { code: 'ERR_ARGUMENT', message });
  });
}

test('a store can be used after all that', async () => {
  assert.equal(await store.count(), 3);
  assert.equal(await store.read(0, 'step'), 0);
});

test('the nearest name', () => {
  const known = ['indices', 'predicate', 'signal', 'batchSize', 'onProgress'];
  for (const [name, expected] of [['indcies', 'indices'], ['Batch_Size', 'batchSize'], ['onprogres', 'onProgress'],
    ['sign', 'signal'], ['filter', undefined], ['x', undefined]]) {
    assert.equal(nearestName(String(name), known), expected, String(name));
  }
});
