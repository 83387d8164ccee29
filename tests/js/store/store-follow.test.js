// SPDX-License-Identifier: MIT
// Following a store that another process appends to: zarr-python writing key by key as BORES does, and
// our own. No reader ever gets half an entry.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { NdArray, ZarrStore, openStore } from '../../../js/index.js';
import { serveFiles } from '../../helpers/file-server.js';
import { statesUpTo, stateOf } from '../../helpers/stream-run.js';
import { using } from '../../helpers/with-store.js';

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-zarr
const helper = (/** @type {string} */ name) => fileURLToPath(new URL(`../../helpers/${name}`, import.meta.url));
const SLOW_WRITER = helper('slow_writer.py');
const GRIDS = ['pressure_grid', 'oil_saturation_grid', 'water_saturation_grid', 'gas_saturation_grid'];

const work = mkdtempSync(path.join(tmpdir(), 'bores-follow-'));
after(() => rmSync(work, { recursive: true, force: true }));

/**
 * A writer under way; `lines` are what it has said so far.
 * @param {string} program
 * @param {string[]} args
 */
function start(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  after(() => child.kill()); // one that waits for more would keep a test that failed
  /** @type {string[]} */ const lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { child, lines, ended: once(child, 'close') };
}

/** @param {any} state  of slow_writer.py */
function checkWhole(state) {
  const { fluid_properties: fluid } = state.model;
  assert.deepEqual(Object.keys(fluid).filter((name) => GRIDS.includes(name)).sort(), [...GRIDS].sort());
  for (const name of GRIDS) {
    assert.ok(fluid[name] instanceof NdArray);
    assert.deepEqual(fluid[name].shape, [6, 5, 4]);
    assert.ok(fluid[name].data.every((/** @type {number} */ value) => value === state.step), `${name} of ${state.step}`);
  }
  assert.equal(state.time, state.step * 60);
}

/** What other calls say of the store meanwhile. @param {string} folder */
async function look(folder) {
  return using(openStore(folder), async (store) => {
    const [count, maxIndex, entries] = [await store.count(), await store.maxIndex(), await store.entries()];
    for await (const state of store.load()) checkWhole(state);
    return { count, maxIndex, entries: entries.length, steps: entries.map(({ step }) => step) };
  });
}

for (const layout of ['nested', 'flat']) {
  test(`zarr-python, ${layout}, \`count\` only at the end: each state as it is finished`, async () => {
    const folder = path.join(work, `${layout}.zarr`);
    const writer = start(PYTHON, [SLOW_WRITER, folder, '0', '3', '0.02', '--layout', layout, '--paced']);
    /** @type {number[]} */ const steps = [];
    await using(new ZarrStore(folder), async (store) => {
      for await (const state of store.follow({ pollMs: 15 })) {
        checkWhole(state);
        steps.push(state.step);
        if (state.step === 3) break;
        while (!writer.lines.includes(`grid ${state.step + 1} 1`)) await sleep(5);
        const { count, maxIndex, entries } = await look(folder);
        const whole = state.step + 1;
        assert.deepEqual([count, maxIndex, entries], [whole, whole - 1, whole], 'half an entry is none');
        writer.child.stdin.write('\n'); // the other half
      }
      await writer.ended;
    });
    assert.deepEqual(steps, [0, 1, 2, 3]);
    assert.deepEqual((await look(folder)).steps, [0, 1, 2, 3]);
  });
}

test('a root that is written between the question for it and the listing of its folder', async () => {
  const root = new TextEncoder().encode('{"zarr_format": 2}');
  let asked = 0;
  await using(openStore({
    get: async (/** @type {string} */ key) => (key === '.zgroup' && asked++ > 1 ? root : undefined),
    list: async (/** @type {string} */ prefix) => (prefix === '' ? ['.zgroup.0d3f.partial'] : []),
  }, { mode: 'r' }), async (store) => assert.equal(await store.count(), 0));
});

test('our own writer in another process', async () => {
  const folder = path.join(work, 'ours.zarr');
  const writer = start(process.execPath, [helper('append-states.mjs'), folder, '0', '5', '60']);
  await using(new ZarrStore(folder), async (store) => {
    /** @type {number[]} */ const steps = [];
    for await (const { step, model } of store.follow({ pollMs: 10 })) {
      assert.ok(model.fluid_properties.pressure_grid.data.every((/** @type {number} */ value) => value === step + 0.5));
      steps.push(step);
      if (step === 5) break;
    }
    assert.deepEqual(steps, [0, 1, 2, 3, 4, 5]);
    await writer.ended;
  });
});

