// SPDX-License-Identifier: MIT
// bores verify: is everything in a store readable?

import { openCube } from '../../index.js';
import { CASE_OPTION, withStore } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { formatBytes, formatJson, visible } from '../format.js';

/**
 * @import { DataStore } from '../../index.js'
 * @import { CubeStates } from '../../cube/read-cube.js'
 * @import { Command } from '../usage.js'
 */

/** @type {Command} */
export const verify = {
  name: 'verify',
  synopsis: 'LOCATION',
  operands: [1, 1],
  summary: 'decode everything and list what is broken',
  description: `Parses every document and decodes every chunk of every state, of a cube or another hierarchy
without states of all that is there. Nothing is changed.
Exits with 0 when all is well, with 1 when there are problems, one line each.`,
  options: { ...CASE_OPTION },
  examples: [
    ['bores verify results/run.zarr', 'check a run after a crash or a copy'],
    ['bores verify run.zarr && rm -r run.bak', 'go on only when it is whole'],
  ],
  async* run({ operands: [location], options, signal, place, progress }) {
    return yield* withStore(location, { signal, place }, async function* check(store) {
      const report = await store.verify({ signal,
        onProgress: ({ done, total }) => progress.update('verifying', done, total) });
      progress.clear();
      // One that is damaged may not open as a cube: what is damaged is told already.
      const cube = report.entries > 0 ? undefined
        : await openCube(location, { signal, ...place }).catch(() => undefined);
      try {
        report.problems.push(...cube ? stepProblems(cube) : []);
        report.ok = report.problems.length === 0;
        yield options.json ? formatJson(report) : text(report, await cube?.count());
        return report.ok ? EXIT.OK : EXIT.PROBLEMS;
      } finally {
        await cube?.close(); // also for who does not read the report to its end
      }
    }, { plain: true, case: options.case });
  },
};

/** @param {CubeStates} cube */
function stepProblems({ missing }) {
  return missing === 0 ? [] : [{ entry: -1, key: 'step', code: 'ERR_INCOMPLETE', message: `step: ${missing} of the `
    + 'steps are not written: their export is under way, or was interrupted, and goes on when it is run again' }];
}

/**
 * @param {Awaited<ReturnType<DataStore['verify']>>} report
 * @param {number} [steps]  of a cube
 */
function text({ ok, problems, entries, arrays, chunks, nbytes }, steps) {
  const lines = problems.map(({ entry, code, key, message }) => {
    const where = entry < 0 ? 'store' : `state ${entry}`;
    return visible(`${where}: ${message.startsWith(key) ? '' : `${key}: `}${message} (${code})`);
  });
  const verdict = ok ? 'ok' : `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  const what = entries > 0 ? `${entries} states, ` : steps === undefined ? '' : `a cube of ${steps} steps, `;
  return [...lines, `${verdict}: ${what}${arrays} arrays, ${chunks} chunks, ${formatBytes(nbytes)} decoded`]
    .map((line) => `${line}\n`).join('');
}
