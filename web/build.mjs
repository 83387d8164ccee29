// SPDX-License-Identifier: MIT
// Bundles the viewer into build/web/: static files with relative addresses, to be put on any
// web server. `node web/build.mjs [--watch-sizes]` prints what a first visit loads.

import { build } from 'esbuild';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = path.join(root, 'build', 'web');
const web = path.join(root, 'web');

/** Bytes, gzipped, that everything needed for the first picture may take. */
const BUDGET = 450_000;

/** @type {import('esbuild').BuildOptions} */
const options = {
  bundle: true,
  format: 'esm',
  target: ['chrome109', 'firefox115', 'safari16.4'],
  platform: 'browser',
  minify: true,
  legalComments: 'linked',
  loader: { '.css': 'text' },
  // The library is written for Node too; those branches are never taken in a page.
  external: ['node:*'],
  outdir: out,
  metafile: true,
  logLevel: 'warning',
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const bundles = await Promise.all([
  build({ ...options, entryPoints: { main: path.join(web, 'main.js') }, splitting: true,
    chunkNames: '[name]-[hash]' }),
  build({ ...options, entryPoints: { worker: path.join(root, 'js', 'worker', 'server.js') } }),
]);
for (const name of ['index.html', 'icon.svg']) {
  copyFileSync(path.join(web, name), path.join(out, name));
}
copyFileSync(path.join(web, 'styles', 'page.css'), path.join(out, 'page.css'));
for (const name of ['bores.wasm', 'bores-scalar.wasm']) {
  copyFileSync(path.join(root, 'js', 'wasm', name), path.join(out, name));
}
if (existsSync(path.join(web, 'samples'))) {
  cpSync(path.join(web, 'samples'), path.join(out, 'samples'), { recursive: true });
}

const scripts = bundles.flatMap(({ metafile }) => Object.keys(metafile?.outputs ?? {}))
  .filter((name) => name.endsWith('.js')).map((name) => path.resolve(name));
let total = 0;
for (const file of [...scripts, ...['index.html', 'page.css', 'bores.wasm']
  .map((name) => path.join(out, name))]) {
  const size = gzipSync(readFileSync(file), { level: 9 }).length;
  total += size;
  console.log(`${path.relative(out, file).padEnd(28)} ${(size / 1000).toFixed(1).padStart(7)} kB`);
}
console.log(`${'first visit, gzipped'.padEnd(28)} ${(total / 1000).toFixed(1).padStart(7)} kB`);
if (total > BUDGET) {
  console.error(`the first visit loads ${total} bytes, ${BUDGET} are allowed`);
  process.exit(1);
}
