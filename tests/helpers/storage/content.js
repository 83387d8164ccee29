// SPDX-License-Identifier: MIT
// What storages hold in tests: names and sizes that each have broken somebody's storage.

/** @typedef {Map<string, Uint8Array>} Content */

/** Bytes of the biggest value, under the key 'big'. */
export const BIG = 20 * 1000 * 1000;
/** A folder that lies deep. */
export const DEEP = Array.from({ length: 24 }, (_, i) => `level${i}`).join('/');

const text = new TextEncoder();

/**
 * Bytes that look random and are the same every time.
 * @param {number} length
 * @param {number} seed
 */
export function noise(length, seed) {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' LCG
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** @returns {Content}  a fresh copy for each storage */
export function sampleContent() {
  const content = new Map([
    ['.zgroup', text.encode('{"zarr_format": 2}')],
    ['empty', new Uint8Array(0)],
    ['big', noise(BIG, 1)],
    ['wells/PROD-2 Ærøskøbing/oil_rate/0', noise(300, 2)],
    ['model→fluid_properties→pressure/0.0.0', noise(700, 3)],
    ['100% #1 a+b&c=d;e/é', noise(10, 4)],
    [`${DEEP}/0`, noise(40, 5)],
    ['order/b/0', noise(1, 6)],
    ['order/a', noise(2, 7)],
    ['order/b.0', noise(3, 8)],
    ['order/Z', noise(4, 9)],
    ['order/é', noise(5, 10)],
  ]);
  for (let i = 0; i < 1200; i += 1) content.set(`many/${i}`, noise(1 + (i % 5), i));
  return content;
}
