// SPDX-License-Identifier: MIT
// `bores analyse` and vectors of `bores series`, as users run them. Expected volumes are those of
// tests/data/analyst; the summary files there were read back with PyPI's resfo and resdata.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { openArray } from '../../../js/index.js';
import { runFolder } from '../../helpers/fixtures.js';
import { bores } from '../../helpers/run-bores.js';

const HEAD = runFolder('head/wf_f64');
const golden = path.join(import.meta.dirname ?? new URL('.', import.meta.url).pathname,
  '../../data/analyst/SUMMARY');
const work = mkdtempSync(path.join(tmpdir(), 'bores-analyse-'));
after(() => rmSync(work, { recursive: true, force: true }));

test('the report, for people and as JSON', async () => {
  const { code, stdout, stderr } = await bores(['analyse', HEAD]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^25 states, steps 0 to 24, days 0 to 60\n/);
  assert.match(stdout, /In place at first\n +oil +5859990 +STB\n/);
  assert.match(stdout, /Recovery\n +oil +0\.921264 +%\n/);
  assert.match(stdout, /PROD-1 +producer +open +900 /);
  assert.doesNotMatch(stdout, /Steps are missing/);
  const report = JSON.parse((await bores(['analyse', HEAD, '--json'])).stdout);
  assert.ok(Math.abs(report.initial.oil - 5859993.5000649) < 1e-6 * 5859993);
  assert.deepEqual(report.gaps, []);
});

test('curves as text, CSV and JSON', async () => {
  const names = 'FOPT,COPR:PROD-1:10,8,1,WBHP:INJ-1';
  const csv = (await bores(['analyse', HEAD, '--vectors', names, '--csv'])).stdout.split('\n');
  assert.equal(csv[0],
    'step,TIME [DAYS],FOPT [STB],"COPR:PROD-1:10,8,1 [STB/DAY]",WBHP:INJ-1 [PSIA]');
  const [step, day, produced] = csv[25].split(',').map(Number);
  assert.deepEqual([step, day], [24, 60]);
  assert.ok(Math.abs(produced - 53986.0206829014) < 1e-4);
  const [oil] = JSON.parse((await bores(['analyse', HEAD, '--vectors', names, '--json'])).stdout);
  assert.deepEqual([oil.name, oil.unit, oil.values.at(-1)], ['FOPT', 'STB', produced]);
  const text = (await bores(['series', HEAD, 'FOPT', 'WOPR:PROD-1'])).stdout;
  assert.match(text, /^step +days +FOPT \[STB\] +WOPR:PROD-1 \[STB\/DAY\]\n/);
  assert.match(text, / 24 +60 +53986 +900\n$/);
});

test('SMSPEC and UNSMRY are the files that resfo and resdata read', async () => {
  const base = path.join(work, 'RUN');
  const { code, stdout } = await bores(['analyse', HEAD, '--vectors',
    'FOPR,FOPT,FPR,WOPR:PROD-1,WBHP:INJ-1,ROIP:2,COPR:PROD-1:10,8,1', '--smspec', base,
    '--start', '2024-05-01']);
  assert.deepEqual([code, stdout], [0, `${base}.SMSPEC, ${base}.UNSMRY: 7 vectors, 25 states\n`]);
  for (const kind of ['SMSPEC', 'UNSMRY']) {
    assert.deepEqual(readFileSync(`${base}.${kind}`), readFileSync(`${golden}.${kind}`), kind);
  }
});

test('all curves, with names that the format has no room for', async () => {
  const guide = runFolder('guide/wf_f64');
  const base = path.join(work, 'GUIDE');
  const { stdout } = await bores(['analyse', guide, '--smspec', base]);
  assert.match(stdout, /the well 'PROD-2 Ærøskøbing' is called 'PROD-2__' there/);
  const list = (await bores(['analyse', guide, '--list'])).stdout.split('\n');
  assert.ok(list.includes('WOPT:PROD-2 Ærøskøbing\tOil produced, STB'));
  const vectors = list.filter((line) => line !== '' && !line.startsWith('C')).length;
  assert.match(stdout, new RegExp(`: ${vectors} vectors, 23 states`));
});

