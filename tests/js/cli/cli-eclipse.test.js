// SPDX-License-Identifier: MIT
// The commands of `bores` over a run of OPM Flow in METRIC units.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { whichRun } from '../../../js/cli/commands/view.js';
import { servedOf } from '../../../js/cli/server/viewer-server.js';
import { bores } from '../../helpers/run-bores.js';

const CASE = fileURLToPath(new URL('../../data/eclipse/TINY.UNRST', import.meta.url));
const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-zarr
/** PRESSURE of the second report step summed over 23 active cells, bar: resfo 5.0.1. */
const BAR = 4823.7974853515625;
const PSI_PER_BAR = 1e5 / 6894.757293168; // NIST SP 811

const work = mkdtempSync(path.join(tmpdir(), 'bores-cli-eclipse-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** @param {string[]} args */
async function text(args) {
  const { stdout, stderr, code } = await bores(args);
  assert.deepEqual([code, stderr], [0, ''], `bores ${args.join(' ')}`);
  return stdout;
}

/** Sum of a step's pressure, as zarr-python reads it. @param {string} store */
function pressureIn(store) {
  const script = `
import sys, numpy, zarr
entry = zarr.open_group(sys.argv[1], mode="r")["entry_0000000001"]
print(repr(float(numpy.nansum(entry["model/fluid_properties/pressure_grid"][...].astype("f8")))))`;
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', script, store], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return Number(stdout);
}

test('info, ls and verify of an ECLIPSE run', async () => {
  const info = await text(['info', CASE]);
  assert.match(info, /format +eclipse/);
  assert.match(info, /3×4×2 = 24 cells/);
  assert.match(info, /METRIC units, oil, water, gas, from 2018-01-01\n +active +23 cells/);
  assert.match(info, /WI1 \(injector\), OP1 \(producer\)/);
  assert.match(await text(['ls', CASE]), /3 +3 +60 +entry_0000000003/);
  assert.match(await text(['verify', CASE]), /ok: 4 states/);
});

test('an ECLIPSE run becomes Zarr in the units of BORES, or in its own when asked', async () => {
  const field = path.join(work, 'field.zarr'), own = path.join(work, 'own.zarr');
  await text(['convert', CASE, field]);
  await text(['convert', CASE, own, '--units', 'file']);
  // Single precision: 6e-8 of each value.
  assert.ok(Math.abs(pressureIn(field) / (BAR * PSI_PER_BAR) - 1) < 1e-6, String(pressureIn(field)));
  assert.ok(Math.abs(pressureIn(own) / BAR - 1) < 1e-7, String(pressureIn(own)));
});

test('analyse and series answer of an ECLIPSE run in FIELD units', async () => {
  const report = await text(['analyse', CASE]);
  assert.match(report, /Produced\n +oil +11321\.7 +STB/); // FOPT of resdata 6.3.5: 1800 SM3
  assert.match(report, /OP1 +producer +open/);
  const series = await text(['series', CASE, 'FOPR', 'FPR', '--csv']);
  const [heading, , first] = series.split('\n').map((line) => line.split(','));
  assert.deepEqual(heading, ['step', 'TIME [DAYS]', 'FOPR [STB/DAY]', 'FPR [PSIA]']);
  assert.ok(Math.abs(Number(first[3]) / (209.9213104248047 * PSI_PER_BAR) - 1) < 1e-6, String(first)); // resdata's FPR
});

test('vectors of the summary are printed as they are, with restarts and without', async () => {
  const alone = path.join(work, 'alone');
  mkdirSync(alone);
  for (const ending of ['SMSPEC', 'UNSMRY']) {
    copyFileSync(CASE.replace(/UNRST$/, ending), path.join(alone, `TINY.${ending}`));
  }
  const rows = await text(['series', CASE, '--summary', 'WBHP:OP1', 'FOPR', '--csv']);
  // resdata 6.3.5
  assert.deepEqual(rows.split('\n').slice(0, 5), ['step,days,WBHP:OP1 [BARSA],FOPR [SM3/DAY]',
    '1,1,207.53628540039062,30', '1,4,206.82931518554688,30', '1,10,206.38888549804688,30',
    '2,20,206.05886840820312,30']);
  assert.equal(await text(['series', alone, 'WBHP:OP1', 'FOPR', '--csv']), rows);
  assert.match(await text(['info', alone]), /summary +36 vectors/);
  const whole = readFileSync(path.join(alone, 'TINY.SMSPEC'));
  writeFileSync(path.join(alone, 'TINY.SMSPEC'), whole.subarray(0, 700));
  assert.match(await text(['info', alone]), /summary +cannot be read: .*SMSPEC/);
  writeFileSync(path.join(alone, 'TINY.SMSPEC'), whole);
  assert.match(await text(['series', alone, '--summary']), /WBHP:OP1 +BARSA/);
  assert.deepEqual(JSON.parse(await text(['series', alone, '--summary', 'FOPR', '--json']))[0].steps, [1, 1, 1, 2, 2, 3]);
  const none = await bores(['series', alone, '--summary', 'FOPT:X']);
  assert.deepEqual([none.code, /no vector 'FOPT:X'/.test(none.stderr)], [3, true]);
  const zarr = await bores(['series', path.join(work, 'field.zarr'), '--summary']);
  assert.deepEqual([zarr.code, /--summary is for runs of ECLIPSE/.test(zarr.stderr)], [2, true]);
});

test('info of a grid alone has its shape', async () => {
  const grid = path.join(work, 'grid-alone', 'TINY.EGRID');
  mkdirSync(path.dirname(grid));
  copyFileSync(CASE.replace(/UNRST$/, 'EGRID'), grid);
  assert.match(await text(['info', grid]), /3×4×2 = 24 cells/);
});

test('a deck, or a result that is not read, names the case that it is of', async () => {
  const folder = path.join(work, 'deck');
  mkdirSync(folder);
  for (const ending of ['EGRID', 'INIT', 'UNRST']) {
    copyFileSync(CASE.replace(/UNRST$/, ending), path.join(folder, `TINY.${ending}`));
    copyFileSync(CASE.replace(/UNRST$/, ending), path.join(folder, `OTHER.${ending}`));
  }
  const names = ['TINY.DATA', 'tiny.esmry', 'TINY.RFT'];
  for (const name of [...names, 'ALONE.DATA']) writeFileSync(path.join(folder, name), 'RUNSPEC\n');
  for (const name of names) {
    assert.match(await text(['info', path.join(folder, name)]), /4 \(steps 0 to 3\)/);
  }
  const alone = await bores(['info', path.join(folder, 'ALONE.DATA')]);
  assert.deepEqual([alone.code, /ALONE\.DATA: no results of its case are there/.test(alone.stderr)], [3, true]);
});

/** A folder of two runs. @returns {string} */
function twoCases() {
  const folder = path.join(work, 'two');
  mkdirSync(folder);
  for (const ending of ['EGRID', 'INIT', 'UNRST']) {
    for (const stem of ['TINY', 'Other']) copyFileSync(CASE.replace(/UNRST$/, ending), path.join(folder, `${stem}.${ending}`));
  }
  writeFileSync(path.join(folder, 'TINY.S0001'), '');
  return folder;
}

test('of the runs in a folder one is chosen by its name', async () => {
  const folder = twoCases();
  const { code, stderr } = await bores(['info', folder]);
  assert.equal(code, 2);
  assert.match(stderr, /has the cases Other, TINY.*--case Other/);
  assert.match(await text(['info', folder, '--case', 'other']), /4 \(steps 0 to 3\)/);
  assert.match(await text(['ls', folder, '--case', 'TINY', '-1']), /pressure_grid/);
  assert.match(await text(['show', folder, '-1', 'pressure_grid', '--case', 'TINY']), /mean/);
  assert.match(await text(['series', folder, 'pressure_grid', '0,0,0', '--case', 'TINY', '--csv']), /^step,days/);
  assert.match(await text(['verify', folder, '--case', 'TINY']), /ok: 4 states/);
  assert.match(await text(['convert', folder, path.join(work, 'one.json'), '--case', 'TINY', '--steps', '-1']), /1 states written/);
  const missing = await bores(['verify', folder, '--case', 'WEST']);
  assert.deepEqual([missing.code, /no case WEST, but Other, TINY/.test(missing.stderr)], [3, true]);
  // The viewer's server names one file, and gives those beside it.
  assert.deepEqual(whichRun(folder, false, 'tiny'), { run: path.join(folder, 'TINY.UNRST') });
  assert.throws(() => whichRun(folder), { code: 'ERR_ARGUMENT', message: /the cases Other, TINY: say which by --case/ });
  assert.throws(() => whichRun(folder, false, 'WEST'), { code: 'ERR_NOT_FOUND', message: /no case WEST, but Other, TINY/ });
  assert.deepEqual(whichRun(work), { run: work });
  assert.deepEqual(Object.keys(servedOf(path.join(folder, 'TINY.EGRID'), 'TINY.EGRID')).sort(),
    ['EGRID', 'INIT', 'S0001', 'UNRST'].map((ending) => `/run/TINY.${ending}`));
});

test('the viewer is served with all files of a run, and with nothing else', () => {
  const served = servedOf(CASE, 'TINY.UNRST');
  assert.deepEqual(Object.keys(served).sort(),
    ['EGRID', 'INIT', 'SMSPEC', 'UNRST', 'UNSMRY'].map((ending) => `/run/TINY.${ending}`));
  assert.deepEqual(servedOf('/a/run.zarr', 'run.zarr'), { '/run/run.zarr': '/a/run.zarr' });
});

test('nothing is written over a file of the run that is read, whatever names it', async () => {
  const folder = path.join(work, 'own');
  const ENDINGS = ['EGRID', 'INIT', 'UNRST', 'SMSPEC', 'UNSMRY'];
  for (const ending of ENDINGS) cpSync(CASE.replace('UNRST', ending), path.join(folder, `TINY.${ending}`));
  symlinkSync('.', path.join(folder, 'here'));
  symlinkSync('TINY.EGRID', path.join(folder, 'grid'));
  const content = () => readdirSync(folder).map((name) => [name, name.startsWith('TINY') ? readFileSync(path.join(folder, name), 'base64') : '']);
  const before = content();
  for (const args of [
    ['analyse', 'TINY.UNRST', '--smspec', 'TINY'], ['analyse', 'here/TINY.EGRID', '--smspec', 'tiny'],
    ['analyse', '.', '--smspec', 'here/X'], ['ls', 'TINY.UNRST', '-o', 'TINY.EGRID'], ['info', 'TINY.SMSPEC', '-o', 'grid'],
    ['series', 'TINY.EGRID', 'FOPR', '-o', 'here/TINY.S0007'], ['convert', 'TINY.UNRST', 'TINY.INIT', '--force'],
  ]) {
    const { code, stderr, stdout } = await bores(args, { cwd: folder });
    assert.deepEqual([code, stdout], [2, ''], `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, /nothing was touched/);
  }
  assert.deepEqual(content(), before);
  const { code } = await bores(['analyse', 'TINY.UNRST', '--vectors', 'FOPR', '--smspec', 'OTHER'], { cwd: folder });
  assert.equal(code, 0);
  assert.ok(readdirSync(folder).includes('OTHER.UNSMRY'));
});
