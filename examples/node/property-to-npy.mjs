// SPDX-License-Identifier: MIT
// Copies a property of one state to a file for numpy.load(); -1 is the last state:
//
//     node examples/node/property-to-npy.mjs run.zarr -1 model.fluid_properties.pressure_grid p.npy
//
// Without arguments: that property of the bundled sample.
import { writeFile } from 'node:fs/promises';

import { encodeNpy, openStore } from 'bores-wasm';

const sample = new URL('../../web/samples/waterflood.zarr.zip', import.meta.url);
const [location = sample, index = '-1', path = 'model.fluid_properties.pressure_grid',
  file = 'pressure.npy'] = process.argv.slice(2);
const store = await openStore(location, { mode: 'r' });
const array = await store.read(Number(index), path);
await writeFile(file, encodeNpy(array));
console.log(`${file}: ${array}`);
await store.close();
