// SPDX-License-Identifier: MIT
// Vectors as SMSPEC and UNSMRY, the summary files of ECLIPSE that ResInsight and company scripts read
// (OPM Flow manual, file formats): Fortran records, big-endian, each with its length before and after;
// a header of keyword, count and type, then blocks of at most 1000 numbers or 105 names.

import { BoresError } from '../core/errors.js';
import { checkArgument, checkOptions } from '../core/options.js';

/** @import { Vector } from './model-analyst.js' */

const FIELD_UNITS = 2, ECLIPSE_100 = 100;
const NUMBERS_A_BLOCK = 1000, NAMES_A_BLOCK = 105;
/** What stands where a vector is of no well. */
const NO_NAME = ':+:+:+:+';

const utf8 = new TextEncoder();

/** A file in the making. */
class Records {
  /** @type {Uint8Array[]} */ #parts = [];

  /** @param {Uint8Array} content */
  #record(content) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setInt32(0, content.length);
    this.#parts.push(length, content, length);
  }

  /**
   * @param {string} keyword
   * @param {number} count
   * @param {string} type
   */
  #header(keyword, count, type) {
    const content = new Uint8Array(16);
    content.set(utf8.encode(keyword.padEnd(8)));
    new DataView(content.buffer).setInt32(8, count);
    content.set(utf8.encode(type), 12);
    this.#record(content);
  }

  /**
   * @param {string} keyword
   * @param {ArrayLike<number>} values
   * @param {'INTE' | 'REAL'} type
   */
  numbers(keyword, values, type) {
    this.#header(keyword, values.length, type);
    for (let start = 0; start < values.length; start += NUMBERS_A_BLOCK) {
      const count = Math.min(NUMBERS_A_BLOCK, values.length - start);
      const view = new DataView(new ArrayBuffer(4 * count));
      for (let n = 0; n < count; n++) {
        if (type === 'INTE') view.setInt32(4 * n, values[start + n]);
        else view.setFloat32(4 * n, values[start + n]);
      }
      this.#record(new Uint8Array(view.buffer));
    }
  }

  /**
   * @param {string} keyword
   * @param {readonly string[]} names
   */
  names(keyword, names) {
    this.#header(keyword, names.length, 'CHAR');
    for (let start = 0; start < names.length; start += NAMES_A_BLOCK) {
      const block = names.slice(start, start + NAMES_A_BLOCK);
      this.#record(utf8.encode(block.map((name) => name.padEnd(8).slice(0, 8)).join('')));
    }
  }

  finish() {
    const bytes = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/**
 * Wells' names as the format has them: eight letters of ASCII, each another.
 * @param {readonly string[]} names
 */
function shorten(names) {
  /** @type {Map<string, string>} */
  const short = new Map();
  for (const name of names) {
    if (short.has(name)) continue;
    const plain = name.normalize('NFD').replace(/[^\x21-\x7e]/g, (letter) =>
      (/\p{M}/u.test(letter) ? '' : '_'));
    let tried = plain.slice(0, 8);
    for (let n = 2; [...short.values()].includes(tried); n++) {
      tried = `${plain.slice(0, 7 - String(n).length)}~${n}`;
    }
    short.set(name, tried);
  }
  return short;
}

/**
 * What a vector's name says: mnemonic, well, and the number that the format has for its subject.
 * @param {string} name
 * @param {readonly number[]} shape
 */
function takeApart(name, [nx, ny]) {
  const [, mnemonic, subject = ''] = /^([^:]*):?([^]*)$/.exec(name) ?? [];
  if (mnemonic.startsWith('W')) return { mnemonic, well: subject, number: 0 };
  if (mnemonic.startsWith('R')) return { mnemonic, well: '', number: Number(subject) };
  if (mnemonic.startsWith('C')) {
    const [, well, i, j, k] = /^([^]*):(\d+),(\d+),(\d+)$/.exec(subject) ?? [];
    return { mnemonic, well, number: Number(i) + nx * (Number(j) - 1 + ny * (Number(k) - 1)) };
  }
  return { mnemonic, well: '', number: 0 };
}

/**
 * @param {readonly Vector[]} vectors  of the same states; what is no number becomes 0
 * @param {{ shape: readonly number[], start?: Date }} grid  how many cells, and when day 0 was
 * @returns {{ smspec: Uint8Array, unsmry: Uint8Array, renamed: [string, string][] }}  `renamed`: wells
 *   whose names had to change
 * @throws {BoresError} ERR_ARGUMENT
 */
export function encodeSummary(vectors, grid) {
  checkArgument('encodeSummary()', 'vectors', vectors, 'list');
  checkOptions('encodeSummary()', grid ?? {}, { shape: 'list', start: 'object' });
  const { shape, start = new Date(Date.UTC(2000, 0, 1)) } = grid ?? {};
  checkArgument('encodeSummary()', 'shape', shape, 'list');
  if (vectors.length === 0 || Number.isNaN(start.getTime())) {
    throw new BoresError('ERR_ARGUMENT', 'a summary needs vectors, and a date to start at');
  }
  const columns = vectors.filter(({ name }) => name !== 'TIME');
  const parts = columns.map(({ name }) => takeApart(name, shape));
  const short = shorten(parts.map(({ well }) => well).filter((well) => well !== ''));
  const { days } = vectors[0];
  const smspec = new Records(), unsmry = new Records();
  smspec.numbers('INTEHEAD', [FIELD_UNITS, ECLIPSE_100], 'INTE');
  smspec.names('RESTART', new Array(9).fill(''));
  smspec.numbers('DIMENS', [columns.length + 1, ...shape, 0, -1], 'INTE');
  smspec.names('KEYWORDS', ['TIME', ...parts.map(({ mnemonic }) => mnemonic)]);
  smspec.names('WGNAMES', [NO_NAME, ...parts.map(({ well }) => short.get(well) ?? NO_NAME)]);
  smspec.numbers('NUMS', [0, ...parts.map(({ number }) => number)], 'INTE');
  smspec.names('UNITS', ['DAYS', ...columns.map(({ unit }) => unit)]);
  smspec.numbers('STARTDAT', [start.getUTCDate(), start.getUTCMonth() + 1, start.getUTCFullYear(),
    start.getUTCHours(), start.getUTCMinutes(), start.getUTCSeconds() * 1e6], 'INTE');
  for (let n = 0; n < days.length; n++) {
    unsmry.numbers('SEQHDR', [n], 'INTE');
    unsmry.numbers('MINISTEP', [n], 'INTE');
    unsmry.numbers('PARAMS', [days[n], ...columns.map(({ values }) => values[n] || 0)], 'REAL');
  }
  return { smspec: smspec.finish(), unsmry: unsmry.finish(),
    renamed: [...short].filter(([name, other]) => name !== other) };
}
