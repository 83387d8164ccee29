// SPDX-License-Identifier: MIT
// Stores that BORES wrote, loaded and written anew: the same keys, the same documents to the byte,
// the same values. And what becomes of trees that were made in JavaScript.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { ModelState, NdArray, SparseTensor, openStore } from '../../../../js/index.js';
import { FLOATS } from '../../../../js/core/pack.js';
import { getCore } from '../../../../js/formats/zarr/zarr-session.js';
import { toStored } from '../../../../js/state/stored-tree.js';
import { writeTree } from '../../../../js/values/tree.js';
import { MemoryStorage } from '../../../../js/storage/memory/memory.js';
import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { RUNS, runConsolidated, runExpected, runFolder } from '../../../helpers/fixtures.js';
import { encode, putsOf, rewrite } from '../../../helpers/encode.js';
import { allDifferences } from '../../../helpers/expected.js';
import { filesBelow } from '../../../helpers/files-below.js';
import { using } from '../../../helpers/with-store.js';

/** @import { RunName } from '../../../helpers/fixtures.js' */

const GROUP = 'entry_0000000000';

/** How BORES was told to write a run. @param {RunName} run */
function optionsOf(run) {
  return {
    layout: run.startsWith('head') ? 'flat' : 'nested',
    ...(run.includes('wire') && { arrays: 'record' }),
    ...(run.includes('chunks4') && { chunks: [4] }),
  };
}

/** @param {string} folder  @returns {Map<string, Buffer>} */
function readFiles(folder) {
  return new Map(filesBelow(folder).map((key) => [key, readFileSync(path.join(folder, key))]));
}

/** @param {Uint8Array | undefined} bytes */
const text = (bytes) => bytes && new TextDecoder().decode(bytes);

/**
 * The attributes of a map's own group, as text, of an entry with that data.
 * @param {unknown} data
 * @param {string} [group]  below the entry
 */
async function attributes(data, group = '') {
  return text((await encode([{ idx: 0, data }])).get(`${GROUP}${group}/.zattrs`));
}

describe('a store of BORES written anew', () => {
  for (const run of RUNS.filter((name) => !name.startsWith('wheel'))) {
    test(`${run} is the same files`, async () => {
      const before = readFiles(runFolder(run));
      const after = await rewrite(runFolder(run), optionsOf(run));
      assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort());
      for (const [key, bytes] of before) {
        if (/(?:^|\/)\.z[a-z]+$/.test(key)) assert.equal(text(after.get(key)), text(bytes), key);
        // codecs are of the releases that BORES had, so even what is compressed is the same
        else assert.ok(bytes.equals(/** @type {Uint8Array} */ (after.get(key))), key);
      }
    });
  }

  for (const run of /** @type {RunName[]} */ (['guide/wf_f64_chunks4_lzf', 'guide/wf_f32_ckpt',
    'head/wf_f32_ckpt', 'head/wf_f64_wire_ckpt', 'wheel/wf_f64'])) {
    test(`${run} has the same values in the other layout`, async () => {
      const layout = run.startsWith('head') ? 'nested' : 'flat';
      const files = await rewrite(runFolder(run), { layout, compressor: { id: 'zlib', level: 1 } });
      await using(openStore(new MemoryStorage(files)), async (store) => {
        assert.equal((await store.describe()).layout, layout);
        assert.deepEqual(await allDifferences(store, nameEntries(runExpected(run))), []);
      });
    });
  }

  test('the oldest layout is written as the nested one', async () => {
    const files = await rewrite(runFolder('wheel/wf_f64'), { layout: 'nested' });
    await using(openStore(new MemoryStorage(files)), async (store) => {
      assert.deepEqual(await allDifferences(store, nameEntries(runExpected('wheel/wf_f64'))), []);
    });
  });

  test('an entry\'s attributes are its last key, its group the one before', async () => {
    for (const layout of ['nested', 'flat']) {
      const puts = await encode([{ idx: 3, data: { a: { b: [1, 2] }, c: 1 } }], { layout });
      assert.deepEqual([...puts.keys()].slice(-2),
        ['entry_0000000003/.zgroup', 'entry_0000000003/.zattrs']);
    }
  });

  for (const run of /** @type {RunName[]} */ (['guide/wf_f64_ckpt', 'head/wf_f32_ckpt'])) {
    test(`${run} is consolidated as zarr-python does it`, async () => {
      const storage = await DirectoryStorage.open(runFolder(run));
      const puts = await putsOf(storage, 'zarr.consolidate', null);
      assert.deepEqual([...puts.keys()], ['.zmetadata']);
      assert.equal(text(puts.get('.zmetadata')), text(runConsolidated(run)));
    });
  }
});

