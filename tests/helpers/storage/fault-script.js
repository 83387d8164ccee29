// SPDX-License-Identifier: MIT
// What a writer does while calls fail or it is killed, and what must be there after each step.

import { noise } from './content.js';
import { applied, entry, sameContent } from '../../js/storage/writer-contract.js';

/** @import { Batch, Storage, Writer } from '../../../js/storage/base/storage.js' */
/** @import { Content } from './content.js' */
/** @typedef {{ run: (writer: Writer) => Promise<void>, after: (content: Content) => Content }} Step */
/** @typedef {'strict' | 'relaxed'} Durability */

/** @param {Batch} batch @returns {Step} */
const commit = (batch) => ({
  run: (writer) => writer.commit(batch),
  after: (content) => applied(content, batch),
});
/** @param {Batch[]} batches @returns {Step} */
const replace = (batches) => ({
  run: (writer) => writer.replace(batches),
  after: () => batches.reduce(applied, new Map()),
});

export const SCRIPT = [
  commit({ puts: [...entry(0, 1), ...entry(1, 1)] }),
  commit({
    puts: [...entry(2, 1), ['entry_1/model/array 0/0.0.0', noise(9, 9)], ['entry_1/model/new/x', noise(3, 3)]],
    deletes: ['entry_0/', 'nothing', 'entry_1/.zgroup'],
  }),
  commit({ puts: [...entry(2, 2)], deletes: ['entry_2/'] }),
  replace([{ puts: [...entry(7, 1)] }, { puts: [...entry(8, 1)] }]),
  commit({ puts: [...entry(9, 1)] }),
];
/** The content before each step, and at the end. @type {Content[]} */
export const STATES = [new Map()];
for (const { after } of SCRIPT) STATES.push(after(/** @type {Content} */ (STATES.at(-1))));

/**
 * @param {Storage} storage
 * @param {Durability} durability
 * @param {{ steps: number }} done  steps that have resolved
 */
export async function play(storage, durability, done) {
  if (!storage.openWriter) throw new Error('no openWriter');
  const writer = await storage.openWriter({ durability });
  for (const { run } of SCRIPT) {
    await run(writer);
    done.steps += 1;
  }
  await writer.close();
}

/**
 * @param {Content} content
 * @param {number} steps
 * @param {string} what
 */
export function sameAsBeforeOrAfter(content, steps, what) {
  let error;
  for (const state of STATES.slice(steps, steps + 2)) {
    try {
      sameContent(content, state, what);
      return;
    } catch (reason) {
      error = reason;
    }
  }
  throw error;
}
