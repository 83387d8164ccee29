// SPDX-License-Identifier: MIT
// Options that are mistyped, or of another type, are errors that name the right one, in every call of the
// public API; and load() takes the guide's form.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import * as library from '../../../js/index.js';
import {
  DataStore, EclipseStore, JSONStore, ModelAnalyst, ModelState, Run, StateStream, ZarrStore, configureWasm,
  configureWorker, convertStore, copyStore, createArray, cubeSeries, encodeSummary, exportCube, importRun, openArray,
  openCube, openNode, openStorage, openStore, readFileBytes, validateState,
} from '../../../js/index.js';
import { nearestName } from '../../../js/core/options.js';
import { runFolder } from '../../helpers/fixtures.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bores-options-'));
after(() => rmSync(work, { recursive: true }));
const store = new ZarrStore(path.join(work, 'run.zarr'));
await store.dump([0, 1, 2].map((step) => ({ step, time: step, step_size: 1 })), { meta: (item) => ({ step: item.step }) });
after(() => store.close());
const state = ModelState.from({ step: 1 });
const eclipse = /** @type {any} */ (new EclipseStore(path.join(work, 'NONE.EGRID')));
const array = await createArray(path.join(work, 'array.zarr'), 'a', { shape: [4], dtype: '<i4' });
const node = await array.node();
const analyst = await ModelAnalyst.from(new ZarrStore(runFolder('guide/wf_f64'), { mode: 'r' }));
const fit = analyst.declineCurveAnalysis();
const stream = () => new StateStream({ store });
const run = new Run({ model: {}, config: {} });
after(() => array.close());

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

// The whole public API: each call that takes options, given them. What is public is asked of the library.

/** By class, or none: what a call does with options. @type {Record<string, Record<string, (options: any) => unknown>>} */
const CALLS = {
  functions: {
    configureWasm, cubeSeries: (options) => cubeSeries('memory:x', 'p', [0, 0, 0], options),
    convertStore: (options) => convertStore(store, 'memory:y', options),
    copyStore: (options) => copyStore(store, store, options),
    createArray: (options) => createArray('memory:z', 'a', options),
    encodeSummary: (options) => encodeSummary([], options),
    exportCube: (options) => exportCube(store, 'memory:c', options),
    importRun: (options) => importRun(/** @type {any} */ ({}), 'x', options),
    openCube: (options) => openCube('memory:x', options),
    openArray: (options) => openArray('memory:z', 'a', options),
    openNode: (options) => openNode('memory:x', '', options),
    openStorage: (options) => openStorage('memory:x', options),
    openStore: (options) => openStore('memory:x', options),
    readFileBytes: (options) => readFileBytes('x.h5', options),
    validateState: (options) => validateState(state, options),
  },
  DataStore: {
    constructor: (options) => new DataStore('zarr', 'memory:x', options),
    append: (options) => store.append({}, options), appendAll: (options) => store.appendAll([], options),
    clear: (options) => store.clear(options), consolidate: (options) => store.consolidate(options),
    describe: (options) => store.describe(options), dump: (options) => store.dump([], options),
    entries: (options) => store.entries(options), follow: (options) => all(store.follow(options)),
    inventory: (options) => store.inventory(0, options), load: (options) => all(store.load(options)),
    read: (options) => store.read(0, 'step', options), repair: (options) => store.repair(options),
    statistics: (options) => store.statistics('grid', options),
    series: (options) => store.series('step', [0, 0, 0], options), usage: (options) => store.usage(options),
    verify: (options) => store.verify(options),
  },
  EclipseStore: {
    cornerCells: (options) => eclipse.cornerCells(options), cornerFaces: (options) => eclipse.cornerFaces(options),
    'cornerFaces, behind its filter': (options) => eclipse.cornerFaces({}, options),
    cornerFence: (options) => eclipse.cornerFence([[0, 0], [1, 1]], options),
    cornerPoints: (options) => eclipse.cornerPoints(options), geometry: (options) => eclipse.geometry(options),
    info: (options) => eclipse.info(options), wells: (options) => eclipse.wells(0, options),
    vectorNames: (options) => eclipse.vectorNames(options), vectors: (options) => eclipse.vectors([], options),
  },
  StateStream: {
    constructor: (options) => new StateStream(options), resume: (options) => StateStream.resume(options),
    flush: (options) => stream().flush(options), replay: (options) => all(stream().replay(options)),
  },
  Run: {
    constructor: (options) => new Run({}, options), fromFiles: (options) => Run.fromFiles({ runPath: 'x' }, options),
    'fromFiles, the files': (files) => Run.fromFiles(files), fromModel: (options) => Run.fromModel({}, options),
    fromState: (options) => Run.fromState(state, {}, options), save: (to) => run.save(to),
    states: (options) => all(run.states(options)), withChange: (change) => run.withChange(change),
  },
  ModelAnalyst: {
    begin: (options) => ModelAnalyst.begin([], options), from: (options) => ModelAnalyst.from([], options),
    follow: (options) => all(analyst.follow(options)),
    estimateEconomicUltimateRecovery: (options) => analyst.estimateEconomicUltimateRecovery(fit, options),
    forecastProduction: (options) => analyst.forecastProduction(fit, options),
    ...Object.fromEntries(methodsOf(ModelAnalyst.prototype).filter((name) => !['compare', 'computeCellArea',
      'estimateEconomicUltimateRecovery', 'forecastProduction', 'report', 'vectors'].includes(name))
      .map((name) => [name, (options) => /** @type {any} */ (analyst)[name](options)])),
  },
  'an opened node': {
    children: (options) => all(node.children(options)), members: (options) => node.members(options),
    open: (options) => node.open('a', options), read: (options) => node.read(options),
    readBytes: (options) => node.readBytes(options),
  },
  'an opened array': {
    resize: (options) => array.resize([4], options), write: (options) => array.write(new Int32Array(4), options),
  },
};

