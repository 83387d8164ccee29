// SPDX-License-Identifier: MIT
// What becomes of each field of a BORES configuration: docs/simulation.md has the lists of js/run/bores.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { boresCase } from '../../../js/run/run-case.js';
import { readBoresFiles } from '../../../js/run/input-files.js';
import { boresFiles } from './inputs.js';

const root = new URL('../../../', import.meta.url);
const source = ['config', 'nested-fields'].map((name) =>
  readFileSync(new URL(`js/run/bores/${name}.js`, root), 'utf8')).join('\n');

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

test('the document has the fields within', () => {
  const text = readFileSync(new URL('docs/simulation.md', root), 'utf8');
  const rows = [['timer', 'TIMER'], ['timer, named, without effect', 'STEP_CONTROL'],
    ['timer, where BORES stands', 'PROGRESS'], ['a well', 'WELL'], ['a control', 'CONTROL']].map(([what, name]) => {
    const fields = fieldsOf(name);
    assert.ok(fields.length > 2, name);
    return `| ${what} | \`${fields.join(' ')}\` |`;
  });
  assert.ok(text.includes(rows.join('\n')), `docs/simulation.md has not\n${rows.join('\n')}`);
});

test('fields within that are not known are named, none that BORES writes is', async () => {
  for (const version of /** @type {const} */ (['guide', 'head'])) {
    const input = await readBoresFiles(boresFiles(version), {});
    const remarksOf = (/** @type {any} */ config) => boresCase({ ...input, config }, {}).problems.remarks;
    const unknown = (/** @type {{ path: string, message: string }[]} */ remarks) =>
      remarks.filter(({ message }) => message.includes('not known')).map(({ path }) => path);
    const own = remarksOf(input.config);
    assert.deepEqual(unknown(own), []);
    assert.ok(own.some(({ path, message }) => path === 'config.timer' && message.includes('cfl_safety_margin')));
    const changed = structuredClone(input.config);
    changed.timer.wibble = 1;
    const [key] = Object.keys(changed.wells.injection_wells);
    const { injection_well: well } = changed.wells.injection_wells[key];
    well.wobble = 1;
    Object.assign(Object.values(well.control)[0], { wubble: 1 });
    const path = `config.wells.injection_wells.${key}`;
    assert.deepEqual(unknown(remarksOf(changed)).sort(),
      ['config.timer.wibble', `${path}.control.${Object.keys(well.control)[0]}.wubble`, `${path}.wobble`].sort());
  }
});
