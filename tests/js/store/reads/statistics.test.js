// SPDX-License-Identifier: MIT
// Statistics beside the data: what they say is what NumPy says (tests/data/statistics/make.py), they cost no
// read of an array, and other readers of the same files do not meet them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { NdArray, SparseTensor, convertStore, createArray, openStore } from '../../../../js/index.js';
import { runFolder } from '../../../helpers/fixtures.js';
import { using } from '../../../helpers/with-store.js';

const work = mkdtempSync(path.join(tmpdir(), 'bores-statistics-'));
after(() => rmSync(work, { recursive: true, force: true }));
const KEPT = '_bores_wasm_statistics';
let places = 0;

/** @type {any[]} */
const CASES = JSON.parse(readFileSync(new URL('../../../data/statistics/cases.json', import.meta.url), 'utf8')).tallies;

const TYPES = /** @type {Record<string, any>} */ ({
  '<f8': [Float64Array, 'float64'], '<f4': [Float32Array, 'float32'], '<i8': [BigInt64Array, 'int64'],
  '<i4': [Int32Array, 'int32'], '<i2': [Int16Array, 'int16'], '|i1': [Int8Array, 'int8'],
  '<u8': [BigUint64Array, 'uint64'], '<u4': [Uint32Array, 'uint32'], '<u2': [Uint16Array, 'uint16'],
  '|u1': [Uint8Array, 'uint8'], '|b1': [Uint8Array, 'bool'],
});

/** An array of a case; float16 is no type of JavaScript's. @param {any} row */
function arrayOf({ dtype, shape, bytes }) {
  const [Type, name] = TYPES[dtype];
  return new NdArray(new Type(new Uint8Array(Buffer.from(bytes, 'hex')).buffer), shape, name);
}

const rows = CASES.filter(({ dtype }) => dtype in TYPES);
/** How a run may be written. */
const FORMATS = /** @type {[string, string, any][]} */ ([
  ['nested', '.zarr', {}],
  ['flat', '.zarr', { layout: 'flat' }],
  ['records', '.zarr', { layout: 'flat', arrays: 'record' }],
  ['version 3, in shards', '.zarr', { zarrFormat: 3, chunks: [2, 2, 2], shards: [4, 4, 4] }],
  ['HDF5', '.h5', {}],
  ['HDF5 of records', '.h5', { arrays: 'record' }],
]);

for (const [name, ending, options] of FORMATS) {
  describe(name, () => {
    const place = path.join(work, `${places += 1}${ending}`);
    const item = { step: 1, time: 2, grids: Object.fromEntries(rows.map((row, n) => [`case ${n}`, arrayOf(row)])) };

    test('what is kept is what NumPy says', async () => {
      await using(openStore(place, { ...options, worker: false }), async (store) => {
        await store.dump([item, item]);
      });
      await using(openStore(place, { mode: 'r', worker: false }), async (store) => {
        for (const [n, row] of rows.entries()) {
          const { entries, total, computed } = await store.statistics(['grids', `case ${n}`], { compute: 'none' });
          const [found] = /** @type {any[]} */ (entries);
          assert.equal(computed, 0);
          const { count, missing, infinite, min, max, minPositive, mean } = found;
          assert.deepEqual({ count, missing, infinite, min, max, minPositive },
            { count: row.count, missing: row.missing, infinite: row.infinite, min: row.min ?? NaN,
              max: row.max ?? NaN, minPositive: row.minPositive ?? NaN }, row.name);
          near(mean, row.mean ?? NaN, 1e-14 * (Math.abs(min) + Math.abs(max)), row.name);
          if (row.most === 32 && row.counts.length > 0) {
            assert.deepEqual(found.bins, { exponent: row.exponent, first: row.first, counts: row.counts }, row.name);
          }
          assert.equal(total.count, 2 * count);
          assert.deepEqual(total.histogram.counts.reduce((a, b) => a + b, 0), 2 * count);
          near(total.mean, mean, 1e-15 * Math.abs(mean));
          assert.ok(found.suits(row.dtype, row.shape.reduce((/** @type {any} */ a, /** @type {any} */ b) => a * b)));
        }
        const [tree] = await all(store);
        assert.deepEqual(Object.keys(tree).sort(), ['grids', 'step', 'time']);
        assert.equal((await store.verify()).ok, true);
      });
    });

    test('counted from the elements it is the same, with as many bins or more', () =>
      using(openStore(place, { mode: 'r', worker: false }), async (store) => {
        for (const n of [0, 1, 9, 12]) {
          const kept = await store.statistics(['grids', `case ${n}`], { compute: 'none' });
          const counted = await store.statistics(['grids', `case ${n}`], { compute: 'all' });
          assert.equal(counted.computed, 2);
          for (const key of /** @type {const} */ (['count', 'missing', 'infinite', 'min', 'max', 'mean'])) {
            assert.deepEqual(counted.total[key], kept.total[key]);
          }
          assert.ok(counted.total.precision <= kept.total.precision);
        }
      }));

    test('switched off, nothing is kept, and asked for it is counted', async () => {
      const other = path.join(work, `${places += 1}${ending}`);
      await using(openStore(other, { ...options, statistics: false, worker: false }), async (store) => {
        await store.append(item);
        const { entries, unknown } = await store.statistics(['grids', 'case 0'], { compute: 'none' });
        assert.deepEqual([entries, unknown], [[null], 1]);
        const { total, computed } = await store.statistics(['grids', 'case 0']);
        assert.deepEqual([total.min, total.max, computed], [rows[0].min, rows[0].max, 1]);
      });
      if (ending === '.zarr') assert.ok(!filesWith(other, KEPT));
      else assert.ok(!readFileSync(other).includes(KEPT));
    });
  });
}

