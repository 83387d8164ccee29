// SPDX-License-Identifier: MIT
// What was written is let go: a store and a stream that live long hold no state of before.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';

import { StateStream, openStore } from '../../../js/index.js';
import { stateOf } from '../../helpers/stream-run.js';

const STATES = 12;
const work = mkdtempSync(path.join(tmpdir(), 'bores-memory-'));
after(() => rmSync(work, { recursive: true, force: true }));

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

/** The values themselves, which are not copied. @param {any} state */
const valuesOf = (state) => state.model.fluid_properties.pressure_grid.data;

/** How many are still held after a while; a frame may hold the last. @param {WeakRef<Float64Array>[]} refs */
async function held(refs) {
  let alive = refs.length;
  for (let attempt = 0; attempt < 1000 && alive > 1; attempt += 1) {
    await wait(10);
    collect();
    alive = refs.filter((ref) => ref.deref()).length;
  }
  return alive;
}

/** @type {Record<string, (location: string, worker: boolean, refs: WeakRef<Float64Array>[]) => Promise<() => Promise<void>>>} */
const WAYS = {
  'append': async (location, worker, refs) => {
    const store = await openStore(location, { worker });
    for (let step = 0; step < STATES; step += 1) {
      const state = stateOf(step);
      refs.push(new WeakRef(valuesOf(state)));
      await store.append(state);
    }
    return () => store.close();
  },
  'a stream': async (location, worker, refs) => {
    const store = await openStore(location, { worker });
    const stream = new StateStream({ store, backgroundIO: worker, batchSize: 3, states: (function* states() {
      for (let step = 0; step < STATES; step += 1) {
        const state = stateOf(step);
        refs.push(new WeakRef(valuesOf(state)));
        yield state;
      }
    }()) });
    await stream.consume();
    await stream.flush({ block: true });
    return async () => {
      await stream.close();
      await store.close();
    };
  },
};

describe('states that are written are let go while the store is open', () => {
  for (const [name, write] of Object.entries(WAYS)) {
    for (const worker of [false, true]) {
      test(`${name}${worker ? ', in workers' : ''}`, async () => {
        /** @type {WeakRef<Float64Array>[]} */ const refs = [];
        const close = await write(path.join(work, `${name}-${worker}.zarr`), worker, refs);
        assert.equal(refs.length, STATES);
        const alive = await held(refs);
        await close();
        assert.ok(alive <= 1, `${alive} of ${STATES} arrays are still held`);
      });
    }
  }
});
