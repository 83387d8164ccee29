// SPDX-License-Identifier: MIT
// The commands of `bores` that write: copy, repair, consolidate, as a shell runs them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { NdArray, ZarrStore, openStore } from '../../../js/index.js';
import { runConsolidated, runExpected, runFolder, runZip } from '../../helpers/fixtures.js';
import { allDifferences, differences } from '../../helpers/expected.js';
import { serveFiles } from '../../helpers/file-server.js';
import { filesBelow } from '../../helpers/files-below.js';
import { BORES, bores } from '../../helpers/run-bores.js';
import { stateOf } from '../../helpers/stream-run.js';
import { using } from '../../helpers/with-store.js';

/** @import { RunName } from '../../helpers/fixtures.js' */

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-zarr
const SLOW_WRITER = fileURLToPath(new URL('../../helpers/slow_writer.py', import.meta.url));
const DEADLY = new URL('../../helpers/deadly-rename.js', import.meta.url).href;
const GUIDE = runFolder('guide/wf_f64');

const work = mkdtempSync(path.join(tmpdir(), 'bores-cli-write-'));
after(() => rmSync(work, { recursive: true, force: true }));
let places = 0;
const place = () => path.join(work, `${places += 1}.zarr`);

/** @param {string[]} args @param {number} [code] */
async function text(args, code = 0) {
  const { stdout, stderr, code: actual } = await bores(args);
  assert.deepEqual([actual, stderr], [code, ''], `bores ${args.join(' ')}`);
  return stdout;
}

/** @param {string[]} args @param {number} code @param {RegExp} message */
async function fails(args, code, message) {
  const { code: actual, stderr, stdout } = await bores(args);
  assert.deepEqual([actual, stdout], [code, ''], stderr);
  assert.match(stderr, message);
}

/** A zip that may be written. @param {import('../../helpers/fixtures.js').RunName} run */
function zipCopy(run) {
  const zip = `${place()}.zip`;
  cpSync(runZip(run), zip);
  return zip;
}

/** @param {string} folder */
async function stepsOf(folder) {
  return using(openStore(folder, { mode: 'r' }), async (store) => {
    assert.equal((await store.verify()).ok, true);
    return (await store.entries()).map(({ step }) => step);
  });
}

/** @type {[RunName, string[]][]} */
const WHOLE = [
  ['guide/wf_f64_ckpt', []],
  ['guide/wf_f32_ckpt', ['--layout', 'flat']],
  ['head/wf_f64_ckpt', ['--layout', 'flat', '--compressor', 'zstd:5']],
  ['head/wf_f64_ckpt', ['--compressor', 'blosc:zstd:3:byte']],
  ['head/wf_f32_ckpt', ['--compressor', 'none']],
  ['head/wf_f64_wire_ckpt', ['--layout', 'flat', '--arrays', 'record']],
  ['wheel/wf_f64', ['--compressor', 'gzip:1']],
];
for (const [run, options] of WHOLE) {
  test(`copy ${run} ${options.join(' ')}: every value that BORES reads`, async () => {
    const target = place();
    const { entries, count } = runExpected(run);
    assert.match(await text(['copy', runFolder(run), target, ...options]),
      new RegExp(`^${count} states copied and compared, [\\d.]+ [KM]B in \\d+ files\\n$`));
    await using(openStore(target, { mode: 'r' }), async (store) => {
      const { layout, attributes } = await store.describe();
      assert.deepEqual([layout, { ...attributes }], [options.includes('flat') ? 'flat' : 'nested', { count }]);
      if (run.startsWith('wheel')) { // its groups and indices have other names
        let position = 0;
        for await (const state of store.load()) assert.deepEqual(differences(state, entries[position++]), []);
        assert.equal(position, count);
      } else {
        assert.deepEqual(await allDifferences(store, runExpected(run)), []);
      }
    });
    assert.ok(existsSync(path.join(target, '.zmetadata')));
    assert.match(await text(['verify', target]), /^ok: /);
  });
}

test('copy from a zip and from a web server', async () => {
  const run = 'guide/wf_f64_ckpt';
  const server = await serveFiles();
  try {
    const url = server.addFolder(run, runFolder(run), new Map([['.zmetadata', runConsolidated(run)]]));
    for (const source of [runZip(run), url]) {
      const target = place();
      const report = JSON.parse(await text(['copy', source, target, '--json']));
      assert.deepEqual([report.states, report.resumedAt, report.verified], [2, 0, true]);
      assert.equal(report.files, filesBelow(target).length);
      await using(openStore(target), async (store) =>
        assert.deepEqual(await allDifferences(store, runExpected(run)), []));
    }
  } finally {
    await server.close();
  }
});

