// SPDX-License-Identifier: MIT
// A restart of 2 GB, made by repeating steps: what opening it reads, and all pressures beside reading their bytes
// alone, resfo and resdata.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { openNode, openStore } from '../../js/index.js';
import { best, line, rate } from './lib.mjs';

export const title = 'ECLIPSE restart of 2 GB';

const SHAPE = [100, 100, 50];
const CELLS = SHAPE[0] * SHAPE[1] * SHAPE[2];
const BYTES = 2e9;
const ARRAYS = ['PRESSURE', 'SWAT', 'SGAS', 'RS'];
const PRESSURE = 'model.fluid_properties.pressure_grid';

/**
 * A keyword as simulators write it: blocks of 1000 elements.
 * @param {string} name
 * @param {string} type
 * @param {Buffer} data
 */
function keyword(name, type, data) {
  const width = type === 'DOUB' ? 8 : 4, block = 1000 * width;
  const head = Buffer.alloc(24);
  head.writeInt32BE(16, 0);
  head.write(name.padEnd(8) , 4, 'latin1');
  head.writeInt32BE(data.length / width, 12);
  head.write(type, 16, 'latin1');
  head.writeInt32BE(16, 20);
  const parts = [head];
  for (let at = 0; at < data.length; at += block) {
    const part = data.subarray(at, at + block), marker = Buffer.alloc(4);
    marker.writeInt32BE(part.length);
    parts.push(marker, part, marker);
  }
  return Buffer.concat(parts);
}

/** @param {number[]} values */
function integers(values) {
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, n) => data.writeInt32BE(value, 4 * n));
  return data;
}

/** Writes the restart; where the elements of each PRESSURE begin and end. @param {string} file */
function write(file) {
  const values = Buffer.alloc(4 * CELLS);
  for (let n = 0; n < CELLS; n++) values.writeFloatBE(200 + Math.sin(n), 4 * n);
  const arrays = ARRAYS.map((name) => keyword(name, 'REAL', values));
  const out = openSync(file, 'w');
  const places = [];
  for (let step = 0, at = 0; at < BYTES; step++) {
    const head = Array(411).fill(0);
    [head[2], head[8], head[9], head[10], head[11], head[14]] = [1, ...SHAPE, CELLS, 7];
    [head[64], head[65], head[66], head[68]] = [1, 1 + step % 12, 2000 + Math.floor(step / 12), step];
    const days = Buffer.alloc(8 * 229);
    days.writeDoubleBE(30 * step, 0);
    for (const part of [keyword('SEQNUM', 'INTE', integers([step])), keyword('INTEHEAD', 'INTE', integers(head)),
      keyword('DOUBHEAD', 'DOUB', days), keyword('STARTSOL', 'MESS', Buffer.alloc(0)), ...arrays,
      keyword('ENDSOL', 'MESS', Buffer.alloc(0))]) {
      if (part === arrays[0]) places.push([at + 24, at + part.length]);
      at += writeSync(out, part);
    }
  }
  closeSync(out);
  return places;
}

/** Bytes that this process has read, by the kernel's account. */
const bytesRead = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

/** @param {string} file */
async function openAndReadOne(file) {
  const before = bytesRead();
  const start = performance.now();
  const store = await openStore(file);
  await store.read(7, PRESSURE);
  const seconds = (performance.now() - start) / 1000, read = bytesRead() - before;
  await store.close();
  line('open and read one array of one step: bytes of the file', `${(100 * read / BYTES).toFixed(2)} %`);
  line('the same: time', `${(1000 * seconds).toFixed(0)} ms`);
}

/** @param {string} file */
async function readAll(file) {
  const store = await openStore(file);
  let sum = 0;
  for (const { idx } of await store.entries()) sum += (await store.read(idx, PRESSURE)).data[0];
  await store.close();
  return sum;
}

/** As the peers do: keywords as they are, cells in the file's order. @param {string} file @param {number} count */
async function readKeywords(file, count) {
  const node = await openNode(file);
  let sum = 0;
  for (let n = 0; n < count; n++) {
    const pressure = await node.open(`PRESSURE[${n}]`);
    sum += /** @type {any} */ (await pressure.read()).data[0];
  }
  await node.close();
  return sum;
}

/** @param {string} file */
async function readOneCell(file) {
  const store = await openStore(file);
  const before = bytesRead(), start = performance.now();
  const { value } = await store.series(PRESSURE, [50, 50, 25]);
  const share = 100 * (bytesRead() - before) / BYTES;
  line(`one cell in ${value.length} steps: bytes of the file`, `${share.toFixed(3)} %`);
  line('the same: time', `${(performance.now() - start).toFixed(0)} ms`);
  await store.close();
}

/** @param {string} file @param {number[][]} places */
function readBytes(file, places) {
  const from = openSync(file, 'r');
  for (const [begin, end] of places) readSync(from, Buffer.allocUnsafe(end - begin), 0, end - begin, begin);
  closeSync(from);
}

/** @param {string} peer @param {string} file @param {string} python @returns {number | string} seconds, or why not */
function readByPeer(peer, file, python) {
  const script = fileURLToPath(new URL('eclipse.py', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(python, [script, peer, file], { encoding: 'utf8' });
  if (status === 0) return Number(stdout.split(' ')[0]);
  if (stderr?.includes(`No module named '${peer}'`)) return 'not installed';
  return `failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
}

/** @param {{ bores?: string }} options  a Python that has the peers */
export async function run({ bores: python = 'python3' }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-bench-'));
  try {
    const file = path.join(folder, 'LARGE.UNRST');
    const places = write(file);
    const bytes = places.reduce((sum, [begin, end]) => sum + end - begin, 0);
    await openAndReadOne(file);
    await readOneCell(file);
    let [ours, plain, raw] = [Infinity, Infinity, Infinity];
    for (let round = 0; round < 3; round++) { // by turns: what the machine does besides meets all of them
      plain = Math.min(plain, await best(1, () => readBytes(file, places)));
      ours = Math.min(ours, await best(1, () => readAll(file)));
      raw = Math.min(raw, await best(1, () => readKeywords(file, places.length)));
    }
    line(`all ${places.length} PRESSURE arrays, the file opened anew`, rate(bytes, ours));
    line('beside reading their bytes', rate(bytes, plain), plain / ours, 0.7);
    line('keywords as they are, beside reading their bytes', rate(bytes, raw), plain / raw);
    for (const peer of ['resfo', 'resdata']) {
      const theirs = readByPeer(peer, file, python);
      if (typeof theirs === 'string') line(`beside ${peer}`, theirs);
      else line(`beside ${peer}`, rate(bytes, theirs), theirs / ours, 5);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
