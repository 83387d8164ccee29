// SPDX-License-Identifier: MIT
// Nothing is lost by a name: a target that is the source, an output that is the input, a folder that
// holds what is not the store's. Each is refused before anything is touched.
import assert from 'node:assert/strict';
import {
  cpSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync,
  symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { ZarrStore, convertStore, copyStore, locationRelation, openStore } from '../../../js/index.js';
import { HandleDisk, MemoryDirectory } from '../../helpers/storage/memory-handles.js';
import { bores } from '../../helpers/run-bores.js';

const RUN = fileURLToPath(new URL('../../data/reports', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'bores-loss-'));
after(() => rmSync(work, { recursive: true, force: true }));

beforeEach(() => {
  for (const name of readdirSync(work)) rmSync(path.join(work, name), { recursive: true });
  for (const ending of ['zarr', 'h5', 'json']) {
    cpSync(path.join(RUN, `run.${ending}`), path.join(work, `src.${ending}`), { recursive: true });
  }
});

/** @param {string} name */
const at = (name) => path.join(work, name);

/** All files below a folder with what they hold; links are not followed. @param {string} folder @returns {[string, string][]} */
function contentOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return contentOf(file);
    return [[file, entry.isFile() ? readFileSync(file, 'base64') : readlinkSync(file)]];
  });
}

/** Other names of things, made when they are asked for. @type {[string, string, () => string][]} */
const OTHER_NAMES = [
  ['a link', 'src.zarr', () => (symlinkSync('src.zarr', at('link.zarr')), at('link.zarr'))],
  ['a link to a link', 'src.json', () => {
    symlinkSync('src.json', at('one.json'));
    symlinkSync(at('one.json'), at('two.json'));
    return at('two.json');
  }],
  ['a linked parent', 'src.zarr', () => (symlinkSync(work, at('up')), at('up/src.zarr'))],
  ['a linked parent of a file', 'src.h5', () => (symlinkSync('.', at('here')), at('here/here/src.h5'))],
  ['dots', 'src.zarr', () => `${work}/./x/../src.zarr/.`],
  ['dots behind a link', 'src.zarr', () => {
    mkdirSync(at('deep/er'), { recursive: true });
    symlinkSync('deep/er', at('link'));
    return `${work}/link/../../src.zarr`;
  }],
  ['a slash at the end', 'src.zarr', () => `${at('src.zarr')}//`],
  ['a relative path', 'src.zarr', () => path.relative(process.cwd(), at('src.zarr'))],
  ['a file: URL', 'src.zarr', () => `${pathToFileURL(at('src.zarr'))}/`],
  ['a URL object', 'src.h5', () => /** @type {any} */ (pathToFileURL(at('src.h5')))],
  ['an escaped file: URL', 'src.h5', () => `${pathToFileURL(at('src.h5'))}`.replace('src', '%73rc')],
  ['a hard link', 'src.h5', () => (linkSync(at('src.h5'), at('other.h5')), at('other.h5'))],
  ['a hard link of a text', 'src.json', () => (linkSync(at('src.json'), at('other.json')), at('other.json'))],
];

for (const [what, source, make] of OTHER_NAMES) {
  test(`copyStore and convertStore refuse a target that is the source by ${what}`, async () => {
    const target = make();
    const before = contentOf(work);
    assert.equal(await locationRelation(target, at(source)), 'same');
    const store = await openStore(at(source), { mode: 'r' });
    const refusal = { code: 'ERR_ARGUMENT', message: /is the same place as .*nothing was touched/ };
    await assert.rejects(convertStore(store, target, { replace: true, select: () => false }), refusal);
    const copy = await openStore(target, { mode: 'a' });
    await assert.rejects(copyStore(store, copy, { replace: true, select: () => false }), refusal);
    await copy.close();
    await store.close();
    assert.deepEqual(contentOf(work), before);
  });
}

