// SPDX-License-Identifier: MIT
// Writing HDF5: what we write is what we read, and what h5py reads; damage in the middle of it is said.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';

import { readTree, writeTree } from '../../../../js/values/tree.js';
import { Hdf5Core } from '../../../../js/core/hdf5-core.js';
import { BoresError, NdArray } from '../../../../js/index.js';
import { MemorySource } from '../../../helpers/memory-source.js';

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-h5py
const hdf5 = await Hdf5Core.load();

const grid = new NdArray(Float64Array.from({ length: 32 * 38 * 15 }, (_, i) => Math.sin(i)),
  [32, 38, 15]);
const data = {
  step: 3, time: 1.5, name: 'PROD-2 Ærøskøbing', none: null, on: true, big: 2n ** 63n + 1n,
  model: {
    grid, single: new NdArray(Float32Array.of(1, 2, 3), [3]),
    flags: new NdArray(Uint8Array.of(1, 0), [2], 'bool'), shape: [10, 8, 3], empty: [],
    texts: ['a', 'b→'], wide: new NdArray(BigInt64Array.of(-(2n ** 62n)), [1]),
  },
  items: [{ a: 1 }, { a: 2 }],
};

/** @param {number} file @param {string} operation @param {unknown} params */
const run = (file, operation, params) => readTree(hdf5.runPacked(file, operation, writeTree(params)));

/** @param {object} [options] @returns {MemorySource} a file of one entry */
function written(options = {}) {
  const source = new MemorySource();
  const file = hdf5.open(source, { mode: 'w' });
  run(file, 'write', { entries: [{ idx: 0, meta: { step: 3 }, data }], count: 1, ...options });
  hdf5.close(file);
  return source;
}

