// SPDX-License-Identifier: MIT
// The complete workflow: simulates what BORES's files say, saves every fifth state on the way, keeps
// checkpoints, and analyses what was saved:
//
//     node examples/node/complete-workflow.mjs model.h5 config.yaml pvt.h5 results
import { ModelAnalyst, ModelState, Run, StateStream, ZarrStore, use32bitPrecision } from 'bores-wasm';

use32bitPrecision();
const [modelPath, configPath, pvtTablePath, results] = process.argv.slice(2);
if (results === undefined) {
  console.error('Usage: node examples/node/complete-workflow.mjs MODEL CONFIG PVT_TABLE RESULTS');
  process.exit(2);
}
const run = await Run.fromFiles({ modelPath, configPath, pvtTablePath });

const store = new ZarrStore(`${results}/simulation.zarr`);
const checkpointStore = new ZarrStore(`${results}/checkpoints.zarr`);
const stream = new StateStream({
  states: run.states(), store, batchSize: 30, backgroundIO: true, save: (state) => state.step % 5 === 0,
  checkpointInterval: 10, checkpointStore, maxBatchMemoryUsage: 100,
});
for await (const state of stream) {
  const pressure = state.model.fluid_properties.pressure_grid.mean();
  console.log(`Step ${state.step}: ${state.timeInDays.toFixed(1)} days, ${pressure.toFixed(1)} psi`);
}
await stream.close();
console.log(`Simulation complete. Saved ${await store.count()} states.`);

const analyst = await ModelAnalyst.from(store.load(ModelState));
console.log(`STOIIP: ${analyst.stoiip.toFixed(0)} STB, recovery ${(100 * analyst.oilRecoveryFactor).toFixed(2)} %`);
for (const [step, volume] of analyst.oilProductionHistory({ interval: 20 })) {
  console.log(`Step ${step}: ${volume.toFixed(2)} STB`);
}
await Promise.all([store.close(), checkpointStore.close()]);
