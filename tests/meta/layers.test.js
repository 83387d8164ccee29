// SPDX-License-Identifier: MIT
// The laws of the tables in ARCHITECTURE.md: which folder may use which, and how large one may be.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {{ uses: string[], headers: string[] }} Law  paths below the project's folder that a folder
 *   may use ('' is all of them), and the public headers that are its own
 */

const ARCHITECTURE = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');

/** @param {string | undefined} cell @returns {string[]} what stands in backticks */
const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

/**
 * @param {string} head  the first cell of the table's first row
 * @param {string} prefix  of each folder named in it
 * @returns {Map<string, Law>}
 */
function lawsOf(head, prefix) {
  const start = ARCHITECTURE.indexOf(`| ${head} |`);
  assert.ok(start >= 0, `ARCHITECTURE.md has a table of "${head}"`);
  const rows = ARCHITECTURE.slice(start, ARCHITECTURE.indexOf('\n\n', start)).split('\n').slice(2);
  return new Map(rows.map((row) => {
    const [, folder, , uses, headers] = row.split('|');
    const may = uses.trim() === 'all' ? [''] : namesIn(uses).map((name) => prefix + name);
    return [prefix + namesIn(folder)[0], { uses: may, headers: namesIn(headers) }];
  }));
}

const c = lawsOf('folder of `src`', 'src/');
const js = lawsOf('folder of `js`', 'js/');
const web = lawsOf('folder', '');

/** Packages that a folder may import beside Node's own. */
const PACKAGES = /** @type {Record<string, string[]>} */ ({ 'js/storage/s3': ['aws4fetch'], web: ['uplot', 'mediabunny', 'gifenc', 'inline:'],
  'web/tools': ['node:', 'esbuild'] });
const MOST_SOURCES = 20;

/** C11, section 7, and what compilers have for SSE2. */
const standard = `assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp
  signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath
  threads time uchar wchar wctype emmintrin`.split(/\s+/);

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

/**
 * The folder of the table that a file belongs to: the nearest.
 * @param {Map<string, Law>} laws
 * @param {string} file
 */
function homeOf(laws, file) {
  for (let folder = path.posix.dirname(file); folder !== '.'; folder = path.posix.dirname(folder)) {
    if (laws.has(folder)) return folder;
  }
  return undefined;
}

/**
 * @param {Map<string, Law>} laws
 * @param {string} file
 * @param {string} target  another file
 */
function mayUse(laws, file, target) {
  const home = /** @type {string} */ (homeOf(laws, file));
  const { uses } = /** @type {Law} */ (laws.get(home));
  return homeOf(laws, target) === home || uses.some((name) => name === '' || name === target
    || target.startsWith(`${name}/`));
}

test('the tables name each folder that there is, and no other', () => {
  for (const [laws, top] of /** @type {const} */ ([[c, 'src'], [js, 'js'], [web, 'web']])) {
    for (const [folder, { uses }] of laws) {
      for (const name of [folder, ...uses]) assert.ok(existsSync(path.join(root, name)), `${folder}: ${name}`);
    }
    const homeless = files(top, /\.(c|h|m?js)$/).filter((file) =>
      !/^(src\/include|js\/wasm)\//.test(file) && file !== 'js/index.js' && homeOf(laws, file) === undefined);
    assert.deepEqual(homeless, []);
  }
});

test(`a folder has at most ${MOST_SOURCES} sources`, () => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const sources = ['src', 'js', 'web', 'tests'].flatMap((top) => files(top, /\.(c|m?js)$/));
  for (const file of sources.filter((name) => !name.startsWith('tests/data/'))) {
    const folder = path.posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  assert.ok(counts.size > 100, `${counts.size} folders are counted`);
  assert.deepEqual([...counts].filter(([, count]) => count > MOST_SOURCES), []);
});

test('tests have the folders of what they test', () => {
  for (const [tests, of, others] of /** @type {const} */ ([['tests/c', 'src', ['helpers']], ['tests/js', 'js', ['web']]])) {
    const folders = new Set(files(tests, /_test\.c$|\.test\.js$/).map((file) => path.posix.dirname(file).slice(tests.length + 1)));
    assert.ok(folders.size > 8, `${tests} has ${folders.size} folders`);
    assert.deepEqual([...folders].filter((name) => !existsSync(path.join(root, of, name)) && !others.includes(name)), []);
  }
});

/**
 * What the files of a folder include or import, to be judged.
 * @param {Map<string, Law>} laws
 * @param {string} folder
 * @param {RegExp} kind
 * @param {RegExp} line
 */
function wantedIn(laws, folder, kind, line) {
  const own = files(folder, kind).filter((file) => homeOf(laws, file) === folder);
  assert.ok(own.length > 0, `${folder} has files of its own`);
  return own.flatMap((file) => [...withoutComments(read(file)).matchAll(line)].map(([, wanted]) => ({ file, wanted })));
}

const INCLUDE = /^\s*#\s*include "([^"]+)"/gm;
const IMPORT = /(?:\bfrom |\bimport\(|^import )["'`]([^"'`\s]+)["'`]/gm;

test('includes and imports are found, however they are written', () => {
  const found = (/** @type {string} */ text, /** @type {RegExp} */ line) => [...text.matchAll(line)].map(([, name]) => name);
  assert.deepEqual(found('#include "a.h"\n  # include "b/c.h"\n', INCLUDE), ['a.h', 'b/c.h']);
  assert.deepEqual(found("import './a.js';\nimport { x }\n  from \"./b.js\";\nexport * from './c.js';\nawait import(`./d.js`);\n",
    IMPORT), ['./a.js', './b.js', './c.js', './d.js']);
});

/** @param {string} file @param {string} header @returns {string | undefined} the folder it belongs to */
function ownerOf(file, header) {
  if (header.startsWith('bores/')) {
    const name = path.parse(header).name;
    return [...c.keys()].find((folder) => c.get(folder)?.headers.includes(name)) ?? 'nobody';
  }
  const beside = path.posix.join(path.posix.dirname(file), header);
  return existsSync(path.join(root, beside)) ? path.posix.dirname(beside) : path.posix.dirname(`src/${header}`);
}

for (const folder of c.keys()) {
  test(`${folder} includes only what it may`, () => {
    const wrong = wantedIn(c, folder, /\.[ch]$/, INCLUDE).filter(({ file, wanted }) =>
      !mayUse(c, file, `${ownerOf(file, wanted)}/${path.posix.basename(wanted)}`));
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

for (const [laws, folder] of [...js.keys()].map((name) => /** @type {const} */ ([js, name]))
  .concat([...web.keys()].map((name) => /** @type {const} */ ([web, name])))) {
  test(`${folder} imports only what it may`, () => {
    const packages = PACKAGES[folder] ?? (folder.startsWith('js/') ? ['node:'] : []);
    const wrong = wantedIn(laws, folder, /\.m?js$/, IMPORT).filter(({ file, wanted }) => (wanted.startsWith('.')
      ? !mayUse(laws, file, path.posix.join(path.posix.dirname(file), wanted))
      : !packages.some((name) => wanted.startsWith(name))));
    assert.deepEqual(wrong, []);
  });
}
