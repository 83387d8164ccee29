// SPDX-License-Identifier: MIT
// A process for kill.test.js: `kill-writer.js ROOT DURABILITY ACKNOWLEDGED` checks what the one before
// it has left, then commits batches until it is killed. It says "ready N" once that is checked, and
// "N" when N batches are committed.

import fs from 'node:fs';

import { DirectoryStorage } from '../../js/stores/node-directory.js';
import { checkWholeEntries, commitNext, countBatches } from './numbered-batches.js';

const [, , root, durability, acknowledged] = process.argv;

/** @param {string} text */
const say = (text) => fs.writeSync(1, `${text}\n`); // it is out before anything else happens

try {
  const storage = await DirectoryStorage.open(root, { create: true });
  await checkWholeEntries(storage);
  const writer = await storage.openWriter({ durability: /** @type {any} */ (durability) });
  let count = await countBatches(storage, Number(acknowledged));
  say(`ready ${count}`);
  for (;;) {
    await commitNext(writer, count);
    count += 1;
    say(String(count));
  }
} catch (error) {
  say(`failed ${/** @type {Error} */ (error).stack}`);
}
