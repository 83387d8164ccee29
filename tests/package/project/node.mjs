// SPDX-License-Identifier: MIT
// The package in Node: how many states each location has, and the mean pressure of its last.
import { openStore } from 'bores-wasm';

for (const location of process.argv.slice(2)) {
  const store = await openStore(location, { mode: 'r' });
  const pressure = await store.read(-1, 'model.fluid_properties.pressure_grid');
  console.log(JSON.stringify([await store.count(), pressure.mean()]));
  await store.close();
}
