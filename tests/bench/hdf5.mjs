// SPDX-License-Identifier: MIT
// HDF5 beside h5wasm: opening a file of 200 MB and reading one array of it, from a file and over HTTP
// (bytes that move are counted), and reading all arrays of a medium file.
import { readFileSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import * as h5wasm from 'h5wasm';
import * as h5wasmNode from 'h5wasm/node';
import { HDF5Store } from '../../js/index.js';
import { NdArray } from '../../js/values/nd-array.js';
import { NodeFileSource } from '../../js/storage/node/node-file.js';
import { hdf5File } from '../helpers/fixtures.js';
import { best, line, made, python, rate } from './lib.mjs';

export const title = 'HDF5: one array of a 200 MB file; all arrays of a medium file (32 × 38 × 15, 21 entries)';

const ENTRY = 20, PATH = 'model.grid_3';

export async function run() {
  const big = made('big.h5', (out) => python('medium-hdf5.py', '--big', out));
  const medium = made('medium.h5', (out) => python('medium-hdf5.py', hdf5File('head/wf_f64'), out));
  const size = statSync(big).size;
  await h5wasm.ready;
  await h5wasmNode.ready;

  const read = countReads();
  const fromFile = await best(5, () => readOne(big));
  const moved = read.end() / 5;
  const wholeFile = await best(3, () => readOneWithH5wasm(readFileSync(big)));
  const byPath = await best(3, () => readOneByPath(big));
  line('open 200 MB and read one array, from a file', `${(fromFile * 1000).toFixed(1)} ms`, wholeFile / fromFile, 10);
  line('  h5wasm, which takes the whole file', `${(wholeFile * 1000).toFixed(1)} ms`);
  line('  h5wasm/node, over the disk itself (not in browsers)', `${(byPath * 1000).toFixed(1)} ms`, byPath / fromFile);
  line('  bytes that moved, of the file (goal: 1 % at most)', `${((100 * moved) / size).toFixed(2)} %`);

  const server = await serveApart(big);
  const overHttp = await best(5, () => readOne(server.url));
  const sent = await server.sent() / 5;
  const wholeHttp = await best(3, async () =>
    readOneWithH5wasm(new Uint8Array(await (await fetch(server.url)).arrayBuffer())));
  await server.close();
  line('the same over HTTP', `${(overHttp * 1000).toFixed(1)} ms`, wholeHttp / overHttp, 10);
  line('  h5wasm, which takes the whole file', `${(wholeHttp * 1000).toFixed(1)} ms`);
  line('  bytes that moved, of the file (goal: 1 % at most)', `${((100 * sent) / size).toFixed(2)} %`);

  let bytes = 0;
  const ours = await best(3, async () => { bytes = await readAll(medium); });
  const theirs = await best(3, async () => readAllWithH5wasm(medium));
  line('all arrays of the medium file, over h5wasm/node', rate(bytes, ours), theirs / ours, 2);
  line('  h5wasm/node', rate(bytes, theirs));
}

/** @param {string} location */
async function readOne(location) {
  const store = new HDF5Store(location, { mode: 'r', worker: false });
  const array = await store.read(ENTRY, PATH);
  await store.close();
  if (array.size !== 50 * 50 * 54) throw new Error(`${array.size} elements`);
}

/** @param {any} file  of h5wasm */
function readArray(file) {
  const value = file.get(`entry_${String(ENTRY).padStart(10, '0')}/${PATH.replace('.', '/')}`).value;
  if (value.length !== 50 * 50 * 54) throw new Error(`${value.length} elements`);
  file.close();
}

/** @param {Uint8Array} bytes */
async function readOneWithH5wasm(bytes) {
  const { FS } = await h5wasm.ready;
  FS.writeFile('big.h5', bytes);
  readArray(new h5wasm.File('big.h5', 'r'));
  FS.unlink('big.h5');
}

/** @param {string} path */
async function readOneByPath(path) {
  readArray(new h5wasmNode.File(path, 'r'));
}

/** @param {string} path */
async function readAll(path) {
  const store = new HDF5Store(path, { mode: 'r', worker: false });
  let bytes = 0;
  for await (const tree of store.load({ as: 'raw' })) bytes += sizeOf(tree);
  await store.close();
  return bytes;
}

/** @param {any} node @returns {number} */
function sizeOf(node) {
  if (node instanceof NdArray) return node.data.byteLength ?? 0;
  if (node === null || typeof node !== 'object') return 0;
  return Object.values(node).reduce((/** @type {number} */ sum, item) => sum + sizeOf(item), 0);
}

/** Attributes and arrays, as a state is read. @param {string} path */
function readAllWithH5wasm(path) {
  const file = new h5wasmNode.File(path, 'r');
  const walk = (/** @type {any} */ group) => {
    for (const attribute of Object.values(group.attrs)) void attribute.value;
    for (const key of group.keys()) {
      const item = group.get(key);
      if (item instanceof h5wasmNode.Group) walk(item);
      else void item.value;
    }
  };
  walk(file);
  file.close();
}

/** Bytes that are read from files until end(). */
function countReads() {
  const { readSync } = NodeFileSource.prototype;
  let bytes = 0;
  NodeFileSource.prototype.readSync = function counted(offset, targets) {
    for (const target of targets) bytes += target.length;
    return readSync.call(this, offset, targets);
  };
  return { end: () => { NodeFileSource.prototype.readSync = readSync; return bytes; } };
}

/** A web server in a thread of its own. @param {string} file */
async function serveApart(file) {
  const worker = new Worker(`
    const { parentPort, workerData } = require('node:worker_threads');
    const content = require('node:fs').readFileSync(workerData);
    let sent = 0;
    const server = require('node:http').createServer((request, response) => {
      const [, from, to] = /^bytes=(\\d+)-(\\d+)$/.exec(request.headers.range ?? '') ?? [];
      const start = Number(from ?? 0), end = Math.min(Number(to ?? content.length) + 1, content.length);
      const body = content.subarray(start, end);
      sent += body.length;
      response.writeHead(from === undefined ? 200 : 206, { 'Content-Length': body.length, ETag: '"1"', Connection: 'close',
        ...(from !== undefined && { 'Content-Range': \`bytes \${start}-\${end - 1}/\${content.length}\` }) });
      response.end(body);
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
    parentPort.on('message', () => { parentPort.postMessage(sent); });`, { eval: true, workerData: file });
  const next = () => new Promise((resolve) => { worker.once('message', resolve); });
  const port = await next();
  return {
    url: `http://127.0.0.1:${port}/big.h5`,
    async sent() {
      worker.postMessage('sent');
      return next();
    },
    close: () => worker.terminate(),
  };
}