/** Entries are `entry_…` in what is written, whatever they were. @param {any} expected */
function nameEntries(expected) {
  const entries = expected.entries.map((/** @type {any} */ entry, /** @type {number} */ i) =>
    ({ ...entry, group: `entry_${String(i).padStart(10, '0')}` }));
  return { ...expected, entries };
}

describe('numbers', () => {
  test('fields that are floats in BORES are floats', async () => {
    assert.match(/** @type {string} */ (await attributes({ step: 3, time: 3, step_size: 1 })),
      /"step": 3,\n {4}"step_size": 1\.0,\n {4}"time": 3\.0/);
    const puts = await encode([{ idx: 0, data: { model: { cell_dimension: [100, 50],
      grid_shape: [10, 8, 3] } } }], { compressor: null });
    const document = (/** @type {string} */ name) =>
      JSON.parse(/** @type {string} */ (text(puts.get(`${GROUP}/model/${name}/.zarray`))));
    assert.equal(document('cell_dimension').dtype, '<f8');
    assert.equal(document('grid_shape').dtype, '<i8');
  });

  test('what was an integer on disk stays one, and a float too, in changed states', async () => {
    await using(openStore(runFolder('guide/wf_f64_ckpt')), async (store) => {
      const [state] = await collect(store.load({ indices: [0] }));
      const well = 'wells.injection_wells.INJ-1.injection_well';
      const control = `${well}.control.adaptive_bhp_rate_control`;
      const changed = state.with({ time: 86400, step: 7, 'model.dip_angle': 5,
        [`${control}.bhp_limit`]: 5000, [`${well}.radius`]: 1 });
      const folder = `/${well}`.replaceAll('.', '/');
      assert.match(await attributes(changed) ?? '', /"step": 7,.*"time": 86400\.0/s);
      assert.match(await attributes(changed, '/model') ?? '', /"dip_angle": 5\.0/);
      assert.match(await attributes(changed, folder) ?? '', /"radius": 1\.0/);
      assert.match(await attributes(changed, `${folder}/control/adaptive_bhp_rate_control`) ?? '',
        /"bhp_limit": 5000,/);
    });
  });

  test('the mark is no key of a map, and goes through states', async () => {
    const [entry] = await loadRaw('guide/wf_f64_ckpt');
    assert.deepEqual(Reflect.ownKeys(entry.model).filter((key) => key === FLOATS), [FLOATS]);
    assert.ok(!Object.keys(entry.model).includes(String(FLOATS)));
    assert.deepEqual([...entry.model[FLOATS]].sort(), ['dip_angle', 'dip_azimuth']);
    assert.deepEqual(ModelState.from(entry).toTree().model[FLOATS], entry.model[FLOATS]);
  });

  test('large, negative, non-finite', async () => {
    const data = { a: 2 ** 53 - 1, b: 1e20, c: -0, d: NaN, e: -Infinity, f: 1e-7, g: 2n ** 62n,
      h: 2n ** 64n - 1n };
    const written = /** @type {string} */ (await attributes(data));
    for (const line of ['"a": 9007199254740991', '"b": 1e+20', '"c": -0.0', '"d": NaN',
      '"e": -Infinity', '"f": 1e-07', '"g": 4611686018427387904',
      '"h": 18446744073709551615']) {
      assert.ok(written.includes(line), `${line} in ${written}`);
    }
  });
});

