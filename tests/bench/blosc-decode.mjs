// SPDX-License-Identifier: MIT
// Blosc decoding in WebAssembly beside the same C compiled natively, and beside numcodecs, which BORES
// decodes with: on the chunks of three entries of the medium store, one thread.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runFolder } from '../helpers/fixtures.js';
import { line, made, python, rate, root } from './lib.mjs';

/** The first is smoother than those that follow. */
const ENTRIES = ['entry_0000000000', 'entry_0000000010', 'entry_0000000020'];

export const title = 'Decoding Blosc (lz4, bit shuffle): WebAssembly over native';

export async function run() {
  const folder = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const chunks = made('medium.chunks', (out) => gatherChunks(folder, out));
  const native = rateOf([buildFor('release'), chunks]);
  const wasm = rateOf([process.execPath, `${buildFor('wasm')}.cjs`, chunks]);
  const numcodecs = rateOf(['/usr/bin/python3', path.join(root, 'tests', 'bench', 'blosc_numcodecs.py'),
    chunks]);
  line('WebAssembly (SIMD) over native (SSE2)', rate(wasm, 1), wasm / native, 0.85);
  line('WebAssembly (SIMD) over numcodecs', rate(wasm, 1), wasm / numcodecs);
  line('native', rate(native, 1));
  line('numcodecs', rate(numcodecs, 1));
}

/** The program that decodes chunks, of a preset's build. @param {string} preset */
export function buildFor(preset) {
  const build = path.join(root, 'build', preset);
  execFileSync('cmake', ['--preset', preset], { cwd: root, stdio: 'ignore' });
  execFileSync('cmake', ['--build', build, '--target', 'blosc_decode'], { stdio: 'ignore' });
  return path.join(build, 'tests', 'bench', 'blosc_decode');
}

/** Bytes a second that a program says it decodes. */
export function rateOf([command, ...args]) {
  return Number(execFileSync(command, args, { encoding: 'utf8' }));
}

/** Every chunk behind its length. */
export function gatherChunks(folder, out) {
  const parts = ENTRIES.flatMap((name) => {
    const entry = path.join(folder, name);
    return readdirSync(entry, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^\d+(\.\d+)*$/.test(path.basename(file)))
      .flatMap((file) => {
        const bytes = readFileSync(path.join(entry, file));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
      });
  });
  writeFileSync(out, Buffer.concat(parts));
}
