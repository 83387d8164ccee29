// SPDX-License-Identifier: MIT
// JSON and YAML that are written here, as Python's json and PyYAML read them, and plain scalars as
// PyYAML resolves them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { JSONStore, NdArray, YAMLStore } from '../../js/index.js';
import { everything } from '../helpers/text-stores.js';
import { using } from '../helpers/with-store.js';

const work = mkdtempSync(path.join(os.tmpdir(), 'bores-text-'));
after(() => rmSync(work, { recursive: true }));
const script = fileURLToPath(new URL('./text_python.py', import.meta.url));

/** @param {string[]} args @param {string} [input] */
function python(args, input) {
  const output = execFileSync('/usr/bin/python3', [script, ...args], { input, maxBuffer: 1 << 28 });
  return JSON.parse(output.toString());
}

/** Fields whose whole numbers are floats. @type {Set<string>} */
const FLOATS = new Set(['step_size', 'time']);

/**
 * A value as text_python.py describes it.
 * @param {any} value
 * @param {boolean} [isFloat]
 * @returns {any}
 */
function describe(value, isFloat = false) {
  if (value instanceof NdArray) {
    const { buffer, byteOffset, byteLength } = /** @type {any} */ (value.data);
    return { dtype: value.dtype, shape: [...value.shape], hex: Buffer.from(buffer, byteOffset, byteLength).toString('hex') };
  }
  if (typeof value === 'bigint') return `i${value}`;
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'nan';
    if (Number.isInteger(value) && Math.abs(value) <= 2 ** 53 && !Object.is(value, -0) && !isFloat) return `i${value}`;
    return `f${Buffer.from(Float64Array.of(value).buffer).toString('hex')}`;
  }
  if (Array.isArray(value)) return value.map((item) => describe(item, isFloat));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describe(item, FLOATS.has(key))]));
}

for (const [format, Store] of /** @type {const} */ ([['json', JSONStore], ['yaml', YAMLStore]])) {
  for (const arrays of /** @type {const} */ (['raw', 'record'])) {
    test(`${format} with arrays as ${arrays}`, async () => {
      const file = path.join(work, `${arrays}.${format}`);
      const tree = everything();
      await using(new Store(file, { arrays }), (store) => store.dump([tree], { meta: { step: 7 } }));
      const [entry] = python([format, file]);
      assert.equal(entry._index, 'i0');
      assert.equal(entry._group_name, 'entry_0000000000');
      assert.deepEqual(entry._meta, { step: 'i7' });
      assert.deepEqual(entry.data, describe(tree));
    });
  }
}

test('JSON holds no token that orjson refuses', async () => {
  const file = path.join(work, 'strict.json');
  await using(new JSONStore(file), (store) => store.dump([everything()]));
  JSON.parse(readFileSync(file, 'utf8')); // as orjson, it takes neither NaN nor Infinity
});

/** Beginnings and ends of what YAML 1.1 has types for. */
const PARTS = ['', '-', '+', '.', '0', '1', '12', '0x', '0b', '0o', '_', ':', '59', '60', 'e', 'e+5', 'E-3', 'inf', 'Inf',
  'INF', 'nan', 'NaN', 'f', '~', 'null', 'Null', 'NULL', 'yes', 'No', 'ON', 'off', 'true', 'False', 'TRUE', 'y', 'n', '='];

test('plain scalars are what PyYAML says', async () => {
  const texts = new Set(['~']);
  for (const a of PARTS) for (const b of PARTS) for (const c of PARTS.slice(0, 18)) texts.add(a + b + c);
  texts.delete('');
  const all = [...texts];
  const answers = python(['resolve'], all.join('\n'));
  const known = (/** @type {any} */ answer) => typeof answer !== 'object' || answer === null;
  const lines = all.filter((_, i) => known(answers[i]));
  const expected = answers.filter(known);
  assert.ok(lines.length > 20000, `${lines.length} of ${all.length}`);
  const yaml = `- _index: 0\n  data:\n    all:\n${lines.map((text) => `    - ${text}\n`).join('')}`;
  await using(new YAMLStore(new Blob([yaml])), async (store) => {
    const actual = (await store.read(0, 'all')).map((/** @type {any} */ value) => describe(value));
    const wrong = lines.flatMap((text, i) => {
      const loose = (/** @type {any} */ value) => (typeof value === 'string' && /^f[0-9a-f]{16}$/.test(value)
        ? Buffer.from(value.slice(1), 'hex').readDoubleLE(0) : /^i-?\d+$/.test(value) ? Number(value.slice(1)) : value);
      return Object.is(loose(actual[i]), loose(expected[i])) ? [] : [`${text}: ${actual[i]}, PyYAML has ${expected[i]}`];
    });
    assert.deepEqual(wrong, []);
  });
});
