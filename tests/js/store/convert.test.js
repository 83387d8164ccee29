// SPDX-License-Identifier: MIT
// From every format to every other, through the API and through `bores convert`: what BORES has
// written is what comes out.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { convertStore, copyStore, openStore } from '../../../js/index.js';
import {
  hdf5Expected, hdf5File, runExpected, runFolder, runZip, textExpected, textFile,
} from '../../helpers/fixtures.js';
import { allDifferences } from '../../helpers/expected.js';
import { bores } from '../../helpers/run-bores.js';
import { bitDifference } from '../../helpers/text-stores.js';
import { using } from '../../helpers/with-store.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bores-convert-'));
after(() => rmSync(work, { recursive: true, force: true }));
let places = 0;

/** A row a format: its sources with what BORES has in them, and the ending of its name. */
const FORMATS = [
  { name: 'zarr', ending: '.zarr', sources: () => [
    { file: runFolder('guide/wf_f32_ckpt'), expected: runExpected('guide/wf_f32_ckpt') },
    { file: runFolder('head/wf_f64_wire_ckpt'), expected: runExpected('head/wf_f64_wire_ckpt') }] },
  { name: 'zip', ending: '.zarr.zip', sources: () => [
    { file: runZip('head/wf_f64_ckpt'), expected: runExpected('head/wf_f64_ckpt') }] },
  { name: 'json', ending: '.json', sources: () => [
    { file: textFile('guide/wf_f64', 'json'), expected: textExpected('guide/wf_f64', 'json') },
    { file: textFile('head/wf_f64_wire', 'json'), expected: textExpected('head/wf_f64_wire', 'json') }] },
  { name: 'yaml', ending: '.yaml', sources: () => [
    { file: textFile('guide/wf_f32', 'yaml'), expected: textExpected('guide/wf_f32', 'yaml') },
    { file: textFile('head/wf_f64', 'yaml'), expected: textExpected('head/wf_f64', 'yaml') }] },
  { name: 'hdf5', ending: '.h5', sources: () => [
    { file: hdf5File('guide/wf_f32'), expected: hdf5Expected('guide/wf_f32') },
    { file: hdf5File('head/wf_f64_wire'), expected: hdf5Expected('head/wf_f64_wire') }] },
];

for (const from of FORMATS) {
  for (const to of FORMATS) {
    test(`${from.name} to ${to.name}, and back`, async () => {
      for (const { file, expected } of from.sources()) {
        const there = path.join(work, `${places += 1}${to.ending}`), back = `${there}${from.ending}`;
        await using(openStore(file, { mode: 'r' }), async (source) => {
          const { entries, verified } = await convertStore(source, there);
          assert.deepEqual({ entries, verified }, { entries: expected.count, verified: true });
        });
        await using(openStore(there, { mode: 'r' }), async (store) => {
          assert.deepEqual(await allDifferences(store, { ...expected, max_index: expected.count - 1,
            entries: expected.entries.map((entry, index) =>
              ({ ...entry, index, group: `entry_${String(index).padStart(10, '0')}` })) }), []);
          await convertStore(store, back);
        });
        await using(openStore(there, { mode: 'r' }), (one) => using(openStore(back, { mode: 'r' }), async (two) => {
          const others = two.load({ as: 'raw' });
          for await (const tree of one.load({ as: 'raw' })) {
            const { value } = await others.next();
            if (from.name === to.name) assert.equal(bitDifference(value, tree), undefined);
            else assert.deepEqual(Object.keys(value).sort(), Object.keys(tree).sort());
          }
        }));
      }
    });
  }
}

describe('bores convert', () => {
  const source = textFile('head/wf_f64', 'json');

  test('steps and fields, and what it says', async () => {
    const target = path.join(work, 'some.yaml');
    const { stdout, code } = await bores(['convert', source, target, '--steps=-1', '--fields', 'pressure_grid', '--json']);
    assert.equal(code, 0);
    const { bytes, ...said } = JSON.parse(stdout);
    assert.deepEqual(said, { from: source, to: target, backend: 'yaml', states: 1, verified: true, lost: [], files: 1 });
    assert.equal(bytes, readFileSync(target).length);
    await using(openStore(target), async (store) => {
      assert.deepEqual((await store.inventory(0)).map(({ names }) => names.join('.')),
        ['model.fluid_properties.pressure_grid']);
      assert.equal((await store.entries())[0].step, textExpected('head/wf_f64', 'json').entries[2].step);
    });
  });

  test('what is there stays, unless it is told otherwise', async () => {
    const target = path.join(work, 'there.zarr.zip');
    assert.equal((await bores(['convert', source, target, '--steps', '0'])).code, 0);
    const { code, stderr } = await bores(['convert', source, target]);
    assert.notEqual(code, 0);
    assert.match(stderr, /there\.zarr\.zip has 1 entries already; --force replaces them/);
    assert.equal((await bores(['convert', source, target, '--force'])).code, 0);
    await using(openStore(target), async (store) => assert.equal(await store.count(), 3));
  });
});

test('what is no store is refused', async () => {
  await assert.rejects(convertStore(/** @type {any} */ ('run.zarr'), 'memory:refused'),
    { code: 'ERR_ARGUMENT', message: "the source is 'run.zarr', not a store: open it first" });
});

