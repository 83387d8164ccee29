// SPDX-License-Identifier: MIT
// YAML stores: BORES's own files as BORES means them, what is written, and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { YAMLStore, openStore } from '../../../../js/index.js';
import { TEXT_RUNS, textExpected, textFile } from '../../../helpers/fixtures.js';
import { allDifferences, compareArray, names } from '../../../helpers/expected.js';
import { bitDifference, everything } from '../../../helpers/text-stores.js';
import { using } from '../../../helpers/with-store.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bores-yaml-'));
after(() => rmSync(work, { recursive: true }));

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

/**
 * Without what PyYAML says of Python's objects and not of their values: which are the same object
 * and which are NumPy's.
 * @param {string} text
 */
function onlyValues(text) {
  return text.replace(/ &id\d+/g, '')
    .replace(/ !np_scalar\n +dtype: \w+\n +value: (.*)/g, ' $1');
}

for (const run of TEXT_RUNS) {
  const file = textFile(run, 'yaml');
  const expected = textExpected(run, 'yaml');

  test(`${run}.yaml from its file, a Blob, bytes, and in a worker`, async () => {
    for (const location of [file, new Blob([readFileSync(file)])]) {
      await using(openStore(location, { mode: 'r', backend: 'yaml' }), async (store) => {
        assertNone(await allDifferences(store, expected));
        const { ok, problems } = await store.verify();
        assert.deepEqual({ ok, problems }, { ok: true, problems: [] });
      });
    }
    await using(new YAMLStore(file, { worker: true, mode: 'r' }), async (store) =>
      assertNone(await allDifferences(store, expected)));
  });

  test(`${run}.yaml: each array of the last entry alone, shared with the first or not`, () =>
    using(openStore(file), async (store) => {
      assert.equal(store.backend, 'yaml');
      /** @type {string[]} */
      const differences = [];
      for (const [name, array] of Object.entries(expected.entries[1].arrays)) {
        compareArray(name, await store.read(1, names(name)), array, differences);
      }
      assertNone(differences);
      assert.equal((await store.inventory(1)).length > 50, true);
    }));

  test(`${run}.yaml written again, but for anchors, is the same file`, async () => {
    const copy = path.join(work, `${path.basename(run)}.yaml`);
    await using(new YAMLStore(file), (source) =>
      using(new YAMLStore(copy, { arrays: run.endsWith('_wire') ? 'record' : 'raw' }), (target) =>
        target.dump(source.load({ as: 'raw' }), { meta: ({ step }) => ({ step }) })));
    const was = onlyValues(readFileSync(file, 'utf8')), is = readFileSync(copy, 'utf8');
    if (/\*id\d/.test(was)) {
      const first = (/** @type {string} */ text) => text.slice(0, text.indexOf('\n- _index: 1'));
      const unshared = (/** @type {string} */ text) => text.replace(/^( *)\w+: (\*id\d+|!ndarray(\n\1 .*)+)\n/gm, '');
      assert.equal(unshared(first(is)), unshared(first(was)));
    } else {
      assert.equal(is, was);
    }
  });
}

for (const arrays of /** @type {const} */ (['record', 'raw'])) {
  test(`every bit comes back, arrays as ${arrays}`, async () => {
    const tree = everything();
    await using(new YAMLStore(path.join(work, `bits-${arrays}.yaml`), { arrays }), async (store) => {
      await store.dump([tree, { config: { a: 1.0 } }], { meta: (item) => ({ step: item.step ?? -1 }) });
      const [back, config] = await collect(store.load({ as: 'raw' }));
      assert.equal(bitDifference(back, tree), undefined);
      assert.deepEqual({ ...config.config }, { a: 1 });
      assert.deepEqual((await store.entries()).map(({ idx, meta, step }) => [idx, meta.step, step]),
        [[0, 7, 7], [1, -1, undefined]]);
      await assert.rejects(store.append({}), { code: 'ERR_APPEND_UNSUPPORTED' });
      await store.clear();
      assert.equal(await store.count(), 0);
    });
  });
}

test('a store as nobody writes it, but as PyYAML reads it', async () => {
  const file = fileOf('odd.yml', `%YAML 1.1
--- [{"_index": 0, data: {step: 5, a: &a !ndarray {dtype: float32, shape: [2], data: [1.5, .nan]}}},
  {_meta: {x: yes}, data: {step: 6, b: *a, <<: {time: 1:30}}}]
...
`);
  await using(openStore(file), async (store) => {
    assert.deepEqual((await store.entries()).map(({ idx, step, time, meta }) => [idx, step, time, { ...meta }]),
      [[0, 5, undefined, {}], [1, 6, 90, { x: true }]]);
    const [, second] = await collect(store.load({ as: 'raw' }));
    assert.deepEqual([...second.b.data], [1.5, NaN]);
  });
});

describe('hostile text', () => {
  const entry = (/** @type {string} */ data) => `- _index: 0\n  _group_name: entry_0000000000\n  data:\n    ${data}\n`;
  for (const [what, data, code, message] of /** @type {const} */ ([
    ['a key that comes twice', 'a: 1\n    a: 2', 'ERR_METADATA', /line 5, column 5: a key that comes twice: 'a'/],
    ['brackets', `a: ${'['.repeat(100000)}`, 'ERR_LIMIT', /line 4, column \d+: nesting depth .* limit of 128/],
    ['a million digits', `a: ${'9'.repeat(1e6)}`, 'ERR_LIMIT', /line 4, column 8: .*1000000 .*4300/],
    ['a tag of Python', "a: !!python/object/apply:os.system ['echo pwned > pwned_marker']", 'ERR_UNSUPPORTED',
      /line 4, column 8: a list with the tag 'tag:yaml.org,2002:python\/object/],
    ['an unknown tag', 'a: !custom {x: 1}', 'ERR_UNSUPPORTED', /line 4, column 8: a map with the tag '!custom'/],
    ['an alias bomb', Array.from({ length: 10 }, (_, i) =>
      `a${i}: &a${i} [${Array(10).fill(i ? `*a${i - 1}` : 'lol')}]`).join('\n    '), 'ERR_LIMIT',
    /line 9, column \d+: values that aliases stand for/],
    ['an alias of nothing', 'a: *nothing', 'ERR_METADATA', /line 4, column 8: there is no anchor .*'nothing'/],
    ['an array that lies', 'a: !ndarray {dtype: float64, shape: [3], data: AAAA}', 'ERR_CORRUPT',
      /a: data: holds 3 bytes, the shape needs 24/],
  ])) {
    test(what, async () => {
      const file = fileOf('hostile.yaml', entry(data));
      await using(new YAMLStore(file), async (store) => {
        const error = await collect(store.load()).then(() => undefined, (reason) => reason);
        assert.equal(error?.code, code);
        assert.match(error.message, message);
        writeFileSync(file, entry('a: 1'));
        assert.deepEqual((await collect(store.load({ as: 'raw' }))).map(({ a }) => a), [1], 'usable afterwards');
      });
    });
  }

  test('cut anywhere, it is refused or shorter', async () => {
    const whole = readFileSync(textFile('head/wf_f64_wire', 'yaml'));
    for (let at = 1; at < whole.length; at += 1 + Math.floor(whole.length / 40)) {
      await using(new YAMLStore(new Blob([whole.subarray(0, at)])), async (store) => {
        const error = await collect(store.load({ as: 'raw' })).then(() => undefined, (reason) => reason);
        assert.ok(error === undefined || /^ERR_(METADATA|CORRUPT|UNSUPPORTED)$/.test(error.code), error);
      });
    }
  });
});
