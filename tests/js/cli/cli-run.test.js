// SPDX-License-Identifier: MIT
// `bores run` as users run it. What it computes is checked in tests/js/run.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { openStore } from '../../../js/index.js';
import { bores } from '../../helpers/run-bores.js';
import { boresFiles } from '../run/inputs.js';

const work = mkdtempSync(path.join(tmpdir(), 'bores-run-'));
after(() => rmSync(work, { recursive: true, force: true }));
const { modelPath, configPath, pvtTablePath } = boresFiles('head');
const FILES = [modelPath, configPath, pvtTablePath];
const SPE1 = fileURLToPath(new URL('../../data/run/spe1_case1.json', import.meta.url));

/**
 * Times and solver states of a store, which say whether two runs are the same.
 * @param {string} location
 */
async function statesOf(location) {
  const store = await openStore(location, { mode: 'r' });
  /** @type {[number, number, string][]} */
  const states = [];
  for await (const { step, time, solver_state: solver } of store.load({ fields: ['step', 'time', 'solver_state'] })) {
    states.push([step, time, Array.from(solver.words.data, String).join()]);
  }
  await store.close();
  return states;
}

/**
 * Interrupts a command once a store has states.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} output
 */
function killWhenSaved(child, output) {
  const timer = setInterval(() => {
    const names = existsSync(output) ? readdirSync(output) : [];
    if (names.filter((name) => /^entry_\d+$/.test(name)).length < 3) return;
    clearInterval(timer);
    child.kill('SIGINT');
  }, 50);
  child.once('close', () => clearInterval(timer));
}

test('interrupted and resumed, a run is the one that was not', async () => {
  const whole = path.join(work, 'whole.h5'), parts = path.join(work, 'parts.zarr');
  const { code, stdout, stderr } = await bores(['run', ...FILES, '-o', whole, '--until', '15']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^bores: note: config\.scheme: 'impes' is solved fully implicitly/m);
  assert.match(stdout, /^1[5-9]\.?\d* days in \d+ steps/);
  assert.match(stdout, /oil produced +1\d,\d{3} STB/); // 900 STB/d
  assert.match(stdout, /\d+ states written to .*whole\.h5/);
  assert.equal((await bores(['run', ...FILES, '-o', parts, '-q', '--until', '5'])).code, 0);
  const refused = await bores(['run', ...FILES, '-o', parts, '-q']);
  assert.deepEqual([refused.code, refused.stdout], [3, '']);
  assert.match(refused.stderr, /has \d+ states; --resume goes on from the last, --force replaces them \(ERR_NOT_EMPTY\)/);
  assert.equal((await bores(['run', ...FILES, '-o', parts, '-q', '--resume', '--until', '15'])).code, 0);
  assert.deepEqual(await statesOf(parts), await statesOf(whole));
  assert.equal((await bores(['run', ...FILES, '-o', parts, '-q', '--force', '--until', '2'])).code, 0);
  assert.ok((await statesOf(parts)).length < 8);
});

test('what cannot go on, or is wrong, leaves what was there', async () => {
  const run = ['run', SPE1, '--steps', 'report', '-q'];
  for (const name of ['kept.json', 'kept.zarr']) {
    const output = path.join(work, name);
    assert.equal((await bores([...run, '-o', output, '--until', '60'])).code, 0);
    const before = await statesOf(output);
    assert.ok(before.length > 2);
    const wrong = path.join(work, 'wrong.json');
    writeFileSync(wrong, JSON.stringify({ ...JSON.parse(readFileSync(SPE1, 'utf8')), rock: undefined }));
    const refused = [[...run, '--until', 'abc'], [...run, '--every', '0'], ['run', wrong, '-q']];
    for (const command of refused) {
      assert.notEqual((await bores([...command, '-o', output, '--force'])).code, 0);
      assert.deepEqual(await statesOf(output), before, command.join(' '));
    }
  }
  const text = path.join(work, 'kept.json');
  const { code, stderr } = await bores([...run, '-o', text, '--resume', '--until', '120']);
  assert.equal(code, 2);
  assert.match(stderr, /kept\.json is written whole: --resume needs a folder/);
  assert.ok((await statesOf(text)).length > 2);
  assert.equal((await bores([...run, '-o', text, '--force', '--until', '31'])).code, 0);
  assert.equal((await statesOf(text)).length, 2);
});

test('Ctrl-C keeps what was made', async () => {
  const output = path.join(work, 'interrupted.zarr');
  const model = { ...JSON.parse(readFileSync(SPE1, 'utf8')), report_days: Array.from({ length: 5000 }, (_, i) => (i + 1) / 2) };
  const file = path.join(work, 'long.json');
  writeFileSync(file, JSON.stringify(model));
  const { code, stderr } = await bores(['run', file, '-o', output, '--steps', 'report'],
    { onStart: (child) => killWhenSaved(child, output) });
  assert.equal(code, 130, stderr);
  assert.match(stderr, /the states until day [\d.]+ are in .*; --resume goes on from there\nbores: interrupted\n$/);
  const states = await statesOf(output);
  assert.ok(states.length > 1);
  assert.deepEqual(states.map(([, time]) => time), states.map((_, i) => i * 43_200));
});

test('curves as CSV, every n-th state, and JSON', async () => {
  const output = path.join(work, 'few.zarr');
  const { code, stdout, stderr } = await bores(['run', SPE1, '--steps', 'report', '--until', '200',
    '--every', '3', '-o', output, '--summary', 'FOPR,WBHP:PROD']);
  assert.equal(code, 0, stderr);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines[0], 'DAYS,FOPR,WBHP:PROD');
  assert.deepEqual(lines.slice(1).map((line) => Number(line.split(',')[0])), [31, 59, 90, 120, 151, 181, 212]);
  assert.deepEqual((await statesOf(output)).map(([step]) => step), [0, 3, 6, 7]);
  const outcome = JSON.parse((await bores(['run', SPE1, '--steps', 'report', '--until', '31', '--json'])).stdout);
  assert.ok(Math.abs(outcome.last.FOPT / 620_000 - 1) < 1e-9); // 31 days of 20 000 STB
  const unknown = await bores(['run', SPE1, '--steps', 'report', '--until', '31', '--summary', 'FOPX']);
  assert.deepEqual([unknown.code, /no curve 'FOPX', only FPR/.test(unknown.stderr)], [3, true]);
});

test('what is wrong is listed, and asked for without a run', async () => {
  const broken = path.join(work, 'broken.yaml');
  writeFileSync(broken, readFileSync(configPath, 'utf8').replace('target_rate: -900.0', 'target_rate: 900.0')
    .replace('miscibility_model: immiscible', 'miscibility_model: todd-longstaff'));
  const check = await bores(['run', modelPath, broken, pvtTablePath, '--check']);
  assert.equal(check.code, 1);
  assert.match(check.stdout, /config\.miscibility_model: 'todd-longstaff' is not simulated.*ERR_UNSUPPORTED/);
  assert.match(check.stdout, /target_rate: 900 of a producer must be negative \(ERR_VALIDATION\)/);
  assert.match(check.stdout, /\n2 problems\n$/);
  const { code, stderr } = await bores(['run', modelPath, broken, pvtTablePath, '-q']);
  assert.deepEqual([code, /this run cannot be simulated: .*and 1 more/.test(stderr)], [3, true]);
  assert.equal((await bores(['run', SPE1, '--steps', 'daily'])).code, 2);
  assert.equal((await bores(['run', SPE1, '--resume'])).code, 2);
  assert.equal((await bores(['run', path.join(work, 'nothing.json')])).code, 3);
});
