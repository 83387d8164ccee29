// SPDX-License-Identifier: MIT
// Values that a text file must give back bit for bit, and comparisons that see every bit.

import { NdArray } from '../../js/index.js';

/** Doubles that printing and parsing get wrong easily. */
export const DOUBLES = [0, -0, 1, -1, 0.1, 1 / 3, 2 ** 53, 2 ** 53 + 2, 1e21, 1e22, 1e23, 5e-324,
  2.2250738585072011e-308, 2.2250738585072014e-308, Number.MAX_VALUE, -Number.MAX_VALUE,
  123456789.123456789, 4.35, 9007199254740993, 1e-7, 1e-5, 123e-20, 1.7976931348623155e308];
export const INT64S = [0n, 1n, -1n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)];

/** @param {number} count */
function noise(count) {
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647; // Park and Miller, 1988
    return state / 3;
  });
}

/** A tree with one of everything. */
export function everything() {
  const f64 = new Float64Array([...DOUBLES, NaN, Infinity, -Infinity]);
  const payload = new Float64Array(new BigUint64Array([0x7ff8000000000123n, 0xfff8000000000000n]).buffer);
  const f32 = Float32Array.from([0.1, -0, 1e-45, 3.4028234663852886e38, NaN, Infinity, 1 / 3]);
  return {
    step: 7, step_size: 2.0, time: 1e5,
    arrays: {
      f64: new NdArray(f64, [f64.length]), payload: new NdArray(payload, [2]),
      f32: new NdArray(f32, [7]), big: new NdArray(noise(3000), [10, 30, 10]),
      i64: new NdArray(BigInt64Array.from(INT64S), [INT64S.length]),
      i8: new NdArray(Int8Array.from([-128, 127, 0]), [3, 1]),
      u64: new NdArray(BigUint64Array.from([0n, 2n ** 64n - 1n]), [2]),
      bool: new NdArray(Uint8Array.from([1, 0, 1]), [3], 'bool'),
      empty: new NdArray(new Float64Array(0), [0, 3]), inf: new NdArray(new Float64Array(12).fill(-Infinity), [3, 4]),
      none: new NdArray(new Float64Array(30).fill(NaN), [30]), same: new NdArray(new Float32Array(24).fill(-0), [2, 3, 4]),
      layered: new NdArray(Float64Array.from({ length: 24 }, (_, i) => i % 4 === 0 ? Infinity : i % 4), [2, 3, 4]),
    },
    scalars: { doubles: [...DOUBLES], nan: NaN, inf: Infinity, minus: -Infinity, zero: -0,
      integers: [...INT64S, 2n ** 64n - 1n], yes: true, no: false, nothing: null },
    text: { '': 'empty name', 'PROD-2 Ærøskøbing': '🛢 \u2028 \u0001 \\ " \' \t\r\n: # - ', long: 'ab\u00e6'.repeat(100000),
      words: ['yes', 'no', 'null', '~', '1', '1.0', '0x10', '1e5', '.nan', '2001-01-01', '12:30:45', '', ' lead', 'trail ',
        '- a', '? b', '# c', '&d', '*e', '!f', '%g', '@h', '`i', '{', ']', ',', 'a: b', 'a #b', '=', '<<', '---', '...',
        'line\nline', 'line\n\n', '\n', ' ', '\u0085', '\ufeff', '\u00a0', 'true', 'off', '017', '0b11', '1_000', '+1', '.5', '-', '?'] },
    lists: { empty: [], nested: [[[0, 0, 2], [0, 0, 3]]], maps: [{ a: 1 }, { b: [] }, {}], mixed: [1, 'a', null, [2.5]] },
    deep: { a: { b: { c: { d: { e: { f: [[[{ g: 'end' }]]] } } } } } },
  };
}

/**
 * Where two values differ in any bit; undefined where they do not. Integers may be numbers or bigints.
 * @param {any} a
 * @param {any} b
 * @param {string} path
 * @returns {string | undefined}
 */
export function bitDifference(a, b, path = '') {
  if (a instanceof NdArray && b instanceof NdArray) {
    const bytes = (/** @type {any} */ { data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return a.dtype === b.dtype && `${a.shape}` === `${b.shape}` && bytes(a).equals(bytes(b)) ? undefined
      : `${path}: ${a.dtype} [${a.shape}] and ${b.dtype} [${b.shape}]`;
  }
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    if (Array.isArray(a) !== Array.isArray(b) || `${Object.keys(a)}` !== `${Object.keys(b)}`) return `${path}: keys`;
    for (const key of Object.keys(a)) {
      const found = bitDifference(a[key], b[key], `${path}.${key}`);
      if (found) return found;
    }
    return undefined;
  }
  const whole = (/** @type {any} */ value) => (typeof value === 'bigint' ? value
    : Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value);
  return Object.is(whole(a), whole(b)) ? undefined : `${path}: ${String(a)} and ${String(b)}`;
}
