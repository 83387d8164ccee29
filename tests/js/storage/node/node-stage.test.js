// SPDX-License-Identifier: MIT
// Folders that are written ahead of the commit that puts them: seen with it or not at all, and nothing of
// them is left when the writer has ended, however it did.
import assert from 'node:assert/strict';
import fs, { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { ModelState, StateStream, ZarrStore } from '../../../../js/index.js';
import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { stage } from '../../../../js/storage/stage.js';
import { takeTurn } from '../../../helpers/store-plan.js';
import { using } from '../../../helpers/with-store.js';
import { contentOf, sameContent } from '../writer-contract.js';

/** @import { Put, Staging } from '../../../../js/storage/base/storage.js' */
/** @import { TestContext } from 'node:test' */

const work = mkdtempSync(path.join(os.tmpdir(), 'stage-'));
after(() => rmSync(work, { recursive: true, force: true }));
let places = 0;

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
/** @type {Put[]} */
const OLD = [['.zattrs', bytes('old')], ['e0/.zgroup', bytes('first')]];
/** @type {Put[]} */
const NEW = [['e1/a/b/0', bytes('value')], ['e1/a/.zgroup', bytes('group')], ['e1/.zattrs', bytes('')]];
/** @type {Put} */
const ROOT = ['.zattrs', bytes('new')];

/** A store with an entry, and its writer. @param {{ durability?: 'strict' | 'relaxed' }} [options] */
async function begin(options) {
  const folder = path.join(work, `${places += 1}.zarr`);
  const storage = await DirectoryStorage.open(folder, { create: true });
  const writer = await storage.openWriter(options);
  await writer.commit({ puts: OLD });
  return { folder, storage, writer, staging: /** @type {Staging} */ (writer.staging?.()) };
}

/** @param {string} folder */
const writerNames = (folder) => (fs.existsSync(`${folder}/.bores-writer`) ? readdirSync(`${folder}/.bores-writer`) : []);

test('is seen with its commit, as if the commit had put its keys', async () => {
  const { folder, storage, writer, staging } = await begin();
  const staged = await stage(staging, NEW);
  assert.deepEqual([staged.folder, staged.keys, staged.bytes], ['e1', 3, 10]);
  sameContent(await contentOf(storage), new Map(OLD), 'before');
  await writer.commit({ puts: [ROOT], staged: [staged] });
  sameContent(await contentOf(storage), new Map([...OLD, ...NEW, ROOT]), 'after');
  await writer.close();
  assert.deepEqual(readdirSync(folder).sort(), ['.zattrs', 'e0', 'e1']);
});

test('that no commit has put is gone with its writer, and with the next where that was killed', async () => {
  const { folder, storage, writer, staging } = await begin();
  await stage(staging, NEW);
  await writer.close();
  assert.deepEqual(writerNames(folder), []);
  fs.mkdirSync(`${folder}/.bores-writer/ahead/x/a`, { recursive: true }); // as a kill leaves it
  fs.writeFileSync(`${folder}/.bores-writer/ahead/x/a/0`, 'half');
  assert.deepEqual(await storage.leftovers(), { dropped: [], restored: [] });
  const next = await storage.openWriter();
  assert.ok(!writerNames(folder).includes('ahead'), 'the next writer');
  await next.close();
  sameContent(await contentOf(storage), new Map(OLD), 'the content');
});

test('cannot be written where nobody is the writer any more', async () => {
  const { folder, writer, staging } = await begin();
  await writer.close();
  await assert.rejects(stage(staging, NEW), { code: 'ERR_STORAGE' });
  assert.ok(!fs.existsSync(`${folder}/.bores-writer`));
});

test('outlives a commit that fails and recover(): it is for the next', async () => {
  const { storage, writer, staging } = await begin();
  const staged = await stage(staging, NEW);
  await assert.rejects(writer.commit({ puts: [ROOT, ['e0/.zgroup/x', bytes('')]] }), { code: 'ERR_ARGUMENT' });
  await writer.recover();
  await writer.commit({ puts: [ROOT], staged: [staged] });
  sameContent(await contentOf(storage), new Map([...OLD, ...NEW, ROOT]), 'after');
  await writer.close();
});

for (const [what, keys] of /** @type {[string, string[]][]} */ ([
  ['a backslash', ['e1/a\\b']], ["a '..'", ['e1/../e0']], ['a value that is a folder, too', ['e1/a', 'e1/a/b']]])) {
  test(`refuses ${what}, as a commit does, and leaves nothing`, async () => {
    const { folder, writer, staging } = await begin();
    const puts = keys.map((key) => /** @type {Put} */ ([key, bytes('x')]));
    const error = await writer.commit({ puts }).then(() => undefined, (reason) => reason);
    assert.equal(error.code, 'ERR_ARGUMENT');
    await assert.rejects(stage(staging, puts), { code: error.code, message: error.message });
    assert.ok(!writerNames(folder).includes('ahead'));
    await writer.close();
  });
}

test('is refused over a folder or beside keys in it, and the old content stands', async () => {
  const { storage, writer, staging } = await begin();
  const over = await stage(staging, [['e0/x', bytes('other')]]);
  await assert.rejects(writer.commit({ puts: [ROOT], staged: [over] }), { code: 'ERR_ARGUMENT', message: /e0/ });
  const beside = await stage(staging, NEW);
  await assert.rejects(writer.commit({ puts: [ROOT, ['e1/y', bytes('')]], staged: [beside] }), { code: 'ERR_ARGUMENT' });
  sameContent(await contentOf(storage), new Map(OLD), 'the old content');
  await writer.close();
});

test('takes the place of a folder that the same commit deletes', async () => {
  const { storage, writer, staging } = await begin();
  const over = await stage(staging, [['e0/x', bytes('other')]]);
  await writer.commit({ puts: [ROOT], staged: [over], deletes: ['e0/'] });
  sameContent(await contentOf(storage), new Map([ROOT, ['e0/x', bytes('other')]]), 'after');
  await writer.close();
});

/**
 * Paths that fsync is called with, and what happens to names, in order.
 * @param {TestContext} t
 * @param {() => Promise<void>} run
 */
async function traced(t, run) {
  /** @type {string[]} */ const calls = [];
  /** @type {Map<number, string>} */ const opened = new Map();
  const { fsync, openSync, renameSync, statfsSync } = fs;
  t.mock.method(fs, 'openSync', (/** @type {string} */ name, /** @type {string} */ flags) => {
    const descriptor = openSync(name, flags);
    opened.set(descriptor, name);
    return descriptor;
  });
  t.mock.method(fs, 'fsync', (/** @type {number} */ fd, /** @type {any} */ done) => {
    calls.push(`sync ${opened.get(fd)}`);
    fsync(fd, done);
  });
  t.mock.method(fs, 'renameSync', (/** @type {string} */ from, /** @type {string} */ to) => {
    calls.push(`rename ${to}`);
    renameSync(from, to);
  });
  t.mock.method(fs, 'statfsSync', (/** @type {string} */ at) => ({ ...statfsSync(at), type: 0 })); // no syncfs
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  }
  return calls;
}