/** @param {number} actual @param {number} expected @param {number} tolerance @param {string} [what] */
function near(actual, expected, tolerance, what) {
  const held = Number.isNaN(expected) ? Number.isNaN(actual) : Math.abs(actual - expected) <= tolerance;
  assert.ok(held, `${what}: ${actual}, not ${expected}`);
}

/** @param {any} store */
async function all(store) {
  const trees = [];
  for await (const tree of store.load({ as: 'raw' })) trees.push(tree);
  return trees;
}

/** @param {string} folder @param {string} text */
function filesWith(folder, text) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some((file) => file.isFile()
    && readFileSync(path.join(/** @type {any} */ (file).parentPath ?? file.path, file.name)).includes(text));
}

const ofSparse = () => using(openStore(`memory:statistics-${places += 1}`), async (store) => {
  const values = new NdArray(new Float64Array([5, -2, 9]), [3], 'float64');
  const keys = new NdArray(new BigInt64Array([0n, 0n, 1n, 1n, 0n, 0n, 1n, 1n, 1n]), [3, 3], 'int64');
  await store.append({ step: 0, rates: { shape: [2, 2, 2], dtype: '<f8', default: 0, keys, values } });
  assert.ok(await store.read(0, 'rates') instanceof SparseTensor);
  const kept = await store.statistics('rates.values', { compute: 'none' });
  assert.deepEqual([kept.total.count, kept.total.min, kept.total.max], [3, -2, 9]);
  const { total } = await store.statistics('rates', { compute: 'all' });
  assert.deepEqual([total.count, total.min, total.max], [3, -2, 9]);
});
test('of a sparse tensor those of its values', ofSparse);

test('of runs that BORES wrote they are counted, also of JSON, YAML and arrays that are big-endian', async () => {
  const run = runFolder('guide/wf_f64_ckpt');
  const property = 'model.fluid_properties.pressure_grid';
  const places3 = ['.json', '.yaml'].map((ending) => path.join(work, `${places += 1}${ending}`));
  await using(openStore(run, { mode: 'r' }), async (store) => {
    const expected = [];
    for await (const state of store.load({ fields: [property] })) {
      const { data } = state.get(property);
      expected.push([data.length, Math.min(...data), Math.max(...data)]);
    }
    const seen = async (/** @type {any} */ other) => (await other.statistics(property)).entries
      .map((/** @type {any} */ { count, min, max }) => [count, min, max]);
    assert.deepEqual(await seen(store), expected);
    for (const place of places3) {
      await convertStore(store, place);
      await using(openStore(place, { mode: 'r' }), async (text) => assert.deepEqual(await seen(text), expected));
    }
    await assert.rejects(store.statistics('model.grid'), { code: 'ERR_NOT_FOUND' });
    await assert.rejects(store.statistics('step'), { code: 'ERR_UNSUPPORTED' });
    const compute = /** @type {any} */ ('some');
    await assert.rejects(store.statistics(property, { compute }), { code: 'ERR_ARGUMENT' });
    const last = await store.statistics(property, { indices: [-1] });
    assert.deepEqual([last.entries.length, last.total.max], [1, expected.at(-1)?.[2]]);
  });
  const big = path.join(work, `${places += 1}.zarr`);
  await using(openStore(big), async (store) => { await store.append({ step: 0 }); });
  const array = await createArray(big, 'entry_0000000000/grid',
    { shape: [2, 2], chunks: [1, 2], dtype: '>f4', zarrFormat: 2 });
  await array.write(new NdArray(new Float32Array([1, -2.5, 3, NaN]), [2, 2], 'float32'));
  await array.close();
  await using(openStore(big, { mode: 'r' }), async (store) => {
    const { total: { count, missing, min, max } } = await store.statistics('grid');
    assert.deepEqual([count, missing, min, max], [3, 1, -2.5, 3]);
  });
});

