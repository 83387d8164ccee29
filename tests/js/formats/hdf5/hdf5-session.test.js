// SPDX-License-Identifier: MIT
// One file and several who use it: readers beside a writer, in this process and others; a stream; a module
// that dies; a storage that fails.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Hdf5Session } from '../../../../js/formats/hdf5/hdf5-session.js';
import { readTree } from '../../../../js/values/tree.js';
import { BoresError, HDF5Store, StateStream } from '../../../../js/index.js';
import { NodeFileSource } from '../../../../js/storage/node/node-file.js';
import { numberedState, wrongStates } from '../../../helpers/storage/numbered-states.js';
import { hdf5File } from '../../../helpers/fixtures.js';
import { using } from '../../../helpers/with-store.js';

const work = mkdtempSync(path.join(tmpdir(), 'bores-hdf5-'));
after(() => rmSync(work, { recursive: true, force: true }));
let files = 0;
const newFile = () => path.join(work, `${files += 1}.h5`);
const WRITER = fileURLToPath(new URL('../../../helpers/storage/hdf5-kill-writer.js', import.meta.url));

/** @param {string} file */
const reader = (file) => new HDF5Store(file, { mode: 'r', worker: false });

test('a reader beside a writer of another process sees whole states only', async () => {
  const file = newFile();
  const child = spawn(process.execPath, [WRITER, file, 'relaxed', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data) => { said += data; });
  const lines = () => said.trim().split('\n').length;
  try {
    while (lines() < 3) await new Promise((resolve) => { setTimeout(resolve, 10); });
    const store = reader(file);
    let looks = 0;
    for (let last = 0; lines() < 25 || looks < 20; looks += 1) {
      const before = lines() - 1;
      const count = await store.count();
      assert.ok(count >= Math.max(last, before - 1), `${count} after ${before}`);
      last = count;
      const state = await store.read(count - 1, 'model.pressure');
      assert.deepEqual([...state.data], [...numberedState(count - 1).model.pressure.data]);
    }
    await store.close();
  } finally {
    child.kill('SIGKILL');
    await new Promise((resolve) => { child.once('close', resolve); });
  }
  assert.match(said, /^ready 0\n/);
  const acknowledged = Number(said.trim().split('\n').at(-1));
  assert.equal(await wrongStates(file, acknowledged), undefined);
});

test('follow() gives each state as another store appends it', async () => {
  const file = newFile();
  await using(new HDF5Store(file), async (writer) => {
    await writer.append(numberedState(0));
    const store = reader(file);
    const seen = [];
    const abort = new AbortController();
    for await (const tree of store.follow({ pollMs: 5, as: 'raw', signal: abort.signal })) {
      seen.push(tree.name);
      if (seen.length === 4) break;
      await writer.append(numberedState(seen.length));
    }
    assert.deepEqual(seen, ['state 0', 'state 1', 'state 2', 'state 3']);
    await store.close();
  });
});

test('a stream saves, checkpoints and replays through HDF5', async () => {
  const [file, checkpoints] = [newFile(), newFile()];
  const source = reader(hdf5File('guide/wf_f64'));
  const store = new HDF5Store(file), checkpointStore = new HDF5Store(checkpoints);
  const stream = new StateStream({ store, checkpointStore, checkpointInterval: 2, batchSize: 4, states: source.load() });
  const steps = [];
  for await (const state of stream) steps.push(state.step);
  await stream.close();
  const replayed = [];
  for await (const state of new StateStream({ store })) replayed.push(state.step);
  assert.deepEqual(replayed, steps);
  assert.equal((await StateStream.resume({ checkpointStore }))?.step !== undefined, true);
  for (const one of [store, checkpointStore, source]) await one.close();
  await using(reader(file), async (back) => assert.ok((await back.verify()).ok));
});

test('a module that dies takes no store with it, and the error says that it is started anew', async () => {
  const store = reader(hdf5File('guide/wf_f32'));
  const count = await store.count();
  // Whatever HDF5 had in its memory is gone.
  const evil = { location: 'evil.h5', size: () => 10_000,
    read: (/** @type {number} */ _, /** @type {number} */ __, /** @type {Uint8Array} */ view) => {
      new Uint8Array(view.buffer).fill(0xff);
    } };
  const session = new Hdf5Session(/** @type {any} */ ({ kind: 'file', location: 'evil.h5', closed: false, close: async () => {},
    version: async () => '1', snapshot: async () => ({ file: evil, version: '1', close: () => {} }) }));
  await assert.rejects(session.run('open', null), (/** @type {any} */ error) =>
    error.code === 'ERR_INTERNAL' && /evil\.h5.*started anew/.test(error.message));
  assert.equal(await store.count(), count, 'the other store goes on');
  assert.ok((await store.read(-1, 'model.fluid_properties.pressure_grid')).mean() > 0);
  await store.close();
  await session.close();
});

test('a storage that fails at any call gives its own error, and the store goes on', async () => {
  const file = newFile();
  copyFileSync(hdf5File('guide/wf_f32'), file);
  const { readSync } = NodeFileSource.prototype;
  let calls = 0;
  const failAt = (/** @type {number} */ at) => {
    calls = 0;
    NodeFileSource.prototype.readSync = function failing(offset, targets) {
      calls += 1;
      if (calls === at) throw new BoresError('ERR_STORAGE', `call ${at} failed`);
      readSync.call(this, offset, targets);
    };
  };
  const use = async () => using(reader(file), async (store) => {
    const entries = await store.entries();
    const array = await store.read(1, 'model.fluid_properties.pressure_grid');
    return `${entries.length} ${array.sum()}`;
  });
  try {
    failAt(Infinity);
    const expected = await use();
    const total = calls;
    let surfaced = 0;
    for (let at = 1; at <= total; at += 1) {
      failAt(at);
      const outcome = await use().catch((error) => error);
      if (outcome instanceof Error) {
        surfaced += 1;
        assert.equal(/** @type {any} */ (outcome).code, 'ERR_STORAGE', outcome.message);
        assert.match(outcome.message, new RegExp(`call ${at} failed`));
      } else {
        assert.equal(outcome, expected, `call ${at}`); // HDF5 looks for its signature more than once
      }
      assert.equal(await use(), expected);
    }
    assert.ok(surfaced > total / 3, `${surfaced} of ${total} failures surfaced`);
  } finally {
    NodeFileSource.prototype.readSync = readSync;
  }
});

test('an operation that there is not, and parameters of another kind', async () => {
  const session = await Hdf5Session.open(hdf5File('guide/wf_f32'));
  await assert.rejects(session.run('nothing', null), { code: 'ERR_ARGUMENT' });
  await assert.rejects(session.run('load', { group: 7 }), { name: 'BoresError' });
  await assert.rejects(session.run('load', { group: 'absent', fields: null }), { code: 'ERR_NOT_FOUND', message: /absent/ });
  assert.equal(readTree(await session.run('open', null)).layout, 'nested');
  await session.close();
  await assert.rejects(session.run('open', null), { code: 'ERR_CLOSED' });
});