test('from an index on; fields; what this very store appends; an abort while it waits', async () => {
  await using(new ZarrStore('memory:follow'), async (store) => {
    await store.appendAll([...statesUpTo(3)]);
    const aborting = new AbortController();
    const following = store.follow({ fromIdx: 2, pollMs: 5, fields: ['wells'], signal: aborting.signal });
    const { value } = await following.next();
    assert.deepEqual([value.step, value.model], [2, undefined]);
    const next = following.next();
    await store.append(stateOf(3));
    assert.equal((await next).value.step, 3);
    const waiting = following.next();
    setTimeout(() => aborting.abort(new RangeError('enough')), 20);
    await assert.rejects(waiting, /enough/);
    assert.deepEqual(await following.next(), { value: undefined, done: true });
  });
});

test('over HTTP: the root says what its consolidated metadata do not know yet', async () => {
  const folder = path.join(work, 'served.zarr');
  const server = await serveFiles();
  try {
    await using(openStore(folder, { consolidate: true }), (store) => store.appendAll([...statesUpTo(2)]));
    const url = server.addFolder('live', folder);
    const writer = await openStore(folder);
    await using(openStore(url), async (store) => {
      const following = store.follow({ pollMs: 10 });
      assert.deepEqual([(await following.next()).value.step, (await following.next()).value.step], [0, 1]);
      const next = following.next();
      await writer.append(stateOf(2));
      assert.equal((await next).value.step, 2);
      await following.return();
    });
    const before = readFileSync(path.join(folder, '.zmetadata'), 'utf8');
    assert.doesNotMatch(before, /entry_0000000002/);
    await writer.close(); // brings them up to date
    assert.match(readFileSync(path.join(folder, '.zmetadata'), 'utf8'), /entry_0000000002/);
  } finally {
    await server.close();
  }
});

describe('what a killed foreign writer leaves', () => {
  const half = path.join(work, 'half.zarr');

  test('is no entry, and the next append is written over it', async () => {
    const { child, ended } = start(PYTHON, [SLOW_WRITER, half, '0', '5', '0', '--stop-in', '3']);
    await ended;
    assert.equal(child.exitCode, 0);
    const copy = path.join(work, 'half-appended.zarr');
    cpSync(half, copy, { recursive: true });
    assert.deepEqual(await look(copy), { count: 3, maxIndex: 2, entries: 3, steps: [0, 1, 2] });
    await using(openStore(copy), async (store) => {
      const { problems } = await store.verify();
      assert.deepEqual(problems.map(({ key, code }) => [key, code]), [['entry_0000000003', 'ERR_INCOMPLETE']]);
      assert.equal((await store.append(stateOf(9))).idx, 3);
      assert.deepEqual((await store.entries()).map(({ step }) => step), [0, 1, 2, 9]);
      assert.equal((await store.verify()).ok, true);
    });
    assert.deepEqual(JSON.parse(readFileSync(path.join(copy, '.zattrs'), 'utf8')), { count: 4 });
  });

  test('repair() says what it would drop, drops it, and rights `count`', async () => {
    const copy = path.join(work, 'half-repaired.zarr');
    cpSync(half, copy, { recursive: true });
    await using(openStore(copy), async (store) => {
      const expected = { dropped: [], restored: [], unfinished: ['entry_0000000003'],
        count: { is: null, should: 3 } };
      assert.deepEqual(await store.repair({ dryRun: true }), expected);
      assert.deepEqual(await store.repair({ dryRun: true }), expected, 'nothing was changed');
      assert.deepEqual(await store.repair(), expected);
      assert.deepEqual(await store.repair(), { dropped: [], restored: [], unfinished: [], count: null });
      assert.equal((await store.verify()).ok, true);
    });
    assert.deepEqual((await look(copy)).steps, [0, 1, 2]);
    // BORES numbers its next entry by `count`.
    const writer = start(PYTHON, [SLOW_WRITER, copy, '3', '3', '0']);
    await writer.ended;
    assert.deepEqual((await look(copy)).steps, [0, 1, 2, 3]);
  });

  test('the very first entry: it is none either, and it stays when nobody knows whose it is', async () => {
    const folder = path.join(work, 'first.zarr');
    await start(PYTHON, [SLOW_WRITER, folder, '0', '1', '0', '--stop-in', '0']).ended;
    await using(openStore(folder), async (store) => {
      assert.deepEqual(await store.entries(), []);
      assert.equal((await store.append(stateOf(1))).idx, 1);
      assert.deepEqual((await store.repair()).unfinished, ['entry_0000000000']);
      assert.deepEqual((await store.entries()).map(({ idx, step }) => [idx, step]), [[1, 1]]);
    });
  });
});
