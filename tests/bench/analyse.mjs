// SPDX-License-Identifier: MIT
// An analysis in one pass, beside reading just the fields that it needs, and beside NumPy over Debian's
// zarr-python making the same report; how its memory grows with the states; what statistics cost that are kept.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ModelAnalyst, openStore } from '../../js/index.js';
import { Kernel } from '../../js/analysis/kernel.js';
import { runFolder } from '../helpers/fixtures.js';
import { best, line, made, python } from './lib.mjs';
import { encodeStatistics } from './peers/encode-statistics.mjs';

export const title = 'Analysing a medium store (32 × 38 × 15)';

export async function run() {
  const medium = made('medium.zarr', (out) => python('medium-store.py', runFolder('head/wf_f64'), out));
  const many = (count) => made(`medium-${count}.zarr`, (out) =>
    python('repeat-entries.py', medium, out, String(count)));
  for (const [count, folder] of [[21, medium], [300, many(300)]]) {
    const reading = await best(3, () => readFields(folder));
    const analysing = await best(3, () => analyse(folder));
    line(`${count} states in one pass, over reading their fields`,
      `${(count / analysing).toFixed(0)} states/s`, reading / analysing, 0.7);
  }
  const ours = await best(3, () => analyse(medium));
  const theirs = await best(1, () => python('analyse-numpy.py', medium));
  line('21 states, over NumPy and zarr-python', `${ours.toFixed(2)} s`, theirs / ours, 5);
  const few = peak(many(30)), all = peak(many(300));
  line('peak memory of 300 states, over that of 30', `${(all / 1024).toFixed(0)} MB`, all / few, 1.2);
  await encodeStatistics();
}

async function analyse(folder) {
  const store = await openStore(folder, { worker: false });
  const analyst = await ModelAnalyst.from(store);
  analyst.report();
  analyst.close();
  await store.close();
}

async function readFields(folder) {
  const { fields } = await Kernel.open({});
  const store = await openStore(folder, { worker: false });
  for await (const tree of store.load({ as: 'raw', fields })) void tree;
  await store.close();
}

/** Kilobytes that a process had at the most. */
function peak(folder) {
  const self = fileURLToPath(import.meta.url);
  return Number(execFileSync(process.execPath, ['--expose-gc', self, folder], { encoding: 'utf8' }));
}

if (process.argv[2] && fileURLToPath(import.meta.url) === process.argv[1]) {
  await analyse(process.argv[2]);
  console.log(process.resourceUsage().maxRSS);
}
