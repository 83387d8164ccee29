// SPDX-License-Identifier: MIT
// Streams 1,000 states of 1 MB through a background writer and reports by how much the process grew:
// stream-memory.js STORE BATCH_MB QUEUE_MB, forked by background.mjs.
import { ModelState, NdArray, StateStream, openStore } from '../../js/index.js';
import { internalsOf } from '../../js/store/data-store.js';

const [place, ...limits] = process.argv.slice(2);
const [batch, queue] = limits.map(Number); // MB
const STATES = 1000;
const GRIDS = ['pressure_grid', 'oil_saturation_grid', 'water_saturation_grid', 'gas_saturation_grid'];
const SHAPE = [32, 32, 32], CELLS = 32 ** 3; // of each grid, float64

/** Smooth values with noise in the lower bits, as a simulator's. */
const field = Float64Array.from({ length: CELLS }, (_, cell) =>
  Math.fround(3000 + Math.sin(cell / 97) * 200 + ((cell * 2654435761) % 1024) / 4096));

/** @param {number} step */
function state(step) {
  const grid = (/** @type {number} */ seed) =>
    new NdArray(field.map((value) => value + seed + step / 64), SHAPE);
  return ModelState.from({ step, step_size: 1, time: step,
    model: { fluid_properties: Object.fromEntries(GRIDS.map((name, seed) => [name, grid(seed)])) } });
}

function* simulate() {
  for (let step = 0; step < STATES; step += 1) yield state(step);
}

let peak = 0;
const sample = () => { peak = Math.max(peak, process.memoryUsage().rss); };

const store = await openStore(place, { durability: 'relaxed' });
await internalsOf(store).useWorkers();
await store.appendAll(Array.from({ length: 4 }, (_, step) => state(step))); // the threads are running
const before = process.memoryUsage().rss;
const timer = setInterval(sample, 10);
const stream = new StateStream({ states: simulate(), store, backgroundIO: true,
  maxBatchMemoryUsage: batch, maxQueueMemoryUsage: queue, queueTimeout: 600, onProgress: sample });
await stream.consume();
await stream.close();
clearInterval(timer);
await store.close();
process.send?.({ peak: (peak - before) / 1e6, limit: batch + queue + 64 });
process.exit(0);
