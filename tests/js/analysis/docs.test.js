// SPDX-License-Identifier: MIT
// docs/analysis.md has every answer that the core gives, and vectors with the core's units.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ModelAnalyst } from '../../../js/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (/** @type {string} */ file) => readFileSync(`${root}/${file}`, 'utf8');
const text = read('docs/analysis.md');
const documented = new Set([...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

const sources = readdirSync(`${root}/src/analysis`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.c')).map((name) => read(`src/analysis/${name}`));

test('each question of the core has a row', () => {
  const questions = sources.flatMap((source) =>
    [...source.matchAll(/const bw__row \w+\[\] = \{([^;]+)\};/g)].flatMap(([, rows]) =>
      [...rows.matchAll(/\{"(\w+)"/g)].map(([, name]) => name)));
  assert.ok(questions.length > 100);
  assert.deepEqual(questions.filter((name) => !documented.has(name)), []);
});

test('each method of the analyst is named, but for reading and aliases', () => {
  const aliases = ['ask', 'askState', 'askHistory', 'close', 'update', 'follow', 'report', 'constructor',
    'DCA', 'MR', 'VRR', 'mrHistory', 'vrrHistory', 'mbalHistory', 'materialBalanceAnalysis'];
  const names = Object.getOwnPropertyNames(ModelAnalyst.prototype);
  assert.deepEqual(names.filter((name) => !documented.has(name) && !aliases.includes(name)), []);
});

test('vectors have the names, units and subjects of the core', () => {
  const rows = sources.flatMap((source) => [...source.matchAll(
    /\{"(\w+)", "([^"]*)", "([^"]*)", "(\w+)", WHAT/g)]);
  assert.ok(rows.length > 30);
  for (const [, name, unit, title, of] of rows) {
    const row = `| \`${name}\` | ${title} | ${unit || '–'} | ${[...of].join(' ')} |`;
    assert.ok(text.includes(row), row);
  }
});
