// SPDX-License-Identifier: MIT
// What is kept in the repository: each source file says its licence, has one job's size, and data
// stay small.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { filesBelow } from '../helpers/files-below.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['.ci', 'cmake', 'examples', 'js', 'src', 'tests', 'web'];
const BUILT = /^(js\/wasm|types)\//;
const SOURCE = /\.(c|h|js|mjs|py|css|html|cmake|sh)$|(^|\/)CMakeLists\.txt$|^\.ci\/run$/;

/** Below the project's folder, with '/'. @type {string[]} */
const files = [...FOLDERS.flatMap((folder) =>
  filesBelow(path.join(root, folder)).filter((name) => !name.includes('__pycache__'))
    .map((name) => `${folder}/${name}`)),
'CMakeLists.txt'].filter((name) => !BUILT.test(name));

/** @param {string} name */
const read = (name) => readFileSync(path.join(root, name), 'utf8');

test('each source file says its licence at its top', () => {
  const sources = files.filter((name) => SOURCE.test(name));
  assert.ok(sources.length > 200);
  const without = sources.filter((name) =>
    !read(name).split('\n', 3).join('\n').includes('SPDX-License-Identifier: MIT'));
  assert.deepEqual(without, []);
});

test('no file is longer than a reader can hold', () => {
  const limits = /** @type {[RegExp, number][]} */ ([
    [/^src\/.*\.h$/, 300], [/^src\/.*\.c$/, 500], [/^(js|web)\/.*\.m?js$/, 400],
    [/^tests\/.*\.(c|h|m?js)$/, 700],
  ]);
  const tooLong = files.flatMap((name) => {
    const limit = limits.find(([kind]) => kind.test(name))?.[1] ?? Infinity;
    const lines = limit === Infinity ? 0 : read(name).split('\n').length - 1;
    return lines > limit ? [`${name}: ${lines} lines, ${limit} are the limit`] : [];
  });
  assert.deepEqual(tooLong, []);
});

test('data are small', () => {
  const sizes = files.map((name) => ({ name, size: statSync(path.join(root, name)).size }));
  const limit = (/** @type {string} */ name) => (name.startsWith('web/samples/') ? 3e6 : 1.5e6);
  assert.deepEqual(sizes.filter(({ name, size }) => size > limit(name)), []);
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  assert.ok(total < 24e6, `${total} bytes in all`);
});
