// SPDX-License-Identifier: MIT
// Bundles the viewer into build/web/: static files with relative addresses, to be put on any
// web server. Prints what a first visit loads, and fails where that is too much.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import {
  copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { directImports } from './direct-imports.mjs';

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

/** What the one file has inside, by the names of configureWasm(): the modules of browsers of today. */
const INSIDE = { simd: 'bores', hdf5: 'bores-hdf5', text: 'bores-text', analysis: 'bores-analysis', sim: 'bores-sim',
  eclipse: 'bores-eclipse' };

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
const bundle = await build({ ...options, splitting: true, chunkNames: '[name]-[hash]', plugins: [directImports(root)],
  entryPoints: { main: path.join(web, 'main.js'), worker: path.join(root, 'js', 'worker', 'server.js') } });
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

for (const name of ['manifest.webmanifest', 'icon-192.png', 'icon-512.png']) {
  copyFileSync(path.join(web, 'offline', name), path.join(out, name));
}
writeServiceWorker();
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
 * The page's files with their sum, so that another build is another worker. Of the samples only the one that the
 * page offers; of the modules those of browsers of today.
 */
function writeServiceWorker() {
  const files = readdirSync(out).filter((name) => /\.(html|css|js|svg|png|webmanifest|wasm)$/.test(name)
    && !name.endsWith('-scalar.wasm')).concat('samples/five-spot.zarr.zip').sort();
  const sum = createHash('sha256');
  for (const name of files) sum.update(name).update(readFileSync(path.join(out, name)));
  const code = readFileSync(path.join(web, 'offline', 'service-worker.js'), 'utf8');
  writeFileSync(path.join(out, 'service-worker.js'), `globalThis.VERSION = '${sum.digest('hex').slice(0, 16)}';
globalThis.FILES = ${JSON.stringify(files)};\n${code}`);
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
  await buildStandalone(made);
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
}

/** The element as one file, for a page without a bundler. @param {string} folder */
async function buildStandalone(folder) {
  const { outputFiles: [worker] } = await build({ ...options, write: false,
    entryPoints: [path.join(root, 'js', 'worker', 'server.js')] });
  const modules = Object.fromEntries(Object.entries(INSIDE).map(([name, file]) => [name,
    gzipSync(readFileSync(path.join(root, 'js', 'wasm', `${file}.wasm`)), { level: 9 }).toString('base64')]));
  const inside = { worker: worker.text, modules };
  await build({ ...options, outdir: folder, target: ['chrome109', 'firefox115', 'safari16.4'],
    entryPoints: { 'bores-viewer.standalone': path.join(web, 'standalone.js') },
    plugins: [{ name: 'inline', setup({ onResolve, onLoad }) {
      onResolve({ filter: /^inline:/ }, ({ path: name }) => ({ path: name.slice(7), namespace: 'inline' }));
      onLoad({ filter: /.*/, namespace: 'inline' }, ({ path: name }) => ({ loader: 'js',
        contents: `export default ${JSON.stringify(inside[/** @type {'worker'} */ (name)])};` }));
    } }] });
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
