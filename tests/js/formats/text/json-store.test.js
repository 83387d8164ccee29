// SPDX-License-Identifier: MIT
// JSON stores: BORES's own files as BORES means them, what is written, and what is refused.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { JSONStore, ModelState, openStore } from '../../../../js/index.js';
import { TEXT_RUNS, textExpected, textFile } from '../../../helpers/fixtures.js';
import { allDifferences, compareArray, names } from '../../../helpers/expected.js';
import { serveFiles } from '../../../helpers/file-server.js';
import { bitDifference, everything } from '../../../helpers/text-stores.js';
import { using } from '../../../helpers/with-store.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bores-json-'));
after(() => rmSync(work, { recursive: true }));
const index = fileURLToPath(new URL('../../../../js/index.js', import.meta.url));

/** @param {AsyncIterable<any>} items */
async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

/** @param {string[]} differences */
function assertNone(differences) {
  assert.equal(differences.length, 0, differences.slice(0, 20).join('\n'));
}

/** @param {string} name @param {string} text */
function fileOf(name, text) {
  const file = path.join(work, name);
  writeFileSync(file, text);
  return file;
}

for (const run of TEXT_RUNS) {
  const file = textFile(run, 'json');
  const expected = textExpected(run, 'json');

  test(`${run}.json from its file, a Blob, bytes, and in a worker`, async () => {
    for (const location of [file, new Blob([readFileSync(file)]), new Uint8Array(readFileSync(file))]) {
      await using(openStore(location, { mode: 'r' }), async (store) => {
        assert.equal(store.backend, 'json');
        assertNone(await allDifferences(store, expected));
        const { ok, problems, entries } = await store.verify();
        assert.deepEqual({ ok, problems, entries }, { ok: true, problems: [], entries: expected.count });
      });
    }
    await using(new JSONStore(file, { worker: true, mode: 'r' }), async (store) =>
      assertNone(await allDifferences(store, expected)));
  });

  test(`${run}.json: each array alone, its slice and the inventory`, () =>
    using(new JSONStore(file), async (store) => {
      const entry = expected.entries[expected.entries.length - 1];
      const items = new Map((await store.inventory(-1)).map((item) => [item.names.join('/'), item]));
      /** @type {string[]} */
      const differences = [];
      for (const [name, array] of Object.entries(entry.arrays)) {
        compareArray(name, await store.read(-1, names(name)), array, differences);
        assert.deepEqual(items.get(name)?.shape, array.shape, name);
        assert.equal(items.get(name)?.dtype, array.dtype, name);
        const [[at, value]] = array.at;
        assert.equal(Number((await store.read(-1, names(name), { slice: at })).get()), Number(value), name);
      }
      assertNone(differences);
    }));

  test(`${run}.json written again is the same file`, async () => {
    const copy = path.join(work, `${path.basename(run)}.json`);
    const arrays = run.endsWith('_wire') ? 'record' : 'raw';
    await using(new JSONStore(file), (source) =>
      using(new JSONStore(copy, { arrays }), (target) =>
        target.dump(source.load({ as: 'raw' }), { meta: ({ step }) => ({ step }) })));
    assert.ok(readFileSync(copy).equals(readFileSync(file)));
  });
}

test('only what is asked for is read', async () => {
  const server = await serveFiles();
  try {
    const file = textFile('head/wf_f64', 'json');
    const url = server.addFile('run.json', file);
    await using(new JSONStore(url, { mode: 'r' }), async (store) => {
      assert.equal(await store.count(), 3);
      const before = server.requests('run.json').length;
      const [state] = await collect(store.load({ indices: [1] }));
      assert.equal(state.step, textExpected('head/wf_f64', 'json').entries[1].step);
      const ranges = server.requests('run.json').slice(before).map(({ range }) => range);
      const bytes = ranges.reduce((sum, range) => {
        const [, from, to] = /** @type {RegExpExecArray} */ (/bytes=(\d+)-(\d+)/.exec(range ?? ''));
        return sum + Number(to) - Number(from) + 1;
      }, 0);
      const { size } = { size: readFileSync(file).length };
      assert.ok(bytes < size / 2, `${bytes} of ${size} bytes in ${ranges}`);
    });
  } finally {
    await server.close();
  }
});

