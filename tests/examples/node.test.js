// SPDX-License-Identifier: MIT
// The examples for Node run, and give what BORES reads from the same stores.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

import { runExpected, runFolder, runZip } from '../helpers/fixtures.js';
import { boresFiles } from '../js/run/inputs.js';

const PRESSURE = 'model.fluid_properties.pressure_grid';
const { entries } = runExpected('guide/wf_f64');
const pressures = entries.map(({ arrays }) => arrays[PRESSURE.replaceAll('.', '/')]);

const work = mkdtempSync(path.join(tmpdir(), 'bores-examples-'));
after(() => rmSync(work, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {...string} args
 */
const example = (name, ...args) => exampleIn('.', name, ...args);

/**
 * @param {string} cwd
 * @param {string} name
 * @param {...string} args
 */
function exampleIn(cwd, name, ...args) {
  const file = fileURLToPath(new URL(`../../examples/node/${name}.mjs`, import.meta.url));
  return execFileSync(process.execPath, [file, ...args], { encoding: 'utf8', cwd });
}

test('replay', () => {
  const lines = example('replay', runZip('guide/wf_f64')).trimEnd().split('\n');
  assert.deepEqual(lines, entries.map(({ step, time }, i) => {
    const mean = Number(pressures[i].mean).toFixed(2);
    return `step ${step}, ${(time / 86400).toFixed(2)} days: ${mean} psi`;
  }));
});

test('series-to-csv', () => {
  const cell = pressures[0].at[0][0].map(String);
  const output = example('series-to-csv', runFolder('guide/wf_f64'), PRESSURE, ...cell);
  const lines = output.trimEnd().split('\n');
  assert.deepEqual(lines, ['step,days,Pressure [psi]', ...entries.map(({ step, time }, n) =>
    `${step},${time / 86400},${pressures[n].at[0][1]}`)]);
});

test('property-to-npy', () => {
  const file = path.join(work, 'pressure.npy');
  example('property-to-npy', runFolder('guide/wf_f64'), '-1', PRESSURE, file);
  const script = 'import numpy, sys; a = numpy.load(sys.argv[1]); '
    + 'print(a.shape, a.dtype, a[8, 6, 3] == float(sys.argv[2]))';
  const last = pressures[pressures.length - 1];
  assert.deepEqual(last.at[2][0], [8, 6, 3]);
  const read = execFileSync('/usr/bin/python3', ['-c', script, file, String(last.at[2][1])],
    { encoding: 'utf8' });
  assert.equal(read, '(9, 7, 4) float64 True\n');
});

test('write-run goes on where it was', () => {
  const folder = path.join(work, 'written.zarr');
  const days = (/** @type {number} */ from, /** @type {number} */ to) => Array.from({ length: to - from + 1 },
    (_, i) => `step ${from + i}, ${from + i} days\n`).join('');
  assert.equal(example('write-run', folder, '12'), days(0, 12));
  assert.equal(example('write-run', folder, '15'), days(13, 15));
  assert.equal(example('write-run', folder, '15'), '');
  const script = 'import math, sys, zarr; root = zarr.open_group(sys.argv[1], "r"); '
    + 'print(root.attrs["count"], all(math.isclose(3000 * math.exp(-step / 100), '
    + 'root[f"entry_{step:010d}/model/fluid_properties/pressure_grid"][23], rel_tol=1e-15) '
    + 'for step in range(16)))';
  const read = execFileSync('/usr/bin/python3', ['-c', script, folder], { encoding: 'utf8' });
  assert.equal(read, '16 True\n');
});

test('without arguments the bundled run is read', () => {
  const last = pressures[pressures.length - 1];
  const [steps, series] = ['replay', 'series-to-csv'].map((name) => exampleIn(work, name).trimEnd().split('\n'));
  assert.equal(steps.length, entries.length);
  assert.match(steps[steps.length - 1], new RegExp(`days: ${Number(last.mean).toFixed(2)} psi$`));
  assert.equal(series.length, 1 + entries.length);
  assert.equal(exampleIn(work, 'property-to-npy'), 'pressure.npy: NdArray(float64, [9, 7, 4])\n');
  assert.equal(exampleIn(work, 'write-run').split('\n').length, 22);
  assert.deepEqual(readdirSync(work).filter((name) => /^(pressure.npy|made-up.zarr)$/.test(name)).length, 2);
});

test('complete-workflow: simulated, saved, analysed', () => {
  const { modelPath, configPath, pvtTablePath } = boresFiles('guide');
  const lines = example('complete-workflow', modelPath, configPath, pvtTablePath, path.join(work, 'results'))
    .trimEnd().split('\n');
  assert.match(lines[0], /^Step 0: 0\.0 days, 3070\.5 psi$/); // the model's mean, numpy
  const steps = lines.filter((line) => /^Step \d+: [\d.]+ days/.test(line));
  assert.match(steps[steps.length - 1], /: 60\.0 days, /);
  const saved = steps.filter((line) => Number(line.split(/[ :]/)[1]) % 5 === 0);
  assert.ok(lines.includes(`Simulation complete. Saved ${saved.length} states.`));
  const [, stoiip, recovery] = /STOIIP: (\d+) STB, recovery ([\d.]+) %/.exec(lines.join('\n')) ?? [];
  assert.ok(Math.abs(Number(stoiip) / 752_444 - 1) < 1e-3, `${stoiip} STB, OPM Flow has 752 444`);
  // What the analyst sees ends with the last state that was saved, on whatever day that is.
  const expected = 100 * flowProduced(Number(saved[saved.length - 1].split(' ')[2])) / 752_444;
  assert.ok(Math.abs(Number(recovery) / expected - 1) < 5e-3, `${recovery} %, OPM Flow has ${expected}`);
});

/** Oil that OPM Flow has produced by a day, STB: between its reports, two days apart, along a line. @param {number} day */
function flowProduced(day) {
  const packed = readFileSync(new URL('../data/sim/bores_guide_wf.json.br', import.meta.url));
  const { days, curves: { FOPT } } = JSON.parse(brotliDecompressSync(packed).toString()).reference;
  const after = days.findIndex((/** @type {number} */ reported) => reported >= day - 1e-9);
  const [from, to] = after === 0 ? [0, days[0]] : [days[after - 1], days[after]];
  const [low, high] = after === 0 ? [0, FOPT[0]] : [FOPT[after - 1], FOPT[after]];
  return low + (high - low) * (day - from) / (to - from);
}

test('each is as short as it says', () => {
  for (const [name, most] of Object.entries({ replay: 10, 'series-to-csv': 11, 'property-to-npy': 11, 'write-run': 17,
    'complete-workflow': 26 })) {
    const url = new URL(`../../examples/node/${name}.mjs`, import.meta.url);
    const lines = readFileSync(url, 'utf8').split('\n')
      .filter((line) => line !== '' && !line.startsWith('//'));
    assert.ok(lines.length <= most, `${name}: ${lines.length} lines`);
  }
});
