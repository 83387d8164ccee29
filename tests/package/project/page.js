// SPDX-License-Identifier: MIT
// The package in a page that a bundler has made: what node.mjs says, of a store of each format, in the
// page's thread and in a worker; and the element that shows one.
import { openStore } from 'bores-wasm';
import 'bores-wasm/viewer';

const output = document.querySelector('output');
const answers = [];
try {
  for (const name of ['run.zarr.zip', 'run.h5', 'run.json']) {
    for (const worker of [false, true]) {
      const store = await openStore(new URL(`/data/${name}`, location.href).href, { worker });
      const pressure = await store.read(-1, 'model.fluid_properties.pressure_grid');
      answers.push([await store.count(), pressure.mean()]);
      await store.close();
    }
  }
  const viewer = document.body.appendChild(document.createElement('bores-viewer'));
  const { steps } = await viewer.open('/data/run.zarr.zip');
  output.dataset.viewer = `${steps.length} ${viewer.property}`;
  output.textContent = JSON.stringify(answers);
} catch (error) {
  output.textContent = `${error.stack}`;
}
output.id = 'done';