test('places inside one another are told, others are not', async () => {
  mkdirSync(at('out'));
  symlinkSync(at('src.zarr/entry_0000000000'), at('deep'));
  for (const [target, source, expected] of /** @type {[string, string, string | undefined][]} */ ([
    ['src.zarr/new.zip', 'src.zarr', 'inside'], ['src.zarr/a/b/new.json', 'src.zarr', 'inside'],
    ['deep', 'src.zarr', 'inside'], ['deep/x.h5', 'src.zarr', 'inside'], ['.', 'src.zarr', 'around'],
    ['..', 'src.h5', 'around'], ['src.h5.journal', 'src.h5', 'same'],
    ['.src.zarr.bores-new', 'src.zarr', 'same'], ['src.zarr.zip', 'src.zarr', undefined],
    ['src.zar', 'src.zarr', undefined], ['out', 'src.zarr', undefined], ['new/x', 'src.h5', undefined],
  ])) {
    assert.equal(await locationRelation(at(target), at(source)), expected, `${target} to ${source}`);
  }
  for (const [target, source, expected] of /** @type {[unknown, unknown, string | undefined][]} */ ([
    ['memory:a', 'MEMORY:a', 'same'], ['memory:a', 'memory:A', undefined], ['memory:a', 'idb:a', undefined],
    ['opfs:a/b', 'opfs:/a//b/', 'same'], ['opfs:a/b/c.zip', 'opfs:a/b', 'inside'], ['opfs:a', 'opfs:a/b', 'around'],
    ['opfs:ab', 'opfs:a', undefined], ['https://host/a', at('a'), undefined],
  ])) {
    assert.equal(await locationRelation(target, source), expected, `${target} to ${source}`);
  }
  const storage = new Map();
  assert.equal(await locationRelation(storage, storage), 'same');
  assert.equal(await locationRelation(storage, new Map()), undefined);
});

test('a file that a page was handed is known by what the page is told of it', async () => {
  const file = new File(['1'], 'run.json', { lastModified: 5 });
  const handle = { kind: 'file', name: 'run.json', getFile: async () => new File(['1'], 'run.json', { lastModified: 5 }) };
  const other = { ...handle, getFile: async () => new File(['1'], 'run.json', { lastModified: 6 }) };
  assert.equal(await locationRelation(handle, file), 'same');
  assert.equal(await locationRelation({ kind: 'file', name: 'x', handle, getFile: other.getFile }, [file]), 'same');
  assert.equal(await locationRelation(other, file), undefined);
  assert.equal(await locationRelation(handle, [{ path: 'run/run.json', file }]), 'same');
});

test('the command refuses, whatever the two are called, and touches nothing', async () => {
  symlinkSync('src.zarr', at('link.zarr'));
  symlinkSync('.', at('here'));
  linkSync(at('src.h5'), at('other.h5'));
  const before = contentOf(work);
  for (const args of [
    ['copy', 'src.zarr', 'link.zarr', '--force', '--steps', '0'], ['copy', 'src.h5', 'other.h5'],
    ['convert', 'link.zarr', 'src.zarr', '--force'], ['convert', 'src.zarr', '.', '--force'],
    ['convert', 'src.zarr', 'src.zarr/inner.zip'], ['convert', 'here/src.json', 'src.json', '--force'],
    ['convert', `file://${work}/src.zarr/`, 'src.zarr', '--force'],
    ['info', 'src.h5', '-o', 'here/src.h5'], ['ls', 'src.zarr', '-o', 'link.zarr/.zattrs'],
    ['verify', 'src.json', '-o', 'src.json'], ['series', 'src.zarr', 'pressure_grid', '0,0,0', '-o', 'link.zarr/new.csv'],
    ['show', 'src.zarr', '-1', 'pressure_grid', '--npy', '-o', 'src.zarr/entry_0000000000/p.npy'],
    ['convert', 'src.zarr', 'out.json', '-o', 'out.json'], ['repair', 'src.zarr', '-o', 'src.zarr/.zgroup'],
  ]) {
    const { code, stderr, stdout } = await bores(args, { cwd: work });
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, /nothing was touched/);
    assert.equal(stdout, '');
  }
  assert.deepEqual(contentOf(work), before);
});

