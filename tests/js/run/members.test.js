// SPDX-License-Identifier: MIT
// The neutral form's members: those that src/sim/members.c knows are read by somebody, those it refuses are
// refused by name, any other is told; and docs/simulation.md has them all.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Run } from '../../../js/index.js';
import { readCase } from '../../validate/cases.js';

const root = new URL('../../../', import.meta.url);
const source = readFileSync(new URL('src/sim/members.c', root), 'utf8');

/** [path, known, refused] as members.c has them. */
const rows = [...source.slice(source.indexOf('rows[] = {')).matchAll(
  /\{((?:\s*"[^"]*",?)+)\s*\}/g)].map(([, text]) => {
  const parts = text.split(/,\s*(?=")/).map((part) =>
    [...part.matchAll(/"([^"]*)"/g)].map((found) => found[1]).join(''));
  return { path: parts[0], known: parts[1].split(' '), refused: parts[2].split(' ').filter(Boolean) };
});

/** What says what a model is, and what its files have beside the simulator's answer. */
const DESCRIPTIVE = ['format', 'name', 'title', 'source', 'start_date', 'array_days', 'tags', 'file', 'count', 'layout'];

const { model: base } = readCase('redissolve');
const [well] = base.wells;

/** The model with a member at a row's path. @param {string} path @param {string} name @param {unknown} value */
function modelWith(path, name, value) {
  const model = structuredClone(base);
  model.capillary = { type: 'brooks_corey', endpoints: {}, ow: {}, go: {}, ow_oil_wet: {} };
  model.boundaries = [{ face: 'x-', type: 'flux', rate: 0 }];
  model.grid.connections = { a: [], b: [], transmissibility: [] };
  model.grid.nnc = {};
  for (const part of ['endpoints', 'water', 'oil_water', 'oil_gas', 'gas']) model.relperm[part] = {};
  const target = path.split(/[.[]/).filter(Boolean).reduce((at, part) =>
    (part === ']' ? at[0] : part === '*' ? at[well.name] : at[part]), model);
  target[name] = value;
  return model;
}

test('the table is read whole', () => {
  assert.ok(rows.length > 20);
  assert.deepEqual(rows.find(({ path }) => path === 'density')?.known, ['oil', 'water', 'gas']);
  assert.ok(rows.some(({ path }) => path === 'schedule[].wells.*'));
});

test('what is known is read', () => {
  const folders = ['src/sim/', 'src/sim/fluid/'];
  const others = folders.flatMap((folder) => readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.c') && name !== 'members.c')
    .map((name) => readFileSync(new URL(folder + name, root), 'utf8'))).join('\n');
  const unread = rows.flatMap(({ path, known }) => known.filter((name) =>
    name !== '*' && !DESCRIPTIVE.includes(name) && !others.includes(`"${name}"`)).map((name) => `${path} ${name}`));
  assert.deepEqual(unread, []);
});

test('what is refused is refused by its path', async () => {
  for (const { path, refused } of rows) {
    for (const name of refused) {
      const { ok, problems } = (await Run.fromModel(modelWith(path, name, 1))).validate();
      const where = path.replace('[]', '[0]').replaceAll('[]', '[0]').replace('*', well.name);
      assert.equal(ok, false);
      assert.ok(problems.some((problem) => problem.code === 'ERR_UNSUPPORTED'
        && problem.path === [where, name].filter(Boolean).join('.')), `${where}.${name}: ${JSON.stringify(problems)}`);
    }
  }
  const asksForNothing = modelWith('options', 'endscale', false);
  assert.ok((await Run.fromModel(asksForNothing)).validate().ok);
});

test('what is not known is told', async () => {
  for (const { path } of rows.filter(({ known }) => known[0] !== '*')) {
    const { remarks } = (await Run.fromModel(modelWith(path, 'wibble', 1))).validate();
    assert.ok(remarks.some((remark) => remark.path.endsWith('wibble')), path);
  }
});

/** [path, kind, names] that are not looked at, as members.c has them. */
const idles = (() => {
  const macros = Object.fromEntries([...source.matchAll(/#define (OF_\w+|PLANES)\s+"([^"]*)"/g)].map(([, name, text]) => [name, text]));
  const table = source.slice(source.indexOf('idles[] = {'), source.indexOf('};', source.indexOf('idles[] = {')));
  return [...table.matchAll(/\{"(\w+)", "([^"]+)", ([^}]+)\}/g)].map(([, path, kind, text]) => ({ path, kind,
    names: text.replaceAll(/OF_\w+|PLANES/g, (name) => `"${macros[name]}"`).replaceAll('"', '').trim().split(/\s+/) }));
})();

test('what is known but not looked at with what else a map says is told', async () => {
  assert.ok(idles.length > 15);
  for (const { path, kind, names } of idles) {
    const { known } = rows.find((row) => row.path === path) ?? { known: [] };
    assert.deepEqual(names.filter((name) => !known.includes(name)), [], path);
    const type = kind.startsWith('family') ? { type: 'table', family: Number(kind.at(-1)) } : { type: kind };
    const model = { ...structuredClone(base), [path]: { ...type, ...Object.fromEntries(names.map((name) => [name, 'x'])) } };
    const { remarks } = (await Run.fromModel(model)).validate();
    for (const name of names.filter((member) => member !== 'family')) {
      const remark = remarks.find((one) => one.path === `${path}.${name}` && one.message.includes(`no effect with ${kind}`));
      assert.ok(remark, `${kind}: ${path}.${name} of ${JSON.stringify(remarks)}`);
    }
  }
  assert.deepEqual((await Run.fromModel(base)).validate().remarks, []);
});

test('the document has the same table', () => {
  const lines = rows.filter(({ known }) => known[0] !== '*').map(({ path, known, refused }) => {
    const list = (/** @type {string[]} */ names) => (names.length > 0 ? `\`${names.join(' ')}\`` : '–');
    return `| ${path ? `\`${path}\`` : 'the model'} | ${list(known)} | ${list(refused)} |`;
  });
  const text = readFileSync(new URL('docs/simulation.md', root), 'utf8');
  assert.ok(text.includes(lines.join('\n')), `docs/simulation.md has not\n${lines.join('\n')}`);
});
