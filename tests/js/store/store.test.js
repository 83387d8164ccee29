// SPDX-License-Identifier: MIT
// What a store does for its callers: which entries, which keys, in which order, and when it is
// closed, aborted or in use by several at a time.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { BoresError, NdArray, SparseTensor, ZarrStore, openStore } from '../../../js/index.js';
import { runExpected, runFolder } from '../../helpers/fixtures.js';
import { EditableStore } from '../../helpers/editable-store.js';
import { PRESSURE, groupName, makeStore } from '../../helpers/synthetic-store.js';
import { using } from '../../helpers/with-store.js';

/** @param {AsyncIterable<any>} states */
async function stepsOf(states) {
  const steps = [];
  for await (const state of states) steps.push(state.step);
  return steps;
}

/** @param {number} count */
const small = (count) => new ZarrStore(makeStore(count));

describe('load', () => {
  test('all entries, in order', () => using(small(4), async (store) => {
    assert.deepEqual(await stepsOf(store.load()), [0, 10, 20, 30]);
    assert.deepEqual(await stepsOf(store.load()), [0, 10, 20, 30], 'and again');
  }));

  test('indices in the order given, from the end, and twice', () => using(
    small(5), async (store) => {
      const indices = [3, 0, -1, 3, -5];
      assert.deepEqual(await stepsOf(store.load({ indices })), [30, 0, 40, 30, 0]);
      assert.deepEqual(await stepsOf(store.load({ indices: [] })), []);
    }));

  test('an index out of range fails before anything is read', async () => {
    const storage = new EditableStore(makeStore(3));
    await using(new ZarrStore(storage), async (store) => {
      for (const idx of [3, -4, 1e9]) {
        await assert.rejects(store.load({ indices: [0, idx] }).next(),
          { name: 'BoresError', code: 'ERR_INDEX_RANGE', entry: idx,
            message: new RegExp(`${idx}.*3`) });
      }
      for (const idx of [0.5, NaN, '0', null]) {
        await assert.rejects(store.load({ indices: [/** @type {any} */ (idx)] }).next(),
          { code: 'ERR_ARGUMENT' });
      }
      assert.ok(!storage.gets.some((key) => key.includes('pressure_grid')), 'an array was read');
    });
  });

  test('predicate over the entries, without reading the others', async () => {
    const storage = new EditableStore(makeStore(10));
    await using(new ZarrStore(storage), async (store) => {
      const states = store.load({ predicate: ({ idx, groupName: group, meta, step, time }) => {
        assert.equal(group, groupName(idx));
        assert.equal(meta.step, idx * 10);
        assert.equal(step, idx * 10);
        assert.equal(time, idx * 3600);
        return idx % 4 === 1;
      } });
      assert.deepEqual(await stepsOf(states), [10, 50, 90]);
      const entries = storage.gets.filter((key) => key.endsWith('/0.0.0'));
      assert.equal(entries.length, 3);
    });
  });

  test('the validator sees states and may replace them', () => using(small(3), async (store) => {
    /** @type {any[]} */
    const seen = [];
    const kept = [];
    for await (const value of store.load({ validator: (state) => { seen.push(state.step); } })) {
      kept.push(value.step);
    }
    assert.deepEqual([seen, kept], [[0, 10, 20], [0, 10, 20]]);
    const replaced = [];
    for await (const value of store.load({ validator: async ({ step }) => ({ half: step / 2 }) })) {
      replaced.push(value.half);
    }
    assert.deepEqual(replaced, [0, 5, 10]);
    for await (const value of store.load({ validator: async () => undefined })) {
      assert.equal(typeof value.step, 'number', 'a promise of nothing keeps the state');
    }
    const refuse = () => { throw new RangeError('no'); };
    await assert.rejects(stepsOf(store.load({ validator: refuse })), RangeError);
    assert.deepEqual(await stepsOf(store.load()), [0, 10, 20], 'the store goes on working');
  }));

  test('fields: beginnings of paths; nothing else is fetched', async () => {
    const storage = new EditableStore(EditableStore.read(runFolder('guide/wf_f64_ckpt')));
    await using(new ZarrStore(storage), async (store) => {
      const fields = ['model.fluid_properties.pressure_grid', ['wells', 'production_wells']];
      const { value: state } = await store.load({ indices: [1], fields }).next();
      assert.ok(state.get(PRESSURE) instanceof NdArray);
      assert.equal(state.get(['wells', 'production_wells', 'PROD-2 Ærøskøbing', 'production_well',
        'name']), 'PROD-2 Ærøskøbing');
      assert.equal(typeof state.step, 'number');
      assert.equal(typeof state.time, 'number');
      assert.equal(state.get('injection'), undefined);
      assert.equal(state.get('model.fluid_properties.oil_saturation_grid'), undefined);
      assert.ok(!storage.gets.some((key) => /injection\/|oil_saturation/.test(key)));
    });
  });

  test('as raw trees', () => using(small(1), async (store) => {
    const { value } = await store.load({ as: 'raw' }).next();
    assert.equal(Object.getPrototypeOf(value), null);
    assert.ok(value.model.fluid_properties.pressure_grid instanceof NdArray);
  }));

  test('prefetch reads ahead, and no further', async () => {
    for (const prefetch of [0, 1, 3]) {
      const storage = new EditableStore(makeStore(8));
      await using(new ZarrStore(storage), async (store) => {
        const states = store.load({ prefetch });
        await states.next();
        const read = () => new Set(storage.gets.filter((key) => key.endsWith('0.0.0'))
          .map((key) => key.replace(/^\//, '').slice(0, 16))).size;
        while (read() < 1 + prefetch) await sleep(2);
        await sleep(20); // no further
        assert.equal(read(), 1 + prefetch, `with prefetch ${prefetch}`);
        await states.return();
      });
    }
  });

  test('appending to what is being loaded does not prolong it', () => using(
    new ZarrStore('memory:prolonged'), async (store) => {
      for (const step of [0, 1]) await store.append({ step });
      const steps = [];
      for await (const { step } of store.load()) {
        steps.push(step);
        await store.append({ step: step + 10 });
        assert.ok(steps.length <= 2);
      }
      assert.deepEqual(steps, [0, 1]);
      assert.deepEqual(await stepsOf(store.load()), [0, 1, 10, 11]);
    }));
});

describe('requests', () => {
  /**
   * Keys and folders asked for to open a store and read one property of one entry.
   * @param {number} count
   */
  async function costOfOneRead(count) {
    const storage = new EditableStore(makeStore(count));
    const wanted = Math.floor(count / 2);
    await using(await openStore(storage), async (store) => {
      assert.equal((await store.read(wanted, PRESSURE)).get(0, 0, 0), wanted);
    });
    const entry = groupName(wanted);
    const elsewhere = storage.gets.filter((key) => /entry_/.test(key) && !key.includes(entry));
    assert.deepEqual(elsewhere, [], 'keys of other entries');
    return storage.gets.length + storage.lists.length;
  }

  test('one read costs the same among 100, 1,000 and 10,000 entries', async () => {
    const cost = await costOfOneRead(100);
    assert.equal(await costOfOneRead(1_000), cost);
    assert.equal(await costOfOneRead(10_000), cost);
    assert.ok(cost <= 20, `${cost} requests`);
  });

  test('a part of an array costs the chunks that hold it', async () => {
    const content = EditableStore.read(runFolder('head/wf_f64_chunks4_lzf'),
      (key) => /^(\.z|entry_000000000[01]\/)/.test(key));
    const storage = new EditableStore(content);
    await using(new ZarrStore(storage), async (store) => {
      await store.count();
      storage.gets.length = 0;
      await store.read(1, PRESSURE, { slice: [9, 0, 0] });
      const chunks = storage.gets.filter((key) => /\/[0-9.]+$/.test(key));
      assert.equal(chunks.length, 1, chunks.join());
      assert.match(chunks[0], /pressure_grid\/2\.0\.0$/);
    });
  });
});

describe('read', () => {
  test('elements by index are those that BORES reads', () => using(
    new ZarrStore(runFolder('guide/wf_f64_chunks4_lzf')), async (store) => {
      const entry = runExpected('guide/wf_f64_chunks4_lzf').entries[5];
      for (const [path, { at }] of Object.entries(entry.arrays).slice(0, 12)) {
        for (const [index, value] of at) {
          const element = await store.read(5, path.split('/'), { slice: index });
          assert.equal(element.shape.length, 0);
          const item = element.item();
          assert.equal(typeof value === 'boolean' ? item : Number(item), value, path);
        }
      }
    }));

  test('parts are the parts of the whole', () => using(
    new ZarrStore(runFolder('head/wf_f64_chunks4_lzf')), async (store) => {
      const whole = await store.read(3, PRESSURE);
      for (const slice of [[0], [-1, 2], [null, null, 1], [[1, 9, 3], [null, null, -1]],
        [[5, 5, 1]], [[null, null, -2], 3, [2, null, -1]]]) {
        const part = await store.read(3, PRESSURE, { slice: /** @type {any} */ (slice) });
        assert.ok(part.equals(whole.slice(.../** @type {any} */ (slice))), JSON.stringify(slice));
      }
      await assert.rejects(store.read(3, PRESSURE, { slice: [10] }),
        { code: 'ERR_INDEX_RANGE', message: /10.*10/ });
      await assert.rejects(store.read(3, PRESSURE, { slice: [0, 0, 0, 0] }),
        { code: 'ERR_ARGUMENT' });
    }));

  test('sparse tensors, scalars, lists and groups', () => using(
    new ZarrStore(runFolder('head/wf_f64_ckpt')), async (store) => {
      const tensor = await store.read(-1, 'rates.injection_rates.water');
      assert.ok(tensor instanceof SparseTensor);
      const part = await store.read(-1, 'rates.injection_rates.water', { slice: [0, 0] });
      assert.deepEqual([...part.data], [0, 0, tensor.get([0, 0, 2])]);
      assert.equal(await store.read(-1, 'model.dip_angle'), 1.5);
      assert.equal(await store.read(-1, 'timer_state.maximum_steps'), null);
      assert.ok(Array.isArray(await store.read(-1, 'timer_state.recent_metrics')));
      assert.ok((await store.read(-1, 'model.rock_properties')).porosity_grid instanceof NdArray);
    }));

  test('what is not there is named', () => using(small(2), async (store) => {
    await assert.rejects(store.read(0, 'model.fluid_properties.presure_grid'),
      { code: 'ERR_NOT_FOUND', message: /entry_0000000000.*presure_grid/ });
    await assert.rejects(store.read(2, PRESSURE), { code: 'ERR_INDEX_RANGE', entry: 2 });
    await assert.rejects(store.read(0, 'a..b'), { code: 'ERR_ARGUMENT' });
    await assert.rejects(store.read(0, ['..', '..', 'secret']), { name: 'BoresError' });
  }));
});

test('series: one cell through time, as BORES reads it', () => using(
  new ZarrStore(runFolder('guide/wf_f64')), async (store) => {
    const { entries } = runExpected('guide/wf_f64');
    const path = 'model/fluid_properties/pressure_grid';
    const [cell] = entries[0].arrays[path].at[1];
    const { step, time, value } = await store.series(path.split('/'), cell);
    assert.ok(value instanceof Float64Array && step instanceof Float64Array);
    assert.deepEqual([...step], entries.map((entry) => entry.step));
    assert.deepEqual([...time], entries.map((entry) => entry.time));
    for (const [i, { arrays }] of entries.entries()) {
      const known = arrays[path].at.find(([index]) => String(index) === String(cell));
      assert.equal(value[i], known?.[1]);
    }
    const some = await store.series(path.split('/'), cell, { indices: [-1, 0] });
    assert.deepEqual([...some.value], [value[22], value[0]]);
    await assert.rejects(store.series('model.nothing', [0, 0, 0]),
      { code: 'ERR_NOT_FOUND', path: 'model.nothing', message: /model\.nothing/ });
    await assert.rejects(store.series(path.split('/'), [0, 0]), { code: 'ERR_ARGUMENT' });
    await assert.rejects(store.series(path.split('/'), [0, 0, 99]), { code: 'ERR_INDEX_RANGE' });
  }));

describe('entries', () => {
  test('count, maxIndex and entries of an empty place', () => using(
    new ZarrStore(new Map()), async (store) => {
      assert.equal(await store.count(), 0);
      assert.equal(await store.maxIndex(), -1);
      assert.deepEqual(await store.entries(), []);
      assert.deepEqual(await stepsOf(store.load()), []);
    }));

  test('entries that have come since are seen', async () => {
    const all = makeStore(3);
    const storage = new EditableStore(all);
    const last = [...all.keys()].filter((key) => key.startsWith(groupName(2)));
    for (const key of last) storage.replace(key, undefined);
    await using(new ZarrStore(storage), async (store) => {
      assert.equal(await store.count(), 2);
      assert.equal((await store.read(-1, PRESSURE)).get(0, 0, 0), 1);
      for (const key of last) storage.restore(key);
      assert.equal((await store.read(2, PRESSURE)).get(0, 0, 0), 2);
      assert.equal((await store.read(-1, PRESSURE)).get(0, 0, 0), 2, 'the last is the newest');
      assert.deepEqual(await stepsOf(store.load({ indices: [-1] })), [20]);
      assert.equal((await store.entries()).length, 3);
    });
  });
});

describe('verify', () => {
  test('a sound store', () => using(new ZarrStore(runFolder('head/wf_f32_ckpt')), async (store) => {
    /** @type {any[]} */
    const progress = [];
    const result = await store.verify({ onProgress: (now) => progress.push({ ...now }) });
    assert.equal(result.ok, true);
    assert.deepEqual(result.problems, []);
    assert.equal(result.entries, 2);
    assert.ok(result.arrays > 200 && result.chunks > 100 && result.nbytes > 100_000);
    assert.deepEqual(progress[progress.length - 1], { done: 2, total: 2 });
  }));

  test('damage is named by entry and key, and the rest is checked all the same', async () => {
    const storage = new EditableStore(EditableStore.read(runFolder('guide/wf_f64_ckpt')));
    const chunk = `${groupName(1)}/injection/water/0.0.0`;
    const document = `${groupName(0)}/model/.zattrs`;
    const unreadable = `${groupName(0)}/production/oil/0.0.0`;
    storage.replace(chunk, Uint8Array.of(1, 2, 3));
    storage.replace(document, Uint8Array.of(1, 2, 3));
    storage.failures.set(unreadable, new Error('the disk is broken'));
    await using(new ZarrStore(storage), async (store) => {
      const { ok, problems, entries, arrays } = await store.verify();
      assert.equal(ok, false);
      assert.equal(entries, 2);
      assert.deepEqual(problems.map(({ entry, key }) => [entry, key]).sort(),
        [[0, document], [0, unreadable], [1, chunk]]);
      for (const { code, message, key } of problems) {
        assert.match(code, /^ERR_(CORRUPT|METADATA|STORAGE|NOT_FOUND)$/);
        assert.ok(message.includes(key));
      }
      assert.ok(arrays > 100);
      const second = await store.verify({ indices: [1] });
      assert.deepEqual(second.problems.map(({ key }) => key), [chunk]);
    });
  });
});

describe('close', () => {
  test('every call afterwards is ERR_CLOSED, closing again is nothing', async () => {
    const store = small(2);
    await store.count();
    await store.close();
    await store.close();
    assert.equal(store.closed, true);
    for (const call of [() => store.count(), () => store.entries(), () => store.read(0, PRESSURE),
      () => store.load().next(), () => store.series(PRESSURE, [0, 0, 0]), () => store.inventory(0),
      () => store.verify(), () => store.maxIndex()]) {
      await assert.rejects(call, { name: 'BoresError', code: 'ERR_CLOSED' });
    }
  });

  test('before anything was opened, and with reads under way', async () => {
    await small(1).close();
    const storage = new EditableStore(makeStore(20));
    storage.delay = () => new Promise((resolve) => { setTimeout(resolve, 2); });
    const store = new ZarrStore(storage);
    await store.count();
    const reads = Array.from({ length: 20 }, (_, idx) => store.read(idx, PRESSURE));
    const settled = Promise.allSettled(reads);
    await store.close();
    for (const outcome of await settled) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ERR_CLOSED');
      else assert.ok(outcome.value instanceof NdArray);
    }
    assert.equal(await small(3).count(), 3, 'the core is sound');
  });
});

describe('several at a time', () => {
  test('two stores, loads of one store, and looks at the root in between', async () => {
    const slow = (/** @type {Map<string, Uint8Array>} */ content) => {
      const storage = new EditableStore(content);
      let turn = 0;
      storage.delay = () => new Promise((resolve) => { setTimeout(resolve, turn++ % 3); });
      return new ZarrStore(storage);
    };
    const guide = slow(EditableStore.read(runFolder('guide/wf_f64_ckpt')));
    const head = slow(EditableStore.read(runFolder('head/wf_f64_ckpt')));
    const pressures = async (/** @type {ZarrStore} */ store) => {
      const sums = [];
      for await (const state of store.load({ prefetch: 2 })) {
        await store.count();
        sums.push(state.get(PRESSURE).sum());
      }
      return sums;
    };
    const looks = Promise.all(Array.from({ length: 10 }, () => guide.entries()));
    const [a, b, c] = await Promise.all([pressures(guide), pressures(head), pressures(guide)]);
    await looks;
    const sums = (/** @type {any} */ run) => runExpected(run).entries
      .map(({ arrays }) => arrays['model/fluid_properties/pressure_grid'].sum);
    assert.deepEqual([a, b, c], [sums('guide/wf_f64_ckpt'), sums('head/wf_f64_ckpt'),
      sums('guide/wf_f64_ckpt')]);
    await Promise.all([guide.close(), head.close()]);
  });

  test('without listings, while .zmetadata is read again and again', async () => {
    const content = makeStore(5);
    const metadata = Object.fromEntries([...content].filter(([key]) => /\.z[a-z]+$/.test(key))
      .map(([key, value]) => [key, JSON.parse(new TextDecoder().decode(value))]));
    content.set('.zmetadata', new TextEncoder().encode(
      JSON.stringify({ zarr_consolidated_format: 1, metadata })));
    const storage = new EditableStore(content);
    storage.delay = () => new Promise((resolve) => { setTimeout(resolve, 1); });
    const unlisted = { get: (/** @type {string} */ key) => storage.get(key) };
    await using(new ZarrStore(unlisted), async (store) => {
      const looks = Array.from({ length: 8 }, () => store.count());
      const loads = Array.from({ length: 8 }, () => stepsOf(store.load()));
      assert.deepEqual(await Promise.all(looks), Array(8).fill(5));
      assert.deepEqual(await Promise.all(loads), Array(8).fill([0, 10, 20, 30, 40]));
    });
  });
});

test('every error is a BoresError', () => using(small(1), async (store) => {
  const outcome = await store.read(7, PRESSURE).catch((/** @type {unknown} */ error) => error);
  assert.ok(outcome instanceof BoresError && outcome instanceof Error);
  assert.equal(outcome.name, 'BoresError');
}));
