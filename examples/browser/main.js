// SPDX-License-Identifier: MIT
// Reads a run out of the chosen file, which stays on the visitor's machine. With a bundler or an
// import map the import is 'bores-wasm'.
import { openStore } from '../../js/index.js';

const input = document.querySelector('input');
const output = document.querySelector('pre');

input.addEventListener('change', async () => {
  output.textContent = '';
  try {
    const store = await openStore(input.files[0]);
    for await (const state of store.load({ fields: ['model.fluid_properties.pressure_grid'] })) {
      const pressure = state.model.fluid_properties.pressure_grid;
      output.append(`${state.timeInDays.toFixed(2)} days: ${pressure.mean().toFixed(2)} psi\n`);
    }
    await store.close();
  } catch (error) {
    output.textContent = error.message;
  }
});
