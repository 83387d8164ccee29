// SPDX-License-Identifier: MIT
// A plan of appends and dumps: what a store holds after each turn is known without looking at it.
import assert from 'node:assert/strict';

import { ModelState } from '../../js/index.js';
import { generator } from '../js/storage/writer-contract.js';

/** @import { ZarrStore } from '../../js/index.js' */

const DUMPS = 15, APPENDS_TWO = 4; // every so many-th turn

/**
 * Values that no other step has.
 * @param {number} step
 * @param {number} length
 */
function values(step, length) {
  const random = generator(step);
  return Float64Array.from({ length }, () => random(2 ** 31) / 7 + step);
}

/** @param {number} step */
function stateOf(step) {
  return ModelState.from({ step, step_size: 60, time: step * 60, wells: { names: [`INJ-${step}`] },
    model: { fluid_properties: { pressure_grid: values(step, 700), oil_saturation_grid: values(step + 1, 90) } } });
}

/** Steps that a turn writes. @param {number} turn */
function stepsOf(turn) {
  const count = turn % DUMPS === DUMPS - 1 ? 5 : turn % APPENDS_TWO === 0 ? 2 : 1;
  return Array.from({ length: count }, (_, i) => turn * 10 + i);
}

/** Steps in the store after so many turns. @param {number} turns @returns {number[]} */
function stepsAfter(turns) {
  const last = turns - (turns % DUMPS); // a dump's turn is the last before it
  const steps = last > 0 ? stepsOf(last - 1) : [];
  for (let turn = last; turn < turns; turn += 1) steps.push(...stepsOf(turn));
  return steps;
}

/** @param {ZarrStore} store @param {number} turn */
export async function takeTurn(store, turn) {
  const states = stepsOf(turn).map(stateOf);
  const meta = (/** @type {ModelState} */ { step }) => ({ step });
  if (turn % DUMPS === DUMPS - 1) await store.dump(states, { meta });
  else if (states.length > 1) await store.appendAll(states, { meta });
  else await store.append(states[0], { meta });
}

/**
 * How many turns a store has: those that were acknowledged, or one more; bit for bit.
 * @param {ZarrStore} store
 * @param {number} acknowledged
 * @returns {Promise<number>}
 */
export async function countTurns(store, acknowledged) {
  const entries = await store.entries();
  const steps = entries.map(({ step }) => step);
  const more = String(steps) === String(stepsAfter(acknowledged + 1));
  const turns = more ? acknowledged + 1 : acknowledged;
  assert.deepEqual(steps, stepsAfter(turns), `${acknowledged} turns acknowledged`);
  assert.equal(await store.count(), steps.length);
  let position = 0;
  for await (const state of store.load()) {
    const expected = stateOf(steps[position]);
    assert.deepEqual({ ...entries[position].meta }, { step: state.step });
    assert.deepEqual([state.step, state.time, [...state.wells.names]],
      [expected.step, expected.time, [...expected.wells.names]]);
    for (const path of ['pressure_grid', 'oil_saturation_grid'].map((name) => `model.fluid_properties.${name}`)) {
      assert.deepEqual([...state.get(path).data], [...expected.get(path).data], `${path} of ${state.step}`);
    }
    position += 1;
  }
  return turns;
}
