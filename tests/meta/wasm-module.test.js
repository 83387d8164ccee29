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
import { instantiate } from '../../js/core/load.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Each with its list of exports, its imports beside that of growth, and its limit in KiB, gzipped. */
const modules = [
  { name: 'bores.wasm', list: 'exports.txt', asks: [], limit: 256 },
  { name: 'bores-scalar.wasm', list: 'exports.txt', asks: [], limit: 256 },
  ...['bores-hdf5.wasm', 'bores-hdf5-scalar.wasm'].map((name) => ({ name,
    list: 'hdf5_exports.txt',
    asks: [...['read', 'released', 'sibling', 'size', 'truncate', 'write'].map((f) => `bores.${f}`),
      // of the C library's streams, which nothing opens
      ...['clock_time_get', 'fd_close', 'fd_read', 'fd_seek', 'fd_write']
        .map((f) => `wasi_snapshot_preview1.${f}`)],
    limit: 700_000 / 1024 })),
];

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

for (const [list, isOwn] of /** @type {[string, (name: string) => boolean][]} */ ([
  ['exports.txt', (name) => !name.startsWith('hdf5_')],
  ['hdf5_exports.txt', (name) => /^(hdf5|memory)_/.test(name)],
])) {
  test(`${list} lists what the headers of src/wasm declare`, () => {
    const declared = readdirSync(path.join(root, 'src/wasm'))
      .filter((name) => name.endsWith('.h') && isOwn(name))
      .flatMap((name) => [...read(`src/wasm/${name}`).toString()
        .matchAll(/^BW_EXPORT[^;]*?\b(bw_wasm_\w+)\(/gm)])
      .map((match) => match[1]);
    assert.deepEqual(listed(list), declared.sort());
  });
}

for (const { name, list, asks, limit } of modules) {
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
    const useSimd = !name.includes('scalar');
    if (list === 'exports.txt') await instantiate({ useSimd });
    else await Hdf5Core.load({ useSimd });
  });

  test(`${name} stays within ${Math.floor(limit)} KiB gzipped`, () => {
    const { length } = gzipSync(bytes, { level: 9 });
    assert.ok(length < limit * 1024, `${length} bytes`);
  });
}

test('the C core calls nothing that does input or output, or reads the clock or environment', () => {
  const symbols = execFileSync('nm', ['-u', path.join(root, 'build/native/libbores.a')])
    .toString()
    .split('\n')
    .map((line) => /^\s+U (\w+)$/.exec(line)?.[1])
    .filter((symbol) => symbol !== undefined);
  const forbidden = /^_*(f?printf|v?fprintf|puts|fputs|f?putc|f?open|fread|fwrite|read|write|s?scanf|getenv|time|clock.*|rand|srand|random|exit|system|pthread_.*)(_chk)?$/;
  assert.ok(symbols.includes('vsnprintf'), 'nm lists the undefined symbols');
  assert.deepEqual(symbols.filter((symbol) => forbidden.test(symbol)), []);
});
