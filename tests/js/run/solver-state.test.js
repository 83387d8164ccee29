// SPDX-License-Identifier: MIT
// solver_state goes through every store to the bit.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { NdArray, openStore } from '../../../js/index.js';
import { readTree, writeTree } from '../../../js/values/tree.js';
import { makeSolverState, readSolverState } from '../../../js/run/solver-state.js';

/** Numbers that a detour over text, single precision or whole numbers would change. */
const AWKWARD = Float64Array.of(0.1 + 0.2, -0, 1e-310, NaN, -Infinity, 2 ** 53 + 2, 1 / 3);

/** What C would give. @param {any} tree */
const given = (tree) => {
  const { packed, buffers } = writeTree(tree);
  return { packed: /** @type {any} */ (packed), buffers: buffers.map((bytes) =>
    /** @type {ArrayBuffer} */ (bytes.slice().buffer)) };
};

const saved = { version: 3, day: 1 / 3, step: 12, pressure: new NdArray(AWKWARD, [7, 1, 1]),
  none: new NdArray(new Float64Array(0)), flags: new NdArray(Uint8Array.of(0, 1, 255)),
  wells: [{ name: 'PROD-2 Ærøskøbing', bhp: 2.0 }] };
const events = { happened: ['P/1'], settings: { P: { control: 'bhp', bhp: 0.1 + 0.2 } } };

/** @param {any} stored */
function assertSame(stored) {
  const state = readSolverState(stored);
  assert.deepEqual(state.events, events);
  const back = readTree(given(0) && { packed: /** @type {any} */ (state.saved.packed),
    buffers: state.saved.buffers.map((bytes) => /** @type {ArrayBuffer} */ (bytes.slice().buffer)) });
  assert.deepEqual([...new Uint8Array(back.pressure.data.buffer)], [...new Uint8Array(AWKWARD.buffer)]);
  assert.deepEqual([...back.flags.data], [0, 1, 255]);
  assert.equal(back.none.size, 0);
  assert.deepEqual([back.version, back.day, back.step, { ...back.wells[0] }],
    [3, 1 / 3, 12, { name: 'PROD-2 Ærøskøbing', bhp: 2 }]);
}

for (const name of ['run.zarr', 'run.h5', 'run.json', 'run.yaml', 'flat.zarr']) {
  test(`through ${name}`, async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-solver-state-'));
    try {
      const options = name.startsWith('flat') ? { layout: /** @type {const} */ ('flat') } : {};
      const store = await openStore(path.join(folder, name), { mode: 'w', ...options });
      await store.dump([{ step: 3, time: 1.5, solver_state: makeSolverState(given(saved), events) }]);
      await store.close();
      const again = await openStore(path.join(folder, name), { mode: 'r' });
      for await (const state of again.load()) assertSame(state.solver_state);
      await again.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('states of others, and broken ones, are refused', () => {
  assert.throws(() => readSolverState(undefined), { code: 'ERR_NOT_FOUND', message: /not made by a Run/ });
  const whole = makeSolverState(given(saved), events);
  assert.throws(() => readSolverState({ ...whole, version: 9 }), { code: 'ERR_UNSUPPORTED' });
  for (const length of [0, 1, 5, 20]) {
    assert.throws(() => readSolverState({ ...whole, words: new NdArray(whole.words.data.slice(0, length)) }),
      { code: 'ERR_CORRUPT' }, `cut to ${length}`);
  }
});
