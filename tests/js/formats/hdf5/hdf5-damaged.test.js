// SPDX-License-Identifier: MIT
// Damaged HDF5 files: everything in them is asked for. What fails, fails with a BoresError, in time and
// memory, and the module goes on; and a source's own failure is what the caller gets to see.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { readTree } from '../../../../js/values/tree.js';
import { Hdf5Core } from '../../../../js/core/hdf5-core.js';
import { BoresError } from '../../../../js/index.js';
import { badHdf5Cases, caseFile, hdf5Cases } from '../../../helpers/fixtures.js';
import { MemorySource } from '../../../helpers/memory-source.js';

const hdf5 = await Hdf5Core.load();
const good = hdf5Cases();
const goodBytes = readFileSync(caseFile(good, 'hdf5/superblock_v3.h5'));

/**
 * @param {Uint8Array} bytes
 * @param {string | null} only  a dataset; null: all that is there
 * @returns {{ errors: BoresError[], arrays: number }}
 */
function readAll(bytes, only) {
  /** @type {BoresError[]} */
  const errors = [];
  let arrays = 0;
  /** @param {() => any} use */
  const attempt = (use) => {
    try {
      return use();
    } catch (error) {
      assert.ok(error instanceof BoresError, String(error));
      assert.match(error.code, /^ERR_(CORRUPT|CHECKSUM|UNSUPPORTED|LIMIT|METADATA|NOT_FOUND)$/);
      assert.ok(error.message.length > 0);
      errors.push(error);
      return undefined;
    }
  };
  const file = attempt(() => hdf5.open(new MemorySource(bytes)));
  if (file === undefined) return { errors, arrays };
  /** @param {string} operation @param {string} path */
  const run = (operation, path) =>
    attempt(() => readTree(hdf5.run(file, operation, { path, slice: null })));
  /** @param {string} path @param {number} depth */
  const walk = (path, depth) => {
    run('node', path);
    for (const { name, kind } of run('children', path) ?? []) {
      const child = path === '' ? name : `${path}/${name}`;
      if (kind === 'group' && depth < 16) walk(child, depth + 1);
      if (kind !== 'array') continue;
      arrays += 1;
      run('node', child);
      run('array', child);
    }
  };
  if (only === null) walk('', 0);
  else run('array', only);
  attempt(() => hdf5.close(file));
  return { errors, arrays };
}

describe('damaged files', () => {
  const set = badHdf5Cases();
  for (const one of set.cases) {
    test(`${one.case}: ${one.why}`, { timeout: one.max_seconds * 1000 }, () => {
      const bytes = readFileSync(caseFile(set, one.path));
      const before = process.memoryUsage().rss;
      const { errors, arrays } = readAll(bytes, one.dataset);
      const grown = (process.memoryUsage().rss - before) / 2 ** 20;
      assert.ok(grown <= one.max_memory_mb, `${grown} of ${one.max_memory_mb} MB`);
      if (one.expect === 'error') assert.ok(errors.length > 0, `no error, but ${arrays} arrays`);
      for (const mention of one.error_mentions) {
        assert.ok(errors.some(({ message }) => new RegExp(mention).test(message)),
          `no error mentions ${mention}: ${errors.map(({ message }) => message)}`);
      }
      assert.equal(hdf5.dead, false, 'the module did not survive');
      assert.deepEqual(readAll(goodBytes, null), { errors: [], arrays: 2 }, 'a good file afterwards');
    });
  }
});

test('a file cut anywhere', () => {
  for (let length = 0; length < goodBytes.length; length += 61) {
    const { errors } = readAll(goodBytes.subarray(0, length), null);
    assert.ok(errors.length > 0, `${length} of ${goodBytes.length} bytes read as a whole file`);
  }
  assert.equal(hdf5.dead, false);
});

describe('a source that fails', () => {
  const failure = new BoresError('ERR_HTTP', 'the server answered 500');

  test('at its first read', () => {
    assert.throws(() => hdf5.open({ size: () => 800, read() { throw failure; } }), failure);
  });

  test('at any later read, with what it threw', () => {
    const bytes = readFileSync(caseFile(good, 'hdf5/chunk_btree1.h5'));
    for (let at = 1, whole = false; !whole; at += 1) {
      const source = new MemorySource(bytes);
      const read = source.read.bind(source);
      source.read = (offset, length, view) => {
        if (source.reads + 1 === at) throw failure;
        read(offset, length, view);
      };
      whole = true;
      try {
        const file = hdf5.open(source);
        try {
          hdf5.run(file, 'array', { path: 'many_gz', slice: null });
        } finally {
          hdf5.close(file);
        }
      } catch (error) {
        assert.equal(error, failure);
        whole = false;
      }
      assert.ok(at < 200, 'reading never comes to its end');
    }
  });

  test('memory beyond the limit is refused, and ends the instance', async () => {
    const limited = await Hdf5Core.load();
    limited.setLimits({ maxHeapBytes: 2000 });
    assert.throws(() => limited.open(new MemorySource(goodBytes)), { code: 'ERR_LIMIT', limit: 2000 });
    assert.ok(limited.dead);
  });

  test('an array beyond the limit is refused before it is read', () => {
    hdf5.setLimits({ maxArrayBytes: 100 });
    try {
      const file = hdf5.open(new MemorySource(goodBytes));
      assert.throws(() => hdf5.run(file, 'array', { path: 'x', slice: null }),
        { code: 'ERR_LIMIT', needed: 140, limit: 100, message: /^x: / });
      hdf5.run(file, 'array', { path: 'x', slice: [0] });
      hdf5.close(file);
    } finally {
      hdf5.setLimits({ maxArrayBytes: 2 ** 31 - 65536 });
    }
  });
});

describe('much that comes out of little is not decoded', () => {
  const bytes = readFileSync(new URL('../../../data/hdf5/bombs.h5', import.meta.url));
  for (const [name, said] of /** @type {const} */ ([
    ['bzip2', 'bzip2: more than 100 bytes come out, 100 are due'],
    ['gzip', 'gzip: more than 100 bytes come out, 100 are due'],
    ['blosc2_array', 'Blosc2: an array, or its blocks, of more than 65736 bytes'],
    ['blosc2_chunk', 'Blosc2: 67108864 bytes are said to come out, at most 65736 are due'],
    ['szip', 'szip: 204 bytes, of which 67108864 are said to come'],
  ])) {
    test(name, () => {
      const file = hdf5.open(new MemorySource(bytes));
      assert.throws(() => hdf5.run(file, 'array', { path: name, slice: null }),
        (/** @type {any} */ error) => error.code === 'ERR_CORRUPT' && error.message.includes(said)
          && error.message.includes(`${name}: `));
      hdf5.close(file);
    });
  }
});