test('copy some states', async () => {
  /** @type {[string, number[]][]} */
  const cases = [
    ['::10', [0, 10, 20]], ['-1', [22]], ['0,step=5,-1', [0, 5, 22]], ['20:', [20, 21, 22]],
    [':2,1:3', [0, 1, 2]], ['-3:-1', [20, 21]],
  ];
  for (const [steps, expected] of cases) {
    const target = place();
    await text(['copy', GUIDE, target, '--steps', steps]);
    assert.deepEqual(await stepsOf(target), expected, steps);
  }
  await fails(['copy', GUIDE, place(), '--steps', '99'], 3, /no state '99' among the 23/);
  await fails(['copy', GUIDE, place(), '--steps', 'last'], 2, /--steps takes.*got 'last'/);
});

test('copy some fields, named by their end or their beginning', async () => {
  const target = place();
  await text(['copy', GUIDE, target, '--steps', '0', '--fields', 'pressure_grid,model.rock_properties']);
  const { arrays } = JSON.parse(await text(['ls', target, '0', '--json']));
  const paths = arrays.map((/** @type {any} */ item) => item.path);
  assert.ok(paths.includes('model.fluid_properties.pressure_grid'));
  assert.ok(paths.every((/** @type {string} */ name) => /pressure_grid$|^model\.rock_properties\./.test(name)));
  await fails(['copy', GUIDE, place(), '--fields', 'presure_grid'], 3, /pressure_grid\n/);
  await fails(['copy', runFolder('head/wf_f64'), place(), '--fields', 'x'], 2, /end of 2 paths/);
});

test('copy: what is there is not written over, unless it is forced', async () => {
  const target = place();
  await text(['copy', GUIDE, target, '--steps', ':3']);
  await fails(['copy', GUIDE, target, '--steps', '5'], 3, /has 3 entries already; --force.*ERR_NOT_EMPTY/);
  assert.deepEqual(await stepsOf(target), [0, 1, 2]);
  await text(['copy', GUIDE, target, '--steps', '5', '--force']);
  assert.deepEqual(await stepsOf(target), [5]);
  await fails(['copy', target, path.join(work, '.', path.basename(target))], 2, /are the same place; nothing was touched/);
  const zip = zipCopy('guide/wf_f64');
  await fails(['copy', target, zip], 3, /has 23 entries already; --force.*ERR_NOT_EMPTY/);
  await text(['copy', target, zip, '-f']);
  assert.deepEqual(await stepsOf(zip), [5]);
  await fails(['copy', target, path.join(runZip('guide/wf_f64'), 'x')], 3, /ERR_NOT_FOUND/);
  await fails(['copy', path.join(work, 'none'), place()], 3, /ERR_NOT_FOUND/);
});

test('copy: options that are none', async () => {
  await fails(['copy', GUIDE], 2, /too few arguments/);
  await fails(['copy', GUIDE, place(), '--layout', 'steps'], 2, /--layout is 'nested' or 'flat'/);
  await fails(['copy', GUIDE, place(), '--arrays', 'fast'], 2, /--arrays is 'raw' or 'record'/);
  for (const codec of ['brotli', 'zstd:99', 'zstd:', 'blosc:lz4:1:bits', 'blosc:snappy', 'none:1', 'gzip:1:2']) {
    await fails(['copy', GUIDE, place(), '--compressor', codec], 2, /no compressor '.*'; there are/);
  }
});

test('copy: killed, it goes on where it was', async () => {
  const target = place();
  const counted = () => JSON.parse(readFileSync(path.join(target, '.zattrs'), 'utf8')).count;
  await bores(['copy', GUIDE, target], { nodeArgs: ['--import', DEADLY],
    env: { KILLED_BEFORE: 'entry_0000000022' } });
  const before = counted();
  assert.ok(before > 0 && before < 23, `${before} states in commits before the last`);
  const kept = statSync(path.join(target, 'entry_0000000000', '.zattrs')).mtimeMs;

  await fails(['copy', GUIDE, target, '--steps', '::2'], 3, /unfinished copy of .*wf_f64\.zarr/);
  const report = JSON.parse(await text(['copy', GUIDE, target, '--json']));
  assert.deepEqual([report.states, report.resumedAt >= before], [23, true]);
  assert.equal(statSync(path.join(target, 'entry_0000000000', '.zattrs')).mtimeMs, kept);
  await using(openStore(target), async (store) =>
    assert.deepEqual(await allDifferences(store, runExpected('guide/wf_f64')), []));
});

