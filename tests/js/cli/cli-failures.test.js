// SPDX-License-Identifier: MIT
// What the `bores` command does when things go wrong: wrong usage, broken stores, closed
// pipes, Ctrl-C. Scripts rely on the exit codes, so they are pinned here.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { Progress } from '../../../js/cli/progress.js';
import { badCases, caseFile, runFolder, zarrCases } from '../../helpers/fixtures.js';
import { BORES, bores } from '../../helpers/run-bores.js';

const GUIDE = runFolder('guide/wf_f64');
const work = mkdtempSync(path.join(tmpdir(), 'bores-cli-'));
after(() => rmSync(work, { recursive: true, force: true }));

/**
 * @param {string[]} args
 * @param {number} code
 * @param {RegExp} message  of stderr
 */
async function fails(args, code, message) {
  const result = await bores(args);
  assert.equal(result.code, code, `bores ${args.join(' ')}: ${result.stderr}`);
  assert.match(result.stderr, message);
  assert.equal(result.stdout, '');
}

test('help teaches, and is not an error', async () => {
  const general = await bores(['--help']);
  assert.match((await bores(['help', 'show'])).stdout, /^Usage: bores show /);
  assert.deepEqual([general.code, general.stderr], [0, '']);
  assert.deepEqual((await bores([])).stdout, general.stdout);
  for (const name of ['info', 'ls', 'show', 'series', 'verify', 'copy', 'export', 'repair', 'consolidate']) {
    assert.match(general.stdout, new RegExp(`^ {2}${name} +\\S`, 'm'));
    const help = await bores([name, '--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`^Usage: bores ${name} (LOCATION|SOURCE TARGET)`));
    assert.match(help.stdout, new RegExp(`Examples:\n {2}# .+\n {2}bores ${name} `));
    assert.ok(help.stdout.split('\n').every((line) => line.length <= 100));
  }
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  assert.equal((await bores(['--version'])).stdout, `${JSON.parse(manifest).version}\n`);
});

test('2: wrong usage, with the way to the help', async () => {
  await fails(['explode'], 2, /no command 'explode', only info, ls, show, .*, consolidate\n/);
  await fails(['show', GUIDE], 2, /too few arguments.*\nTry 'bores show --help'\.\n$/);
  await fails(['info', GUIDE, 'more'], 2, /unexpected 'more'/);
  await fails(['info', GUIDE, '--colour'], 2, /Unknown option '--colour'\n/);
  await fails(['show', GUIDE, 'last', 'x'], 2, /STEP must be a number or step=NUMBER, got 'last'/);
  await fails(['show', GUIDE, '0', 'pressure_grid', '--csv', '--npy'], 2, /exclude one another/);
  await fails(['show', GUIDE, '0', 'pressure_grid', '-s', '1:2:3:4'], 2, /--slice takes/);
  await fails(['show', GUIDE, '0', 'pressure_grid', '-s', '0,0,0,0'], 2, /4 .*3/);
  await fails(['show', GUIDE, '0', 'time', '--csv'], 2, /time is no array/);
  await fails(['series', GUIDE, 'pressure_grid', '1;2'], 2, /i,j,k, got '1;2'/);
  await fails(['series', GUIDE, 'pressure_grid', '1,2'], 2, /9×7×4.*'1,2'/);
  await fails(['show', runFolder('head/wf_f64'), '0', 'x'], 2,
    /end of 2 paths:\n {2}model\..*permeability\.x\n/);
});

test('3: what is not there is named, with what may have been meant', async () => {
  await fails(['info', path.join(work, 'none')], 3, /none'? .*\(ERR_NOT_FOUND\)|no .*none/);
  await fails(['show', GUIDE, '99', 'pressure_grid'], 3, /99 .* 23 .*\(ERR_INDEX_RANGE\)/);
  await fails(['show', GUIDE, 'step=99', 'pressure_grid'], 3, /step 99.*23 states/);
  await fails(['show', GUIDE, '0', 'presure_grid'], 3, /model\.fluid_properties\.pressure_grid\n/);
  await fails(['show', GUIDE, '0', 'oil_saturation'], 3, /oil_saturation_grid\n/);
  await fails(['show', GUIDE, '0', 'xyzzy'], 3, /'bores ls LOCATION 0'/);
  await fails(['show', GUIDE, '0', 'pressure_grid', '-s', '9'], 3, /9.*\(ERR_INDEX_RANGE\)/);
});

test('3: what is no store is not taken for an empty one', async () => {
  mkdirSync(path.join(work, 'empty'));
  mkdirSync(path.join(work, 'other'));
  writeFileSync(path.join(work, 'other', 'notes.txt'), 'no store');
  writeFileSync(path.join(work, 'text.zip'), 'no zip');
  for (const name of ['empty', 'other', 'text.zip']) {
    for (const command of ['info', 'ls', 'verify']) {
      await fails([command, path.join(work, name)], 3, /^bores: .+ \(ERR_[A-Z_]+\)\n$/);
    }
  }
  assert.deepEqual(readdirSync(path.join(work, 'empty')), []); // reading makes nothing
});

test('3: a store without states is said to be empty', async () => {
  for (const [name, content] of [['emptied.json', '[]'], ['emptied.yaml', '[]\n']]) {
    writeFileSync(path.join(work, name), content); // as json.dumps([]) and yaml.dump([]) have it
    for (const command of ['info', 'ls']) {
      await fails([command, path.join(work, name)], 3, /^bores: there is nothing in .+ \(ERR_NOT_FOUND\)\n$/);
    }
  }
});

test('ls lists any Zarr hierarchy; the other commands say that it has no states', async () => {
  const set = zarrCases();
  const { path: name, shape } = set.cases.find((item) => item.kind === 'array' && item.array === ''
    && item.store === 'dir' && item.shape.length === 2 && /^[<>|][fiu]/.test(item.dtype));
  const location = caseFile(set, name);
  const { code, stdout } = await bores(['ls', location, '--json']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout).map((/** @type {any} */ node) => [node.path, node.shape]),
    [['', shape]]);
  await fails(['verify', location], 3, /ERR_NOT_FOUND/);
});

test('3: damaged and hostile stores end in a message', async () => {
  const set = badCases();
  for (const { path: name, expect } of set.cases) {
    const { code, stderr } = await bores(['ls', caseFile(set, name)]);
    assert.ok(code === 3 || code === 0, `ls ${name} (${expect}): ${code} ${stderr}`);
    assert.match(stderr, code === 3 ? /^bores: .+ \(ERR_[A-Z_]+\)\n$/ : /^$/, name);
  }
});

test('1: verify names every problem, and reading goes round them', async () => {
  const copy = path.join(work, 'damaged');
  cpSync(GUIDE, copy, { recursive: true });
  const chunk = 'entry_0000000003/model/fluid_properties/pressure_grid/0.0.0';
  writeFileSync(path.join(copy, chunk), readFileSync(path.join(copy, chunk)).subarray(0, 200));
  writeFileSync(path.join(copy, 'entry_0000000007', '.zattrs'), '{');

  assert.equal((await bores(['verify', GUIDE])).code, 0);
  const { code, stdout, stderr } = await bores(['verify', copy]);
  assert.deepEqual([code, stderr], [1, '']);
  assert.match(stdout, /^state 3: entry_0000000003\/model\/.*0\.0\.0: .+ \(ERR_CORRUPT\)$/m);
  assert.match(stdout, /^state 7: entry_0000000007\/\.zattrs: .+ \(ERR_METADATA\)$/m);
  assert.match(stdout, /^2 problems: 23 states, /m);
  const report = await bores(['verify', copy, '--json']);
  assert.equal(report.code, 1);
  const { problems } = JSON.parse(report.stdout);
  assert.deepEqual(problems.map((/** @type {any} */ problem) => problem.entry), [3, 7]);

  assert.equal((await bores(['show', copy, '4', 'pressure_grid'])).code, 0);
  await fails(['show', copy, '3', 'pressure_grid'], 3, /0\.0\.0.*ERR_CORRUPT/);
});

test('a reader that goes away early is no error', () => {
  const script = '"$0" "$1" show "$2" 0 pressure_grid --csv | head -n 2; echo "${PIPESTATUS[0]}"';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, BORES, GUIDE],
    { encoding: 'utf8' });
  assert.match(stdout, /^i,j,k,pressure_grid\n0,0,0,\d+\.\d+\n0\n$/);
  assert.equal(stderr, '');
});