test('fields: nothing else is made', () => using(new JSONStore(textFile('head/wf_f64', 'json')), async (store) => {
  const [tree] = await collect(store.load({ indices: [-1], as: 'raw',
    fields: ['model.fluid_properties.pressure_grid'] }));
  assert.deepEqual(Object.keys(tree), ['step', 'step_size', 'time', 'model']);
  assert.deepEqual(Object.keys(tree.model), ['fluid_properties']);
  assert.deepEqual(Object.keys(tree.model.fluid_properties), ['pressure_grid']);
}));

test('a cell through time', () => using(new JSONStore(textFile('guide/wf_f64', 'json')), async (store) => {
  const { step, time, value } = await store.series('model.fluid_properties.pressure_grid', [0, 0, 0]);
  const expected = textExpected('guide/wf_f64', 'json').entries;
  assert.deepEqual([...step], expected.map((entry) => entry.step));
  assert.deepEqual([...time], expected.map((entry) => entry.time));
  assert.deepEqual([...value], expected.map((entry) =>
    entry.arrays['model/fluid_properties/pressure_grid'].at[0][1]));
}));

for (const arrays of /** @type {const} */ (['record', 'raw'])) {
  for (const where of ['file', 'memory']) {
    test(`every bit comes back, from a ${where}, arrays as ${arrays}`, async () => {
      const location = where === 'file' ? path.join(work, `bits-${arrays}.json`) : `memory:bits-${arrays}`;
      const tree = everything();
      await using(new JSONStore(location, { arrays }), async (store) => {
        await store.dump([tree, { config: { a: 1.0 } }], { meta: (item) => ({ step: item.step ?? -1 }) });
        const [back, config] = await collect(store.load({ as: 'raw' }));
        assert.equal(bitDifference(back, tree), undefined);
        assert.deepEqual({ ...config.config }, { a: 1 });
        assert.equal(await store.read(0, 'scalars.nan'), NaN);
        assert.deepEqual((await store.entries()).map(({ idx, meta, step }) => [idx, meta.step, step]),
          [[0, 7, 7], [1, -1, undefined]]);
      });
    });
  }
}

test('what is written is the same each time, and the same once it has been read', async () => {
  const texts = [];
  let items = [everything()];
  for (const name of ['a', 'b', 'c']) {
    const file = path.join(work, `${name}.json`);
    await using(new JSONStore(file), async (store) => {
      await store.dump(items);
      if (name === 'b') items = await collect(store.load({ as: 'raw' }));
    });
    texts.push(readFileSync(file, 'utf8'));
  }
  assert.equal(texts[1], texts[0]);
  assert.equal(texts[2], texts[0]);
});

test('states in, states out', () => using(new JSONStore('memory:states'), async (store) => {
  const states = await using(openStore(textFile('guide/wf_f32', 'json')), (source) => collect(source.load()));
  await store.dump(states, { meta: ({ step }) => ({ step }) });
  for await (const state of store.load()) assert.ok(state instanceof ModelState);
  assertNone(await allDifferences(store, textExpected('guide/wf_f32', 'json')));
}));

