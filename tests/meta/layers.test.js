// SPDX-License-Identifier: MIT
// The laws of the table in ARCHITECTURE.md: which folder may use which.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of C: what else they may include, and which public headers are theirs. */
const everything = ['base', 'codec', 'json', 'array', 'op', 'entry', 'zarr', 'text', 'format', 'store', 'hdf5',
  'numbers', 'geometry', 'analysis', 'stream', 'wasm'];
const c = {
  base: { uses: [], headers: ['status', 'context', 'bytes', 'arena', 'dtype', 'array', 'tree', 'pack'] },
  codec: { uses: ['base'], headers: ['codec'] },
  format: { uses: ['base', 'codec', 'json', 'array', 'text'], headers: ['json', 'zarr', 'record'] },
  json: { uses: ['base', 'format'], headers: ['json'] },
  array: { uses: ['base', 'codec', 'format', 'json', 'store', 'op'], headers: ['zarr', 'record'] },
  text: { uses: everything, headers: [] },
  op: { uses: ['base', 'format', 'json', 'array'], headers: ['op'] },
  entry: { uses: everything, headers: [] },
  zarr: { uses: everything, headers: [] },
  store: { uses: everything, headers: ['op'] },
  hdf5: { uses: everything, headers: ['hdf5'] },
  stream: { uses: ['base'], headers: ['stream'] },
  numbers: { uses: ['base', 'geometry'], headers: ['numbers'] },
  geometry: { uses: ['base', 'numbers'], headers: ['geometry'] },
  analysis: { uses: ['base', 'numbers'], headers: ['analysis'] },
  wasm: { uses: everything, headers: [] },
};

/** C11, section 7, and what compilers have for SSE2. */
const standard = `assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp
  signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath
  threads time uchar wchar wctype emmintrin`.split(/\s+/);

/** Folders of JavaScript: the beginnings of the paths they may import, and packages. Types may
 * come from anywhere, since they are gone at run time. */
const js = {
  'js/core/': { paths: ['js/core/'], packages: ['node:'] },
  'js/simulation/': { paths: ['js/'], packages: [] },
  'js/run/': { paths: ['js/'], packages: [] },
  'js/analysis/': { paths: ['js/'], packages: [] },
  'js/cli/': { paths: ['js/cli/', 'js/index.js'], packages: ['node:'] },
  'js/index.js': { paths: ['js/'], packages: [] },
  'web/': { paths: ['web/', 'js/index.js'], packages: ['node:', 'uplot', 'esbuild'] },
};

/** @param {string} folder @param {RegExp} kind @returns {string[]} paths below the project's folder */
function files(folder, kind) {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name))
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')));
}

/** @param {string} file */
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** @param {string} source */
const withoutComments = (source) => source.replace(/\/\*[\s\S]*?\*\//g, '');

test('every folder of src is in the table', () => {
  const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'include')
    .map((entry) => entry.name);
  assert.deepEqual(folders.filter((folder) => !(folder in c)), []);
});

for (const [folder, { uses }] of Object.entries(c)) {
  test(`src/${folder} includes only what it may`, () => {
    const allowed = [folder, ...uses];
    const wrong = files(`src/${folder}`, /\.[ch]$/).flatMap((file) =>
      [...read(file).matchAll(/^#include "([^"]+)"/gm)]
        .map((match) => match[1])
        .filter((header) => {
          const [first, name] = header.split('/');
          if (name === undefined) return false; // its own folder's
          const owners = first === 'bores'
            ? Object.keys(c).filter((key) => c[key].headers.includes(path.parse(name).name))
            : [first];
          return !owners.some((owner) => allowed.includes(owner));
        })
        .map((header) => `${file}: ${header}`));
    assert.deepEqual(wrong, []);
  });
}

test('a third-party header is known to one file', () => {
  /** @type {Map<string, string[]>} */
  const users = new Map();
  for (const file of files('src', /\.[ch]$/)) {
    for (const [, header] of read(file).matchAll(/^\s*#\s*include <([^>]+)\.h>/gm)) {
      // HDF5's world of types and calls is one folder, not one file.
      if (file.startsWith('src/hdf5/') && /^(hdf5|H5\w+|unistd|features|sys\/time)$/.test(header)) continue;
      if (!standard.includes(header)) users.set(header, [...(users.get(header) ?? []), file]);
    }
  }
  assert.ok(users.has('zstd'), 'the search finds wrappers');
  assert.deepEqual([...users].filter(([, of]) => of.length > 1 || of[0].endsWith('.h')), []);
});

for (const [folder, { paths, packages }] of Object.entries(js)) {
  test(`${folder} imports only what it may`, () => {
    const sources = folder.endsWith('.js') ? [folder] : files(folder, /\.m?js$/);
    const wrong = sources.flatMap((file) =>
      [...withoutComments(read(file)).matchAll(/(?:\bfrom |\bimport\(|^import )'([^'\s]+)'/gm)]
        .map((match) => match[1])
        .filter((wanted) => {
          if (!wanted.startsWith('.')) return !packages.some((name) => wanted.startsWith(name));
          const target = path.posix.join(path.posix.dirname(file), wanted);
          return !paths.some((start) => target.startsWith(start));
        })
        .map((wanted) => `${file}: ${wanted}`));
    assert.deepEqual(wrong, []);
  });
}
