// SPDX-License-Identifier: MIT
// Replays a run and prints the mean pressure after every step:
//
//     node examples/node/replay.mjs [results/run.zarr]
import { openStore } from 'bores-wasm';

const sample = new URL('../../web/samples/waterflood.zarr.zip', import.meta.url);
const store = await openStore(process.argv[2] ?? sample, { mode: 'r' });
for await (const state of store.load({ fields: ['model.fluid_properties'] })) {
  const { pressure_grid: pressure } = state.model.fluid_properties;
  console.log(`step ${state.step}, ${state.timeInDays.toFixed(2)} days: `
    + `${pressure.mean().toFixed(2)} psi`);
}
await store.close();