describe('a file is written whole or not at all', () => {
  test('append is refused, and says so before', () => using(new JSONStore('memory:append'), async (store) => {
    assert.equal(store.supportsAppend, false);
    await assert.rejects(store.append({}), { code: 'ERR_APPEND_UNSUPPORTED' });
  }));

  test('a failure while entries come leaves what was there, and nothing beside it', async () => {
    const file = path.join(work, 'failing', 'run.json');
    await using(new JSONStore(file), async (store) => {
      await store.dump([{ a: 1 }]);
      await assert.rejects(store.dump((function* items() {
        yield { a: 2 };
        throw new Error('no more');
      })()), /no more/);
      await assert.rejects(store.dump([{ a: 3 }, { b: () => {} }]), { code: 'ERR_ARGUMENT' });
      assert.deepEqual((await collect(store.load({ as: 'raw' }))).map(({ a }) => a), [1]);
      await store.clear();
      assert.equal(await store.count(), 0);
      assert.equal(readFileSync(file, 'utf8'), '[]');
    });
    assert.deepEqual(readdirSync(path.dirname(file)), ['run.json']);
  });

  test('a killed writer leaves what was there; the next one removes what it left', async () => {
    const file = path.join(work, 'killed', 'run.json');
    await using(new JSONStore(file), (store) => store.dump([{ a: 1 }]));
    const script = `import { JSONStore } from ${JSON.stringify(index)};
      const store = new JSONStore(${JSON.stringify(file)});
      await store.dump((async function* () {
        for (let i = 0; ; i++) { yield { x: 'x'.repeat(1e6) }; if (i === 40) console.log('there'); }
      })());`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(readdirSync(path.dirname(file)).length, 2, 'it was at work');
    await using(new JSONStore(file), async (store) => {
      assert.deepEqual((await collect(store.load({ as: 'raw' }))).map(({ a }) => a), [1]);
      await store.dump([{ a: 2 }]);
    });
    assert.deepEqual(readdirSync(path.dirname(file)), ['run.json']);
  });

  test('modes', async () => {
    const absent = path.join(work, 'absent.json');
    await assert.rejects(openStore(absent, { mode: 'r' }), { code: 'ERR_NOT_FOUND' });
    await assert.rejects(openStore(absent, { mode: 'r+' }), { code: 'ERR_NOT_FOUND' });
    await using(openStore(absent), async (store) => assert.equal(await store.count(), 0));
    assert.ok(!existsSync(absent), 'made by its first writer');
    await using(new JSONStore(absent, { mode: 'w' }), (store) => store.dump([{}]));
    await using(new JSONStore(absent, { mode: 'r' }), (store) =>
      assert.rejects(store.dump([{}]), { code: 'ERR_READ_ONLY' }));
    await using(new JSONStore(new Blob(['[]'])), (store) =>
      assert.rejects(store.dump([{}]), { code: 'ERR_READ_ONLY' }));
    const empty = fileOf('empty.json', '');
    await using(openStore(empty), async (store) => assert.equal(await store.count(), 0));
  });

  test('who follows a file sees what takes its place', async () => {
    const file = path.join(work, 'followed.json');
    await using(new JSONStore(file), (writer) => using(new JSONStore(file, { mode: 'a' }), async (reader) => {
      await writer.dump([{ a: 1 }]);
      const seen = [];
      for await (const { a } of reader.follow({ as: 'raw', pollMs: 5 })) {
        seen.push(a);
        if (seen.length === 3) break;
        if (seen.length === 1) await writer.dump([{ a: 1 }, { a: 2 }, { a: 3 }]);
      }
      assert.deepEqual(seen, [1, 2, 3]);
    }));
  });
});

