// SPDX-License-Identifier: MIT
// A process or thread for directory-lock.test.js:
//
//   hold ROOT           holds the writer until it is killed, or its parent is
//   race ROOT LOG NAME  ten times: takes the writer as soon as it can, says so in LOG, commits

import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';

import { DirectoryStorage } from '../../../js/storage/node/node-directory.js';

const [, , task, root, log, name] = process.argv;
const storage = await DirectoryStorage.open(root);

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function openWriter() {
  for (;;) {
    try {
      return await storage.openWriter({ durability: 'relaxed' });
    } catch (error) {
      if (/** @type {any} */ (error).code !== 'ERR_LOCKED') throw error;
      await sleep(2);
    }
  }
}

if (task === 'hold') {
  await storage.openWriter();
  console.log('held');
  setInterval(() => {}, 1000);
  if (isMainThread) process.stdin.resume().on('end', () => process.exit());
} else {
  for (let i = 0; i < 10; i += 1) {
    const writer = await openWriter();
    fs.appendFileSync(log, `${name} enters\n`);
    const turns = (await storage.get('turns'))?.length ?? 0;
    await writer.commit({ puts: [['turns', new Uint8Array(turns + 1)]] });
    fs.appendFileSync(log, `${name} leaves\n`);
    await writer.close();
    await sleep(5);
  }
}
