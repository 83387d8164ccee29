// SPDX-License-Identifier: MIT
// A process for kill.test.js: `kill-writer.js ROOT DURABILITY ACKNOWLEDGED [CALL]` checks what the one
// before it has left, then commits batches until it is killed. It says "ready N" once that is checked,
// and "N" when N batches are committed. With CALL it commits three and says "done", unless it has
// killed itself before that call (1, 2, …) after "ready" that changes a name of the store.

import fs from 'node:fs';

import { loadNode } from '../../../js/core/host.js';
import { DirectoryStorage } from '../../../js/storage/node/node-directory.js';
import { checkWholeEntries, commitNext, countBatches } from './numbered-batches.js';

const [, , root, durability, acknowledged, at] = process.argv;
let ready = false;
let calls = 0;

/** @param {string} text */
const say = (text) => fs.writeSync(1, `${text}\n`); // it is out before anything else happens

/** The file system, in which one call is never made. */
const deadly = new Proxy(fs, {
  get(target, name) {
    const value = /** @type {any} */ (target)[name];
    if (!/^(rename|link|mkdir)Sync$/.test(String(name))) return value;
    return (/** @type {any[]} */ ...args) => {
      const inside = name === 'mkdirSync' && /stage\/|bores-new\//.test(args[0]); // of what is written
      calls += Number(ready && !inside);
      if (ready && !inside && calls === Number(at)) process.kill(process.pid, 'SIGKILL');
      return value.apply(target, args);
    };
  },
});

try {
  const storage = at === undefined ? await DirectoryStorage.open(root, { create: true })
    : new DirectoryStorage({ ...await loadNode(), fs: deadly }, root);
  await checkWholeEntries(storage);
  const writer = await storage.openWriter({ durability: /** @type {any} */ (durability) });
  const first = await countBatches(storage, Number(acknowledged));
  say(`ready ${first}`);
  ready = true;
  for (let count = first; at === undefined || count < first + 3;) {
    await commitNext(writer, count);
    count += 1;
    say(String(count));
  }
  await writer.close();
  say('done');
} catch (error) {
  say(`failed ${/** @type {Error} */ (error).stack}`);
}
