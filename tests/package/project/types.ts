// SPDX-License-Identifier: MIT
// The types of the package as a project meets them that checks everything.
import {
  BoresError, ModelState, NdArray, StateStream, ZarrStore, openNode, openStore, validateState,
} from 'bores-wasm';
import type { EntryMeta } from 'bores-wasm';
import type { BoresViewer } from 'bores-wasm/viewer';

await using store = await openStore('run.zarr', { mode: 'r' });
for await (const state of store.load({ indices: [0, -1], fields: ['model.fluid_properties'] })) {
  const step: number = state.step;
  const days: number = state.timeInDays;
  console.log(step, days, validateState(state, { dtype: 'float32' }) instanceof ModelState);
}
const entries: EntryMeta[] = await store.entries();
const pressure = await store.read(-1, 'model.fluid_properties.pressure_grid');
if (pressure instanceof NdArray) console.log(pressure.shape.length, pressure.mean() + 1);
const { time, value } = await store.series('model.fluid_properties.pressure_grid', [0, 0, 0]);
console.log(entries[0]?.idx, time.length, value.length);

const stream = new StateStream({ store, batchSize: 10, backgroundIO: true });
for await (const state of stream) console.log(state.step);
await stream.close();

const node = await openNode('file.h5', 'group/array');
console.log(node.kind, node.path);
const grid: unknown = await store.compute('gridFaces', []);
try {
  await new ZarrStore('run.zarr').append(ModelState.from({ step: 1, step_size: 1, time: 1 }));
} catch (error) {
  if (error instanceof BoresError) console.log(error.code, error.message, grid);
}
// @ts-expect-error  a step is a number
ModelState.from({ step: 1 }).step satisfies string;

export async function embed(viewer: BoresViewer): Promise<Blob> {
  viewer.range = [0, 1];
  viewer.addEventListener('pick', ({ detail }) => console.log(detail.cell?.[0], detail.value.toFixed(2)));
  const { step } = await viewer.goTo(-1);
  // @ts-expect-error  a step is a number
  viewer.step = `${step}`;
  return viewer.toImage({ type: 'image/png' });
}
