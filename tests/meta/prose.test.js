// SPDX-License-Identifier: MIT
// What is written about the code: files and folders that are named exist, a format's names stand where the
// format is at home, and lines are as long as a reader's window.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { filesBelow } from '../helpers/files-below.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TOPS = ['.ci', 'cmake', 'docs', 'examples', 'js', 'src', 'tests', 'web'];
const DOCUMENTS = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', 'CMakeLists.txt'];
const NOT_OURS = /^(js\/wasm|tests\/data|tests\/fuzz\/corpus)\/|__pycache__|node_modules/;

/** Below the project's folder, with '/'. @type {string[]} */
const files = [...DOCUMENTS, ...TOPS.filter((top) => existsSync(path.join(root, top))).flatMap((top) =>
  filesBelow(path.join(root, top)).map((name) => `${top}/${name}`))].filter((name) => !NOT_OURS.test(name));

/** @param {string} name */
const read = (name) => readFileSync(path.join(root, name), 'utf8');

const NAMES = new Set([...files, ...filesBelow(path.join(root, 'tests/data'))]
  .map((name) => path.posix.basename(name)));
const PATHS = new Set(files.flatMap((name) => {
  const ends = [];
  for (let whole = name; whole !== '.'; whole = path.posix.dirname(whole)) {
    const parts = whole.split('/');
    ends.push(...parts.map((_, i) => parts.slice(i).join('/')));
  }
  return ends;
}));

/** Of other projects, or made in a build. */
const THEIRS = new Set(['zstd_fast.c', 'zstd_lazy.c', 'blosc.c', 'shuffle.c', 'blosc.h', 'lookup3.c', 'xxhash.c']);
const NAMED = new RegExp('(?<![\\w./:*{}$>-])'
  + '((?:src|js|web|tests|cmake|examples|docs|\\.ci)/[\\w./-]*\\w|[\\w-]+(?:/[\\w-]+)*\\.(?:c|h|m?js|cmake|py))'
  + '/?(?![\\w*/<{(-]|\\.\\w)', 'g');

/** @param {string} name @returns {string[]}  comments, or what a document has in backticks */
function proseOf(name) {
  const text = read(name);
  if (name.endsWith('.md')) return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  if (/\.(cmake|py|txt)$/.test(name)) return text.split('\n').filter((line) => /^\s*#/.test(line));
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/gm)].map(([comment]) => comment);
}

/** @param {string} text */
const namesIn = (text) => [...text.matchAll(NAMED)].map(([, named]) => named);

test('a file or folder that a comment or a document names exists', () => {
  assert.deepEqual(namesIn('see lost.c, src/lost/, js/lost/there.js and web/lost.'),
    ['lost.c', 'src/lost', 'js/lost/there.js', 'web/lost']);
  const sources = files.filter((name) => /\.(c|h|m?js|md|cmake|py|txt)$/.test(name));
  const lost = sources.flatMap((name) => proseOf(name)
    .flatMap(namesIn)
    .filter((named) => !THEIRS.has(named) && !/[A-Z]{3}/.test(named) && !existsSync(path.join(root, named))
      && !(named.includes('/') ? PATHS.has(named) : NAMES.has(named)))
    .map((named) => `${name}: ${named}`));
  assert.deepEqual(lost, []);
});

/**
 * What only a format's own folders know, and where else it may stand: cli/ tells its users of formats,
 * store/arrays/ and cube/ write arrays of Zarr, and zarr-root.js is what storages know of it.
 * @type {{ names: RegExp, home: RegExp }[]}
 */
const HOMES = [
  { names: /\.z(?:array|attrs|group|metadata)\b|\bzarr\.json\b/,
    home: /^js\/(formats\/zarr|store\/arrays|cube|cli)\/|^js\/storage\/base\/zarr-root\.js$|^src\/(zarr)\// },
  { names: /['"`]hdf5\//, home: /^js\/formats\/hdf5\/|^js\/storage\/file\/keyed-file\.js$|^src\/hdf5\// },
  { names: /\bbw_h5_|<hdf5\.h>|\bH5[A-Z]\w+\(/, home: /^src\/(hdf5|wasm\/hdf5)\/|^src\/include\/bores\/hdf5\.h$/ },
  { names: /<cJSON\.h>|<yaml\.h>/, home: /^src\/(json|text)\// },
];

test("a format's names stand in its own folders", () => {
  const sources = files.filter((name) => /^(js|src)\/.*\.(c|h|js)$/.test(name));
  for (const { names, home } of HOMES) {
    assert.ok(sources.some((name) => home.test(name) && names.test(read(name))), `${names} stands at home`);
  }
  const strays = sources.flatMap((name) => {
    const code = read(name).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/gm, '');
    return HOMES.filter(({ names, home }) => !home.test(name) && names.test(code))
      .map(({ names }) => `${name}: ${names.exec(code)?.[0]}`);
  });
  assert.deepEqual(strays, []);
});

test('lines are at most 120 characters long, rows of cases in tests 150', () => {
  const sources = files.filter((name) => /\.(c|h|m?js|py)$/.test(name));
  const tooLong = sources.flatMap((name) => {
    const limit = name.startsWith('tests/') ? 150 : 120;
    return read(name).split('\n').flatMap((line, i) =>
      ([...line].length > limit ? [`${name}:${i + 1}: ${[...line].length}`] : []));
  });
  assert.deepEqual(tooLong, []);
});