test('what is wrong is said, with the exit code of usage or of data', async () => {
  for (const [args, code, message] of /** @type {[string[], number, RegExp][]} */ ([
    [['--csv'], 2, /--csv needs --vectors/],
    [['--start', '2024-05-01'], 2, /--start is a date for --smspec/],
    [['--smspec', path.join(work, 'X'), '--start', 'May'], 2, /--start is a date/],
    [['--smspec', path.join(work, 'none', 'X')], 3, /cannot write .*X\.SMSPEC: ENOENT/],
    [['--vectors', 'FOPX'], 3, /no vector 'FOPX'/],
    [['--vectors', 'WOPR:NOBODY'], 3, /no state has that well/],
    [['--regions', 'pressure_grid'], 2, /is no integer of 0 to 65535/],
  ])) {
    const failed = await bores(['analyse', HEAD, ...args]);
    assert.equal(failed.code, code, `${args}: ${failed.stderr}`);
    assert.match(failed.stderr, message);
  }
  const { code, stderr } = await bores(['series', HEAD, 'pressure_grid']);
  assert.equal(code, 2);
  assert.match(stderr, /is no vector; a property needs a cell/);
});

test('a cube is told and shown as the run that it was made of', async () => {
  const cube = path.join(work, 'cube.zarr');
  assert.equal((await bores(['export', HEAD, cube, '--layout', 'cube'])).code, 0);
  const [facts, run] = await Promise.all([cube, HEAD].map(async (place) => JSON.parse((await bores(['info', place, '--json'])).stdout)));
  assert.deepEqual([facts.backend, facts.grid, facts.states, facts.steps], ['cube', run.grid, run.states, run.steps]);
  for (const form of [['-1', 'pressure_grid'], ['step=3', 'pressure_grid', '--csv', '--slice', ':2,0,-1']]) {
    const shown = await bores(['show', cube, ...form]), expected = await bores(['show', HEAD, ...form]);
    assert.equal(shown.stdout, expected.stdout, shown.stderr);
  }
  const { code, stderr } = await bores(['show', cube, '-26', 'pressure_grid']);
  assert.equal(code, 3);
  assert.match(stderr, /the cube has 25 steps, there is no index -26/);
  const [all, own] = await Promise.all([cube, HEAD].map((place) => bores(['show', place, 'all', 'pressure_grid'])));
  assert.equal(all.stdout.replace('25 counted from the values', 'kept beside the data'),
    own.stdout.replace('25 counted from the values', 'kept beside the data'), all.stderr);
  const oil = await bores(['series', cube, 'FOIP']);
  assert.equal(oil.stdout, (await bores(['series', HEAD, 'FOIP'])).stdout, oil.stderr);
  const rates = await bores(['series', cube, 'FOPR']);
  assert.match(rates.stderr, /FOPR: the cube has no rates; exportCube\(\) writes them/);
});

test('a cube is verified, whole, damaged and unfinished', async () => {
  const cube = path.join(work, 'verified.zarr');
  assert.equal((await bores(['export', HEAD, cube, '--layout', 'cube', '--zarr-format', '2'])).code, 0);
  const whole = await bores(['verify', cube]);
  assert.deepEqual([whole.code, whole.stderr], [0, '']);
  assert.match(whole.stdout, /^ok: a cube of 25 steps, \d+ arrays, \d+ chunks, [\d.]+ MB decoded\n$/);
  const steps = await openArray(cube, 'step');
  await steps.resize([27]); // as an export does before it writes them
  await steps.close();
  const unfinished = await bores(['verify', cube]);
  assert.equal(unfinished.code, 1);
  assert.match(unfinished.stdout, /^store: step: 2 of the steps are not written: their export is under way/);
  const array = path.join(cube, 'pressure_grid');
  const chunk = readdirSync(array).filter((name) => /^[\d.]+$/.test(name))[0];
  truncateSync(path.join(array, chunk), 100);
  const damaged = await bores(['verify', cube]);
  assert.equal(damaged.code, 1);
  assert.match(damaged.stdout, /^store: pressure_grid\/[\d.]+: .+\nstore: step: .+\n2 problems: a cube of 25 steps, /);
  writeFileSync(path.join(cube, 'step', '0'), '');
  const unreadable = await bores(['verify', cube]);
  assert.equal(unreadable.code, 1);
  assert.match(unreadable.stdout, /step\/0: /);
});