/** @param {AsyncIterable<any>} items */
async function collect(items) {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

/** @param {RunName} run */
async function loadRaw(run) {
  return using(openStore(runFolder(run)), (store) => collect(store.load({ as: 'raw' })));
}

describe('trees made in JavaScript', () => {
  test('every form of map, list and array', async () => {
    const data = {
      map: new Map([['inner', new Map([['x', 1]])]]), typed: new Float32Array([1, 2]),
      grid: NdArray.from([[1, 2], [3, 4]], 'int64'), flags: NdArray.from([true, false]),
      none: null, absent: undefined, text: 'Ærøskøbing 𝔹', list: [{ a: 1 }, { a: 2 }],
      sparse: SparseTensor.of({ shape: [2, 3, 4], entries: [[[1, 2, 3], 5]], default: NaN }),
      empty: SparseTensor.of({ shape: [2, 3, 4] }),
      whole: SparseTensor.of({ shape: [2], dtype: 'int32', entries: [[[1], 7]] }),
    };
    for (const layout of ['nested', 'flat']) {
      const files = await encode([{ idx: 0, meta: { step: 4 }, data }], { layout });
      await using(openStore(new MemoryStorage(files)), async (store) => {
        const [back] = await collect(store.load({ as: 'raw' }));
        assert.deepEqual({ ...(await store.entries())[0].meta }, { step: 4 });
        assert.ok(!('absent' in back));
        assert.equal(back.map.inner.x, 1);
        assert.ok(back.typed.equals(new NdArray(new Float32Array([1, 2]))));
        assert.ok(back.grid.equals(data.grid));
        assert.ok(back.flags.equals(data.flags));
        assert.equal(back.none, null);
        assert.equal(back.text, data.text);
        assert.deepEqual(back.list.map((/** @type {any} */ item) => item.a), [1, 2]);
        const state = ModelState.from(back);
        for (const name of ['sparse', 'empty', 'whole']) {
          assert.ok(state.get(name).equals(data[/** @type {'sparse'} */ (name)]), name);
        }
      });
    }
  });

  test('a sparse tensor is written as BORES writes one', async () => {
    const puts = await encode([{ idx: 0, data: { rates: SparseTensor.of({ shape: [2, 3, 4] }) } }],
      { layout: 'flat' });
    const keys = JSON.parse(/** @type {string} */ (text(puts.get(`${GROUP}/rates→keys/.zarray`))));
    assert.deepEqual([keys.dtype, keys.shape, keys.chunks], ['|i1', [0], [1]]);
    assert.match(text(puts.get(`${GROUP}/.zattrs`)) ?? '', /"rates\\u2192default": 0\.0/);
    assert.match(text(puts.get(`${GROUP}/.zattrs`)) ?? '',
      /"rates\\u2192values\\u2192encoding": "empty"/);
  });

  /** @type {[string, any, string, RegExp][]} */
  const refused = [
    ['float16', { m: { h: new NdArray(new Float32Array(2), [2], 'float16') } }, 'm.h', /astype/],
    ['complex', { c: new NdArray(new Float64Array(2), [1], 'complex128') }, 'c', /complex128/],
    ['text in an array', { a: [{ t: NdArray.from(['x', 'y']) }] }, 'a.0.t', /str/],
    ['a date', { when: { at: new Date(0) } }, 'when.at', /Date/],
    ['a function', { f: () => 1 }, 'f', /function/],
    ['half of a surrogate pair', { t: '\ud800' }, 't', /surrogate/],
    ['a bigint beyond 64 bits', { big: 2n ** 64n }, 'big', /64 bits/],
    ['undefined in a list', { l: [1, undefined] }, 'l.1', /undefined/],
    ['a view without elements', { s: new DataView(new ArrayBuffer(8)) }, 's', /DataView/],
  ];
  for (const [what, data, where, why] of refused) {
    test(`${what} is refused by its path`, async () => {
      await assert.rejects(encode([{ idx: 0, data }]), (/** @type {any} */ error) => {
        assert.match(error.code, /^ERR_(UNSUPPORTED|ARGUMENT)$/);
        assert.equal(error.path, where);
        assert.match(error.message, why);
        return true;
      });
    });
  }

  test('a tree that contains itself is refused', () => {
    /** @type {any} */
    const data = { a: {} };
    data.a.b = data;
    assert.throws(() => toStored(data), { code: 'ERR_LIMIT' });
  });

  test('what a layout cannot hold is refused by the entry and the path', async () => {
    await assert.rejects(encode([{ idx: 5, data: { m: { 'A/B': { x: 1 } } } }]), {
      code: 'ERR_UNSUPPORTED', key: 'entry_0000000005', message: /m\.A\/B: 'A\/B'/ });
    const puts = await encode([{ idx: 5, data: { a: 1 } }]); // the core goes on
    assert.ok(puts.has('entry_0000000005/.zattrs'));
  });

  test('arrays beyond the core\'s memory are refused before they are touched', async () => {
    const core = await getCore();
    const store = core.storeNew();
    const { packed, pointers } = writeTree({ entries: [{ idx: 0, meta: null,
      data: { grid: new NdArray(new Float64Array(4)) } }] });
    new DataView(packed.buffer).setUint32(pointers[0], 0xfffffff0, true);
    try {
      assert.throws(() => core.opBeginPacked(store, 'zarr.encode', { packed, buffers: [] }),
        { code: 'ERR_ARGUMENT', message: /beyond memory/ });
      assert.equal(core.dead, false);
    } finally {
      core.storeFree(store);
    }
  });
});
