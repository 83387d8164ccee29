// SPDX-License-Identifier: MIT
// Chunks that are read again before anybody has them: codecs that keep every bit pass, one that drops some does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { packTree } from '../../../../js/core/pack.js';
import { encodeChunks, encodeChunksChecked } from '../../../../js/formats/zarr/encode-chunks.js';
import { sameBytes } from '../../../../js/formats/zarr/same-bytes.js';
import { arrayDocument } from '../../../../js/store/arrays/array-document.js';

const shape = [6, 5], start = [4, 0];
const values = Float64Array.from({ length: 2 * 5 }, (_, i) => Math.sqrt(i + 2));

/**
 * The last two rows of an array.
 * @param {Partial<import('../../../../js/store/arrays/array-document.js').ArrayOptions>} options
 */
function lastRows(options) {
  const { document } = arrayDocument({ shape, dtype: '<f8', chunks: [2, 3], ...options });
  const data = {};
  return packTree({ path: 'a', document, start, data }, (value) => (value === data
    ? { kind: 'V', itemsize: 8, unit: '', shape: [2, 5], bytes: new Uint8Array(values.buffer) } : undefined));
}

for (const [name, options] of /** @type {const} */ ([['version 2', { zarrFormat: 2 }], ['version 3', {}],
  ['shards', { chunks: [1, 3], shards: [2, 6] }]])) {
  test(`what is the same when it is read again is given, ${name}`, async () => {
    const puts = await encodeChunksChecked(lastRows(options));
    assert.ok(puts.length > 0);
    assert.deepEqual(puts, await encodeChunks(lastRows(options)));
  });
}

test('what is not is refused, by the name of the array', async () => {
  const rounded = { zarrFormat: /** @type {const} */ (2), filters: [{ id: 'bitround', keepbits: 10 }] };
  assert.ok((await encodeChunks(lastRows(rounded))).length > 0);
  await assert.rejects(encodeChunksChecked(lastRows(rounded)),
    { code: 'ERR_CORRUPT', path: 'a', message: /^a: its chunks from \[4, 0\] on/ });
});

test('bytes are the same wherever they lie, and to the last', () => {
  const all = Uint8Array.from({ length: 64 }, (_, i) => i * 37);
  for (const [from, length] of [[0, 0], [0, 3], [0, 8], [0, 11], [1, 11], [4, 13]]) {
    const bytes = all.subarray(from, from + length), copy = bytes.slice();
    assert.ok(sameBytes(bytes, copy) && !sameBytes(bytes, all.subarray(0, length + 1)));
    for (let i = 0; i < length; i += 1) assert.ok(!sameBytes(bytes, copy.map((byte, n) => byte ^ Number(n === i))));
  }
});
