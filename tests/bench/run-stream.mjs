// SPDX-License-Identifier: MIT
// A run whose states stream into a store in the background, beside the same run without: what keeping
// every state costs.
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
    let bare = Infinity, kept = Infinity;
    for (let i = 0; i < runs; i += 1) {
      bare = Math.min(bare, await seconds(async () => {
        for await (const _ of simulation.states());
      }));
      kept = Math.min(kept, await seconds(() => keep(simulation)));
    }
    line(`${name}, ${reports + 1} states: ${bare.toFixed(2)} s without, with`, `${kept.toFixed(2)} s`, kept / bare, 1.1);
  }
}

/** @param {Run} simulation */
async function keep(simulation) {
  const store = await openStore(newPlace(), { mode: 'w', durability: 'relaxed' });
  const stream = new StateStream({ states: simulation.states(), store, backgroundIO: true });
  await stream.consume();
  await stream.close();
  await store.close();
}

/** @param {() => Promise<void>} body */
async function seconds(body) {
  const begun = performance.now();
  await body();
  return (performance.now() - begun) / 1000;
}
