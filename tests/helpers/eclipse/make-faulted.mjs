// SPDX-License-Identifier: MIT
// Writes a run in ECLIPSE's format whose grid has n × n × n active cells and faults every tenth column, for measuring:
// EGRID, INIT and UNRST (OPM Flow Reference Manual, appendix F).

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Elements of a record, by type. @type {Record<string, number>} */
const IN_RECORD = { INTE: 1000, REAL: 1000, DOUB: 1000, CHAR: 105 };
const DAYS = 30;

/**
 * @param {string} folder  made where it is not there
 * @param {number} n
 * @param {number} steps
 */
export function makeFaulted(folder, n, steps) {
  mkdirSync(folder, { recursive: true });
  const cells = n ** 3;
  const { coord, zcorn } = geometry(n);
  write(path.join(folder, 'FAULTED.EGRID'), [
    ['FILEHEAD', ints(100, { 0: 3, 1: 2007, 4: 0, 6: 1 })], ['GRIDUNIT', ['METRES', '']],
    ['GRIDHEAD', ints(100, { 0: 1, 1: n, 2: n, 3: n })], ['COORD', coord], ['ZCORN', zcorn], ['ENDGRID', ints(0, {})]]);
  const head = { 2: 1, 8: n, 9: n, 10: n, 11: cells, 14: 7, 64: 1, 65: 1, 66: 2020 };
  const porosity = new Float32Array(cells).map((_, g) => 0.15 + 0.1 * Math.sin(g / 977));
  write(path.join(folder, 'FAULTED.INIT'), [['INTEHEAD', ints(411, head)], ['PORO', porosity]]);
  write(path.join(folder, 'FAULTED.UNRST'), Array.from({ length: steps }, (_, step) => {
    const date = new Date(Date.UTC(2020, 0, 1 + DAYS * step));
    const dated = { ...head, 64: date.getUTCDate(), 65: date.getUTCMonth() + 1, 66: date.getUTCFullYear() };
    const pressure = new Float32Array(cells).map((_, g) => 250 + 0.4 * Math.floor(g / n / n) - step
      - 20 * Math.exp(-((g % n - n / 2) ** 2 + (Math.floor(g / n) % n - n / 2) ** 2) / 400));
    return /** @type {Keyword[]} */ ([['SEQNUM', ints(1, { 0: step })], ['INTEHEAD', ints(411, dated)],
      ['DOUBHEAD', new Float64Array(229).fill(0).map((_, at) => (at === 0 ? DAYS * step : 0))],
      ['PRESSURE', pressure], ['SWAT', pressure.map((value) => value / 1000)]]);
  }).flat());
}

/** @typedef {[string, Int32Array | Float32Array | Float64Array | string[]]} Keyword */

/** @param {number} count @param {Record<number, number>} values */
function ints(count, values) {
  const array = new Int32Array(count);
  for (const [at, value] of Object.entries(values)) array[Number(at)] = value;
  return array;
}

/** Pillars that lean, layers that bend; each tenth column is a fault of another throw. @param {number} n */
function geometry(n) {
  const coord = new Float32Array(6 * (n + 1) ** 2);
  for (let j = 0, at = 0; j <= n; j += 1) {
    for (let i = 0; i <= n; i += 1, at += 6) coord.set([50 * i, 50 * j, 2000, 50 * i + 20, 50 * j + 10, 3000], at);
  }
  const zcorn = new Float32Array(8 * n ** 3);
  const throwOf = (/** @type {number} */ i) => 7.3 * ((Math.floor(i / 10) * 37) % 11);
  for (let at = 0; at < zcorn.length; at += 1) {
    const x = at % (2 * n), y = Math.floor(at / (2 * n)) % (2 * n), z = Math.floor(at / (4 * n * n));
    const i = x >> 1, east = i + (x & 1), north = (y >> 1) + (y & 1);
    zcorn[at] = 2100 + 40 * Math.sin(east / 19) + 30 * Math.cos(north / 23) + throwOf(i) + 3 * ((z >> 1) + (z & 1));
  }
  return { coord, zcorn };
}

/** @param {string} file @param {readonly Keyword[]} keywords */
function write(file, keywords) {
  const handle = openSync(file, 'w');
  for (const [name, values] of keywords) {
    const type = Array.isArray(values) ? 'CHAR' : values instanceof Int32Array ? 'INTE'
      : values instanceof Float32Array ? 'REAL' : 'DOUB';
    const header = Buffer.alloc(16);
    header.write(`${name.padEnd(8)}`, 0, 'latin1');
    header.writeInt32BE(values.length, 8);
    header.write(type, 12, 'latin1');
    const parts = [record(header)];
    for (let at = 0; at < values.length; at += IN_RECORD[type]) {
      parts.push(record(bytesOf(values.slice(at, at + IN_RECORD[type]))));
    }
    writeSync(handle, Buffer.concat(parts));
  }
  closeSync(handle);
}

/** @param {Buffer} bytes */
function record(bytes) {
  const marker = Buffer.alloc(4);
  marker.writeInt32BE(bytes.length);
  return Buffer.concat([marker, bytes, marker]);
}

/** @param {Int32Array | Float32Array | Float64Array | string[]} values */
function bytesOf(values) {
  if (Array.isArray(values)) return Buffer.from(values.map((text) => text.padEnd(8)).join(''), 'latin1');
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return values.BYTES_PER_ELEMENT === 8 ? bytes.swap64() : bytes.swap32();
}
