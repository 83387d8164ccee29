// SPDX-License-Identifier: MIT
// The modules that ship: what they export, what they ask of their host, how large they are, and
// that the C behind them does no input or output.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Hdf5Core } from '../../js/core/hdf5-core.js';
import { instantiate, instantiateAnalysis, instantiateEclipse, instantiateText } from '../../js/core/load.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the C library's streams would ask for, which nothing opens. */
const STREAMS = ['fd_close', 'fd_read', 'fd_seek', 'fd_write']
  .map((name) => `wasi_snapshot_preview1.${name}`);
const FILES = ['read', 'released', 'sibling', 'size', 'truncate', 'write'].map((name) => `bores.${name}`);

/** What each pair of builds, with SIMD and without, exports, which imports it has beside that of growth,
 * and how large it may be, gzipped. */
const modules = [
  { name: 'bores', list: 'core/exports.txt', asks: [], limit: 304 * 1024, load: instantiate },
  { name: 'bores-text', list: 'text/exports.txt', asks: [], limit: 112 * 1024, load: instantiateText },
  { name: 'bores-analysis', list: 'analysis/exports.txt', asks: [], limit: 80 * 1024,
    load: instantiateAnalysis },
  { name: 'bores-eclipse', list: 'eclipse/exports.txt', asks: [], limit: 96 * 1024, load: instantiateEclipse },
  { name: 'bores-hdf5', list: 'hdf5/exports.txt', asks: [...FILES, ...STREAMS], limit: 600_000,
    load: Hdf5Core.load },
  { name: 'bores-sim', list: 'sim/exports.txt', asks: [], limit: 500_000,
    load: ({ useSimd }) => instantiate({ useSimd, simd: read('js/wasm/bores-sim.wasm'),
      scalar: read('js/wasm/bores-sim-scalar.wasm') }) },
].flatMap(({ name, ...rest }) => [
  { name: `${name}.wasm`, useSimd: true, ...rest },
  { name: `${name}-scalar.wasm`, useSimd: false, ...rest },
]);

/** What Emscripten adds by itself. */
const RUNTIME_EXPORTS = [
  ...['memory', '__indirect_function_table', '_initialize', '__errno_location'],
  ...['stackSave', 'stackRestore', 'stackAlloc', 'malloc'],
];

/** @param {string} file  below the project's folder */
const read = (file) => readFileSync(path.join(root, file));

/** @param {string} list */
const listed = (list) =>
  read(`src/wasm/${list}`).toString().split('\n').filter((line) => line !== '').sort();

for (const [folder, shared] of /** @type {[string, string[]][]} */ ([
  ['core', ['exports.h', 'memory_exports.h', 'rows.h']],
  ['analysis', ['memory_exports.h', 'rows.h']],
  ['hdf5', ['memory_exports.h']],
])) {
  test(`src/wasm/${folder}/exports.txt lists what the headers declare`, () => {
    const own = readdirSync(path.join(root, 'src/wasm', folder)).filter((name) => name.endsWith('.h'));
    const declared = [...shared, ...own.map((name) => `${folder}/${name}`)]
      .flatMap((name) => [...read(`src/wasm/${name}`).toString()
        .matchAll(/^BW_EXPORT[^;]*?\b(bw_wasm_\w+)\(/gm)])
      .map((match) => match[1]);
    assert.deepEqual(listed(`${folder}/exports.txt`), declared.sort());
  });
}

for (const { name, list, asks, limit, load, useSimd } of modules) {
  const bytes = read(`js/wasm/${name}`);

  test(`${name} exports exactly ${list} and the runtime's own`, () => {
    const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map((e) => e.name);
    assert.deepEqual(names.filter((e) => !RUNTIME_EXPORTS.includes(e)).sort(), listed(list));
    assert.ok(names.includes('memory'));
  });

  test(`${name} asks its host for nothing else`, async () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
    const expected = ['env.emscripten_notify_memory_growth', ...asks];
    assert.deepEqual(imports.map((i) => `${i.module}.${i.name}`).sort(), expected.sort());
    await load({ useSimd });
  });

  test(`${name} stays within ${limit} bytes gzipped`, () => {
    const { length } = gzipSync(bytes, { level: 9 });
    assert.ok(length < limit, `${length} bytes`);
  });
}

test('the C core calls nothing that does input or output, or reads the clock or environment', () => {
  const symbols = execFileSync('nm', ['-u', path.join(root, 'build/native/libbores.a')])
    .toString()
    .split('\n')
    .map((line) => /^\s+U (\w+)$/.exec(line)?.[1])
    .filter((symbol) => symbol !== undefined);
  const forbidden = new RegExp('^_*(f?printf|v?fprintf|puts|fputs|f?putc|f?open|fread|fwrite|read|write|s?scanf|'
    + 'getenv|time|clock.*|rand|srand|random|exit|system|pthread_.*)(_chk)?$');
  assert.ok(symbols.includes('vsnprintf'), 'nm lists the undefined symbols');
  assert.deepEqual(symbols.filter((symbol) => forbidden.test(symbol)), []);
});
