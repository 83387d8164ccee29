// SPDX-License-Identifier: MIT
// Saves a made-up run state by state. Stopped in the middle, by whatever, the same command goes on:
//
//     node examples/node/write-run.mjs [run.zarr [100]]
import { ModelState, StateStream, openStore } from 'bores-wasm';

function* simulate(first, last) {
  for (let step = first; step <= last; step += 1) {
    const pressure_grid = new Float64Array(24).fill(3000 * Math.exp(-step / 100)); // psi
    yield ModelState.from({ step, step_size: 86400, time: step * 86400,
      model: { fluid_properties: { pressure_grid } } });
  }
}
const [location = 'made-up.zarr', last = '20'] = process.argv.slice(2);
const store = await openStore(location);
const states = simulate(await store.count(), Number(last));
const stream = new StateStream({ states, store, batchSize: 10, backgroundIO: true });
for await (const { step, timeInDays } of stream) console.log(`step ${step}, ${timeInDays} days`);
await stream.close();
await store.close();
