// SPDX-License-Identifier: MIT
// bores repair: away with what interrupted writers have left.

import { withStore } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { formatJson, visible } from '../format.js';

/**
 * @import { Command } from '../usage.js'
 * @typedef {Awaited<ReturnType<import('../../index.js').DataStore['repair']>>} Repair
 */

/** @type {Command} */
export const repair = {
  name: 'repair',
  synopsis: 'LOCATION',
  operands: [1, 1],
  summary: 'drop what an interrupted writer has left half done',
  description: `After a crash: finishes commits that were decided, drops states that were not written to
their end, by whomever, and rights the count of states. Whole states are never touched.
Do not run it while BORES is writing to the store: it cannot tell a writer that is slow
from one that was killed. With --dry-run it says what it would do, changes nothing, and
exits with 1 when there is something to do.`,
  options: {
    'dry-run': { type: 'boolean', short: 'n', help: 'only say what would be done' },
  },
  examples: [
    ['bores repair run.zarr --dry-run', 'what has the crash left?'],
    ['bores repair run.zarr && bores verify run.zarr', 'make it whole, then check everything'],
  ],
  async* run({ operands: [location], options, signal, place }) {
    const dryRun = Boolean(options['dry-run']);
    return yield* withStore(location, { signal, place }, async function* work(store) {
      const done = await store.repair({ dryRun, signal });
      yield options.json ? formatJson({ dryRun, ...done }) : text(done, dryRun);
      return dryRun && hasWork(done) ? EXIT.PROBLEMS : EXIT.OK;
    }, { mode: dryRun ? 'r' : 'r+', empty: true });
  },
};

/** @param {Repair} repaired */
function hasWork({ dropped, restored, unfinished, count }) {
  return dropped.length + restored.length + unfinished.length > 0 || count !== null;
}

/**
 * @param {Repair} repaired
 * @param {boolean} dryRun
 */
function text(repaired, dryRun) {
  if (!hasWork(repaired)) return 'nothing to repair\n';
  const { dropped, restored, unfinished, count } = repaired;
  const [drop, finish, set] = dryRun ? ['would drop', 'would finish', 'would set']
    : ['dropped', 'finished', 'set'];
  const lines = [
    ...dropped.map((name) => `${drop} ${name}: its commit was interrupted`),
    ...restored.map((name) => `${finish} ${name}: its commit was decided`),
    ...unfinished.map((name) => `${drop} ${name}: its writer did not come to the end`),
    ...(count ? [`${set} the count of states from ${count.is ?? 'none'} to ${count.should}`] : []),
  ];
  return lines.map((line) => `${visible(line)}\n`).join('');
}