/** What h5py finds. @param {MemorySource} source @param {string} script  prints JSON of `f` */
function inPython(source, script) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-h5-'));
  try {
    const name = path.join(folder, 'x.h5');
    writeFileSync(name, source.bytes);
    const code = `import h5py, json, sys, numpy as np\nf = h5py.File(sys.argv[1], 'r')\n${script}`;
    return JSON.parse(execFileSync(PYTHON, ['-c', code, name], { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('an entry', () => {
  for (const options of [{}, { compression: 'lzf' }, { compression: null }, { level: 9 }]) {
    test(`is read back: ${JSON.stringify(options)}`, () => {
      const file = hdf5.open(written(options));
      const entry = run(file, 'load', { group: 'entry_0000000000', fields: null });
      assert.deepEqual({ ...entry.meta }, { step: 3 });
      assert.equal(entry.data.name, data.name);
      assert.equal(entry.data.none, null);
      assert.equal(entry.data.on, true);
      assert.equal(entry.data.big, 2n ** 63n + 1n);
      assert.deepEqual(entry.data.model.grid.data, grid.data);
      assert.equal(entry.data.model.single.dtype, 'float32');
      assert.equal(entry.data.model.flags.dtype, 'bool');
      assert.deepEqual([...entry.data.model.shape.data], [10n, 8n, 3n]);
      assert.equal(entry.data.model.empty.dtype, 'int8');
      assert.deepEqual([...entry.data.model.texts], ['a', 'b→']);
      assert.deepEqual(entry.data.items.map((/** @type {any} */ { a }) => a), [1, 2]);
      const { filters, chunks } = run(file, 'node', { path: 'entry_0000000000/model/grid' });
      assert.deepEqual(chunks, [20, 20, 15]);
      assert.deepEqual(filters.map((/** @type {any} */ { name }) => name),
        options.compression === null ? [] : [options.compression ?? 'gzip']);
      hdf5.close(file);
    });

    test(`is what h5py reads: ${JSON.stringify(options)}`, () => {
      const found = inPython(written(options), `
m = f['entry_0000000000/model']
print(json.dumps([float(m['grid'][()].sum()), str(m['grid'].dtype), m['flags'][()].tolist(),
  str(m['flags'].dtype), list(m['empty'].shape), list(m['empty'].chunks), m['wide'][()].tolist(),
  f['entry_0000000000'].attrs['name'], f['entry_0000000000'].attrs['none'],
  str(f['entry_0000000000'].attrs['on']), f['entry_0000000000'].attrs.get_id('_meta').get_type().get_cset(),
  int(f.attrs['count']), list(f['entry_0000000000/items']), f.id.get_create_plist().get_version()]))`);
      const sum = grid.data.reduce((total, value) => total + value, 0);
      assert.ok(Math.abs(found[0] - sum) < 1e-9);
      assert.deepEqual(found.slice(1), ['float64', [true, false], 'bool', [0], [1024],
        [Number(-(2n ** 62n))], data.name, '__NONE_SENTINEL__', 'True', 0, 1,
        ['0', '1'], [0, 0, 0, 0]]);
    });
  }

  test('as records', () => {
    const file = hdf5.open(written({ arrays: 'record' }));
    const entry = run(file, 'load', { group: 'entry_0000000000', fields: null });
    assert.deepEqual(entry.data.model.grid.data, grid.data);
    hdf5.close(file);
  });

  test('is replaced, removed, and the file cleared', () => {
    const source = written();
    let file = hdf5.open(source, { mode: 'r+' });
    const entries = [{ idx: 0, meta: {}, data: { a: 1 } }, { idx: 1, meta: {}, data: {} }];
    run(file, 'write', { entries, count: 2 });
    assert.deepEqual(run(file, 'open', null).groups, ['entry_0000000000', 'entry_0000000001']);
    assert.deepEqual({ ...run(file, 'load', { group: 'entry_0000000000', fields: null }).data }, { a: 1 });
    run(file, 'remove', { groups: ['entry_0000000000'], count: 1 });
    hdf5.close(file);
    file = hdf5.open(source, { mode: 'r+' });
    assert.deepEqual(run(file, 'open', null).groups, ['entry_0000000001']);
    run(file, 'clear', null);
    assert.equal(run(file, 'open', null).layout, 'empty');
    hdf5.close(file);
  });
});

describe('what cannot be written', () => {
  for (const [what, bad, message] of /** @type {[string, any, RegExp][]} */ ([
    ['a name with a slash', { 'a/b': {} }, /'a\/b' cannot be a name/],
    ['a nested list of text and numbers', { a: { b: ['x', 1] } }, /entry_0000000001: a\.b: /],
    ['the name of an attribute of the entry', { _index: 4 }, /_index/],
    ['the text that stands for None', { a: '__NONE_SENTINEL__' }, /__NONE_SENTINEL__/],
    ['mappings that look like a list', { a: { 0: {}, 1: {} } }, /read back as a list/],
  ])) {
    test(`${what}: refused, and nothing of it stays`, () => {
      const source = written();
      const file = hdf5.open(source, { mode: 'r+' });
      assert.throws(() => run(file, 'write', { entries: [{ idx: 1, meta: {}, data: bad }], count: 2 }),
        (/** @type {any} */ error) => error instanceof BoresError && message.test(error.message));
      assert.deepEqual(run(file, 'open', null).groups, ['entry_0000000000']);
      hdf5.close(file);
      assert.equal(hdf5.dead, false);
    });
  }

  test('a source whose writing fails: what it threw', () => {
    const failure = new BoresError('ERR_QUOTA', 'no room');
    const source = new MemorySource();
    source.write = () => { throw failure; };
    assert.throws(() => {
      const file = hdf5.open(source, { mode: 'w' });
      try {
        run(file, 'write', { entries: [{ idx: 0, meta: {}, data }], count: 1 });
      } finally {
        hdf5.close(file);
      }
    }, failure);
    written();
  });

  test('a file opened for reading', () => {
    const file = hdf5.open(written());
    assert.throws(() => run(file, 'clear', null), { code: 'ERR_ARGUMENT' });
    hdf5.close(file);
  });
});
