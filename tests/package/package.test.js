// SPDX-License-Identifier: MIT
// The package as people install it: packed, put into an empty project (project/), and used there by
// Node, by TypeScript that checks everything, by Vite and by webpack. What the store holds is what
// BORES reads from it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { createStaticServer } from '../../js/cli/server/static-server.js';
import { openStore } from '../../js/index.js';
import { launch } from '../viewer/viewer-driver.mjs';
import { hdf5Expected, hdf5File, runExpected, runZip } from '../helpers/fixtures.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const project = path.join(root, 'build', 'package'); // `npm test` has put node_modules there
const installed = path.join(project, 'node_modules', 'bores-wasm');
const data = path.join(project, 'public', 'data');
const PRESSURE = 'model.fluid_properties.pressure_grid';
const zarr = runExpected('guide/wf_f64');
/** Files of one run, and what BORES reads from them; its HDF5 twin has fewer states. */
const EXPECTED = { 'run.zarr.zip': zarr, 'run.h5': hdf5Expected('guide/wf_f64'), 'run.json': zarr };
const FILES = /** @type {(keyof typeof EXPECTED)[]} */ (Object.keys(EXPECTED));

/** @param {string} program @param {string[]} args @param {string} [cwd] */
const run = (program, args, cwd = project) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * To the last bits of a mean.
 * @param {keyof typeof EXPECTED} name
 * @param {[count: number, mean: number]} answer
 */
function isExpected(name, [count, mean]) {
  const { entries } = EXPECTED[name];
  const due = Number(entries[entries.length - 1].arrays[PRESSURE.replaceAll('.', '/')].mean);
  assert.equal(count, entries.length, name);
  assert.ok(Math.abs(mean - due) < 1e-12 * due, `${name}: ${mean}, not ${due}`);
}

let tarball = '';
before(() => {
  run('node', [path.join(root, 'cmake', 'types.mjs')], root);
  const [{ filename }] = JSON.parse(run('npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', project], root));
  tarball = path.join(project, filename);
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  run('tar', ['xzf', tarball, '-C', installed, '--strip-components=1']);
  cpSync(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true });
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  copyFileSync(runZip('guide/wf_f64'), path.join(data, 'run.zarr.zip'));
  copyFileSync(hdf5File('guide/wf_f64'), path.join(data, 'run.h5'));
  run('node', [path.join(installed, 'js/cli/main.js'), 'convert', path.join(data, 'run.zarr.zip'),
    path.join(data, 'run.json'), '--steps', '0:']);
});

describe('what is in it', () => {
  test('what README, the change log and ARCHITECTURE link to', () => {
    const pages = ['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];
    const dead = pages.flatMap((page) =>
      [...readFileSync(path.join(installed, page), 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^https?:/.test(target) && !existsSync(path.join(installed, target)))
        .map((target) => `${page}: ${target}`));
    assert.deepEqual(dead, []);
  });

  test('nothing that its user has no use for', () => {
    const names = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(names.filter((name) => /(^|\/)(cli\/.*\.d\.ts|tests|src|cmake|node_modules)(\/|$)/.test(name)), []);
    const modules = names.filter((name) => name.endsWith('.wasm'));
    assert.deepEqual(modules.filter((name) => !name.startsWith('js/wasm/')), [], 'each module is there once');
  });

  test('nothing that publint or attw finds', () => {
    assert.equal(run('node', ['lint.mjs', tarball]), '');
  });
});

test('Node', () => {
  const lines = run('node', ['node.mjs', ...FILES.map((name) => path.join(data, name))]).trim().split('\n');
  assert.equal(lines.length, FILES.length);
  lines.forEach((line, i) => isExpected(FILES[i], JSON.parse(line)));
});

for (const compiler of ['oldest', 'newest']) {
  test(`TypeScript, the ${compiler} that is supported, checking everything`, () => {
    run('node', [`node_modules/typescript-${compiler}/bin/tsc`, '-p', '.']);
  });
}

test('bores view, without a clone', async () => {
  const args = ['view', path.join(data, 'run.h5'), '--no-open', '--json'];
  const child = spawn('node', [path.join(installed, 'js/cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  after(() => { child.kill(); });
  const [text] = await once(child.stdout, 'data');
  const { url } = JSON.parse(text);
  const page = await (await fetch(url)).text();
  const parts = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, name]) => name);
  assert.ok(parts.length >= 2, page);
  for (const name of [...parts, 'worker.js', 'bores.wasm', 'bores-hdf5.wasm', 'bores-scalar.wasm',
    'samples/waterflood.zarr.zip', 'run/run.h5']) {
    assert.equal((await fetch(new URL(name, url), { method: 'HEAD' })).status, 200, name);
  }
});

describe('bundlers', () => {
  /** @type {import('puppeteer-core').Browser} */ let browser;
  before(async () => {
    assert.equal(run('node', ['bundle.mjs']), '', 'a bundler complains');
    browser = await launch('chromium');
  });
  after(() => browser?.close());

  for (const name of ['vite', 'webpack']) {
    test(`a production build by ${name}`, async () => {
      const server = createStaticServer({ '/': path.join(project, `dist-${name}`), '/data': data });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const page = await browser.newPage();
      try {
        const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
        await page.goto(`http://localhost:${port}/`);
        await page.waitForSelector('#done', { timeout: 120_000 });
        const text = String(await page.evaluate('document.querySelector("output").textContent'));
        assert.match(text, /^\[/);
        /** @type {[number, number][]} */ const answers = JSON.parse(text);
        assert.equal(answers.length, 2 * FILES.length);
        answers.forEach((answer, i) => isExpected(FILES[i >> 1], answer));
        assert.equal(await page.evaluate('document.querySelector("output").dataset.viewer'),
          `${zarr.entries.length} ${PRESSURE}`);
      } finally {
        await page.close();
        server.closeAllConnections();
        server.close();
      }
    });
  }

  test("Vite's own servers give every format", async () => {
    const child = spawn('node', ['serve.mjs'], { cwd: project, stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const [text] = await once(child.stdout, 'data');
      for (const url of JSON.parse(text)) {
        for (const name of FILES) {
          const store = await openStore(`${url}/data/${name}`);
          const pressure = /** @type {import('../../js/index.js').NdArray} */ (
            await store.read(-1, PRESSURE));
          isExpected(name, [await store.count(), pressure.mean()]);
          await store.close();
        }
      }
    } finally {
      child.kill();
    }
  });
});
