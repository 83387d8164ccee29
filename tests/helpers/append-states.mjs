// SPDX-License-Identifier: MIT
// A process that appends states one by one: append-states.mjs STORE FIRST LAST PAUSE_MS
import { ZarrStore } from '../../js/index.js';
import { stateOf } from './stream-run.js';

const [location, first, last, pause] = process.argv.slice(2);
const store = new ZarrStore(location, { durability: 'relaxed' });
for (let step = Number(first); step <= Number(last); step += 1) {
  await store.append(stateOf(step), { meta: { step } });
  process.stdout.write(`entry ${step}\n`);
  await new Promise((resolve) => { setTimeout(resolve, Number(pause)); });
}
await store.close();
