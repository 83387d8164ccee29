// SPDX-License-Identifier: MIT
// A store one of whose entries has broken attributes: the others are as usable as ever, the broken one
// says so where it is asked for.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { BoresError, ZarrStore, openStore } from '../../../js/index.js';
import { EditableStore } from '../../helpers/editable-store.js';
import { PRESSURE, groupName, makeStore } from '../../helpers/synthetic-store.js';
import { runZip } from '../../helpers/fixtures.js';
import { using } from '../../helpers/with-store.js';

/**
 * Steps 0, 10, 20, …; the attributes of some are cut off.
 * @param {number} count
 * @param {number[]} broken
 */
function damaged(count, broken) {
  const content = makeStore(count);
  for (const idx of broken) content.set(`${groupName(idx)}/.zattrs`, new TextEncoder().encode('{"step": '));
  return content;
}

/** @param {AsyncIterable<any>} states */
async function stepsOf(states) {
  const steps = [];
  for await (const state of states) steps.push(state.step);
  return steps;
}

describe('broken attributes of one entry', () => {
  const store = () => new ZarrStore(damaged(5, [2]));

  test('entries() has the others, and says what is wrong with it', () => using(store(), async (opened) => {
    const entries = await opened.entries();
    assert.deepEqual(entries.map(({ idx, groupName: group, step }) => [idx, group, step]),
      [[0, 0], [1, 10], [2, undefined], [3, 30], [4, 40]].map(([idx, step]) =>
        [idx, groupName(Number(idx)), step]));
    assert.deepEqual(entries.map(({ error }) => error?.code),
      [undefined, undefined, 'ERR_METADATA', undefined, undefined]);
    assert.ok(entries[2].error instanceof BoresError);
    assert.match(entries[2].error.message, /entry_0000000002\/\.zattrs/);
    assert.deepEqual(entries[2].meta, {});
    assert.deepEqual([await opened.count(), await opened.maxIndex()], [5, 4]);
  }));

  test('the others are read; it fails when it is its turn', () => using(store(), async (opened) => {
    assert.deepEqual(await stepsOf(opened.load({ indices: [4, 0, 3] })), [40, 0, 30]);
    assert.deepEqual(await stepsOf(opened.load({ predicate: ({ error }) => !error })), [0, 10, 30, 40]);
    /** @type {number[]} */ const steps = [];
    await assert.rejects(async () => {
      for await (const { step } of opened.load()) steps.push(step);
    }, { code: 'ERR_METADATA', message: /entry_0000000002\/\.zattrs/ });
    assert.deepEqual(steps, [0, 10]);
  }));

  test('its arrays can be read, and a series goes through it', () => using(store(), async (opened) => {
    assert.equal((await opened.read(2, PRESSURE)).get(0, 0, 0), 2);
    const { step, value } = await opened.series(PRESSURE, [0, 0, 0]);
    assert.deepEqual([[...step], [...value]], [[0, 10, NaN, 30, 40], [0, 1, 2, 3, 4]]);
  }));

  test('verify() reports it', () => using(store(), async (opened) => {
    const { ok, problems } = await opened.verify();
    assert.deepEqual([ok, problems.map(({ entry, key, code }) => [entry, key, code])],
      [false, [[2, 'entry_0000000002/.zattrs', 'ERR_METADATA']]]);
  }));

  test('it is looked at again: it may have been put right', async () => {
    const storage = new EditableStore(damaged(3, [1]));
    await using(new ZarrStore(storage), async (opened) => {
      assert.equal((await opened.entries())[1].error?.code, 'ERR_METADATA');
      storage.replace(`${groupName(1)}/.zattrs`,
        new TextEncoder().encode('{"step": 11, "_index": 1}'));
      assert.deepEqual((await opened.entries()).map(({ step, error }) => [step, error]),
        [[0, undefined], [11, undefined], [20, undefined]]);
    });
  });

  test('repair() leaves it alone: its writer had come to the end', () => using(
    new ZarrStore(damaged(4, [3])), async (opened) => {
      assert.deepEqual(await opened.repair(), { dropped: [], restored: [], unfinished: [], count: null });
      assert.equal(await opened.count(), 4);
    }));
});

test('many broken ones among many', () => using(
  new ZarrStore(damaged(1200, [0, 1, 599, 1199])), async (opened) => {
    const entries = await opened.entries();
    assert.deepEqual(entries.filter(({ error }) => error).map(({ idx }) => idx), [0, 1, 599, 1199]);
    assert.equal(entries[600].step, 6000);
  }));

test('a storage that fails is no broken entry', async () => {
  const storage = new EditableStore(makeStore(3));
  storage.failures.set(`${groupName(1)}/.zattrs`, new Error('the network is down'));
  await using(new ZarrStore(storage), (opened) =>
    assert.rejects(opened.entries(), { code: 'ERR_STORAGE' }));
});

test('a wrong checksum of one entry in a zip costs that entry', async () => {
  const bytes = readFileSync(runZip('guide/wf_f64'));
  const name = `${groupName(1)}/.zattrs`;
  // The central directory's record: its checksum is 30 bytes before the name (APPNOTE 4.3.12).
  const at = bytes.lastIndexOf(Buffer.from(name)) - 30;
  assert.equal(bytes.readUInt32LE(at - 16), 0x02014b50);
  bytes.writeUInt32LE((bytes.readUInt32LE(at) ^ 1) >>> 0, at);
  const store = await openStore(new File([bytes], 'run.zarr.zip'), { mode: 'r', worker: false });
  try {
    const entries = await store.entries();
    assert.deepEqual(entries.slice(0, 3).map(({ error }) => error?.code), [undefined, 'ERR_CHECKSUM', undefined]);
    assert.ok((await store.read(2, PRESSURE)).data.length > 0);
    await assert.rejects(store.load({ indices: [1] }).next(), { code: 'ERR_CHECKSUM' });
  } finally {
    await store.close();
  }
});
