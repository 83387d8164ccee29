// SPDX-License-Identifier: MIT
// Replays 300 entries of ten grids each in a process of its own, whose memory is measured (MB):
//
//     node long-replay.js true|false     (whether a worker decodes)

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { StateStream, ZarrStore } from '../../../js/index.js';
import { getCore } from '../../../js/formats/zarr/zarr-session.js';
import { writeLinked } from '../../helpers/linked-folder.js';
import { makeStore } from '../../helpers/synthetic-store.js';

const ENTRIES = 300;
const MB = 2 ** 20;
const worker = process.argv[2] === 'true';
const grids = Array.from({ length: 10 }, (_, i) => `grid_${i}`);

const folder = mkdtempSync(path.join(os.tmpdir(), 'bores-replay-'));
try {
  writeLinked(folder, makeStore(1, { shape: [50, 50, 21], grids }), ENTRIES);
  const store = new ZarrStore(folder, { worker });
  let states = 0, read = 0, peak = 0;
  for await (const state of new StateStream({ store })) {
    states += 1;
    for (const grid of grids) read += state.get(['model', 'fluid_properties', grid]).nbytes;
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  await store.close();
  const heap = worker ? 0 : (await getCore()).memory.buffer.byteLength;
  console.log(JSON.stringify({ states, read: read / MB, peak: peak / MB, heap: heap / MB }));
} finally {
  rmSync(folder, { recursive: true });
}