test('floats among the attributes of the root stay floats', async () => {
  const source = path.join(work, 'floats.zarr');
  mkdirSync(source);
  writeFileSync(path.join(source, '.zgroup'), '{"zarr_format": 2}');
  writeFileSync(path.join(source, '.zattrs'), '{"count": 0, "whole": 2, "density": 2.0, "more": {"of": 3.0}}');
  const [copied, converted, hdf5] = ['copied.zarr', 'converted.zarr', 'converted.h5'].map((name) => path.join(work, name));
  await using(openStore(source, { mode: 'r' }), async (store) => {
    await using(openStore(copied), (target) => copyStore(store, target));
    await convertStore(store, converted);
    await convertStore(store, hdf5);
  });
  for (const target of [copied, converted]) {
    assert.equal(readFileSync(path.join(target, '.zattrs'), 'utf8').replace(/\s/g, ''),
      '{"count":0,"density":2.0,"more":{"of":3.0},"whole":2}');
  }
  const types = execFileSync('/usr/bin/python3', ['-c', `
import h5py, sys
with h5py.File(sys.argv[1]) as file:
    print(*(f'{name} {file.attrs[name].dtype}' for name in sorted(file.attrs)))`, hdf5], { encoding: 'utf8' });
  assert.equal(types.trim(), 'count int64 density float64 whole int64');
});

/** @type {Record<string, string[]>} */
const LOST = { '.zarr': [], '.zarr.zip': [], '.h5': ['parts', 'sizes'], '.json': ['parts', 'sizes', 'title'],
  '.yaml': ['parts', 'sizes', 'title'] };

for (const [ending, lost] of Object.entries(LOST)) {
  test(`attributes of the root in ${ending}: kept, or named`, async () => {
    const target = path.join(work, `attributes${ending}`);
    const attributes = { title: 'A run', sizes: [2.5, 3], parts: { a: true } };
    await using(openStore('memory:attributes', { mode: 'w' }), async (source) => {
      await source.appendAll([{ step: 0 }], { rootAttributes: attributes });
      assert.deepEqual((await convertStore(source, target)).lost.sort(), lost);
    });
    const kept = Object.entries({ ...attributes, count: 1 }).filter(([name]) => !lost.includes(name));
    await using(openStore(target, { mode: 'r' }), async (store) => {
      const found = JSON.parse(JSON.stringify((await store.describe()).attributes)); // maps have no prototype
      assert.deepEqual(found, Object.fromEntries(kept));
    });
    const { code, stdout } = await bores(['convert', target, path.join(work, `attributes-again${ending}.json`)]);
    assert.equal(code, 0);
    assert.equal(/no place for these attributes of the root: (.*title.*)/.test(stdout), !lost.includes('title'));
  });
}

test('a zip that Python and unzip take for one', async () => {
  const target = path.join(work, 'python.zarr.zip');
  await using(openStore(textFile('guide/wf_f64', 'yaml')), (store) => convertStore(store, target));
  execFileSync('/usr/bin/python3', ['-c', `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    assert {i.compress_type for i in z.infolist()} == {0}
    assert 'entry_0000000000/.zattrs' in z.namelist()`, target]);
});

test('an abort leaves what was there, and nothing beside it', async () => {
  const folder = path.join(work, 'aborted');
  for (const ending of ['.json', '.yaml', '.zarr.zip']) {
    const target = path.join(folder, `run${ending}`);
    await using(openStore(textFile('guide/wf_f64', 'json')), async (source) => {
      await convertStore(source, target, { select: (_, position) => position === 0 });
      const before = readFileSync(target);
      const abort = new AbortController();
      await assert.rejects(convertStore(source, target, { replace: true, signal: abort.signal,
        onProgress: ({ phase }) => phase === 'copying' && abort.abort() }), { name: 'AbortError' });
      assert.ok(readFileSync(target).equals(before), ending);
    });
  }
  assert.deepEqual(readdirSync(folder).sort(), ['run.json', 'run.yaml', 'run.zarr.zip']);
  assert.ok(!existsSync(path.join(folder, '.run.json')));
});

test('options of Zarr are refused by name where the target is no Zarr store', async () => {
  const [file] = [runFolder('guide/wf_f32_ckpt')];
  await using(openStore(file, { mode: 'r' }), async (source) => {
    for (const ending of ['h5', 'json', 'yaml']) {
      for (const [name, value] of /** @type {[string, any][]} */ ([['zarrFormat', 3], ['shards', [8, 8, 8]], ['compressor', null]])) {
        const target = path.join(work, `refused.${ending}`);
        await assert.rejects(convertStore(source, target, { [name]: value }),
          { code: 'ERR_ARGUMENT', message: new RegExp(`'${name}' is for Zarr stores`) });
        assert.equal(existsSync(target), false);
      }
    }
  });
  const { status, stderr } = await bores(['convert', file, path.join(work, 'refused.h5'), '--zarr-format', '3']);
  assert.notEqual(status, 0);
  assert.match(stderr, /'zarrFormat' is for Zarr stores/);
});
