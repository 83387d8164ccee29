// SPDX-License-Identifier: MIT
// HDF5 files that we write, as h5py reads them: each of BORES's own, written anew, is the same to it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { HDF5Store, copyStore } from '../../js/index.js';
import { HDF5_INPUTS, HDF5_RUNS, hdf5File } from '../helpers/fixtures.js';
import { using } from '../helpers/with-store.js';

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-h5py
const script = fileURLToPath(new URL('compare_hdf5.py', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'bores-h5py-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** @param {string} expected @param {string} actual */
function assertSame(expected, actual) {
  const said = execFileSync(PYTHON, [script, expected, actual], { encoding: 'utf8' }).trim();
  assert.equal(said, '0 differences', said);
}

/**
 * @param {string} source
 * @param {import('../../js/store/store-types.js').OpenOptions} options
 * @param {boolean} replace
 */
async function writeAnew(source, options, replace) {
  const target = path.join(mkdtempSync(path.join(work, 'copy-')), 'run.h5');
  await using(new HDF5Store(source, { mode: 'r' }), (from) =>
    using(new HDF5Store(target, { statistics: false, ...options }), (to) => copyStore(from, to, { replace })));
  return target;
}

/** How BORES was told to write them. @param {string} run @returns {import('../../js/store/store-types.js').OpenOptions} */
const optionsOf = (run) => ({ ...(run.endsWith('_lzf') && { compression: 'lzf' }), ...(run.endsWith('_wire') && { arrays: 'record' }) });

for (const run of [...HDF5_RUNS.filter((name) => !name.startsWith('wheel')), ...HDF5_INPUTS]) {
  test(`${run}, dumped, is the same to h5py`, async () => {
    assertSame(hdf5File(run), await writeAnew(hdf5File(run), optionsOf(run), true));
  });
}

for (const run of ['guide/wf_f64', 'head/wf_f64_wire', 'head/wf_f32']) {
  test(`${run}, appended, is the same to h5py`, async () => {
    assertSame(hdf5File(run), await writeAnew(hdf5File(run), optionsOf(run), false));
  });
}
