// SPDX-License-Identifier: MIT
// A process for hdf5-kill.test.js: `hdf5-kill-writer.js FILE DURABILITY ACKNOWLEDGED` checks what the one
// before has left, then appends states until it is killed, now and then replacing all. It says "ready N"
// once that is checked, and "N" when state number N-1 is committed.

import fs from 'node:fs';

import { HDF5Store } from '../../../js/index.js';
import { numberedState, wrongStates } from './numbered-states.js';

const [, , file, durability, acknowledged] = process.argv;

/** @param {string} text */
const say = (text) => fs.writeSync(1, `${text}\n`); // it is out before anything else happens

try {
  const wrong = await wrongStates(file, Number(acknowledged));
  if (wrong) throw new Error(wrong);
  const store = new HDF5Store(file, { durability: /** @type {any} */ (durability), worker: false });
  let count = await store.count();
  say(`ready ${count}`);
  for (;;) {
    if (count > 0 && count % 5 === 0) await store.dump(Array.from({ length: count + 1 }, (_, i) => numberedState(i)));
    else await store.append(numberedState(count));
    count += 1;
    say(String(count));
  }
} catch (error) {
  say(`failed ${/** @type {Error} */ (error).stack}`);
}
