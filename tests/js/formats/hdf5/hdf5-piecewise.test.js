// SPDX-License-Identifier: MIT
// An HDF5 file that is read piece by piece, as from IndexedDB or a web server: what has not come yet is no
// damage. Whatever an operation finds in the whole file it finds in the pieces, no more and no less.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Hdf5Session } from '../../../../js/formats/hdf5/hdf5-session.js';
import { readTree } from '../../../../js/values/tree.js';
import { HDF5Store } from '../../../../js/index.js';
import { BytesSource } from '../../../../js/storage/base/byte-source.js';
import { SourcePlace } from '../../../../js/storage/file/file-place.js';
import { noise } from '../../../helpers/storage/content.js';

const work = mkdtempSync(path.join(tmpdir(), 'bores-piecewise-'));
after(() => rmSync(work, { recursive: true, force: true }));
const GROUPS = ['entry_0000000000', 'entry_0000000001', 'entry_0000000002'];
/** Noise, which gzip leaves as it is: where its bytes lie can be found. */
const values = GROUPS.map((_, i) => new Float64Array(noise(40_000, i + 1).buffer));
/** @type {Uint8Array} */
let bytes;

before(async () => {
  const file = path.join(work, 'run.h5');
  const store = new HDF5Store(file, { worker: false, chunks: [700] });
  for (const [step, x] of values.entries()) await store.append({ step, deep: { x }, small: step });
  await store.close();
  bytes = new Uint8Array(readFileSync(file));
});

/** Which has nothing at once. @param {Uint8Array} content */
function slowly(content) {
  const source = new BytesSource(content, 'run.h5');
  return { location: 'run.h5', size: content.length, close: () => source.close(),
    read: (/** @type {number} */ offset, /** @type {number} */ length) => source.read(offset, length) };
}

/**
 * What operations make of a file.
 * @param {Hdf5Session} session
 * @param {[name: string, params: unknown][]} operations
 */
async function outcomes(session, operations) {
  const results = [];
  for (const [name, params] of operations) {
    const result = await session.run(name, params).then((packed) => readTree(packed), (error) => error.message);
    if (name === 'children') for (const child of result) delete child.address; // another one for each opening
    results.push(result);
  }
  await session.close();
  return results;
}

/** @param {Uint8Array} content @param {[name: string, params: unknown][]} operations */
async function inBothWays(content, operations) {
  const whole = await outcomes(new Hdf5Session(new SourcePlace('bytes', new BytesSource(content, 'run.h5'))), operations);
  const pieces = await outcomes(new Hdf5Session(new SourcePlace('http', slowly(content))), operations);
  assert.deepEqual(pieces, whole);
  return pieces;
}

test('verify() of a good file finds nothing', async () => {
  for (const { problems, chunks } of await inBothWays(bytes, GROUPS.map((group) => ['verify', { group }]))) {
    assert.deepEqual(problems, []);
    assert.ok(chunks >= 8, `${chunks} chunks`);
  }
});

test('verify() of a damaged file finds the damage, and nothing else', async () => {
  const damaged = bytes.slice();
  const at = Buffer.from(bytes.buffer).indexOf(Buffer.from(values[1].buffer, 8 * 900, 64));
  assert.notEqual(at, -1, 'the bytes of a chunk in the file');
  damaged[at] ^= 0xff;
  const [first, second, third] = await inBothWays(damaged, GROUPS.map((group) => ['verify', { group }]));
  assert.deepEqual([first.problems.length, second.problems.length, third.problems.length], [0, 1, 0]);
});

test('listings and inventories are the same', async () => {
  await inBothWays(bytes, [['open', null], ['children', { path: '' }], ['node', { path: 'entry_0000000001/deep/x' }],
    ...GROUPS.map((group) => /** @type {[string, unknown]} */ (['inventory', { group }])), ['entries', { groups: GROUPS }]]);
});
