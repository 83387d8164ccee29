// SPDX-License-Identifier: MIT
// What becomes of each field of a BORES configuration: docs/simulation.md has the lists of js/run/bores/config.js.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../../', import.meta.url);
const source = readFileSync(new URL('js/run/bores/config.js', root), 'utf8');

/** @param {string} name  of a set there */
function fieldsOf(name) {
  const [, text] = new RegExp(`const ${name} = new Set\\(\\[([^\\]]*)\\]`).exec(source) ?? [];
  return [...text.matchAll(/'(\w+)'/g)].map(([, field]) => field);
}

test('the document has the fields of a configuration', () => {
  const text = readFileSync(new URL('docs/simulation.md', root), 'utf8');
  const rows = [['honoured, or refused by name', 'HONOURED'], ['named, without effect', 'NUMERICAL'],
    ['named, there is no hysteresis', 'HYSTERESIS']].map(([what, name]) => {
    const fields = fieldsOf(name);
    assert.ok(fields.length > 2, name);
    return `| ${what} | \`${fields.join(' ')}\` |`;
  });
  assert.ok(text.includes(rows.join('\n')), `docs/simulation.md has not\n${rows.join('\n')}`);
});
