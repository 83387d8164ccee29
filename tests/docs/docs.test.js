// SPDX-License-Identifier: MIT
// What docs/guide.md and README.md show is run as it stands there, on a run that BORES has saved and
// on its input files. The numbers that they print are what BORES reads from that run
// (tests/data/README.md).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { runExpected, runFolder } from '../helpers/fixtures.js';
import { boresFiles } from '../js/run/inputs.js';
import { blocksOf, runBlock } from './blocks.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
mkdirSync(path.join(root, 'build', 'tests'), { recursive: true });
const folder = mkdtempSync(path.join(root, 'build', 'tests', 'docs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const { modelPath, configPath, pvtTablePath } = boresFiles('guide');
copyFileSync(modelPath, path.join(folder, 'model.h5'));
copyFileSync(configPath, path.join(folder, 'config.yaml'));
copyFileSync(pvtTablePath, path.join(folder, 'pvt.h5'));
symlinkSync(runFolder('guide/wf_f64'), path.join(folder, 'saved.zarr')); // it is only read

/** The run that later blocks go on with. */
const RUN = `import { Run as OfGuide } from 'bores-wasm';
const run = await OfGuide.fromFiles({ modelPath: 'model.h5', configPath: 'config.yaml', pvtTablePath: 'pvt.h5' });\n`;

describe('docs/guide.md', () => {
  const blocks = blocksOf(path.join(root, 'docs', 'guide.md'));

  test('each step of BORES stands beside ours', () => {
    const languages = blocks.map(({ language }) => language);
    const alone = languages.filter((language, i) => language === 'python' && languages[i + 1] !== 'js');
    assert.deepEqual(alone, []);
    assert.ok(languages.length > 25, String(languages.length));
  });

  for (const [i, { title, language, code, printed }] of blocks.entries()) {
    if (language !== 'js') continue;
    test(title, async () => {
      const needsRun = /\brun[.)]/.test(code) && !/const run = /.test(code);
      assert.deepEqual(await runBlock((needsRun ? RUN : '') + code, folder, `block-${i}`), printed);
    });
  }

  test('the mean pressure is the one that BORES reads', () => {
    const { entries } = runExpected('guide/wf_f64');
    const mean = Number(entries[entries.length - 1].arrays['model/fluid_properties/pressure_grid'].mean);
    assert.ok(blocks.some(({ printed }) => printed.includes(mean.toFixed(3))));
  });
});

describe('README.md', () => {
  const blocks = blocksOf(path.join(root, 'README.md'));
  const [read, write] = blocks.filter(({ language }) => language === 'js');

  test('reading', async () => {
    mkdirSync(path.join(folder, 'web', 'samples'), { recursive: true });
    cpSync(path.join(root, 'web', 'samples'), path.join(folder, 'web', 'samples'), { recursive: true });
    const lines = await runBlock(read.code, folder, 'readme-read');
    assert.match(lines[0], /^0 0 \[ 9, 7, 4 \] 3\d{3}\.\d+ psi$/);
    assert.ok(lines.some((line) => line.includes('Float64Array(23)')));
  });

  test('writing', async () => {
    mkdirSync(path.join(folder, 'results'), { recursive: true });
    const simulate = `import { ZarrStore as Saved } from 'bores-wasm';
const simulate = () => new Saved('saved.zarr', { mode: 'r' }).load();\n`;
    const lines = await runBlock(simulate + write.code, folder, 'readme-write');
    assert.deepEqual(lines, Array.from({ length: 23 }, (_, step) => String(step)));
  });

  test('the command line', () => {
    const commands = blocks.find(({ code }) => code.includes('bores info'));
    // What opens a browser, or simulates files that are not there, is tested elsewhere.
    const lines = String(commands?.code).split('\n').filter((line) => !/^bores (view|run) /.test(line));
    const script = ['set -e', `bores() { "${process.execPath}" "${root}js/cli/main.js" "$@"; }`, ...lines].join('\n');
    const output = execFileSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
    assert.match(output, /9×7×4 = 252 cells/);
    assert.match(output, /nothing to repair/);
  });
});
