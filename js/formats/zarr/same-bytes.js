// SPDX-License-Identifier: MIT

/**
 * By words, as far as there are whole ones in the same places of memory.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  const count = a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0 ? a.length >> 2 : 0;
  return same(wordsOf(a, count), wordsOf(b, count)) && same(a.subarray(4 * count), b.subarray(4 * count));
}

/** @param {Uint8Array} bytes @param {number} count */
const wordsOf = ({ buffer, byteOffset }, count) => new Uint32Array(buffer, count > 0 ? byteOffset : 0, count);

/** @param {Uint8Array | Uint32Array} a @param {Uint8Array | Uint32Array} b */
function same(a, b) {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