describe('hostile text', () => {
  const entry = (/** @type {string} */ data) => `[{"_index": 0, "_group_name": "entry_0000000000", "_meta": {},\n"data": ${data}}]`;
  for (const [what, data, code, message] of /** @type {const} */ ([
    ['a key that comes twice', '{"a": 1, "a": 2}', 'ERR_METADATA', /line 2, column 18: the key "a" comes twice/],
    ['nesting', '['.repeat(200) + ']'.repeat(200), 'ERR_LIMIT', /line 2, column \d+: nesting depth .* limit of 128/],
    ['a number of a million digits', `{"a": ${'9'.repeat(1e6)}}`, 'ERR_LIMIT', /line 2, column 15: .*1000000 .*4300/],
    ['a bare word', '{"a": nope}', 'ERR_METADATA', /line 2, column 15: 'n' where a value is due/],
    ['a record that lies', '{"a": {"__ndarray__": true, "dtype": "<f8", "shape": [3], "encoding": "dense", "data": "AAAA"}}',
      'ERR_CORRUPT', /a: data: holds 3 bytes, the shape needs 24/],
    ['a record of any size', '{"a": {"__ndarray__": true, "dtype": "<f8", "shape": [99999999999], "encoding": "scalar", "value": 1}}',
      'ERR_LIMIT', /a: .*799999999992/],
  ])) {
    test(what, async () => {
      const file = fileOf('hostile.json', entry(data));
      await using(new JSONStore(file), async (store) => {
        const error = await collect(store.load()).then(() => undefined, (reason) => reason);
        assert.equal(error?.code, code);
        assert.match(error.message, message);
        assert.match(error.message, /entry_0000000000|hostile\.json/);
        writeFileSync(file, entry('{"a": 1}'));
        assert.deepEqual((await collect(store.load({ as: 'raw' }))).map(({ a }) => a), [1], 'usable afterwards');
      });
    });
  }

  test('100,000 brackets, and bytes that are no UTF-8', async () => {
    await assert.rejects(openStore(fileOf('deep.json', '['.repeat(100000))), { code: 'ERR_METADATA', message: /deep\.json: line 1, column 2/ });
    await assert.rejects(openStore(fileOf('deep.json', `[${'{"a":'.repeat(100000)}`)),
      { code: 'ERR_LIMIT', message: /deep\.json: line 1, column \d+: nesting depth/ });
    const file = fileOf('latin1.json', '');
    writeFileSync(file, Buffer.from(entry('{"a": "\xe6"}'), 'latin1'));
    await using(new JSONStore(file), (store) => assert.rejects(collect(store.load()),
      { code: 'ERR_METADATA', message: /line 2, column 16: a string is not UTF-8/ }));
  });

  test('cut anywhere', async () => {
    const whole = readFileSync(textFile('head/wf_f64_wire', 'json'));
    for (let at = 1; at < whole.length; at += 1 + Math.floor(whole.length / 97)) {
      await assert.rejects(openStore(new Blob([whole.subarray(0, at)]), { backend: 'json' }),
        { code: 'ERR_METADATA', message: /line \d+, column \d+: the file ends where/ });
    }
  });

  test('verify names the entry that is damaged', async () => {
    const text = readFileSync(textFile('head/wf_f64_wire', 'json'), 'utf8');
    const at = text.indexOf('"dense"', text.indexOf('"_index": 1'));
    const file = fileOf('damaged.json', `${text.slice(0, at)}"tense"${text.slice(at + 7)}`);
    await using(new JSONStore(file), async (store) => {
      const { ok, problems } = await store.verify();
      assert.equal(ok, false);
      assert.deepEqual(problems.map(({ entry: index, key }) => [index, key]), [[1, 'entry_0000000001']]);
      assert.match(problems[0].message, /tense/);
      assert.equal((await collect(store.load({ indices: [0, 2] }))).length, 2);
    });
  });
});

test('a file of 200 MB opens in 300 MB of memory, and gives one entry', { timeout: 120000 }, () => {
  const file = path.join(work, 'large.json');
  const base64 = Buffer.alloc(3.75e6, 1).toString('base64'); // 5 MB
  const record = `{"__ndarray__": true, "dtype": "|i1", "shape": [3750000], "encoding": "dense", "data": "${base64}"}`;
  writeFileSync(file, '[');
  for (let i = 0; i < 40; i++) {
    const name = `entry_${String(i).padStart(10, '0')}`;
    writeFileSync(file, `${i ? ',' : ''}\n{"_index": ${i}, "_group_name": "${name}", "_meta": {"step": ${i}}, `
      + `"data": {"step": ${i}, "a": ${record}}}`, { flag: 'a' });
  }
  writeFileSync(file, ']', { flag: 'a' });
  const script = `import { openStore } from ${JSON.stringify(index)};
    const store = await openStore(${JSON.stringify(file)}, { mode: 'r' });
    const count = await store.count();
    for await (const { step, a } of store.load({ indices: [17], as: 'raw' })) {
      console.log(JSON.stringify({ count, step, sum: a.sum(), rss: process.resourceUsage().maxRSS }));
    }`;
  const { rss, ...found } = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
  rmSync(file);
  assert.deepEqual(found, { count: 40, step: 17, sum: 3.75e6 });
  assert.ok(rss < 300e3, `${rss} KB at the most`);
});