test('output of many pieces reaches a slow pipe whole', () => {
  const script = '"$0" "$1" show "$2" 0 pressure_grid --csv | (sleep 0.5; wc -l)';
  const out = execFileSync('bash', ['-c', script, process.execPath, BORES, GUIDE]);
  assert.equal(Number(String(out)), 9 * 7 * 4 + 1);
});

test('130: Ctrl-C ends it at once, and no file is left', async () => {
  const server = createServer(() => {}); // never answers
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const file = path.join(work, 'interrupted.json');
  try {
    const location = `http://127.0.0.1:${port}/run.zarr`;
    const { code, stderr } = await bores(['info', location, '-o', file], {
      onStart: (child) => server.once('request', () => child.kill('SIGINT')),
    });
    assert.deepEqual([code, stderr], [130, 'bores: interrupted\n']);
    assert.ok(readdirSync(work).every((name) => !name.startsWith('interrupted')));
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('names from files cannot steer a terminal', async () => {
  const copy = path.join(work, 'escape');
  mkdirSync(path.join(copy, 'a\u001b[31mb'), { recursive: true });
  const document = { zarr_format: 2, shape: [1], chunks: [1], dtype: '<f8', compressor: null,
    fill_value: 0, order: 'C', filters: null };
  writeFileSync(path.join(copy, '.zgroup'), '{"zarr_format": 2}');
  writeFileSync(path.join(copy, 'a\u001b[31mb', '.zarray'), JSON.stringify(document));
  const { stdout } = await bores(['ls', copy]);
  assert.ok(stdout.includes('/a\\x1b[31mb'), JSON.stringify(stdout));
  assert.ok(!stdout.includes('\u001b'));
});

test('a progress bar is for terminals, and leaves nothing behind', (t) => {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  /** @type {string[]} */ const written = [];
  const stream = (/** @type {boolean} */ isTTY) => /** @type {any} */ (
    { isTTY, write: (/** @type {string} */ text) => written.push(text) });
  const silent = new Progress(stream(false));
  const shown = new Progress(stream(true));
  shown.update('verifying', 1, 4);
  now += 450;
  silent.update('verifying', 2, 4);
  assert.deepEqual(written, []); // quick work shows nothing
  shown.update('verifying', 2, 4);
  shown.clear();
  assert.match(written[0], /^\r.*verifying █{12}░{12} 2\/4$/);
  assert.match(written[1], /^\r\S*$/);
});
