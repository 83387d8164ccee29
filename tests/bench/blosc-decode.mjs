// SPDX-License-Identifier: MIT
// Blosc decoding in WebAssembly beside the same C compiled natively, on the chunks of one entry of the
// medium store.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runFolder } from '../js/fixtures.js';
import { line, made, python, rate, root } from './lib.mjs';

export const title = 'Decoding Blosc (lz4, bit shuffle): WebAssembly over native';

export async function run() {
  const folder = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const chunks = made('medium.chunks', (out) => gatherChunks(folder, out));
  const native = measure([buildFor('release'), chunks]);
  const wasm = measure([process.execPath, `${buildFor('wasm')}.cjs`, chunks]);
  line('WebAssembly (SIMD) over native (SSE2)', rate(wasm, 1), wasm / native, 0.85);
  line('native', rate(native, 1));
}

function buildFor(preset) {
  const build = path.join(root, 'build', preset);
  execFileSync('cmake', ['--preset', preset], { cwd: root, stdio: 'ignore' });
  execFileSync('cmake', ['--build', build, '--target', 'blosc_decode'], { stdio: 'ignore' });
  return path.join(build, 'tests', 'bench', 'blosc_decode');
}

function measure([command, ...args]) {
  return Number(execFileSync(command, args, { encoding: 'utf8' }));
}

/** Every chunk of the first entry behind its length. */
function gatherChunks(folder, out) {
  const entry = path.join(folder, 'entry_0000000000');
  const parts = readdirSync(entry, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^\d+(\.\d+)*$/.test(path.basename(name)))
    .flatMap((name) => {
      const bytes = readFileSync(path.join(entry, name));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    });
  writeFileSync(out, Buffer.concat(parts));
}
