// SPDX-License-Identifier: MIT
// The `bores` command on HDF5 files, as users run it; copies between HDF5 and Zarr, both ways.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { openStore } from '../../../js/index.js';
import { caseFile, hdf5Cases, hdf5Expected, hdf5File, runExpected, runFolder } from '../../helpers/fixtures.js';
import { allDifferences } from '../../helpers/expected.js';
import { bores } from '../../helpers/run-bores.js';
import { using } from '../../helpers/with-store.js';

const RUNS = ['guide/wf_f64', 'head/wf_f64_wire', 'wheel/wf_f64'];
const PRESSURE = 'model/fluid_properties/pressure_grid';
const work = mkdtempSync(path.join(tmpdir(), 'bores-cli-hdf5-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** @param {string[]} args @param {number} [code] */
async function text(args, code = 0) {
  const { stdout, stderr, code: actual } = await bores(args);
  assert.deepEqual([actual, stderr], [code, ''], `bores ${args.join(' ')}`);
  return stdout;
}

/** @param {string[]} args */
const json = async (...args) => JSON.parse(await text([...args, '--json']));

for (const run of RUNS) {
  test(`${run}: info, ls, show, series, verify`, async () => {
    const file = hdf5File(run);
    const { entries } = hdf5Expected(run);
    const last = entries[entries.length - 1];
    const info = await json('info', file);
    assert.deepEqual([info.backend, info.states, info.bytes, info.files], ['hdf5', entries.length, statSync(file).size, 1]);
    assert.deepEqual(info.grid, last.arrays['model/thickness_grid'].shape);
    const listed = await json('ls', file);
    assert.deepEqual(listed.map((/** @type {any} */ { step, time }) => [step, time]), entries.map(({ step, time }) => [step, time]));
    const arrays = await json('ls', file, '-1');
    const paths = new Set(arrays.arrays.map((/** @type {any} */ { names }) => names.join('/')));
    for (const name of Object.keys(last.arrays)) assert.ok(paths.has(name), name);
    const { min, max, at } = last.arrays[PRESSURE];
    const { statistics, data } = await json('show', file, '-1', 'pressure_grid');
    assert.deepEqual([statistics.min, statistics.max], [min, max]);
    for (const [[i, j, k], value] of at) assert.equal(data[i][j][k], value);
    const series = await text(['series', file, 'pressure_grid', '0,0,0', '--csv']).catch(() => text(['series', file, 'pressure_grid', '0,0,0']));
    assert.equal(series.trim().split('\n').length, entries.length + 1);
    assert.match(await text(['verify', file]), new RegExp(`^ok: ${entries.length} states`));
  });
}

test('a file that is no run of BORES is listed, links in circles too', async () => {
  const set = hdf5Cases();
  const nodes = await json('ls', caseFile(set, 'hdf5/groups_new.h5'));
  const members = set.cases.filter(({ kind, path: file }) => kind === 'group' && file === 'hdf5/groups_new.h5');
  const paths = new Set(nodes.map((/** @type {any} */ node) => node.path));
  for (const { members: list = [], member_names: names = [], group } of members) {
    for (const name of [...names, ...list.map((/** @type {any} */ { name: one }) => one)]) {
      assert.ok(paths.has([...group.split('/'), name].filter(Boolean).join('/')), `${group}/${name}`);
    }
  }
  assert.ok(nodes.some((/** @type {any} */ { kind, target }) => kind === 'link' && target));
  const said = await text(['ls', caseFile(set, 'hdf5/compound.h5')]);
  assert.match(said, /\/simple +array +\d+ +compound/);
  const { code, stderr } = await bores(['info', caseFile(set, 'hdf5/compound.h5')]);
  assert.equal(code, 3);
  assert.match(stderr, /HDF5 file without states of BORES.*bores ls/);
});

test('copy from Zarr to HDF5 and back: nothing is lost', async () => {
  for (const [run, args] of /** @type {[import('../../helpers/fixtures.js').RunName, string[]][]} */ ([
    ['guide/wf_f64_ckpt', []], ['head/wf_f64_ckpt', ['--compressor', 'lzf']], ['head/wf_f64_wire_ckpt', ['--arrays', 'record']]])) {
    const file = path.join(work, `${run.replace('/', '-')}.h5`);
    assert.match(await text(['copy', runFolder(run), file, ...args]), /states copied and compared/);
    await using(openStore(file, { mode: 'r' }), async (store) => {
      assert.equal(store.backend, 'hdf5');
      const differences = await allDifferences(store, runExpected(run));
      assert.deepEqual(differences, []);
    });
    const folder = `${file}.zarr`;
    await text(['copy', file, folder]);
    await using(openStore(folder, { mode: 'r' }), async (store) => {
      assert.equal(store.backend, 'zarr');
      assert.deepEqual(await allDifferences(store, runExpected(run)), []);
    });
  }
});

test('copy of a part, onto what is there, and compressors that HDF5 does not have', async () => {
  const file = path.join(work, 'part.h5');
  await text(['copy', hdf5File('guide/wf_f64'), file, '--steps', '0,-1', '--fields', 'pressure_grid', '--compressor', 'gzip:9']);
  await using(openStore(file, { mode: 'r' }), async (store) => {
    assert.equal(await store.count(), 2);
    assert.deepEqual((await store.inventory(0)).map(({ path: name }) => name), ['model.fluid_properties.pressure_grid']);
  });
  const again = await bores(['copy', hdf5File('guide/wf_f32'), file]);
  assert.deepEqual([again.code, /2 entries already/.test(again.stderr)], [3, true], again.stderr);
  await text(['copy', hdf5File('guide/wf_f32'), file, '--force']);
  assert.equal((await json('info', file)).states, hdf5Expected('guide/wf_f32').count);
  const wrong = await bores(['copy', hdf5File('guide/wf_f32'), file, '--compressor', 'blosc']);
  assert.deepEqual([wrong.code, /lzf and gzip/.test(wrong.stderr)], [2, true], wrong.stderr);
});

test('repair drops a torn journal, and rights the count', async () => {
  const file = path.join(work, 'torn.h5');
  cpSync(hdf5File('guide/wf_f32'), file);
  writeFileSync(`${file}.journal`, 'BORESJNL but no more');
  assert.match(await text(['repair', file, '--dry-run'], 1), /would drop torn\.h5\.journal/);
  assert.ok(existsSync(`${file}.journal`));
  assert.match(await text(['repair', file]), /dropped torn\.h5\.journal/);
  assert.ok(!existsSync(`${file}.journal`));
  assert.ok(readFileSync(file).equals(readFileSync(hdf5File('guide/wf_f32'))), 'the file itself is what it was');
  execFileSync('/usr/bin/python3', ['-c', `
import h5py, sys
with h5py.File(sys.argv[1], 'r+') as file:
    file.attrs['count'] = 1
`, file]);
  assert.match(await text(['verify', file], 1), /count is 1, there are 4 entries/);
  assert.match(await text(['repair', file]), /set the count of states from 1 to 4/);
  assert.match(await text(['verify', file]), /^ok: 4 states/);
});

test('a file that is damaged is an error that names it', async () => {
  const file = path.join(work, 'bad.h5');
  writeFileSync(file, readFileSync(hdf5File('guide/wf_f32')).subarray(0, 50_000));
  for (const command of ['info', 'ls', 'verify']) {
    const { code, stderr } = await bores([command, file]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /bad\.h5/);
  }
});
