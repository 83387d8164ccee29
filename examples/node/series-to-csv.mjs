// SPDX-License-Identifier: MIT
// Follows a property of one cell through time, as CSV; of each state only the chunk that
// holds the cell is read:
//
//     node examples/node/series-to-csv.mjs run.zarr model.fluid_properties.pressure_grid 0 0 2
//
// Without arguments: that cell of the bundled sample.
import { openStore, propertyLabel } from 'bores-wasm';

const sample = new URL('../../web/samples/waterflood.zarr.zip', import.meta.url);
const [location = sample, path = 'model.fluid_properties.pressure_grid', ...cell] = process.argv.slice(2);
const indices = cell.length > 0 ? cell : [0, 0, 2];
const store = await openStore(location, { mode: 'r' });
const { step, time, value } = await store.series(path, indices.map(Number));
console.log(`step,days,${propertyLabel(path)}`);
step.forEach((number, i) => console.log(`${number},${time[i] / 86_400},${value[i]}`));
await store.close();
