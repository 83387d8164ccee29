// SPDX-License-Identifier: MIT
// A file beyond 4 GB, with holes, that h5py made: read at its far end, and appended to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { HDF5Store, openNode } from '../../js/index.js';
import { using } from '../helpers/with-store.js';

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-h5py
const FAR = 5 * 2 ** 30;
const work = mkdtempSync(path.join(tmpdir(), 'bores-large-'));
after(() => rmSync(work, { recursive: true, force: true }));

const MAKE = `
import sys, h5py, numpy as np
with h5py.File(sys.argv[1], 'w') as file:
    hole = file.create_dataset('hole', (${FAR},), 'u1')
    hole[-3:] = [7, 8, 9]
    entry = file.create_group('entry_0000000000')
    entry.create_dataset('values', data=np.arange(1000.0), chunks=(100,), compression='gzip')
    entry.attrs['_meta'] = '{}'
    entry.attrs['_group_name'] = 'entry_0000000000'
    entry.attrs['_index'] = 0
    file.attrs['count'] = 1
`;
const CHECK = `
import sys, h5py
with h5py.File(sys.argv[1], 'r') as file:
    print(file['entry_0000000001/values'][:].tolist(), file.attrs['count'], file['hole'][-3:].tolist())
`;

test('a file beyond 4 GB', async () => {
  const file = path.join(work, 'large.h5');
  execFileSync(PYTHON, ['-c', MAKE, file]);
  assert.ok(statSync(file).size > FAR, `${statSync(file).size} bytes`);
  await using(openNode(file, 'hole'), async (hole) => {
    assert.deepEqual(hole.shape, [FAR]);
    assert.deepEqual([...(await hole.read({ slice: [[-4, null]] })).data], [0, 7, 8, 9]);
  });
  await using(new HDF5Store(file), async (store) => {
    assert.deepEqual([...(await store.read(0, 'values')).data], Array.from({ length: 1000 }, (_, i) => i));
    await store.append({ values: Float64Array.of(1.5, 2.5) });
    assert.equal(await store.count(), 2);
  });
  assert.equal(execFileSync(PYTHON, ['-c', CHECK, file], { encoding: 'utf8' }).trim(), '[1.5, 2.5] 2 [7, 8, 9]');
});
