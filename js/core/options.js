// SPDX-License-Identifier: MIT
// What a call is given, checked by a table of what it knows: a name that is mistyped would else be
// ignored in silence, and a value of another type fail somewhere else.

import { BoresError } from './errors.js';

/**
 * The options that a call knows, each with what it may be: names of TYPES, 'quoted' words and numbers,
 * joined by '|'. undefined is always as if it were not there.
 * @typedef {Readonly<Record<string, string>>} Known
 */

/** @type {Record<string, [text: string, test: (value: any) => boolean]>} */
const TYPES = {
  any: ['anything', () => true],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  number: ['a number', (value) => typeof value === 'number'],
  count: ['a whole number of 0 or more', (value) => Number.isInteger(value) && value >= 0],
  integer: ['a whole number', (value) => Number.isInteger(value)],
  text: ['a text', (value) => typeof value === 'string'],
  function: ['a function', (value) => typeof value === 'function'],
  list: ['a list', (value) => typeof value !== 'string' && typeof value?.[Symbol.iterator] === 'function'],
  stream: ['a list or an async iterable', (value) => typeof value !== 'string'
    && typeof (value?.[Symbol.iterator] ?? value?.[Symbol.asyncIterator]) === 'function'],
  object: ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
  signal: ['an AbortSignal', (value) => typeof value?.aborted === 'boolean'],
  null: ['null', (value) => value === null],
};

/**
 * @param {string} call  as messages name it: 'load()'
 * @param {unknown} options
 * @param {Known} known
 * @throws {BoresError} ERR_ARGUMENT that names the nearest option, or what the option may be
 */
export function checkOptions(call, options, known) {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrong(`${call} takes its options as an object, { ${Object.keys(known).join(', ')} }, not `
      + `${describe(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) throw unknownName(call, name, Object.keys(known));
    if (value !== undefined) checkArgument(call, name, value, known[name]);
  }
}

/**
 * @param {string} call
 * @param {string} name
 * @param {unknown} value
 * @param {string} types  as in a table
 */
export function checkArgument(call, name, value, types) {
  const parts = types.split('|');
  const fits = parts.some((part) => (part.startsWith("'") ? value === part.slice(1, -1)
    : TYPES[part]?.[1](value) ?? value === Number(part)));
  if (fits) return;
  const near = typeof value === 'string' ? nearestName(value, parts.filter((part) => part.startsWith("'"))
    .map((part) => part.slice(1, -1))) : undefined;
  throw wrong(`${call}: '${name}' is ${parts.map((part) => (TYPES[part]?.[0] ?? part)).join(' or ')}, not `
    + `${describe(value)}${near ? `; '${near}' may be meant` : ''}`);
}

/**
 * @param {string} call
 * @param {string} name
 * @param {readonly string[]} known
 */
export function unknownName(call, name, known) {
  const near = nearestName(name, known);
  return wrong(`${call} has no option '${name}'${near ? `; there is '${near}'`
    : known.length > 0 ? `, only ${known.join(', ')}` : ', and no other'}`);
}

/**
 * The one that somebody may have meant: the same but for its letters' case and what is between them, or
 * the one with the fewest letters that differ, up to a third of them; else one that begins the same.
 *
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {string | undefined}
 */
export function nearestName(name, known) {
  const bare = (/** @type {string} */ text) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = bare(name);
  const [best] = known.map((other) => ({ other, distance: editDistance(wanted, bare(other)) }))
    .sort((a, b) => a.distance - b.distance);
  if (best && best.distance <= Math.max(1, Math.floor(best.other.length / 3))) return best.other;
  return wanted.length < 3 ? undefined : known.find((other) => bare(other).startsWith(wanted)
    || wanted.startsWith(bare(other)) || bare(other).startsWith(wanted.slice(0, 4)));
}

/**
 * Letters to insert, delete or replace (Wagner and Fischer, J. ACM 21, 1974), or to exchange with the
 * next (Damerau, CACM 7, 1964).
 * @param {string} a
 * @param {string} b
 */
function editDistance(a, b) {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 },
    (__, j) => (i === 0 ? j : j === 0 ? i : 0)));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(replaced, rows[i - 1][j] + 1, rows[i][j - 1] + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}

/** @param {unknown} value */
function describe(value) {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const { name = 'Object' } = Object.getPrototypeOf(value)?.constructor ?? {};
  return `a value of type ${name}`;
}

/** @param {string} message */
const wrong = (message) => new BoresError('ERR_ARGUMENT', message);
