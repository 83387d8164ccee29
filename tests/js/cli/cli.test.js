// SPDX-License-Identifier: MIT
// The `bores` command as users run it, on stores that BORES wrote. Expected values are what
// BORES itself reads from them (tests/data/README.md).
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { runExpected, runFolder, runZip } from '../../helpers/fixtures.js';
import { filesBelow } from '../../helpers/files-below.js';
import { bores } from '../../helpers/run-bores.js';

const RUNS = /** @type {const} */ (['guide/wf_f64', 'head/wf_f64_chunks4_lzf', 'wheel/wf_f64']);
const GUIDE = runFolder('guide/wf_f64');
const HEAD = runFolder('head/wf_f64');
const PRESSURE = 'model.fluid_properties.pressure_grid';

const work = mkdtempSync(path.join(tmpdir(), 'bores-cli-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** @param {string[]} args */
async function json(...args) {
  const { code, stdout, stderr } = await bores([...args, '--json']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  return JSON.parse(stdout);
}

/** @param {string} folder  its files' sizes, counted by the file system */
function diskUsage(folder) {
  const files = filesBelow(folder);
  return { files: files.length,
    bytes: files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0) };
}

test('info says what is in a store of every version', async () => {
  for (const run of RUNS) {
    const { entries } = runExpected(run);
    const last = entries[entries.length - 1];
    const folder = runFolder(run);
    const info = await json('info', folder);
    assert.equal(info.states, entries.length, run);
    assert.deepEqual(info.steps, [entries[0].step, last.step]);
    assert.deepEqual(info.timeDays, [entries[0].time / 86400, last.time / 86400]);
    assert.deepEqual(info.grid, last.arrays['model/thickness_grid'].shape);
    assert.deepEqual({ files: info.files, bytes: info.bytes }, diskUsage(folder));
    const paths = new Set(info.properties.map((/** @type {any} */ item) => item.path));
    for (const name of Object.keys(last.arrays)) {
      assert.ok(paths.has(name.replaceAll('/', '.')), `${run}: ${name}`);
    }
    const pressure = info.properties.find((/** @type {any} */ item) => item.path === PRESSURE);
    assert.deepEqual([pressure.name, pressure.unit], ['Pressure', 'psi']);
  }
});

test('info for people', async () => {
  const { code, stdout } = await bores(['info', GUIDE]);
  assert.equal(code, 0);
  assert.match(stdout, /states +23 \(steps 0 to 22\)\n +time +0 to 60 days\n/);
  assert.match(stdout, /grid +9×7×4 = 252 cells\n/);
  assert.match(stdout, /INJ-1 \(injector\), PROD-1 \(producer\), PROD-2 Ærøskøbing \(producer\)/);
  assert.match(stdout, /Fluid: model\.fluid_properties\.\n {2}pressure_grid +Pressure \[psi\]/);
});

test('ls lists states, and the arrays of one', async () => {
  const { entries } = runExpected('head/wf_f64');
  const states = await json('ls', HEAD);
  assert.deepEqual(states.map((/** @type {any} */ { idx, step, time }) => [idx, step, time]),
    entries.map(({ index, step, time }) => [index, step, time]));
  const { arrays } = await json('ls', HEAD, '-1', 'model.rock_properties');
  assert.deepEqual(arrays.map((/** @type {any} */ item) => [item.path, item.shape]).sort(),
    Object.entries(entries[entries.length - 1].arrays)
      .filter(([name]) => name.startsWith('model/rock_properties/'))
      .map(([name, { shape }]) => [name.replaceAll('/', '.'), shape]).sort());
  const { values } = await json('ls', HEAD, '3', 'timer_state', '--all');
  const step = values.find((/** @type {any} */ item) => item.path === 'timer_state.step');
  assert.equal(step.value, entries[3].scalars['timer_state/step']);
  const table = await bores(['ls', HEAD, '0', 'relative_mobilities']);
  assert.match(table.stdout, /oil_relative_mobility +Oil relative mobility \[1\/cP\] +10×8×3 +<f8/);
});

test('show gives the statistics that BORES finds', async () => {
  for (const run of RUNS) {
    const { entries } = runExpected(run);
    const entry = entries[entries.length - 2];
    for (const name of ['model/fluid_properties/pressure_grid',
      'relative_mobilities/gas_relative_mobility']) {
      const expected = entry.arrays[name];
      const shown = await json('show', runFolder(run), '-2', name.replaceAll('/', '.'), '--stats');
      const { min, max, nan, sum, mean } = shown.statistics;
      assert.deepEqual([shown.shape, shown.step, shown.time],
        [expected.shape, entry.step, entry.time]);
      assert.deepEqual([min, max, nan], [expected.min, expected.max, expected.nan_count], name);
      assert.ok(Math.abs(sum - Number(expected.sum)) <= 1e-12 * Math.abs(sum), name);
      assert.ok(Math.abs(mean - Number(expected.mean)) <= 1e-12 * Math.abs(mean), name);
    }
  }
});

test('show finds a path by its end, and a state by its step', async () => {
  const { entries } = runExpected('guide/wf_f64');
  const shown = await json('show', runZip('guide/wf_f64'), 'step=7', 'pressure_grid');
  assert.deepEqual([shown.path, shown.entry, shown.step], [PRESSURE, 7, 7]);
  for (const [[i, j, k], value] of entries[7].arrays['model/fluid_properties/pressure_grid'].at) {
    assert.equal(shown.data[i][j][k], value);
  }
});

test('show of all states', async () => {
  const { entries } = runExpected('guide/wf_f64');
  const shown = await json('show', GUIDE, 'all', 'pressure_grid');
  const each = entries.map(({ arrays }) => arrays['model/fluid_properties/pressure_grid']);
  assert.deepEqual([shown.path, shown.entries, shown.unknown, shown.computed], [PRESSURE, each.length, 0, each.length]);
  assert.equal(shown.min, Math.min(...each.map(({ min }) => min)));
  assert.equal(shown.max, Math.max(...each.map(({ max }) => max)));
  assert.equal(shown.count, each.length * 9 * 7 * 4);
  assert.deepEqual(shown.each.map((/** @type {any} */ { max }) => max), each.map(({ max }) => max));
  const copy = path.join(work, 'kept.zarr');
  assert.equal((await bores(['copy', GUIDE, copy])).code, 0);
  const { stdout } = await bores(['show', copy, 'all', 'pressure_grid']);
  assert.match(stdout, new RegExp(`states +${each.length} of ${each.length}, kept beside the data`));
  assert.match(stdout, /P10, P50, P90 +\S+, \S+, \S+, to within \S+ psi\n/);
  assert.equal((await bores(['show', GUIDE, 'all', 'pressure_grid', '--csv'])).code, 2);
});

test('show as text', async () => {
  const { stdout } = await bores(['show', GUIDE, '3', 'pressure_grid']);
  const { min, max } = runExpected('guide/wf_f64').entries[3]
    .arrays['model/fluid_properties/pressure_grid'];
  assert.match(stdout, /^Pressure \[psi\]\n {2}state {2}index 3, step 3, 1\.64091 days\n/);
  assert.ok(stdout.includes(`min    ${Number(Number(min).toPrecision(6))} psi  at [`), stdout);
  assert.ok(stdout.includes(`max    ${Number(Number(max).toPrecision(6))} psi  at [`), stdout);
  const scalar = await bores(['show', GUIDE, '3', 'model.fluid_properties.reservoir_gas']);
  assert.equal(scalar.stdout, 'methane\n');
  const map = await bores(['show', GUIDE, '0', 'wells.production_wells.PROD-1']);
  assert.equal(JSON.parse(map.stdout).production_well.radius, 0.3542);
});

test('show --csv has a row a cell, with the indices of the whole array', async () => {
  const { at, shape } = runExpected('guide/wf_f64').entries[5]
    .arrays['model/fluid_properties/pressure_grid'];
  const { stdout } = await bores(['show', GUIDE, '5', PRESSURE, '--csv']);
  const [header, ...rows] = stdout.trimEnd().split('\n');
  assert.equal(header, 'i,j,k,pressure_grid');
  assert.equal(rows.length, shape[0] * shape[1] * shape[2]);
  for (const [cell, value] of at) assert.ok(rows.includes(`${cell.join(',')},${value}`));

  const [[i, j, k], value] = at[1];
  const slice = `${i}:,${j},${k}:${k + 1}`;
  const part = (await bores(['show', GUIDE, '5', PRESSURE, '--csv', '-s', slice])).stdout;
  assert.equal(part.split('\n')[0], 'i,k,pressure_grid');
  assert.equal(part.split('\n')[1], `${i},${k},${value}`);
  const last = (await bores(['show', GUIDE, '5', PRESSURE, '--csv', '--slice', '-1,-1,-1'])).stdout;
  assert.equal(last, `pressure_grid\n${at[2][1]}\n`);
});

test('show of a sparse grid gives the stored cells', async () => {
  const { sparse } = runExpected('head/wf_f64').entries[3];
  const { keys, values } = sparse?.['rates/production_rates/oil'] ?? { keys: [], values: [] };
  const { stdout } = await bores(['show', HEAD, '3', 'production_rates.oil', '--csv']);
  const rows = keys.map((key, n) => `${key.join(',')},${values[n]}\n`);
  assert.equal(stdout, `i,j,k,oil\n${rows.join('')}`);
  const shown = await json('show', HEAD, '3', 'production_fvfs.oil');
  assert.equal(shown.default, null); // NaN
  assert.equal(shown.statistics.nan, 240 - shown.entries.length);
});

test('series follows cells through time', async () => {
  const { entries } = runExpected('wheel/wf_f64');
  const name = 'model/fluid_properties/oil_saturation_grid';
  const columns = entries.map(({ arrays }) => arrays[name].at);
  const cells = [columns[0][0][0].join(','), '-1,-1,-1'];
  const folder = runFolder('wheel/wf_f64');
  const series = await json('series', folder, 'oil_saturation_grid', ...cells);
  assert.deepEqual(series.step, entries.map(({ step }) => step));
  assert.deepEqual(series.timeDays, entries.map(({ time }) => time / 86400));
  assert.deepEqual(series.cells.map((/** @type {any} */ { values }) => values),
    [columns.map((at) => at[0][1]), columns.map((at) => at[2][1])]);
  const { stdout } = await bores(['series', folder, 'oil_saturation_grid', ...cells, '--csv']);
  assert.equal(stdout.split('\n')[2], [entries[1].step, entries[1].time / 86400, columns[1][0][1],
    columns[1][2][1]].join(','));
});

test('-o writes a file once it is complete, and none when it fails', async () => {
  const folder = mkdtempSync(path.join(work, 'output-'));
  const file = path.join(folder, 'pressure.csv');
  const direct = await bores(['show', GUIDE, '0', PRESSURE, '--csv']);
  const { code, stdout } = await bores(['show', GUIDE, '0', PRESSURE, '--csv', '-o', file]);
  assert.deepEqual([code, stdout], [0, '']);
  assert.equal(readFileSync(file, 'utf8'), direct.stdout);
  const failed = await bores(['show', GUIDE, '0', 'nothing', '-o', path.join(folder, 'none.csv')]);
  assert.equal(failed.code, 3);
  const nowhere = await bores(['show', GUIDE, '0', PRESSURE, '-o', path.join(folder, 'no', 'x')]);
  assert.deepEqual([nowhere.code, existsSync(path.join(folder, 'none.csv'))], [3, false]);
  assert.match(nowhere.stderr, /^bores: cannot write .*x: ENOENT/);
  assert.deepEqual(readdirSync(folder), ['pressure.csv']);
});
