// SPDX-License-Identifier: MIT
// Reading all arrays of all entries of a medium store in one thread, beside zarrita reading the same
// arrays from the same folder; and the same store from one zip.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { FileSystemStore } from '@zarrita/storage';
import * as zarrita from 'zarrita';
import { openStore } from '../../js/index.js';
import { NdArray } from '../../js/values/nd-array.js';
import { runFolder } from '../helpers/fixtures.js';
import { best, line, made, python, rate } from './lib.mjs';

export const title = 'Reading a medium store (32 × 38 × 15, 21 entries, every array)';

export async function run() {
  const folder = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const zip = made('medium.zarr.zip', (out) => zipFolder(folder, out));
  const arrays = arraysOf(folder);
  let bytes = 0;
  const ours = await best(3, async () => { bytes = await readAll(folder); });
  const zipped = await best(3, () => readAll(zip));
  const theirs = await best(2, () => readAllWithZarrita(folder, arrays));
  line('bores-wasm, folder, over zarrita, folder', rate(bytes, ours), theirs / ours, 8);
  line('bores-wasm, one zip, over bores-wasm, folder', rate(bytes, zipped), ours / zipped, 1.5);
  line('zarrita, folder', rate(bytes, theirs));
}

async function readAll(location) {
  const store = await openStore(location, { worker: false });
  let bytes = 0;
  for await (const tree of store.load({ as: 'raw' })) bytes += sizeOf(tree);
  await store.close();
  return bytes;
}

function sizeOf(node) {
  if (node instanceof NdArray) return node.data.byteLength ?? 0;
  if (node === null || typeof node !== 'object') return 0;
  return Object.values(node).reduce((sum, item) => sum + sizeOf(item), 0);
}

/** Paths of all arrays of the flat layout. */
function arraysOf(folder) {
  return readdirSync(folder).filter((name) => name.startsWith('entry_')).flatMap((entry) =>
    readdirSync(`${folder}/${entry}`).filter((name) => !name.startsWith('.'))
      .map((name) => `/${entry}/${name}`));
}

async function readAllWithZarrita(folder, arrays) {
  const root = zarrita.root(new FileSystemStore(folder));
  for (const path of arrays) {
    const array = await zarrita.open.v2(root.resolve(path), { kind: 'array' });
    if (!array.shape.includes(0)) await zarrita.get(array); // it cannot read those
  }
}

function zipFolder(folder, out) {
  execFileSync('/usr/bin/python3', ['-c', `
import os, sys, zipfile
folder, out = sys.argv[1:]
with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
    for base, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            full = os.path.join(base, name)
            archive.write(full, os.path.relpath(full, folder))
`, folder, out]);
}