test('is synced whole before the commit is decided', async (t) => {
  const { folder, writer, staging } = await begin();
  const many = Array.from({ length: 150 }, (_, i) => /** @type {Put} */ ([`e1/a${i}/0`, bytes(String(i))]));
  const staged = await stage(staging, many);
  const calls = await traced(t, () => writer.commit({ puts: [ROOT], staged: [staged] }));
  const stageFolder = `${folder}/.bores-writer/stage`;
  const before = new Set(calls.slice(0, calls.indexOf(`rename ${folder}/.bores-writer/commit`)));
  const wanted = ['', '/u0', '/u1', '/journal', ...many.flatMap((_, i) => [`/u0/a${i}`, `/u0/a${i}/0`])];
  assert.deepEqual(wanted.filter((name) => !before.has(`sync ${stageFolder}${name}`)), []);
  await writer.close();
});

test('by threads of a stream: the same files, to the byte, as without them', async () => {
  const [alone, threaded] = ['alone', 'threaded'].map((name) => path.join(work, `${name}.zarr`));
  const states = Array.from({ length: 9 }, (_, step) => ModelState.from({ step, step_size: 60, time: step * 60,
    model: { fluid_properties: { pressure_grid: Float64Array.from({ length: 500 }, (_, i) => Math.sin(i * step)) } } }));
  for (const [place, backgroundIO] of /** @type {const} */ ([[alone, false], [threaded, true]])) {
    await using(new ZarrStore(place), async (store) => {
      const stream = new StateStream({ states, store, backgroundIO, batchSize: 2 });
      await stream.consume();
      await stream.close();
    });
  }
  const [a, b] = await Promise.all([alone, threaded].map(async (place) => contentOf(await DirectoryStorage.open(place))));
  assert.ok(a.size > 9 * 4);
  sameContent(b, a, 'threaded');
  assert.deepEqual(readdirSync(threaded).filter((name) => name.startsWith('.bores')), []);
});

test('by threads of appends and dumps in turns: what is there is verified', async () => {
  const place = path.join(work, 'turns.zarr');
  await using(new ZarrStore(place, { worker: true }), async (store) => {
    for (let turn = 0; turn < 20; turn += 1) await takeTurn(store, turn);
    assert.equal((await store.verify()).ok, true);
  });
  assert.deepEqual(readdirSync(place).filter((name) => name.startsWith('.bores')), []);
});