test('an output beside the input is written, through a link to where that leads', async () => {
  writeFileSync(at('report.txt'), 'old');
  symlinkSync('report.txt', at('latest'));
  const { code } = await bores(['ls', 'src.zarr', '-o', 'latest'], { cwd: work });
  assert.equal(code, 0);
  assert.match(readFileSync(at('report.txt'), 'utf8'), /entry_0000000002/);
});

test('a folder with other files is not replaced: they are named and stay', async () => {
  const store = await openStore(at('src.json'), { mode: 'r' });
  for (const [name, text] of [
    ['notes.txt', /'notes\.txt'/], ['photos/a/b.jpg', /'photos\/'/], ['other/.zgroup', /'other\/'/],
    ['entry_0000000000/data/log.txt', /'entry_0000000000\/data\/log\.txt'/], ['run.h5', /'run\.h5'/],
    ['entry_0000000000/data/model/grid_shape/0.bak', /grid_shape\/0\.bak'/], ['.DS_Store', /'\.DS_Store'/],
  ]) {
    const target = at('out');
    cpSync(at('src.zarr'), target, { recursive: true });
    mkdirSync(path.dirname(path.join(target, String(name))), { recursive: true });
    writeFileSync(path.join(target, String(name)), '{"zarr_format":2}');
    const before = contentOf(target);
    const refusal = { code: 'ERR_FOREIGN_FILES', message: text };
    await assert.rejects(convertStore(store, target, { backend: 'zarr', replace: true }), refusal);
    const dumped = new ZarrStore(target);
    await assert.rejects(dumped.dump([]), refusal);
    await dumped.close();
    assert.deepEqual(contentOf(target), before, String(name));
    rmSync(target, { recursive: true });
  }
  await store.close();
});

test('a folder of notes without a store is not replaced, forced or not; nor is other data', async () => {
  mkdirSync(at('docs'));
  writeFileSync(at('docs/letter.txt'), 'Dear');
  cpSync(path.join(RUN, 'fill_text_int.zarr'), at('plain.zarr'), { recursive: true });
  cpSync(path.join(RUN, 'h5_virtual_convert.h5'), at('plain.h5'));
  const before = contentOf(work);
  for (const args of [['src.zarr', 'docs'], ['src.zarr', 'docs', '--force'], ['src.zarr', 'plain.zarr'],
    ['src.zarr', 'plain.zarr', '--force'], ['src.zarr', 'plain.h5']]) {
    const { code, stderr } = await bores(['convert', ...args], { cwd: work });
    assert.equal(code, 3, `${args.join(' ')}: ${stderr}`);
  }
  assert.deepEqual(contentOf(work), before);
});

test('what is only the store\'s is replaced: nested lists, flat layout, chunks in folders', async () => {
  const store = await openStore(at('src.json'), { mode: 'r' });
  for (const layout of /** @type {const} */ (['nested', 'flat'])) {
    for (let i = 0; i < 2; i += 1) {
      const { entries } = await convertStore(store, at('fresh.zarr'), { layout, replace: true });
      assert.equal(entries, 3);
    }
  }
  await store.close();
  const target = new ZarrStore(at('lists.zarr'));
  await target.dump([{ list: [{ a: 1 }, { a: 2 }], empty: [] }]);
  mkdirSync(at('lists.zarr/entry_0000000000/data/x/0/1'), { recursive: true });
  writeFileSync(at('lists.zarr/entry_0000000000/data/x/.zarray'), '{}');
  writeFileSync(at('lists.zarr/entry_0000000000/data/x/0/1/2'), '');
  await target.dump([]);
  await target.close();
  assert.ok(!readdirSync(at('lists.zarr')).includes('entry_0000000000'));
});

test('a folder behind a handle with other files is not replaced', async () => {
  const folder = new MemoryDirectory(new HandleDisk(), 'run.zarr');
  const store = new ZarrStore(folder);
  await store.dump([{ a: 1 }]);
  const writable = await (await folder.getFileHandle('notes.txt', { create: true })).createWritable();
  await writable.write('mine');
  await writable.close();
  await assert.rejects(store.dump([]), { code: 'ERR_FOREIGN_FILES', message: /'notes\.txt'/ });
  await store.close();
});
