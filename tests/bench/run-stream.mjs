// SPDX-License-Identifier: MIT
// A run whose states stream into a store in the background, beside the same run without: what keeping
// every state costs until the last is computed, and until it is written.
import { Run, StateStream, openStore } from '../../js/index.js';
import { readCase } from '../validate/cases.js';
import { line, newPlace } from './lib.mjs';

export const title = 'A run that keeps its states, over the same without';

/** @type {[string, number, number][]} case, states, runs */
const CASES = [['spe1_case1', 120, 3], ['spe9', 10, 1]];

export async function run() {
  for (const [name, reports, runs] of CASES) {
    const { model } = readCase(name);
    const cut = { ...model, report_days: model.report_days.slice(0, reports) };
    const simulation = await Run.fromModel(cut, { steps: 'report' });
    await spent(simulation); // compiles
    let bare = Infinity;
    for (let i = 0; i < runs; i += 1) bare = Math.min(bare, await spent(simulation));
    line(`${name}, ${reports + 1} states, nothing kept`, `${bare.toFixed(2)} s`);
    for (const durability of /** @type {const} */ (['relaxed', 'strict'])) {
      const kept = { computed: Infinity, written: Infinity };
      for (let i = 0; i < runs; i += 1) {
        const { computed, written } = await keep(simulation, durability);
        kept.computed = Math.min(kept.computed, computed);
        kept.written = Math.min(kept.written, written);
      }
      line(`… kept (${durability}), until the last is computed`, `${kept.computed.toFixed(2)} s`, kept.computed / bare, 1.1);
      line(`… kept (${durability}), until it is written`, `${kept.written.toFixed(2)} s`, kept.written / bare);
    }
  }
}

/** Seconds of a run of which nothing is kept. @param {Run} simulation */
async function spent(simulation) {
  const begun = performance.now();
  for await (const _ of simulation.states());
  return (performance.now() - begun) / 1000;
}

/**
 * @param {Run} simulation
 * @param {'relaxed' | 'strict'} durability
 */
async function keep(simulation, durability) {
  const store = await openStore(newPlace(), { mode: 'w', durability });
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  const stream = new StateStream({ states: simulation.states(), store, backgroundIO: true });
  let computed = 0;
  for await (const _ of stream) computed = since();
  await stream.close();
  await store.close();
  return { computed, written: since() };
}