test('an array that another program has changed is counted anew where that is asked for', async () => {
  const place = path.join(work, `${places += 1}.zarr`);
  await using(openStore(place, { compressor: null }), async (store) => {
    await store.append({ step: 0, grid: new NdArray(new Float64Array([1, 2, 3]), [3], 'float64') });
  });
  writeFileSync(path.join(place, 'entry_0000000000/grid/0'), new Uint8Array(new Float64Array([1, 2, 70]).buffer));
  await using(openStore(place, { mode: 'r' }), async (store) => {
    assert.equal((await store.statistics('grid')).total.max, 3);
    assert.equal((await store.statistics('grid', { compute: 'all' })).total.max, 70);
  });
});

test('damaged and untrue statistics are passed over, and the array is counted', async () => {
  const place = path.join(work, `${places += 1}.zarr`);
  await using(openStore(place), async (store) => {
    await store.append({ step: 0, grid: new NdArray(new Float64Array([1, 2, 3]), [3], 'float64') });
  });
  const file = path.join(place, 'entry_0000000000/.zattrs');
  const attributes = JSON.parse(readFileSync(file, 'utf8'));
  const huge = `{"version":1,"arrays":{"grid":[${'9,'.repeat(1e6)}9]}}`;
  for (const text of ['', '{', 7, null, ['x'], '{"version":1,"arrays":{"grid":[3,0,0,1,3,9,0,1,[1,1,1]]}}', huge]) {
    writeFileSync(file, JSON.stringify({ ...attributes, [KEPT]: text }));
    await using(openStore(place, { mode: 'r' }), async (store) => {
      const { total, computed } = await store.statistics('grid');
      assert.deepEqual([total.min, total.max, computed], [1, 3, 1]);
      assert.deepEqual(Object.keys((await all(store))[0]).sort(), ['grid', 'step']);
    });
  }
});

test('zarr-python and h5py read what they read without statistics', async () => {
  const places2 = ['with.zarr', 'without.zarr', 'with.h5', 'without.h5'].map((name) => path.join(work, name));
  await using(openStore(runFolder('guide/wf_f64_ckpt'), { mode: 'r' }), async (store) => {
    for (const place of places2) {
      await convertStore(store, place, { statistics: !place.includes('without') });
    }
  });
  const script = `
import sys, zarr, h5py
KEPT = "${KEPT}"
def walk(group, is_group, path=""):
    yield path or "/", {k: str(v) for k, v in group.attrs.items() if k != KEPT}
    for name in sorted(group):
        item = group[name]
        if is_group(item):
            yield from walk(item, is_group, path + "/" + name)
        else:
            yield path + "/" + name, (item.dtype.str, item.shape, item[()].tobytes())
z = [dict(walk(zarr.open_consolidated(p), lambda g: isinstance(g, zarr.Group))) for p in sys.argv[1:3]]
h = [dict(walk(h5py.File(p), lambda g: isinstance(g, h5py.Group))) for p in sys.argv[3:5]]
assert z[0] == z[1] and h[0] == h[1], "they differ"
opened = [f["entry_0000000000"].attrs[KEPT] for f in (zarr.open(sys.argv[1]), h5py.File(sys.argv[3]))]
assert opened[0] == opened[1] and opened[0].startswith('{"version":1,'), opened
print(len(z[0]), len(h[0]))
`;
  const printed = execFileSync('/usr/bin/python3', ['-c', script, ...places2], { encoding: 'utf8' });
  assert.match(printed, /^\d{3,} \d{3,}\n$/);
});
