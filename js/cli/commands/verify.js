// SPDX-License-Identifier: MIT
// bores verify: is everything in a store readable?

import { withStore } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { formatBytes, formatJson, visible } from '../format.js';

/** @import { Command } from '../usage.js' */

/** @type {Command} */
export const verify = {
  name: 'verify',
  synopsis: 'LOCATION',
  operands: [1, 1],
  summary: 'decode everything and list what is broken',
  description: `Parses every document and decodes every chunk of every state. Nothing is changed.
Exits with 0 when all is well, with 1 when there are problems, one line each.`,
  options: {},
  examples: [
    ['bores verify results/run.zarr', 'check a run after a crash or a copy'],
    ['bores verify run.zarr && rm -r run.bak', 'go on only when it is whole'],
  ],
  async* run({ operands: [location], options, signal, progress }) {
    return yield* withStore(location, signal, async function* check(store) {
      const report = await store.verify({ signal,
        onProgress: ({ done, total }) => progress.update('verifying', done, total) });
      progress.clear();
      yield options.json ? formatJson(report) : text(report);
      return report.ok ? EXIT.OK : EXIT.PROBLEMS;
    });
  },
};

/** @param {Awaited<ReturnType<import('../../index.js').DataStore['verify']>>} report */
function text({ ok, problems, entries, arrays, chunks, nbytes }) {
  const lines = problems.map(({ entry, code, key, message }) => {
    const where = entry < 0 ? 'store' : `state ${entry}`;
    return visible(`${where}: ${message.startsWith(key) ? '' : `${key}: `}${message} (${code})`);
  });
  const verdict = ok ? 'ok' : `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  return [...lines, `${verdict}: ${entries} states, ${arrays} arrays, ${chunks} chunks, `
    + `${formatBytes(nbytes)} decoded`].map((line) => `${line}\n`).join('');
}
