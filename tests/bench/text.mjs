// SPDX-License-Identifier: MIT
// Loading every entry of a text store, beside what plain JavaScript has: JSON.parse, js-yaml and yaml, each
// with its base64 turned into typed arrays. Each in a process of its own, which tells its peak memory.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { JSONStore, YAMLStore, openStore } from '../../js/index.js';
import { runFolder } from '../helpers/fixtures.js';
import { line, made, python, rate } from './lib.mjs';

export const title = 'Loading text stores (32 × 38 × 15 cells, every array of every entry)';

const worker = fileURLToPath(new URL('./peers/text-reader.mjs', import.meta.url));

/**
 * The best of three processes.
 * @param {string} reader  of text-reader.mjs
 * @param {string} file
 * @returns {{ seconds: number, peak: number, sum: number }}  peak: bytes above an idle process
 */
function measure(reader, file) {
  const runs = Array.from({ length: 3 }, () =>
    JSON.parse(execFileSync(process.execPath, [worker, reader, file], { encoding: 'utf8' })));
  return runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
}

/** @param {string} name @param {typeof JSONStore} Store @param {number} entries @param {'raw' | 'record'} arrays */
async function makeStore(name, Store, entries, arrays) {
  const medium = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const file = made(name, () => {});
  const source = await openStore(medium, { mode: 'r' });
  const target = new Store(file, { arrays });
  if (await target.count() === 0) {
    await target.dump(source.load({ as: 'raw', indices: Array.from({ length: entries }, (_, i) => i) }));
  }
  await target.close();
  await source.close();
  return file;
}

export async function run() {
  const json = await makeStore('medium.json', JSONStore, 21, 'raw');
  const yaml = await makeStore('medium.yaml', YAMLStore, 5, 'raw');
  const ours = measure('json', json), plain = measure('json-parse', json);
  const size = statSync(json).size, yamlSize = statSync(yaml).size;
  line('JSON: bores-wasm, over JSON.parse', rate(size, ours.seconds), plain.seconds / ours.seconds, 1);
  line('JSON.parse and Buffer.from', rate(size, plain.seconds));
  line('JSON: peak memory of JSON.parse over ours', `${(ours.peak / 1e6).toFixed(0)} MB`, plain.peak / ours.peak, 2);
  const mine = measure('yaml', yaml);
  line('YAML: bores-wasm', rate(yamlSize, mine.seconds));
  for (const peer of ['js-yaml', 'yaml-package']) {
    const theirs = measure(peer, yaml);
    line(`YAML: bores-wasm, over ${peer}`, rate(yamlSize, theirs.seconds), theirs.seconds / mine.seconds, 3);
  }
}
