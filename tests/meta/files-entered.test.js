// SPDX-License-Identifier: MIT
// How many files the simplest tasks lead through, in one thread: as many has whoever follows one to open. What
// a task does not need it does not enter. A number that goes down is written down here.
//
// Before the folders were cut by format and medium they were 36, 28, 42 and 51. What a read of a zip and an append
// to a folder enter beyond that: core/options.js and store/known-options.js check what a call is given, storage/
// parse-location.js and storage/media.js take the place of what each format knew of locations, store/reads/reads.js
// spreads reads over threads; and a zip, which can be written now, is a file as HDF5's is (zip-file.js,
// node-file-place.js, file-place.js, sync-file.js).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hdf5File } from '../helpers/fixtures.js';

const script = fileURLToPath(new URL('./files-entered.mjs', import.meta.url));
const sample = fileURLToPath(new URL('../../web/samples/waterflood.zarr.zip', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'bores-entered-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const TASKS = /** @type {[what: string, task: string, location: string, most: number][]} */ ([
  ['a read of a zip', 'read', sample, 41],
  ['opening an .h5', 'open', hdf5File('head/wf_f64'), 28],
  ['an append to a folder', 'append', path.join(folder, 'run.zarr'), 46],
  ['an append to an HDF5 file', 'append', path.join(folder, 'run.h5'), 51],
]);

for (const [what, task, location, most] of TASKS) {
  test(`${what} leads through at most ${most} files`, () => {
    const entered = JSON.parse(execFileSync(process.execPath, [script, task, location], { encoding: 'utf8' }));
    assert.ok(entered.includes('store/data-store.js'), 'what is entered is found');
    assert.ok(entered.length <= most, `${entered.length}: ${entered.join(', ')}`);
  });
}
