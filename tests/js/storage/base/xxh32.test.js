// SPDX-License-Identifier: MIT
// Expected values: XXH32 of xxhash.c as LZ4 1.10.0 has it, over the bytes of noise(length, 1).

import { describe, test } from 'node:test';

import { Xxh32, xxh32 } from '../../../../js/storage/base/xxh32.js';
import { equal } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';

const SEEDS = [0, 1, 0x9e3779b1];
/** @type {[length: number, hashes: number[]][]} */
const EXPECTED = [
  [0, [0x02cc5d05, 0x0b2cb792, 0x36b78ae7]],
  [1, [0xc0ecd503, 0x7dbfed40, 0x1ed823a8]],
  [3, [0x771c1a3f, 0x6b29948b, 0x3fd6fbe5]],
  [4, [0x60fdf2e9, 0x8e5ef5ee, 0x646069be]],
  [15, [0x817fb930, 0x0353ccb5, 0x7c3dfb23]],
  [16, [0x62499f49, 0x4fe4e194, 0x7fd72582]],
  [17, [0x1212337e, 0xa2bbbe2e, 0x74d388d7]],
  [31, [0x075ce2c7, 0x9ef146ea, 0x26a71b99]],
  [32, [0x30330cb2, 0x55967293, 0x75e6b2aa]],
  [100, [0xd9ab3add, 0x6fdebfce, 0x01637951]],
  [1000, [0x474ac4bd, 0x32fb1c95, 0xfa3a63d2]],
  [70001, [0x3ee0ac5e, 0x5af0fc57, 0x42593dea]],
];

describe('xxh32', () => {
  test('is the reference\'s, whatever the seed and the alignment', () => {
    for (const [length, hashes] of EXPECTED) {
      const bytes = noise(length, 1);
      const shifted = new Uint8Array(length + 3);
      shifted.set(bytes, 3);
      SEEDS.forEach((seed, i) => {
        equal(xxh32(bytes, seed), hashes[i], `${length} bytes, seed ${seed}`);
        equal(xxh32(shifted.subarray(3), seed), hashes[i], `${length} bytes from an odd address, seed ${seed}`);
      });
    }
  });

  test('is the same however the bytes come', () => {
    const bytes = noise(1000, 1);
    for (const step of [1, 5, 16, 23, 999]) {
      const hash = new Xxh32();
      for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
      equal(hash.digest(), 0x474ac4bd, `${step} at a time`);
    }
  });
});
