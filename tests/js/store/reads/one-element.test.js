// SPDX-License-Identifier: MIT
// A slice that leaves one element is an array without axes, whatever the store is: NumPy's a[1, 0, ...].
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NdArray, SparseTensor, openStore } from '../../../../js/index.js';
import { using } from '../../../helpers/with-store.js';

const ENTRY = {
  number: new NdArray(new Float32Array([1.5, 2.5, 3.5, 4.5]), [2, 2]),
  big: new NdArray(new BigInt64Array([5n, 2n ** 60n]), [2]),
  flag: new NdArray(new Uint8Array([1, 0]), [2], 'bool'),
  sparse: SparseTensor.of({ shape: [2, 2], entries: [[[1, 0], 7]] }),
};

for (const name of ['one.zarr', 'one.h5', 'one.json', 'one.yaml', 'one.zip']) {
  test(name, () => using(openStore(`memory:${name}`), async (store) => {
    await store.dump([ENTRY]);
    for (const [path, slice, dtype, value] of /** @type {[string, number[], string, unknown][]} */ ([
      ['number', [1, 0], 'float32', 3.5], ['big', [-1], 'int64', 2n ** 60n], ['flag', [0], 'bool', true],
      ['sparse', [1, 0], 'float64', 7]])) {
      const read = await store.read(0, path, { slice });
      assert.ok(read instanceof NdArray, `${path}: ${typeof read}`);
      assert.deepEqual([[...read.shape], read.dtype, read.get()], [[], dtype, value], path);
    }
  }));
}