/** What takes no options. */
const NONE = {
  functions: ['collectDropped', 'configureWorker', 'deleteRun', 'describeProperty', 'encodeNpy', 'getPrecision', 'listRuns',
    'locationRelation', 'propertyLabel', 'setPrecision', 'use32bitPrecision', 'withoutPasswords', 'zarritaStore'],
  DataStore: ['close', 'compute', 'count', 'maxIndex', 'received'],
  EclipseStore: ['asCopied', 'inBoresUnits'],
  StateStream: ['checkpoint', 'checkpoints', 'close', 'consume', 'last', 'listCheckpoints', 'progress', 'until', 'while'],
  Run: ['load', 'statics', 'validate'],
  ModelAnalyst: ['compare', 'computeCellArea', 'report', 'vectors'],
  'an opened node': ['close', 'openMember'],
  'an opened array': ['attach', 'close', 'define', 'load', 'node', 'setAttributes'],
};

/** @param {any} object */
function methodsOf(object) {
  return Object.entries(Object.getOwnPropertyDescriptors(object)).filter(([name, { value }]) =>
    typeof value === 'function' && name !== 'constructor').map(([name]) => name);
}

test('each call of the public API is known here, with options or without', () => {
  const isClass = (/** @type {unknown} */ value) => /^class\b/.test(Function.prototype.toString.call(value));
  const functions = Object.entries(library).filter(([, value]) => typeof value === 'function' && !isClass(value));
  const of = (/** @type {any} */ Class) => [...methodsOf(Class), ...methodsOf(Class.prototype)];
  const there = { functions: functions.map(([name]) => name), DataStore: of(DataStore), EclipseStore: of(EclipseStore),
    StateStream: of(StateStream), Run: of(Run), ModelAnalyst: of(ModelAnalyst),
    'an opened node': methodsOf(Object.getPrototypeOf(node)), 'an opened array': of(array.constructor) };
  for (const [owner, names] of Object.entries(there)) {
    const known = new Set([...Object.keys(CALLS[owner]), .../** @type {any} */ (NONE)[owner] ?? []]);
    assert.deepEqual(names.filter((name) => !known.has(name)), [], owner);
  }
  const values = ['ModelState', 'NdArray', 'SparseTensor', 'BoresError', 'PROPERTIES', 'ArrayStatistics']; // and what only opens
  const stores = ['HDF5Store', 'JSONStore', 'YAMLStore', 'ZarrStore'];
  assert.deepEqual(Object.keys(library).filter((name) => !(name in there) && !there.functions.includes(name)
    && !values.includes(name) && !stores.includes(name)), []);
});

/** Questions, whose options' values the core checks. */
const asked = Object.keys(CALLS.ModelAnalyst).filter((name) => !['begin', 'from', 'follow'].includes(name));
/** Options that may be anything as far as the table goes: what they are is checked where they are used. */
const ANYTHING = new Set(['configureWasm', 'fromFiles, the files', 'save', 'createArray', 'statistics']);

for (const [owner, calls] of Object.entries(CALLS)) {
  test(`${owner}: options are checked, by name and by type`, async () => {
    let checked = 0;
    for (const [name, call] of Object.entries(calls)) {
      const refused = async (/** @type {unknown} */ options, /** @type {RegExp} */ message) => assert.rejects(
        async () => call(options), (/** @type {any} */ error) => {
          assert.equal(error.code, 'ERR_ARGUMENT', `${name}: ${error.stack}`);
          assert.match(error.message, message, name);
          return true;
        }, `${name}: ${Object.keys(/** @type {any} */ (options)).join()} was accepted`);
      const text = await Promise.resolve().then(() => call(7)).catch((error) => error.message);
      const [, list] = /takes its options as an object, \{ (.*) \}, not 7/.exec(text) ?? assert.fail(`${name}: ${text}`);
      const known = list.trim() === '' ? [] : list.split(', ');
      await refused({ Qqq: 1 }, /no option 'Qqq'/);
      for (const option of known) {
        checked++;
        await refused({ [`${option}_`]: 1 }, new RegExp(`no option '${option}_'; there is '${option}'`));
        const odd = asked.includes(name) ? { odd: true } : Symbol('odd');
        if (!ANYTHING.has(name)) await refused({ [option]: odd }, new RegExp(`\\b${option}\\b`));
      }
    }
    assert.ok(checked >= Object.keys(calls).length / 2, `${checked} options`);
  });
}

const any = /** @type {any} */ (store);
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
