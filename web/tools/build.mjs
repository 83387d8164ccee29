// SPDX-License-Identifier: MIT
// Bundles the viewer into build/web/: static files with relative addresses, to be put on any
// web server. Prints what a first visit loads, and fails where that is too much.

import { build } from 'esbuild';
import {
  copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = path.join(root, 'build', 'web');
// Made beside and then renamed: who is being served meanwhile finds the old one, whole.
const out = `${target}.${process.pid}`;
const web = path.join(root, 'web');

/**
 * Bytes, gzipped, that everything needed for the first picture may take: 300 kB of them are the core's
 * share, which knows every codec of Zarr.
 */
const BUDGET = 520_000;

/** @type {import('esbuild').BuildOptions} */
const options = {
  bundle: true,
  format: 'esm',
  target: ['chrome109', 'firefox115', 'safari16.4'],
  platform: 'browser',
  minify: true,
  legalComments: 'none', // licences are files of their own
  loader: { '.css': 'text' },
  // The library is written for Node too; those branches are never taken in a page.
  external: ['node:*'],
  outdir: out,
  metafile: true,
  logLevel: 'warning',
};

mkdirSync(out, { recursive: true });
// What the page and its worker share is in chunks, and comes once.
const bundle = await build({ ...options, splitting: true, chunkNames: '[name]-[hash]', entryPoints: {
  main: path.join(web, 'main.js'), worker: path.join(root, 'js', 'worker', 'server.js') } });
const scripts = loadedScripts(bundle);
// The chunks are asked for with the page, not when what imports them has come.
const preloads = scripts.filter((name) => name.startsWith('chunk-'))
  .map((name) => `<link rel="modulepreload" href="${name}">`).join('');
const html = readFileSync(path.join(web, 'index.html'), 'utf8');
writeFileSync(path.join(out, 'index.html'), html.replace('<script', `${preloads}\n<script`));
copyFileSync(path.join(web, 'icon.svg'), path.join(out, 'icon.svg'));
copyFileSync(path.join(web, 'styles', 'page.css'), path.join(out, 'page.css'));
copyLicences(out);
for (const name of readdirSync(path.join(root, 'js', 'wasm')).filter((file) => file.endsWith('.wasm'))) {
  copyFileSync(path.join(root, 'js', 'wasm', name), path.join(out, name));
}
if (existsSync(path.join(web, 'samples'))) {
  cpSync(path.join(web, 'samples'), path.join(out, 'samples'), { recursive: true });
}

await buildElement();

let total = 0;
for (const file of ['index.html', 'page.css', ...scripts, 'bores.wasm']) {
  const size = gzipSync(readFileSync(path.join(out, file)), { level: 9 }).length;
  total += size;
  console.log(`${file.padEnd(28)} ${(size / 1000).toFixed(1).padStart(7)} kB`);
}
rmSync(target, { recursive: true, force: true });
renameSync(out, target);
console.log(`${'first visit, gzipped'.padEnd(28)} ${(total / 1000).toFixed(1).padStart(7)} kB`);
if (total > BUDGET) {
  console.error(`the first visit loads ${total} bytes, ${BUDGET} are allowed`);
  process.exit(1);
}

/** What is passed on of others goes with its licence. @param {string} folder */
function copyLicences(folder) {
  const modules = path.join(root, 'node_modules');
  copyFileSync(path.join(modules, 'uplot', 'LICENSE'), path.join(folder, 'uplot.txt'));
  copyFileSync(path.join(modules, 'gifenc', 'LICENSE.md'), path.join(folder, 'gifenc.txt'));
  const { version } = JSON.parse(readFileSync(path.join(modules, 'mediabunny', 'package.json'), 'utf8'));
  writeFileSync(path.join(folder, 'mediabunny.txt'), `Mediabunny ${version}, unchanged. Its source is the npm package `
    + `mediabunny@${version}.\n\n${readFileSync(path.join(modules, 'mediabunny', 'LICENSE'), 'utf8')}`);
}

/**
 * The element for pages of others, build/viewer: it asks for the library beside it, so that bundlers find the
 * wasm and the worker as they do for the library itself.
 */
async function buildElement() {
  const folder = path.join(root, 'build', 'viewer');
  const made = `${folder}.${process.pid}`;
  await build({ ...options, splitting: true, chunkNames: '[name]-[hash]', outdir: made,
    entryPoints: { viewer: path.join(web, 'viewer.js') },
    plugins: [{ name: 'library', setup({ onResolve }) {
      onResolve({ filter: /\/js\/index\.js$/ }, () => ({ path: '../../js/index.js', external: true }));
    } }] });
  copyLicences(made);
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
}

/**
 * The entry points and what they import at once; what it may import later is not waited for.
 * @param {import('esbuild').BuildResult} bundle
 * @returns {string[]} names in the output folder
 */
function loadedScripts({ metafile }) {
  const outputs = metafile?.outputs ?? {};
  const found = new Set(Object.keys(outputs).filter((name) => /(main|worker)\.js$/.test(name)));
  for (const name of found) {
    for (const { path: imported, kind, external } of outputs[name].imports) {
      if (kind === 'import-statement' && !external) found.add(imported);
    }
  }
  return [...found].map((name) => path.relative(out, path.resolve(name)));
}