test('copy: interrupted by Ctrl-C, likewise', async () => {
  const target = place();
  const { code, stderr } = await bores(['copy', GUIDE, target], { nodeArgs: ['--import', DEADLY],
    env: { KILLED_BEFORE: 'entry_0000000022', KILLED_WITH: 'SIGINT' } });
  assert.deepEqual([code, stderr], [130, 'bores: interrupted\n']);
  assert.ok(!existsSync(path.join(target, '.bores-writer')), 'the lock is left');
  assert.match(await text(['copy', GUIDE, target]), /^23 states copied/);
  await using(openStore(target), async (store) =>
    assert.deepEqual(await allDifferences(store, runExpected('guide/wf_f64')), []));
});

test('copy: a copy that differs in the end is told', async () => {
  const source = place();
  await using(openStore(source), (store) => store.append(stateOf(0)));
  const changed = place();
  await using(new ZarrStore(changed), (store) => store.append(stateOf(0).with(
    { 'model.fluid_properties.pressure_grid': new NdArray(new Float64Array(1000).fill(7)) }),
  { rootAttributes: { bores_copy: JSON.stringify({ from: `directory:${source}`, selection: null, fields: null }) } }));
  await fails(['copy', source, changed], 3, /entry 0 differs .* at model\.fluid_properties\.pressure_grid/);
});

test('repair: nothing, what BORES leaves, what a writer of ours leaves', async () => {
  const target = place();
  const half = spawnSync(PYTHON, [SLOW_WRITER, target, '0', '5', '0', '--stop-in', '2']);
  assert.equal(half.status, 0);
  mkdirSync(path.join(target, '.bores-writer', 'stage'), { recursive: true }); // of a killed process
  const before = readdirSync(target);
  assert.equal(await text(['repair', target, '--dry-run'], 1),
    'would drop entry_0000000002: its writer did not come to the end\n'
    + 'would set the count of states from none to 2\n');
  assert.deepEqual(readdirSync(target), before);
  const plan = JSON.parse(await text(['repair', target, '-n', '--json'], 1));
  assert.deepEqual(plan, { dryRun: true, dropped: [], restored: [], unfinished: ['entry_0000000002'],
    count: { is: null, should: 2 } });
  assert.equal(await text(['repair', target]),
    'dropped entry_0000000002: its writer did not come to the end\n'
    + 'set the count of states from none to 2\n');
  for (const more of [[], ['-n']]) assert.equal(await text(['repair', target, ...more]), 'nothing to repair\n');
  assert.deepEqual(await stepsOf(target), [0, 1]);
  assert.deepEqual(readdirSync(target).sort(), ['.zattrs', '.zgroup', 'entry_0000000000', 'entry_0000000001']);
  for (const more of [['-n'], []]) assert.equal(await text(['repair', zipCopy('guide/wf_f64'), ...more]), 'nothing to repair\n');
  await fails(['repair', path.join(work, 'none')], 3, /ERR_NOT_FOUND/);
  await fails(['repair', work], 3, /ERR_NOT_FOUND/);
});

test('repair never touches whole states', async () => {
  const copy = place();
  cpSync(runFolder('head/wf_f64_ckpt'), copy, { recursive: true });
  assert.equal(await text(['repair', copy]), 'nothing to repair\n');
  const [wheel] = [place()];
  cpSync(runFolder('wheel/wf_f64'), wheel, { recursive: true });
  assert.equal(await text(['repair', wheel]), 'nothing to repair\n');
  assert.equal((await stepsOf(wheel)).length, 25);
});

test('repair and copy say who is writing', async () => {
  const target = place();
  await using(openStore(target), async (store) => {
    await store.append(stateOf(0));
    await fails(['repair', target], 3, /is being written by process \d+.*ERR_LOCKED/);
    assert.equal(await text(['repair', target, '-n']), 'nothing to repair\n');
  });
});

test('consolidate: what zarr-python writes, and a web server then serves the store', async () => {
  const run = 'head/wf_f64_ckpt';
  const copy = place();
  cpSync(runFolder(run), copy, { recursive: true });
  assert.match(await text(['consolidate', copy]), /^wrote \.zmetadata, \d+ KB\n$/);
  const written = JSON.parse(readFileSync(path.join(copy, '.zmetadata'), 'utf8').replaceAll('NaN', 'null'));
  const expected = JSON.parse(Buffer.from(runConsolidated(run)).toString().replaceAll('NaN', 'null'));
  assert.deepEqual(written, expected);
  const server = await serveFiles();
  try {
    assert.match(await text(['verify', server.addFolder('run', copy)]), /^ok: 3 states/);
  } finally {
    await server.close();
  }
  await fails(['consolidate', path.join(work, 'none')], 3, /ERR_NOT_FOUND/);
  const zip = zipCopy(run);
  assert.match(await text(['consolidate', zip]), /^wrote \.zmetadata, \d+ KB\n$/);
  assert.match(await text(['verify', zip]), /^ok: 3 states/);
});
