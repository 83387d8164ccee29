// SPDX-License-Identifier: MIT
// .npy files against NumPy: what encodeNpy() and `bores show --npy` write, numpy.load() reads.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import { NdArray, encodeNpy } from '../../js/index.js';
import { runExpected, runFolder } from '../helpers/fixtures.js';
import { bores } from '../helpers/run-bores.js';

const HEAD = runFolder('head/wf_f64');

/** What NumPy makes of a file, as JSON; NaN as its name, everything else as numbers. */
const DESCRIBE = `
import io, json, sys, numpy
a = numpy.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
if a.dtype.kind == 'c':
    flat = [[v.real, v.imag] for v in a.ravel().tolist()]
elif a.dtype.kind in 'mM':
    flat = a.astype('i8').ravel().tolist()
else:
    flat = a.ravel().tolist()
flat = ['NaN' if v != v else str(v) if isinstance(v, int) and abs(v) > 2**53 else v for v in flat]
print(json.dumps({'dtype': a.dtype.str, 'shape': a.shape, 'data': flat,
                  'order': bool(a.flags.c_contiguous)}))
`;

/** @param {Uint8Array} file */
function numpyReads(file) {
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', ['-c', DESCRIBE],
    { input: file });
  assert.equal(status, 0, String(stderr));
  return JSON.parse(String(stdout));
}

/** @type {[NdArray<any>, string, unknown[]][]} array, NumPy's dtype, its elements */
const CASES = [
  [new NdArray(Float64Array.of(0.1, -0, NaN, 1e300, 5e-324, 3), [2, 3]), '<f8',
    [0.1, -0, 'NaN', 1e300, 5e-324, 3]],
  [new NdArray(Float32Array.of(0.5, -2), [2]), '<f4', [0.5, -2]],
  [new NdArray(Float32Array.of(0.5, -2), [2], 'float16'), '<f4', [0.5, -2]],
  [new NdArray(Int8Array.of(-128, 127)), '|i1', [-128, 127]],
  [new NdArray(Int16Array.of(-32768)), '<i2', [-32768]],
  [new NdArray(Int32Array.of(-2147483648)), '<i4', [-2147483648]],
  [new NdArray(BigInt64Array.of(-(2n ** 63n), 7n)), '<i8', ['-9223372036854775808', 7]],
  [new NdArray(Uint8Array.of(255)), '|u1', [255]],
  [new NdArray(Uint16Array.of(65535)), '<u2', [65535]],
  [new NdArray(Uint32Array.of(4294967295)), '<u4', [4294967295]],
  [new NdArray(BigUint64Array.of(2n ** 64n - 1n)), '<u8', ['18446744073709551615']],
  [new NdArray(Uint8Array.of(1, 0), [2], 'bool'), '|b1', [true, false]],
  [new NdArray(Float32Array.of(1, 2, 3, 4), [2], 'complex64'), '<c8', [[1, 2], [3, 4]]],
  [new NdArray(Float64Array.of(1, 2), [1], 'complex128'), '<c16', [[1, 2]]],
  [new NdArray(BigInt64Array.of(86400n), [1], 'datetime64[s]'), '<M8[s]', [86400]],
  [new NdArray(BigInt64Array.of(5n), [1], 'timedelta64[ns]'), '<m8[ns]', [5]],
  [new NdArray(['oil', 'Ærøskøbing', '', '🛢️']), '<U10', ['oil', 'Ærøskøbing', '', '🛢️']],
  [new NdArray(Float64Array.of(7), []), '<f8', [7]],
  [new NdArray(new Float64Array(0), [0, 3]), '<f8', []],
  [new NdArray(new Float64Array(1), Array(20).fill(1)), '<f8', [0]],
];

test('numpy.load reads every dtype, shape and byte', () => {
  for (const [array, dtype, data] of CASES) {
    const file = encodeNpy(array);
    assert.equal((file.length - array.nbytes) % 64 === 0 || array.dtype === 'str', true);
    assert.deepEqual(numpyReads(file), { dtype, shape: [...array.shape], data, order: true },
      String(array));
  }
});

test('a part of a larger buffer is written, not the buffer', () => {
  const buffer = Float64Array.of(1, 2, 3, 4);
  assert.deepEqual(numpyReads(encodeNpy(new NdArray(buffer.subarray(1, 3)))).data, [2, 3]);
});

test('records have no .npy form', () => {
  assert.throws(() => encodeNpy(new NdArray([{ a: 1 }])), { code: 'ERR_UNSUPPORTED' });
});

test('bores show --npy', async () => {
  const { at, shape } = runExpected('head/wf_f64').entries[2].arrays['model/thickness_grid'];
  const { code, bytes } = await bores(['show', HEAD, '2', 'thickness_grid', '--npy']);
  assert.equal(code, 0);
  const read = numpyReads(bytes);
  assert.deepEqual([read.dtype, read.shape], ['<f8', shape]);
  const [, ny, nz] = shape;
  for (const [[i, j, k], value] of at) assert.equal(read.data[(i * ny + j) * nz + k], value);
});

test('bores show --npy of a sparse grid is dense', async () => {
  const { sparse } = runExpected('head/wf_f64').entries[3];
  const { keys, values, shape } = sparse?.['rates/production_rates/oil'] ?? assert.fail('no rates');
  const { bytes } = await bores(['show', HEAD, '3', 'production_rates.oil', '--npy']);
  const read = numpyReads(bytes);
  const expected = new Array(shape[0] * shape[1] * shape[2]).fill(0);
  keys.forEach(([i, j, k], n) => { expected[(i * shape[1] + j) * shape[2] + k] = values[n]; });
  assert.deepEqual(read.data, expected);
});
