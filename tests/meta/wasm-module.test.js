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
import { instantiate, instantiateText } from '../../js/core/load.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What each pair of builds, with SIMD and without, exports, and how large it may be, gzipped. */
const modules = [
  { name: 'bores', exports: 'src/wasm/exports.txt', limit: 256 * 1024, load: instantiate },
  { name: 'bores-text', exports: 'src/wasm/text/exports.txt', limit: 112 * 1024, load: instantiateText },
].flatMap(({ name, ...rest }) => [
  { name: `${name}.wasm`, useSimd: true, ...rest },
  { name: `${name}-scalar.wasm`, useSimd: false, ...rest },
]);

/** What Emscripten adds by itself. */
const RUNTIME_EXPORTS = [
  ...['memory', '__indirect_function_table', '_initialize', '__errno_location'],
  ...['stackSave', 'stackRestore', 'stackAlloc'],
];

/** @param {string} file  below the project's folder */
const read = (file) => readFileSync(path.join(root, file));
/** @param {string} file */
const listedIn = (file) => read(file).toString().split('\n').filter((line) => line !== '');

test('exports.txt lists what the headers of src/wasm declare', () => {
  const declared = readdirSync(path.join(root, 'src/wasm'))
    .filter((name) => name.endsWith('.h'))
    .flatMap((name) => [...read(`src/wasm/${name}`).toString()
      .matchAll(/^BW_EXPORT[^;]*?\b(bw_wasm_\w+)\(/gm)])
    .map((match) => match[1]);
  assert.deepEqual(listedIn('src/wasm/exports.txt').sort(), declared.sort());
});

for (const { name, exports, limit, load, useSimd } of modules) {
  const bytes = read(`js/wasm/${name}`);

  test(`${name} exports exactly ${exports} and the runtime's own`, () => {
    const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map((e) => e.name);
    assert.deepEqual(names.filter((e) => !RUNTIME_EXPORTS.includes(e)).sort(), listedIn(exports).sort());
    assert.ok(names.includes('memory'));
  });

  test(`${name} asks its host only to hear of growth`, async () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
    assert.deepEqual(
      imports.map((i) => `${i.module}.${i.name}`),
      ['env.emscripten_notify_memory_growth'],
    );
    await load({ useSimd });
  });

  test(`${name} stays within ${limit / 1024} KiB gzipped`, () => {
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
  const forbidden = /^_*(f?printf|v?fprintf|puts|fputs|f?putc|f?open|fread|fwrite|read|write|s?scanf|getenv|time|clock.*|rand|srand|random|exit|system|pthread_.*)(_chk)?$/;
  assert.ok(symbols.includes('vsnprintf'), 'nm lists the undefined symbols');
  assert.deepEqual(symbols.filter((symbol) => forbidden.test(symbol)), []);
});
