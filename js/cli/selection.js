// SPDX-License-Identifier: MIT
// What to copy and how to store it, as options say it: states, fields, a compressor.

import { BoresError } from '../index.js';
import { parseNames, stepOf } from './arguments.js';
import { formatPath } from './format.js';
import { similarNames } from './similar-names.js';
import { UsageError } from './usage.js';

/**
 * @import { DataStore } from '../index.js'
 * @import { EntryMeta } from './arguments.js'
 */

/**
 * Positions that a selection takes.
 *
 * @param {string} text  '0', '-1', 'step=40', '::10', '5:20', or several of them with commas
 * @param {readonly EntryMeta[]} entries
 * @returns {Set<number>}
 */
export function selectSteps(text, entries) {
  /** @type {Set<number>} */
  const positions = new Set();
  for (const item of text.split(',')) {
    for (const position of positionsOf(item.trim(), entries)) positions.add(position);
  }
  return positions;
}

/**
 * @param {string} item
 * @param {readonly EntryMeta[]} entries
 */
function positionsOf(item, entries) {
  const { length } = entries;
  const slice = /^(-?\d+)?:(-?\d+)?(?::([1-9]\d*)?)?$/.exec(item);
  if (slice) {
    const [from, to] = [bound(slice[1], 0, length), bound(slice[2], length, length)];
    const stride = Number(slice[3] ?? 1);
    return Array.from({ length: Math.max(0, Math.ceil((to - from) / stride)) },
      (_, i) => from + i * stride);
  }
  const [, index, step] = /^(?:(-?\d+)|step=(\d+))$/.exec(item) ?? [];
  if (index === undefined && step === undefined) {
    throw new UsageError("--steps takes states (0, -1, step=40) and slices of them (::10, 5:20), "
      + `separated by commas, got '${item}'`);
  }
  const position = step === undefined ? Number(index) + (Number(index) < 0 ? length : 0)
    : entries.findLastIndex((entry) => stepOf(entry) === Number(step));
  if (position >= 0 && position < length) return [position];
  throw new BoresError('ERR_INDEX_RANGE', `there is no state '${item}' among the ${length}`);
}

/**
 * @param {string | undefined} text
 * @param {number} absent
 * @param {number} length
 */
function bound(text, absent, length) {
  if (text === undefined) return absent;
  const number = Number(text);
  return Math.min(Math.max(number < 0 ? number + length : number, 0), length);
}

/**
 * Full paths of what is to be copied: arrays, or groups with all that is in them. An array may be
 * named by the end of its path, where that is unique.
 *
 * @param {string} text  PATHs separated by commas, or one JSON list of names
 * @param {DataStore} store
 * @param {number} idx  of an entry that has them
 * @param {AbortSignal} signal
 * @returns {Promise<string[][]>}
 */
export async function selectFields(text, store, idx, signal) {
  const wanted = text.startsWith('[') ? [parseNames(text)] : text.split(',').map((item) => parseNames(item.trim()));
  const paths = (await store.inventory(idx, { signal })).map(({ names }) => names);
  return wanted.map((names) => {
    if (paths.some((path) => names.every((name, i) => path[i] === name))) return names;
    const ends = paths.filter((path) => names.every((name, i) =>
      path[path.length - names.length + i] === name));
    if (ends.length === 1) return ends[0];
    const shown = formatPath(names.join('.'));
    if (ends.length > 1) {
      throw new UsageError(`'${shown}' is the end of ${ends.length} paths:\n`
        + ends.map((path) => `  ${path.join('.')}`).join('\n'));
    }
    const similar = similarNames(shown, paths.map((path) => path.join('.')));
    throw new BoresError('ERR_NOT_FOUND', `no state has '${shown}'`
      + (similar.length > 0 ? `; there is${similar.map((path) => `\n  ${path}`).join('')}` : ''));
  });
}

/** Names of Blosc's shuffles, numcodecs's numbers. @type {Record<string, number>} */
const SHUFFLES = { none: 0, byte: 1, bit: 2 };
const CODEC_NAMES = ['lz4', 'lz4hc', 'blosclz', 'zstd', 'zlib'];

/**
 * @param {string} text  'none', 'zstd:5', 'gzip:9', 'blosc:lz4:1:bit'
 * @returns {{ id: string, [setting: string]: unknown } | null}
 */
export function parseCompressor(text) {
  const [id, ...settings] = text.split(':');
  const level = (/** @type {string | undefined} */ number, /** @type {number} */ absent,
    /** @type {number} */ most) => {
    if (number === undefined) return absent;
    if (/^\d+$/.test(number) && Number(number) <= most) return Number(number);
    throw wrong(text);
  };
  if (id === 'none' && settings.length === 0) return null;
  if (id === 'zstd' && settings.length <= 1) return { id, level: level(settings[0], 3, 22) };
  if (id === 'gzip' && settings.length <= 1) return { id, level: level(settings[0], 6, 9) };
  const [cname = 'lz4', clevel, shuffle = 'bit'] = settings;
  if (id === 'blosc' && settings.length <= 3 && CODEC_NAMES.includes(cname) && shuffle in SHUFFLES) {
    return { id, cname, clevel: level(clevel, 5, 9), shuffle: SHUFFLES[shuffle] };
  }
  throw wrong(text);
}

/**
 * The same for HDF5.
 * @param {string} text  'none', 'lzf', 'gzip:9'
 * @returns {{ compression: 'gzip' | 'lzf' | null, compressionLevel?: number }}
 */
export function parseCompression(text) {
  if (text === 'none') return { compression: null };
  if (text === 'lzf') return { compression: 'lzf' };
  const match = /^gzip(?::(\d))?$/.exec(text);
  if (match) return { compression: 'gzip', ...(match[1] && { compressionLevel: Number(match[1]) }) };
  throw new UsageError(`there is no compressor '${text}' for HDF5; there are none, lzf and gzip:LEVEL`);
}

/** @param {string} text */
const wrong = (text) => new UsageError(`there is no compressor '${text}'; there are none, zstd:LEVEL, `
  + `gzip:LEVEL and blosc:CODEC:LEVEL:SHUFFLE with a codec of ${CODEC_NAMES.join(', ')} and a shuffle of `
  + `${Object.keys(SHUFFLES).join(', ')}`);
