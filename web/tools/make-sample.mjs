// SPDX-License-Identifier: MIT
// Makes the run that the start page opens, web/samples/five-spot.zarr.zip, with our own simulator:
//
//     node web/tools/make-sample.mjs
//
// A quarter of a five-spot pattern in three layers: water goes in at one corner, and is drawn on its way to the
// other through uneven rock.

import { fileURLToPath } from 'node:url';

import { Run, convertStore, openStore, validateState } from '../../js/index.js';
import { COREY, DENSITY, GAS, WATER, coreyTables, deadOil } from '../simulate/fluids.js';
import { smoothField } from '../simulate/random-rock.js';

const N = 12;
const LAYERS = 3;
const DAYS = 1600;
const STATES = 10;
const target = fileURLToPath(new URL('../samples/five-spot.zarr.zip', import.meta.url));

/** Better rock at the bottom, as in a channel that fines upward; each layer has its own unevenness. */
const permx = Array.from({ length: LAYERS }, (_, k) =>
  smoothField(N, N, { mean: [80, 160, 320][k], spread: 0.55, length: 3, seed: 11 + k })).flat();
const column = (/** @type {number} */ i, /** @type {number} */ j) =>
  Array.from({ length: LAYERS }, (_, k) => ({ i, j, k }));
const well = (/** @type {string} */ name, /** @type {any} */ more) => ({ name, radius: 0.3, skin: 0, ...more });

const run = await Run.fromModel({
  format: 'bores-sim-model/1', units: 'field', name: 'five-spot', start_date: '2020-01-01',
  phases: ['water', 'oil', 'gas'], water: WATER, density: DENSITY, gas: GAS, relperm: coreyTables(),
  oil: deadOil(6), options: { drsdt: null },
  grid: { nx: N, ny: N, nz: LAYERS, dx: 80, dy: 80, dz: [20, 20, 20], tops: 6000 },
  rock: { compressibility: 4e-6, pref: 3000, porosity: 0.22, permx, permy: permx, permz: permx.map((k) => 0.1 * k) },
  initial: { type: 'explicit', pressure: 3000, sw: COREY.swc, sg: 0, rs: 0 },
  wells: [well('INJ', { type: 'injector', fluid: 'water', perforations: column(0, 0) }),
    well('PROD', { type: 'producer', perforations: column(N - 1, N - 1) })],
  schedule: [{ day: 0, wells: { INJ: { status: 'open', control: 'rate', rate: 350, bhp: 9000 },
    PROD: { status: 'open', control: 'bhp', bhp: 2000 } } }],
  report_days: Array.from({ length: STATES }, (_, n) => Number((DAYS * (n + 1) / STATES).toFixed(1))),
});
/** Nobody looks at these, or goes on from this run; the page is to be small. */
const LEFT_OUT = new RegExp('^(solver_state|timer_state|relative_mobilities|capillary_pressures'
  + '|model\\.(saturation_history|hysteresis_state)'
  + '|model\\.fluid_properties\\.(solvent_concentration|gas_compressibility(_factor)?|gas_molecular_weight)_grid)\\b');

const store = await openStore('memory:sample.zarr', { mode: 'w' }); // a zip is written at once
await store.dump(run.states(), { meta: ({ step }) => ({ step }),
  validator: (state) => validateState(state, { dtype: 'float32' }) });
const { value: last } = await store.load({ indices: [-1] }).next();
const fields = last.paths().filter((/** @type {string} */ path) => !LEFT_OUT.test(path));
await convertStore(store, target, { replace: true, fields,
  compressor: { id: 'blosc', cname: 'zstd', clevel: 9, shuffle: 1 } });
await store.close();
