// SPDX-License-Identifier: MIT
// What statistics beside the data cost: states encoded with them and without, in turns, by processor time.
import { openStore } from '../../../js/index.js';
import { Core } from '../../../js/core/core.js';
import { encode } from '../../../js/core/encode.js';
import { instanceOf } from '../../../js/core/instances.js';
import { toStored } from '../../../js/state/stored-tree.js';
import { writeTree } from '../../../js/values/tree.js';
import { runFolder } from '../../helpers/fixtures.js';
import { line, made, median, python } from '../lib.mjs';

const TURNS = 9;

export async function encodeStatistics() {
  const small = runFolder('head/wf_f64');
  const medium = made('medium.zarr', (out) => python('medium-store.py', small, out));
  for (const [what, folder, count] of [['240 cells', small, 24], ['18,240 cells', medium, 4]]) {
    const encodeAll = await encoder(folder, count);
    for (const statistics of [false, true]) encodeAll(statistics); // warms up
    const turns = Array.from({ length: TURNS }, () => ({ without: encodeAll(false), having: encodeAll(true) }));
    const share = median(turns.map(({ without, having }) => having / without - 1));
    line(`${what}: processor time that statistics add`,
      `${(1000 * median(turns.map(({ without, having }) => having - without)) / count).toFixed(2)} ms a state`);
    line('  of what encoding a state takes without them', `${(100 * share).toFixed(1)} %`);
  }
}

/** Encodes the first states of a run, again and again; gives the seconds that it takes. */
async function encoder(folder, count) {
  const core = await instanceOf(Core.load);
  const store = await openStore(folder, { mode: 'r' });
  const states = [];
  for await (const tree of store.load({ as: 'raw', indices: [...Array(count).keys()] })) states.push(toStored(tree));
  await store.close();
  return (statistics) => {
    const begun = process.cpuUsage();
    states.forEach((data, idx) => encode(core, 'zarr.encode',
      writeTree({ layout: 'flat', statistics, entries: [{ idx, meta: {}, data }] })));
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1e6;
  };
}
